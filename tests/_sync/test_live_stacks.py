# Derived from tests/_async/test_live_stacks.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Stacks of a real swarm: all that has one label."""

import pytest

from tests._sync._live import eventually
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope
from wharfinger import DockerClient
from wharfinger.errors import NotFound

LABEL = "com.docker.stack.namespace"


@pytest.mark.bad_input("Stack.remove", "StacksManager.get")
def test_found_and_removed(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        name, labels = scope.name("stack"), {LABEL: scope.name("stack")}
        with DockerClient(swarm_engine.url) as client:
            secret = client.secrets.create(scope.secret(), "hush", labels=labels)
            config = client.configs.create(scope.config(), "told", labels=labels)
            network = client.networks.create(scope.network(), driver="overlay", labels=labels)
            service = client.services.create(
                TEST_IMAGE,
                name=scope.service(),
                labels=labels,
                replicas=0,
                secrets=[secret],
                configs=[config],
                networks=[network],
            )
            stack = client.stacks.get(name)
            assert (stack.name, stack) == (name, (client.stacks.get(name)))
            assert stack in client.stacks.list()
            assert client.stacks.exists(name)
            assert not client.stacks.exists(scope.name("other"))
            assert len({stack, *client.stacks.list()}) == len(client.stacks.list())
            assert repr(stack).endswith(f"Stack {name}>")
            assert stack.services(status=True) == [service]
            assert (stack.secrets(), stack.configs()) == ([secret], [config])
            assert stack.networks() == [network]
            assert stack.tasks() == []
            stack.remove()
            for kind in ("service", "secret", "config"):
                assert not swarm_engine.cli(kind, "ls", "-q", "--filter", f"name={scope.token}").stdout
            # A node keeps its part of a network for as long as it has tasks there.
            named = ("network", "ls", "-q", "--filter", f"name={scope.token}")
            eventually(lambda: not swarm_engine.cli(*named).stdout)
            with pytest.raises(NotFound, match="no such stack"):
                stack.remove()
            with pytest.raises(NotFound, match="no such stack"):
                client.stacks.get(name)

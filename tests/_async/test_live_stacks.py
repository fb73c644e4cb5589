"""Stacks of a real swarm: all that has one label."""

import pytest

from tests._async._live import eventually
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope
from wharfinger import AsyncDockerClient
from wharfinger.errors import NotFound

LABEL = "com.docker.stack.namespace"


@pytest.mark.bad_input("Stack.remove", "StacksManager.get")
async def test_found_and_removed(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        name, labels = scope.name("stack"), {LABEL: scope.name("stack")}
        async with AsyncDockerClient(swarm_engine.url) as client:
            secret = await client.secrets.create(scope.secret(), "hush", labels=labels)
            config = await client.configs.create(scope.config(), "told", labels=labels)
            network = await client.networks.create(scope.network(), driver="overlay", labels=labels)
            service = await client.services.create(
                TEST_IMAGE,
                name=scope.service(),
                labels=labels,
                replicas=0,
                secrets=[secret],
                configs=[config],
                networks=[network],
            )
            stack = await client.stacks.get(name)
            assert (stack.name, stack) == (name, (await client.stacks.get(name)))
            assert stack in await client.stacks.list()
            assert await client.stacks.exists(name)
            assert not await client.stacks.exists(scope.name("other"))
            assert len({stack, *await client.stacks.list()}) == len(await client.stacks.list())
            assert repr(stack).endswith(f"Stack {name}>")
            assert await stack.services(status=True) == [service]
            assert (await stack.secrets(), await stack.configs()) == ([secret], [config])
            assert await stack.networks() == [network]
            assert await stack.tasks() == []
            await stack.remove()
            for kind in ("service", "secret", "config"):
                assert not swarm_engine.cli(kind, "ls", "-q", "--filter", f"name={scope.token}").stdout
            # A node keeps its part of a network for as long as it has tasks there.
            named = ("network", "ls", "-q", "--filter", f"name={scope.token}")
            await eventually(lambda: not swarm_engine.cli(*named).stdout)
            with pytest.raises(NotFound, match="no such stack"):
                await stack.remove()
            with pytest.raises(NotFound, match="no such stack"):
                await client.stacks.get(name)

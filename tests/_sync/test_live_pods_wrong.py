# Derived from tests/_async/test_live_pods_wrong.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Pods on a real Podman: what is wrong, gone, or not in a version."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests._sync._live import client_of
from tests._sync.test_live_pods import podman, pods
from tests.engines.harness import Engine
from tests.live import Relay, Scope
from wharfinger._core.negotiation import version_key
from wharfinger.errors import BadRequest, Conflict, NotSupported, PodNotFound


@pytest.fixture
def scope(podman_engine: Engine) -> Iterator[Scope]:
    with Scope(podman_engine) as made:
        yield made


@pytest.mark.bad_input(
    "Pod.generate_kube",
    "Pod.generate_systemd",
    "Pod.inspect",
    "Pod.kill",
    "Pod.logs",
    "Pod.pause",
    "Pod.reload",
    "Pod.remove",
    "Pod.restart",
    "Pod.start",
    "Pod.stats",
    "Pod.stop",
    "Pod.top",
    "Pod.unpause",
    "PodsManager.get",
    "PodsManager.remove",
)
def test_one_that_is_gone(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    with podman(podman_engine) as client:
        pod = client.pods.create(name, network_mode="none")
        pod.remove()
        assert not client.pods.exists(name)
        with pytest.raises(PodNotFound):
            pod.start()
        with pytest.raises(PodNotFound):
            pod.stop()
        with pytest.raises(PodNotFound):
            pod.restart()
        with pytest.raises(PodNotFound):
            pod.kill()
        with pytest.raises(PodNotFound):
            pod.pause()
        with pytest.raises(PodNotFound):
            pod.unpause()
        with pytest.raises(PodNotFound):
            pod.logs()
        with pytest.raises(PodNotFound):
            pod.reload()
        with pytest.raises(PodNotFound):
            pod.inspect()
        with pytest.raises(PodNotFound):
            pod.remove()
        with pytest.raises(PodNotFound):
            pod.top()
        with pytest.raises(PodNotFound):
            pod.stats()
        with pytest.raises(PodNotFound):
            pod.generate_kube()
        with pytest.raises(PodNotFound):
            pod.generate_systemd()
        with pytest.raises(PodNotFound):
            client.pods.get(name)
        with pytest.raises(PodNotFound):
            client.pods.remove(name)


@pytest.mark.bad_input(
    "PodsManager.create",
    "PodsManager.exists",
    "PodsManager.list",
    "PodsManager.prune",
    "PodsManager.stats",
)
def test_what_is_wrong_is_told(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    with Relay(podman_engine) as relay:
        with podman(podman_engine, relay.url) as client:
            pod = client.pods.create(name, network_mode="none")
            before = len(relay.requests)
            create: Any = client.pods.create
            wrong: list[tuple[dict[str, Any], type[Exception], str]] = [
                ({"lables": {}}, TypeError, "unknown option 'lables' of pods.create.*did you mean 'labels'"),
                ({"image": "a"}, TypeError, "unknown option 'image'"),
                (
                    {"exit_policy": "leave"},
                    ValueError,
                    "exit_policy is 'leave', expected 'continue' or 'stop'",
                ),
                ({"shared_namespaces": ["all"]}, ValueError, "shared_namespaces is 'all'"),
                ({"no_infra": 1}, TypeError, "no_infra is 1"),
                ({"mem_limit": "much"}, ValueError, "mem_limit is 'much'"),
                ({"ports": {80: []}}, ValueError, "ports has 80 without a port of the host"),
                ({"infra_command": 5}, TypeError, "infra_command"),
            ]
            for options, fault, words in wrong:
                with pytest.raises(fault, match=words):
                    create("a", **options)
            with pytest.raises(ValueError, match="name is ''"):
                client.pods.create("")
            with pytest.raises(NotSupported, match=r"pods\.prune\(filters=…\)"):
                client.pods.prune({"label": "a"})
            with pytest.raises(ValueError, match="empty"):
                client.pods.exists("")
            with pytest.raises(ValueError, match="all=True is given together with"):
                client.pods.stats(name, all=True)
            with pytest.raises(ValueError, match="without force=True"):
                pod.remove(timeout=1)
            with pytest.raises(ValueError, match="delay=1"):
                pod.top(delay=1)  # type: ignore[call-overload]  # what a type checker knows too
            with pytest.raises(ValueError, match="follow=True"):
                pod.logs(follow=True)  # type: ignore[call-overload]  # likewise
            with pytest.raises(ValueError, match="signal is 'SIGNONE'"):
                pod.kill("SIGNONE")
            assert len(relay.requests) == before
            with pytest.raises(Conflict, match=name):
                client.pods.create(name)
            with pytest.raises(BadRequest):
                client.pods.create("a/b")
            with pytest.raises(BadRequest, match="nonsense"):
                client.pods.list({"nonsense": "x"})
            with pytest.raises(PodNotFound):
                client.pods.stats(scope.name("none"))
            with pytest.raises(Conflict, match="not running"):
                pod.top()
            with pytest.raises(Conflict, match="no running containers"):
                pod.kill()
            assert pods(podman_engine, scope) == [name]


def test_what_an_older_version_lacks(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    with Relay(podman_engine) as relay:
        with podman(podman_engine, relay.url, version="4.3.1") as client:
            options: Any
            for options, since in (
                ({"restart_policy": "always"}, "4.9.5"),
                ({"ipc_mode": "host"}, "4.9.5"),
                ({"hosts_file": "none"}, "5.4.2"),
                ({"no_manage_hostname": True}, "5.4.2"),
                ({"shm_size_systemd": "1m"}, "4.9.5"),
            ):
                with pytest.raises(NotSupported, match=f"needs Podman API {since}"):
                    client.pods.create(name, **options)
            assert [line for line in relay.requests if "pods" in line] == []
    with podman(podman_engine) as client:
        if version_key(podman_engine.libpod_version or "0") < (5, 4):
            return
        pod = client.pods.create(
            name,
            network_mode="none",
            restart_policy="on-failure:3",
            no_manage_hostname=True,
            hosts_file="none",
        )
        assert pod.attrs["RestartPolicy"] == "on-failure"
        assert pod.attrs["InfraConfig"]["HostsFile"] == "none"


def test_no_property_asks_the_engine(podman_engine: Engine, scope: Scope) -> None:
    with Relay(podman_engine) as relay:
        with podman(podman_engine, relay.url) as client:
            pod = client.pods.create(scope.pod(), network_mode="none")
            before = len(relay.requests)
            for name in dir(type(pod)):
                if isinstance(getattr(type(pod), name), property):
                    getattr(pod, name)
            assert len(relay.requests) == before


def test_docker_has_none(docker_engine: Engine) -> None:
    client = client_of(docker_engine)
    assert not hasattr(client, "pods")
    assert not hasattr(client, "kube")

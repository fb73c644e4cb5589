"""Pods on a real Podman: what is wrong, gone, or not in a version."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests._async._live import client_of
from tests._async.test_live_pods import podman, pods
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
async def test_one_that_is_gone(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    async with podman(podman_engine) as client:
        pod = await client.pods.create(name, network_mode="none")
        await pod.remove()
        assert not await client.pods.exists(name)
        with pytest.raises(PodNotFound):
            await pod.start()
        with pytest.raises(PodNotFound):
            await pod.stop()
        with pytest.raises(PodNotFound):
            await pod.restart()
        with pytest.raises(PodNotFound):
            await pod.kill()
        with pytest.raises(PodNotFound):
            await pod.pause()
        with pytest.raises(PodNotFound):
            await pod.unpause()
        with pytest.raises(PodNotFound):
            await pod.logs()
        with pytest.raises(PodNotFound):
            await pod.reload()
        with pytest.raises(PodNotFound):
            await pod.inspect()
        with pytest.raises(PodNotFound):
            await pod.remove()
        with pytest.raises(PodNotFound):
            await pod.top()
        with pytest.raises(PodNotFound):
            await pod.stats()
        with pytest.raises(PodNotFound):
            await pod.generate_kube()
        with pytest.raises(PodNotFound):
            await pod.generate_systemd()
        with pytest.raises(PodNotFound):
            await client.pods.get(name)
        with pytest.raises(PodNotFound):
            await client.pods.remove(name)


@pytest.mark.bad_input(
    "PodsManager.create",
    "PodsManager.exists",
    "PodsManager.list",
    "PodsManager.prune",
    "PodsManager.stats",
)
async def test_what_is_wrong_is_told(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    with Relay(podman_engine) as relay:
        async with podman(podman_engine, relay.url) as client:
            pod = await client.pods.create(name, network_mode="none")
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
                    await create("a", **options)
            with pytest.raises(ValueError, match="name is ''"):
                await client.pods.create("")
            with pytest.raises(NotSupported, match=r"pods\.prune\(filters=…\)"):
                await client.pods.prune({"label": "a"})
            with pytest.raises(ValueError, match="empty"):
                await client.pods.exists("")
            with pytest.raises(ValueError, match="all=True is given together with"):
                await client.pods.stats(name, all=True)
            with pytest.raises(ValueError, match="without force=True"):
                await pod.remove(timeout=1)
            with pytest.raises(ValueError, match="delay=1"):
                await pod.top(delay=1)  # type: ignore[call-overload]  # what a type checker knows too
            with pytest.raises(ValueError, match="follow=True"):
                await pod.logs(follow=True)  # type: ignore[call-overload]  # likewise
            with pytest.raises(ValueError, match="signal is 'SIGNONE'"):
                await pod.kill("SIGNONE")
            assert len(relay.requests) == before
            with pytest.raises(Conflict, match=name):
                await client.pods.create(name)
            with pytest.raises(BadRequest):
                await client.pods.create("a/b")
            with pytest.raises(BadRequest, match="nonsense"):
                await client.pods.list({"nonsense": "x"})
            with pytest.raises(PodNotFound):
                await client.pods.stats(scope.name("none"))
            with pytest.raises(Conflict, match="not running"):
                await pod.top()
            with pytest.raises(Conflict, match="no running containers"):
                await pod.kill()
            assert pods(podman_engine, scope) == [name]


async def test_what_an_older_version_lacks(podman_engine: Engine, scope: Scope) -> None:
    name = scope.pod()
    with Relay(podman_engine) as relay:
        async with podman(podman_engine, relay.url, version="4.3.1") as client:
            options: Any
            for options, since in (
                ({"restart_policy": "always"}, "4.9.5"),
                ({"ipc_mode": "host"}, "4.9.5"),
                ({"hosts_file": "none"}, "5.4.2"),
                ({"no_manage_hostname": True}, "5.4.2"),
                ({"shm_size_systemd": "1m"}, "4.9.5"),
            ):
                with pytest.raises(NotSupported, match=f"needs Podman API {since}"):
                    await client.pods.create(name, **options)
            assert [line for line in relay.requests if "pods" in line] == []
    async with podman(podman_engine) as client:
        if version_key(podman_engine.libpod_version or "0") < (5, 4):
            return
        pod = await client.pods.create(
            name,
            network_mode="none",
            restart_policy="on-failure:3",
            no_manage_hostname=True,
            hosts_file="none",
        )
        assert pod.attrs["RestartPolicy"] == "on-failure"
        assert pod.attrs["InfraConfig"]["HostsFile"] == "none"


async def test_no_property_asks_the_engine(podman_engine: Engine, scope: Scope) -> None:
    with Relay(podman_engine) as relay:
        async with podman(podman_engine, relay.url) as client:
            pod = await client.pods.create(scope.pod(), network_mode="none")
            before = len(relay.requests)
            for name in dir(type(pod)):
                if isinstance(getattr(type(pod), name), property):
                    getattr(pod, name)
            assert len(relay.requests) == before


def test_docker_has_none(docker_engine: Engine) -> None:
    client = client_of(docker_engine)
    assert not hasattr(client, "pods")
    assert not hasattr(client, "kube")

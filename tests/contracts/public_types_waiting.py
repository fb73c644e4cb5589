"""What a type checker knows of playing YAML to the end and of waiting for services; see public_types.py."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import assert_type

from wharfinger import AsyncService, DockerClient, KubeReport, PodmanClient
from wharfinger.errors import ContainerNotReady, EngineTimeout, NotConvergedInTime, ServiceNotConverged


def waited_for(client: DockerClient, podman: PodmanClient) -> None:
    service = client.services.get("a")
    assert_type(service.wait_converged(timeout=None, stable_for="10s"), None)
    assert_type(service.wait_converged(stable_for=timedelta(seconds=1)), None)
    service.wait_converged(timeout="1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    report = podman.kube.play("", wait=True, build={"a": Path(), "b": "c"})
    assert_type(report, KubeReport)
    assert_type(report.exit_codes, Mapping[str, int])
    podman.kube.play("", build=True)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    podman.kube.play("", wait=1)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


async def waited_for_async(service: AsyncService) -> None:
    assert_type(await service.wait_converged(), None)


def failed(error: ServiceNotConverged | NotConvergedInTime | ContainerNotReady) -> EngineTimeout | None:
    if isinstance(error, ServiceNotConverged):
        assert_type(error.task_messages, tuple[str, ...])
    if isinstance(error, NotConvergedInTime):
        assert_type(error.seconds, float | None)
        return error
    return None

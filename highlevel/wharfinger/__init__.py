"""One typed Python API over Docker Engine and Podman, sync and async.

    import wharfinger

    with wharfinger.connect() as client:
        print(client.containers.run("alpine", "echo hello", remove=True))

`connect` and `connect_async` find the engine; `DockerClient`, `PodmanClient` and their Async twins name one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wharfinger._async.client import AsyncDockerClient, AsyncPodmanClient, connect_async
    from wharfinger._async.container import AsyncContainer
    from wharfinger._async.containers import AsyncContainersManager
    from wharfinger._async.image import AsyncImage
    from wharfinger._async.images import AsyncImagesManager
    from wharfinger._async.registry_data import AsyncRegistryData
    from wharfinger._async.streams import AsyncStream
    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.reports import PruneReport
    from wharfinger._core.timeouts import Timeout
    from wharfinger._core.update_options import UpdateOptions
    from wharfinger._sync.client import DockerClient, PodmanClient, connect
    from wharfinger._sync.container import Container
    from wharfinger._sync.containers import ContainersManager
    from wharfinger._sync.image import Image
    from wharfinger._sync.images import ImagesManager
    from wharfinger._sync.registry_data import RegistryData
    from wharfinger._sync.streams import Stream
    from wharfinger.address import EngineAddress, TLSConfig
    from wharfinger.errors import (
        APIError,
        BadRequest,
        BuildError,
        ClosedError,
        Conflict,
        ContainerError,
        ContainerNotFound,
        CredentialsError,
        EngineTimeout,
        EngineUnreachable,
        Forbidden,
        ImageNotFound,
        NetworkNotFound,
        NotFound,
        NotSupported,
        PodNotFound,
        ProtocolError,
        PullError,
        PushError,
        ServerError,
        StreamError,
        Unauthorized,
        UnexpectedReply,
        VolumeNotFound,
        WharfingerError,
    )
    from wharfinger.types import (
        EngineVersion,
        ExecResult,
        FileStat,
        LogFrame,
        PullProgress,
        PushProgress,
        WaitResult,
    )

# Where each public name is. Loaded when it is first named, so that a program pays for one colour only.
_PLACES = {
    "APIError": "errors",
    "AsyncContainer": "_async.container",
    "AsyncContainersManager": "_async.containers",
    "AsyncDockerClient": "_async.client",
    "AsyncImage": "_async.image",
    "AsyncImagesManager": "_async.images",
    "AsyncPodmanClient": "_async.client",
    "AsyncRegistryData": "_async.registry_data",
    "AsyncStream": "_async.streams",
    "BadRequest": "errors",
    "BuildError": "errors",
    "ClosedError": "errors",
    "Conflict": "errors",
    "Container": "_sync.container",
    "ContainerError": "errors",
    "ContainerNotFound": "errors",
    "ContainerOptions": "_core.container_options",
    "ContainersManager": "_sync.containers",
    "CredentialsError": "errors",
    "DockerClient": "_sync.client",
    "EngineAddress": "address",
    "EngineTimeout": "errors",
    "EngineUnreachable": "errors",
    "EngineVersion": "types",
    "ExecResult": "types",
    "FileStat": "types",
    "Forbidden": "errors",
    "Image": "_sync.image",
    "ImageNotFound": "errors",
    "ImagesManager": "_sync.images",
    "LogFrame": "types",
    "NetworkNotFound": "errors",
    "NotFound": "errors",
    "NotSupported": "errors",
    "PodNotFound": "errors",
    "PodmanClient": "_sync.client",
    "ProtocolError": "errors",
    "PruneReport": "_core.reports",
    "PullError": "errors",
    "PullProgress": "types",
    "PushError": "errors",
    "PushProgress": "types",
    "RegistryData": "_sync.registry_data",
    "ServerError": "errors",
    "Stream": "_sync.streams",
    "StreamError": "errors",
    "TLSConfig": "address",
    "Timeout": "_core.timeouts",
    "Unauthorized": "errors",
    "UnexpectedReply": "errors",
    "UpdateOptions": "_core.update_options",
    "VolumeNotFound": "errors",
    "WaitResult": "types",
    "WharfingerError": "errors",
    "connect": "_sync.client",
    "connect_async": "_async.client",
}

__all__ = (
    "APIError",
    "AsyncContainer",
    "AsyncContainersManager",
    "AsyncDockerClient",
    "AsyncImage",
    "AsyncImagesManager",
    "AsyncPodmanClient",
    "AsyncRegistryData",
    "AsyncStream",
    "BadRequest",
    "BuildError",
    "ClosedError",
    "Conflict",
    "Container",
    "ContainerError",
    "ContainerNotFound",
    "ContainerOptions",
    "ContainersManager",
    "CredentialsError",
    "DockerClient",
    "EngineAddress",
    "EngineTimeout",
    "EngineUnreachable",
    "EngineVersion",
    "ExecResult",
    "FileStat",
    "Forbidden",
    "Image",
    "ImageNotFound",
    "ImagesManager",
    "LogFrame",
    "NetworkNotFound",
    "NotFound",
    "NotSupported",
    "PodNotFound",
    "PodmanClient",
    "ProtocolError",
    "PruneReport",
    "PullError",
    "PullProgress",
    "PushError",
    "PushProgress",
    "RegistryData",
    "ServerError",
    "Stream",
    "StreamError",
    "TLSConfig",
    "Timeout",
    "Unauthorized",
    "UnexpectedReply",
    "UpdateOptions",
    "VolumeNotFound",
    "WaitResult",
    "WharfingerError",
    "connect",
    "connect_async",
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the imports above
    try:
        place = _PLACES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{place}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_PLACES})

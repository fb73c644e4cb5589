"""One typed Python API over Docker Engine and Podman, sync and async.

    import wharfinger

    with wharfinger.connect() as client:
        print(client.containers.run("alpine", "echo hello", remove=True))

`connect` and `connect_async` find the engine; `DockerClient`, `PodmanClient` and their Async twins name one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wharfinger._async.artifact import AsyncArtifact
    from wharfinger._async.artifacts import AsyncArtifactsManager
    from wharfinger._async.client import AsyncDockerClient, AsyncPodmanClient, connect_async
    from wharfinger._async.config import AsyncConfig
    from wharfinger._async.configs import AsyncConfigsManager
    from wharfinger._async.container import AsyncContainer
    from wharfinger._async.containers import AsyncContainersManager
    from wharfinger._async.duplex import AsyncDuplex
    from wharfinger._async.duplex_socket import AsyncDuplexSocket
    from wharfinger._async.exec import AsyncExec
    from wharfinger._async.execution import AsyncExecRun
    from wharfinger._async.fleet import Fleet
    from wharfinger._async.image import AsyncImage
    from wharfinger._async.images import AsyncImagesManager
    from wharfinger._async.kube import AsyncKubeManager
    from wharfinger._async.manifest import AsyncManifest
    from wharfinger._async.manifests import AsyncManifestsManager
    from wharfinger._async.network import AsyncNetwork
    from wharfinger._async.networks import AsyncNetworksManager
    from wharfinger._async.node import AsyncNode
    from wharfinger._async.nodes import AsyncNodesManager
    from wharfinger._async.plugin import AsyncPlugin
    from wharfinger._async.plugins import AsyncPluginsManager
    from wharfinger._async.pod import AsyncPod
    from wharfinger._async.pods import AsyncPodsManager
    from wharfinger._async.quadlet import AsyncQuadlet
    from wharfinger._async.quadlets import AsyncQuadletsManager
    from wharfinger._async.registry_data import AsyncRegistryData
    from wharfinger._async.secret import AsyncSecret
    from wharfinger._async.secrets import AsyncSecretsManager
    from wharfinger._async.service import AsyncService
    from wharfinger._async.services import AsyncServicesManager
    from wharfinger._async.stack import AsyncStack
    from wharfinger._async.stacks import AsyncStacksManager
    from wharfinger._async.streams import AsyncStream
    from wharfinger._async.swarm import AsyncSwarm
    from wharfinger._async.task import AsyncTask
    from wharfinger._async.tasks import AsyncTasksManager
    from wharfinger._async.volume import AsyncVolume
    from wharfinger._async.volumes import AsyncVolumesManager
    from wharfinger._core.build_options import BuildOptions
    from wharfinger._core.checkpoint_options import CheckpointOptions, ImportOptions, RestoreOptions
    from wharfinger._core.config_options import ConfigOptions
    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.exec_spec import ExecOptions
    from wharfinger._core.kube_options import GenerateKubeOptions, PlayOptions, SystemdOptions
    from wharfinger._core.manifest_options import ArtifactOptions, ManifestOptions
    from wharfinger._core.network_options import ConnectOptions, NetworkOptions
    from wharfinger._core.node_options import NodeOptions
    from wharfinger._core.pod_options import PodOptions
    from wharfinger._core.reports import (
        NetworksPruneReport,
        PodsPruneReport,
        PruneReport,
        SystemPruneReport,
        VolumesPruneReport,
    )
    from wharfinger._core.secret_options import SecretOptions
    from wharfinger._core.service_options import ServiceOptions
    from wharfinger._core.swarm_options import SwarmOptions
    from wharfinger._core.timeouts import Timeout
    from wharfinger._core.untar import extract_archive
    from wharfinger._core.update_options import UpdateOptions
    from wharfinger._core.volume_options import VolumeOptions
    from wharfinger._sync.artifact import Artifact
    from wharfinger._sync.artifacts import ArtifactsManager
    from wharfinger._sync.client import DockerClient, PodmanClient, connect
    from wharfinger._sync.config import Config
    from wharfinger._sync.configs import ConfigsManager
    from wharfinger._sync.container import Container
    from wharfinger._sync.containers import ContainersManager
    from wharfinger._sync.duplex import Duplex
    from wharfinger._sync.duplex_socket import DuplexSocket
    from wharfinger._sync.exec import Exec
    from wharfinger._sync.execution import ExecRun
    from wharfinger._sync.image import Image
    from wharfinger._sync.images import ImagesManager
    from wharfinger._sync.kube import KubeManager
    from wharfinger._sync.manifest import Manifest
    from wharfinger._sync.manifests import ManifestsManager
    from wharfinger._sync.network import Network
    from wharfinger._sync.networks import NetworksManager
    from wharfinger._sync.node import Node
    from wharfinger._sync.nodes import NodesManager
    from wharfinger._sync.plugin import Plugin
    from wharfinger._sync.plugins import PluginsManager
    from wharfinger._sync.pod import Pod
    from wharfinger._sync.pods import PodsManager
    from wharfinger._sync.quadlet import Quadlet
    from wharfinger._sync.quadlets import QuadletsManager
    from wharfinger._sync.registry_data import RegistryData
    from wharfinger._sync.secret import Secret
    from wharfinger._sync.secrets import SecretsManager
    from wharfinger._sync.service import Service
    from wharfinger._sync.services import ServicesManager
    from wharfinger._sync.stack import Stack
    from wharfinger._sync.stacks import StacksManager
    from wharfinger._sync.streams import Stream
    from wharfinger._sync.swarm import Swarm
    from wharfinger._sync.task import Task
    from wharfinger._sync.tasks import TasksManager
    from wharfinger._sync.volume import Volume
    from wharfinger._sync.volumes import VolumesManager
    from wharfinger.address import EngineAddress, TLSConfig
    from wharfinger.errors import (
        APIError,
        BadRequest,
        BuildError,
        ClosedError,
        ConfigNotFound,
        Conflict,
        ContainerError,
        ContainerNotFound,
        ContainerNotReady,
        CredentialsError,
        EngineTimeout,
        EngineUnreachable,
        FileChangedError,
        Forbidden,
        ImageNotFound,
        NetworkNotFound,
        NodeNotFound,
        NotConvergedInTime,
        NotFound,
        NotReadyInTime,
        NotSupported,
        NotSwarmManager,
        PluginNotFound,
        PodNotFound,
        ProtocolError,
        PullError,
        PushError,
        SecretNotFound,
        ServerError,
        ServiceNotConverged,
        ServiceNotFound,
        StreamError,
        TaskNotFound,
        Unauthorized,
        UnexpectedReply,
        UnsafeArchiveError,
        VolumeNotFound,
        WharfingerError,
    )
    from wharfinger.types import (
        BuildEvent,
        ContainerStats,
        DiskUsage,
        EngineInfo,
        EngineVersion,
        Event,
        ExecResult,
        FileStat,
        FleetResults,
        FromEnv,
        Health,
        HostError,
        HostValue,
        KubeReport,
        LogFrame,
        PodStats,
        PullProgress,
        PushProgress,
        WaitResult,
    )

# Where each public name is. Loaded when it is first named, so that a program pays for one colour only.

__all__ = (
    "APIError",
    "Artifact",
    "ArtifactOptions",
    "ArtifactsManager",
    "AsyncArtifact",
    "AsyncArtifactsManager",
    "AsyncConfig",
    "AsyncConfigsManager",
    "AsyncContainer",
    "AsyncContainersManager",
    "AsyncDockerClient",
    "AsyncDuplex",
    "AsyncDuplexSocket",
    "AsyncExec",
    "AsyncExecRun",
    "AsyncImage",
    "AsyncImagesManager",
    "AsyncKubeManager",
    "AsyncManifest",
    "AsyncManifestsManager",
    "AsyncNetwork",
    "AsyncNetworksManager",
    "AsyncNode",
    "AsyncNodesManager",
    "AsyncPlugin",
    "AsyncPluginsManager",
    "AsyncPod",
    "AsyncPodmanClient",
    "AsyncPodsManager",
    "AsyncQuadlet",
    "AsyncQuadletsManager",
    "AsyncRegistryData",
    "AsyncSecret",
    "AsyncSecretsManager",
    "AsyncService",
    "AsyncServicesManager",
    "AsyncStack",
    "AsyncStacksManager",
    "AsyncStream",
    "AsyncSwarm",
    "AsyncTask",
    "AsyncTasksManager",
    "AsyncVolume",
    "AsyncVolumesManager",
    "BadRequest",
    "BuildError",
    "BuildEvent",
    "BuildOptions",
    "CheckpointOptions",
    "ClosedError",
    "Config",
    "ConfigNotFound",
    "ConfigOptions",
    "ConfigsManager",
    "Conflict",
    "ConnectOptions",
    "Container",
    "ContainerError",
    "ContainerNotFound",
    "ContainerNotReady",
    "ContainerOptions",
    "ContainerStats",
    "ContainersManager",
    "CredentialsError",
    "DiskUsage",
    "DockerClient",
    "Duplex",
    "DuplexSocket",
    "EngineAddress",
    "EngineInfo",
    "EngineTimeout",
    "EngineUnreachable",
    "EngineVersion",
    "Event",
    "Exec",
    "ExecOptions",
    "ExecResult",
    "ExecRun",
    "FileChangedError",
    "FileStat",
    "Fleet",
    "FleetResults",
    "Forbidden",
    "FromEnv",
    "GenerateKubeOptions",
    "Health",
    "HostError",
    "HostValue",
    "Image",
    "ImageNotFound",
    "ImagesManager",
    "ImportOptions",
    "KubeManager",
    "KubeReport",
    "LogFrame",
    "Manifest",
    "ManifestOptions",
    "ManifestsManager",
    "Network",
    "NetworkNotFound",
    "NetworkOptions",
    "NetworksManager",
    "NetworksPruneReport",
    "Node",
    "NodeNotFound",
    "NodeOptions",
    "NodesManager",
    "NotFound",
    "NotConvergedInTime",
    "NotReadyInTime",
    "NotSupported",
    "NotSwarmManager",
    "PlayOptions",
    "Plugin",
    "PluginNotFound",
    "PluginsManager",
    "Pod",
    "PodNotFound",
    "PodOptions",
    "PodStats",
    "PodmanClient",
    "PodsManager",
    "PodsPruneReport",
    "ProtocolError",
    "PruneReport",
    "PullError",
    "PullProgress",
    "PushError",
    "PushProgress",
    "Quadlet",
    "QuadletsManager",
    "RegistryData",
    "RestoreOptions",
    "Secret",
    "SecretNotFound",
    "SecretOptions",
    "SecretsManager",
    "ServerError",
    "Service",
    "ServiceNotConverged",
    "ServiceNotFound",
    "ServiceOptions",
    "ServicesManager",
    "Stack",
    "StacksManager",
    "Stream",
    "StreamError",
    "Swarm",
    "SwarmOptions",
    "SystemPruneReport",
    "SystemdOptions",
    "TLSConfig",
    "Task",
    "TaskNotFound",
    "TasksManager",
    "Timeout",
    "Unauthorized",
    "UnexpectedReply",
    "UnsafeArchiveError",
    "UpdateOptions",
    "Volume",
    "VolumeNotFound",
    "VolumeOptions",
    "VolumesManager",
    "VolumesPruneReport",
    "WaitResult",
    "WharfingerError",
    "connect",
    "connect_async",
    "extract_archive",
)


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the type checkers read the imports above
    from wharfinger._places import PLACES

    try:
        place = PLACES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{place}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    from wharfinger._places import PLACES

    return sorted({*globals(), *PLACES})

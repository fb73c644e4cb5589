"""Values that the library takes and gives: frozen, comparable, free of any engine's spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger.types.build import (
    BuildEvent,
    BuildOutput,
    BuildStatus,
    BuildVertex,
    BuildWarning,
    FromEnv,
)
from wharfinger.types.engine import (
    EngineInfo,
    EngineVersion,
    SwarmState,
)
from wharfinger.types.events import (
    Event,
)
from wharfinger.types.files import (
    FileStat,
)
from wharfinger.types.fleet import (
    FleetResults,
    HostError,
    HostResult,
    HostValue,
)
from wharfinger.types.manifests import (
    ArtifactFile,
    ManifestEntry,
)
from wharfinger.types.network import (
    IPAMConfig,
    IPAMPool,
)
from wharfinger.types.options import (
    Device,
    DeviceRequest,
    Healthcheck,
    LogConfig,
    Mount,
    MountType,
    NetworkAttachment,
    PortBinding,
    Protocol,
    RestartPolicy,
    SecretMount,
    Ulimit,
    VolumeBind,
)
from wharfinger.types.output import (
    ExecResult,
    LogFrame,
    StreamName,
    WaitResult,
)
from wharfinger.types.pods import (
    Health,
    HealthCheck,
    KubePod,
    KubeReport,
    PodStats,
)
from wharfinger.types.progress import (
    LoadProgress,
    Progress,
    PullProgress,
    PushProgress,
)
from wharfinger.types.stats import (
    ContainerStats,
)
from wharfinger.types.swarm import (
    JoinTokens,
    NodeAvailability,
    NodeRole,
    SwarmExternalCA,
)
from wharfinger.types.usage import (
    DiskUsage,
    DiskUsagePart,
)

if TYPE_CHECKING:
    from wharfinger.types.services import (
        ConfigReference,
        DNSConfig,
        DriverConfig,
        EndpointSpec,
        NetworkAttachmentConfig,
        Placement,
        PlacementPreference,
        Privileges,
        Resources,
        RollbackConfig,
        SecretReference,
        ServiceMode,
        ServiceModeName,
        ServicePort,
        ServiceRestartPolicy,
        UpdateConfig,
    )

__all__ = [
    "ArtifactFile",
    "ContainerStats",
    "BuildEvent",
    "BuildOutput",
    "BuildStatus",
    "BuildVertex",
    "BuildWarning",
    "FromEnv",
    "ConfigReference",
    "DNSConfig",
    "Device",
    "DeviceRequest",
    "DiskUsage",
    "DiskUsagePart",
    "DriverConfig",
    "EndpointSpec",
    "EngineInfo",
    "EngineVersion",
    "Event",
    "ExecResult",
    "FileStat",
    "Health",
    "HealthCheck",
    "FleetResults",
    "Healthcheck",
    "HostError",
    "HostResult",
    "HostValue",
    "IPAMConfig",
    "IPAMPool",
    "KubePod",
    "KubeReport",
    "JoinTokens",
    "LoadProgress",
    "LogConfig",
    "LogFrame",
    "ManifestEntry",
    "Mount",
    "MountType",
    "NetworkAttachment",
    "PodStats",
    "NetworkAttachmentConfig",
    "Placement",
    "PlacementPreference",
    "NodeAvailability",
    "NodeRole",
    "PortBinding",
    "Privileges",
    "Progress",
    "Protocol",
    "PullProgress",
    "PushProgress",
    "Resources",
    "RestartPolicy",
    "RollbackConfig",
    "SecretMount",
    "SecretReference",
    "ServiceMode",
    "ServiceModeName",
    "ServicePort",
    "ServiceRestartPolicy",
    "StreamName",
    "SwarmExternalCA",
    "SwarmState",
    "Ulimit",
    "UpdateConfig",
    "VolumeBind",
    "WaitResult",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as many types as there are names
    # The values of services are many, and few programs have a swarm: they are loaded when one is named.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from wharfinger.types import services

    found = getattr(services, name)
    globals()[name] = found
    return found

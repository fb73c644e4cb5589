"""Values that the library takes and gives: frozen, comparable, free of any engine's spelling."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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


# Each is imported when it is first named: no program has a use for all of them.
_PLACES = {
    "build": (
        "BuildEvent",
        "BuildOutput",
        "BuildStatus",
        "BuildVertex",
        "BuildWarning",
        "FromEnv",
    ),
    "engine": (
        "EngineInfo",
        "EngineVersion",
        "SwarmState",
    ),
    "events": ("Event",),
    "files": ("FileStat",),
    "fleet": (
        "FleetResults",
        "HostError",
        "HostResult",
        "HostValue",
    ),
    "manifests": (
        "ArtifactFile",
        "ManifestEntry",
    ),
    "network": (
        "IPAMConfig",
        "IPAMPool",
    ),
    "options": (
        "Device",
        "DeviceRequest",
        "Healthcheck",
        "LogConfig",
        "Mount",
        "MountType",
        "NetworkAttachment",
        "PortBinding",
        "Protocol",
        "RestartPolicy",
        "SecretMount",
        "Ulimit",
        "VolumeBind",
    ),
    "output": (
        "ExecResult",
        "LogFrame",
        "StreamName",
        "WaitResult",
    ),
    "pods": (
        "Health",
        "HealthCheck",
        "KubePod",
        "KubeReport",
        "PodStats",
    ),
    "progress": (
        "LoadProgress",
        "Progress",
        "PullProgress",
        "PushProgress",
    ),
    "services": (
        "ConfigReference",
        "DNSConfig",
        "DriverConfig",
        "EndpointSpec",
        "NetworkAttachmentConfig",
        "Placement",
        "PlacementPreference",
        "Privileges",
        "Resources",
        "RollbackConfig",
        "SecretReference",
        "ServiceMode",
        "ServiceModeName",
        "ServicePort",
        "ServiceRestartPolicy",
        "UpdateConfig",
    ),
    "stats": ("ContainerStats",),
    "swarm": (
        "JoinTokens",
        "NodeAvailability",
        "NodeRole",
        "SwarmExternalCA",
    ),
    "usage": (
        "DiskUsage",
        "DiskUsagePart",
    ),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - as many types as there are names
    place = next((place for place, names in _PLACES.items() if name in names), None)
    if place is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{place}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

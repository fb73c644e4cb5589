"""Values that the library takes and gives: frozen, comparable, free of any engine's spelling."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from datetime import datetime  # noqa: TC003 - likewise
from typing import Any, Literal, NamedTuple, Self, TypeAlias, cast

import attrs

StreamName: TypeAlias = Literal["stdin", "stdout", "stderr"]
Protocol: TypeAlias = Literal["tcp", "udp", "sctp"]
MountType: TypeAlias = Literal["bind", "volume", "tmpfs", "image", "npipe", "cluster"]

_GO_DIR = 1 << 31
_GO_SYMLINK = 1 << 27


def _no_labels() -> Mapping[str, str]:
    return {}


@attrs.frozen
class LogFrame:
    """A piece of a container's output: as the engine framed it, or one line where lines were asked for.

    Attributes:
        stream: Which stream it was written to; always "stdout" for a container with a tty.
        data: The bytes as written, line end included unless it was asked to be taken off.
        timestamp: When the engine received it, in UTC; None when timestamps were not asked for. Engines
            tell nanoseconds, of which a datetime keeps the microseconds.
    """

    stream: StreamName
    data: bytes
    timestamp: datetime | None = None


class ExecResult(NamedTuple):
    """What a command run in a container gave; unpacks and compares as a pair.

    Attributes:
        exit_code: The command's exit code; None while it is still running.
        output: Everything it wrote, or (stdout, stderr) with demux, where a stream that got nothing is None.
    """

    exit_code: int | None
    output: bytes | tuple[bytes | None, bytes | None]


@attrs.frozen
class WaitResult:
    """How a container ended.

    Attributes:
        exit_code: Exit code of its main process; 128 + n for one ended by signal n.
        error: What the engine says went wrong while waiting, or None.
    """

    exit_code: int
    error: str | None = None


@attrs.frozen
class Progress:
    """One event of a transfer.

    Attributes:
        id: The layer or image it is about, where it is about one.
        status: What is being done, in the engine's words.
        current: Bytes done, or None where the engine does not count.
        total: Bytes to do, or None where it is not known.
        error: The engine's text when the transfer failed, else None.
    """

    id: str | None = None
    status: str = ""
    current: int | None = None
    total: int | None = None
    error: str | None = None

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """Read one JSON event of either engine's stream."""
        detail = cast("Mapping[str, Any]", event.get("progressDetail") or {})
        return cls(
            id=event.get("id") or None,
            status=str(event.get("status") or event.get("stream") or ""),
            current=detail.get("current"),
            total=detail.get("total"),
            error=event.get("error") or None,
        )


@attrs.frozen
class PullProgress(Progress):
    """One event of an image pull."""


@attrs.frozen
class PushProgress(Progress):
    """One event of an image push.

    Attributes:
        digest: Of the manifest as the registry keeps it, in the event that tells it; older Podmans tell none.
    """

    digest: str | None = None

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Self:
        """Read one JSON event of either engine's stream."""
        aux = cast("Mapping[str, Any]", event.get("aux") or {})
        digest = aux.get("Digest") or event.get("manifestdigest") or None
        return attrs.evolve(super().from_event(event), digest=digest)


@attrs.frozen
class LoadProgress(Progress):
    """One event of loading or importing an archive of images."""


@attrs.frozen
class Mount:
    """A file system put into a container.

    Attributes:
        target: Absolute path in the container.
        source: Host path, volume name or image; None for tmpfs and for a volume without a name.
        type: What is mounted.
        read_only: Whether the container may only read; engine's default when None.
        propagation: For binds: private, rprivate, shared, rshared, slave or rslave.
        non_recursive: For binds: leave out what is mounted beneath the source.
        create_mountpoint: For binds: make the source folder on the host when it is missing (Docker).
        consistency: For binds on Docker Desktop: consistent, cached or delegated.
        no_copy: For volumes: do not fill a new volume from the image.
        labels: For volumes: labels of a volume that is made on the way (Docker).
        driver: For volumes: driver of a volume that is made on the way (Docker).
        driver_opts: For volumes: that driver's options (Docker).
        subpath: For volumes and images: the folder inside to mount.
        tmpfs_size: For tmpfs: bytes.
        tmpfs_mode: For tmpfs: permission bits, such as 0o1777.
    """

    target: str
    source: str | None = None
    type: MountType = "volume"
    read_only: bool | None = None
    propagation: str | None = None
    non_recursive: bool | None = None
    create_mountpoint: bool | None = None
    consistency: str | None = None
    no_copy: bool | None = None
    labels: Mapping[str, str] | None = None
    driver: str | None = None
    driver_opts: Mapping[str, str] | None = None
    subpath: str | None = None
    tmpfs_size: int | None = None
    tmpfs_mode: int | None = None


@attrs.frozen
class VolumeBind:
    """One entry of `volumes`: a host path or named volume at a place in the container.

    Attributes:
        target: Absolute path in the container.
        source: Absolute host path or volume name; None makes a volume without a name.
        options: Mode words as after the last colon of `-v`: ro, rw, z, Z, U, nocopy, rshared, …
    """

    target: str
    source: str | None = None
    options: tuple[str, ...] = ()


@attrs.frozen
class PortBinding:
    """A port of a container, published on the host.

    Attributes:
        container_port: 1 to 65535.
        protocol: tcp, udp or sctp.
        host_ip: Address of the host to listen on; None is all of them.
        host_port: 1 to 65535; None lets the engine choose a free one.
    """

    container_port: int
    protocol: Protocol = "tcp"
    host_ip: str | None = None
    host_port: int | None = None


@attrs.frozen
class Ulimit:
    """A resource limit of the container's processes.

    Attributes:
        name: As in `ulimit`: nofile, nproc, core, memlock, …
        soft: The limit in force; -1 is unlimited.
        hard: How far a process may raise it; -1 is unlimited; the soft one when None.
    """

    name: str
    soft: int
    hard: int | None = None


@attrs.frozen
class Healthcheck:
    """How an engine finds out whether a container is well.

    Attributes:
        test: A shell command, or a list that begins with CMD, CMD-SHELL or NONE (no check at all).
        interval: Seconds between checks; engine's default (30) when None.
        timeout: Seconds until a check has failed; engine's default (30) when None.
        retries: Failures in a row that make it unhealthy; engine's default (3) when None.
        start_period: Seconds at the start in which failures do not count.
        start_interval: Seconds between checks in the start period (Docker API 1.44).
    """

    test: str | tuple[str, ...] | list[str] | None = None
    interval: float | None = None
    timeout: float | None = None
    retries: int | None = None
    start_period: float | None = None
    start_interval: float | None = None


@attrs.frozen
class RestartPolicy:
    """What an engine does when a container ends.

    Attributes:
        name: no, always, unless-stopped or on-failure.
        maximum_retry_count: For on-failure: how often at most; None or 0 is without end.
    """

    name: str
    maximum_retry_count: int | None = None


@attrs.frozen
class LogConfig:
    """Where an engine keeps what a container writes.

    Attributes:
        type: The log driver, such as json-file, local, journald, none; engine's default when None.
        config: The driver's options; on Podman `path` and `max-size` are understood besides.
    """

    type: str | None = None
    config: Mapping[str, str] = attrs.field(factory=_no_labels)


@attrs.frozen
class Device:
    """A host device given to a container.

    Attributes:
        path_on_host: Such as /dev/fuse.
        path_in_container: The same path when None.
        cgroup_permissions: Letters out of r (read), w (write), m (make nodes).
    """

    path_on_host: str
    path_in_container: str | None = None
    cgroup_permissions: str = "rwm"


@attrs.frozen
class DeviceRequest:
    """Devices asked for by ability, such as graphics cards.

    Attributes:
        driver: Who provides them: nvidia, cdi; the engine chooses when None.
        count: How many; -1 is all of them. Not together with device_ids.
        device_ids: Which ones.
        capabilities: Any one of the lists must be met in full, such as [["gpu"]].
        options: The driver's own options.
    """

    driver: str | None = None
    count: int | None = None
    device_ids: tuple[str, ...] = ()
    capabilities: tuple[tuple[str, ...], ...] = ()
    options: Mapping[str, str] = attrs.field(factory=_no_labels)


@attrs.frozen
class NetworkAttachment:
    """How a container is joined to one network.

    Attributes:
        aliases: More names that other containers on the network find it by.
        ipv4_address: A fixed address.
        ipv6_address: A fixed address.
        link_local_ips: Further addresses (Docker).
        mac_address: A fixed hardware address.
        links: Names of other containers, as "name:alias" (Docker).
        driver_opts: The network driver's options.
        interface_name: Name of the interface in the container (Podman).
        gw_priority: The highest of all networks gives the default gateway (Docker API 1.48).
    """

    aliases: tuple[str, ...] = ()
    ipv4_address: str | None = None
    ipv6_address: str | None = None
    link_local_ips: tuple[str, ...] = ()
    mac_address: str | None = None
    links: tuple[str, ...] = ()
    driver_opts: Mapping[str, str] = attrs.field(factory=_no_labels)
    interface_name: str | None = None
    gw_priority: int | None = None


@attrs.frozen
class SecretMount:
    """A secret of Podman's store, given to a container as a file.

    Attributes:
        source: Name or ID of the secret.
        target: Path, or name beneath /run/secrets; the secret's name when None.
        uid: Owner in the container; 0 when None.
        gid: Group in the container; 0 when None.
        mode: Permission bits; 0o444 when None.
    """

    source: str
    target: str | None = None
    uid: int | None = None
    gid: int | None = None
    mode: int | None = None


@attrs.frozen
class FileStat:
    """What an engine tells of a path in a container beside its archive.

    Attributes:
        name: Last part of the path.
        size: Bytes.
        mode: Type and permission bits in Go's order, as the engine sends them; see `permissions`.
        mtime: Time of the last change, RFC 3339, as the engine sends it.
        link_target: Where a symbolic link points to; empty for anything else.
    """

    name: str
    size: int
    mode: int
    mtime: str
    link_target: str = ""

    @classmethod
    def from_header(cls, value: str) -> Self:
        """Read the header X-Docker-Container-Path-Stat.

        Raises:
            ValueError: It is not base64 of a JSON object.
        """
        try:
            stat: object = json.loads(base64.b64decode(value))
        except ValueError as fault:
            raise ValueError(
                f"path stat header is {value[:80]!r}, expected base64 of a JSON object"
            ) from fault
        if not isinstance(stat, dict):
            raise ValueError(f"path stat header holds {stat!r}, expected a JSON object")  # noqa: TRY004 - the value of a string is wrong, not a caller's type
        found = cast("dict[str, Any]", stat)
        return cls(
            name=found.get("name") or "",
            size=found.get("size") or 0,
            mode=found.get("mode") or 0,
            mtime=found.get("mtime") or "",
            link_target=found.get("linkTarget") or "",
        )

    @property
    def permissions(self) -> int:
        """The nine permission bits, as of chmod."""
        return self.mode & 0o777

    @property
    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return bool(self.mode & _GO_DIR)

    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link."""
        return bool(self.mode & _GO_SYMLINK)

    def as_dict(self) -> dict[str, str | int]:
        """Give the mapping that the engine sent and docker-py returns."""
        return {
            "name": self.name,
            "size": self.size,
            "mode": self.mode,
            "mtime": self.mtime,
            "linkTarget": self.link_target,
        }


@attrs.frozen
class EngineVersion:
    """Which engine answers, and what it speaks.

    Attributes:
        engine: docker or podman.
        version: Release of the engine, such as "28.5.2".
        api_version: Highest version of its API, such as "1.51"; Podman's native one, such as "5.4.2".
        min_api_version: Lowest version that it still speaks, where it tells.
        os: Such as "linux".
        arch: Such as "amd64".
    """

    engine: Literal["docker", "podman"]
    version: str
    api_version: str
    min_api_version: str | None = None
    os: str = ""
    arch: str = ""

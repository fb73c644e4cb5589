"""What containers are made with."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Literal, TypeAlias

import attrs

Protocol: TypeAlias = Literal["tcp", "udp", "sctp"]
MountType: TypeAlias = Literal["bind", "volume", "tmpfs", "image", "npipe", "cluster"]


def _no_labels() -> Mapping[str, str]:
    return {}


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

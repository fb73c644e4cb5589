"""The keywords of pods.create(), and what they are in Podman's body.

What a pod shares with a container is read and encoded as a container's is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - so that users can resolve annotations at run time
from typing import TYPE_CHECKING, Any, TypedDict, cast

import attrs

from wharfinger._core import human
from wharfinger._core.container_encoding import Body, merge, put_option, without_none
from wharfinger._core.container_libpod import to_libpod
from wharfinger._core.container_options import (  # noqa: TC001 - likewise
    Pairs,
    PortMapping,
    Rates,
    Raw,
    Size,
)
from wharfinger._core.noun_options import Reader, parse_raw, read_options
from wharfinger._core.options import container_spec
from wharfinger.types import (  # noqa: TC001 - likewise
    Device,
    Mount,
    NetworkAttachment,
    PortBinding,
    RestartPolicy,
    VolumeBind,
)

if TYPE_CHECKING:
    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec

_EXIT_POLICIES = ("continue", "stop")
_SHARED = ("cgroup", "ipc", "net", "pid", "uts", "mnt", "user", "none")


class PodOptions(TypedDict, total=False):
    """Keywords of pods.create(): those that containers have are named as there, the others as in Podman's API.

    Sizes are bytes, or strings such as "512m". Where a typed value is taken, the engine's own mapping is too.

    Attributes:
        blkio_weight: Share of disk time of all its containers, 10 to 1000.
        cgroup_parent: Control group to put the pod under.
        cpu_period: Microseconds of a period of the scheduler.
        cpu_quota: Microseconds of processor time in each period, for all its containers together.
        cpu_shares: Weight against others; 1024 is normal.
        cpuset_cpus: Processors to run on, such as "0-2,4".
        cpuset_mems: Memory nodes to use, such as "0,1".
        device_read_bps: Bytes a second by device, such as {"/dev/sda": "10m"} (until API 5.4.2).
        devices: Devices of the host for all its containers, such as ["/dev/fuse:/dev/fuse:rwm"].
        dns: Name servers.
        dns_opt: Options of resolv.conf.
        dns_search: Domains to search.
        exit_policy: "continue", or "stop" the pod when its last container ends; the engine's own unless given.
        extra_hosts: {"name": "address"} for /etc/hosts.
        hostname: Name of the host for its containers; the pod's name unless given.
        hosts_file: What /etc/hosts is made from: "image", "none" or a path on the engine's host (API 5.4.2).
        idmappings: Users and groups, as Podman's own mapping: {"UIDMap": […], "GIDMap": […]}.
        infra_command: What its infra container runs.
        infra_conmon_pid_file: Where the process number of the infra container's monitor is written.
        infra_image: Image of the infra container; one that Podman has in itself unless given.
        infra_name: Name of the infra container.
        ipc_mode: "host", "private", … (API 4.9.5).
        labels: Labels: a mapping, or a list of "name=value".
        mem_limit: Memory for all its containers together.
        memswap_limit: Memory and swap together.
        mounts: Mounts that each of its containers gets.
        nano_cpus: Processors for all its containers together, in billionths.
        network: Network to join.
        network_mode: "bridge", "none", "host", "slirp4netns", "pasta", …
        network_options: Options of the network by its mode, such as {"slirp4netns": ["mtu=1400"]}.
        networks: Networks to join: names, or a mapping of names to addresses, aliases and so on.
        no_infra: No infra container: nothing is shared, and the pod has no ports.
        no_manage_hostname: Leave /etc/hostname as the images have it (API 5.4.2).
        no_manage_hosts: Leave /etc/hosts as the images have it.
        no_manage_resolv_conf: Leave /etc/resolv.conf as the images have it.
        overlay_volumes: Folders of the host under a layer of each container's own: {"source": …, "destination": …}.
        pid_mode: "host", "private", …
        pod_create_command: What generated units and `inspect` tell as the command that made it.
        ports: Published ports of all its containers, as for a container.
        restart_policy: Of containers that have none of their own (API 4.9.5).
        security_opt: Such as ["label=disable"], for each of its containers.
        service_container_id: Id of the container that ties the lives of several pods together.
        share_parent: Containers use the pod's control group; so unless it is False.
        shared_namespaces: What its containers share: "cgroup", "ipc", "net", "pid", "uts", or "none"; ipc, net and
            uts unless given.
        shm_size: Size of /dev/shm.
        shm_size_systemd: Size of what systemd mounts in containers that run it (API 4.9.5).
        sysctls: Kernel settings of its namespaces.
        userns_mode: "host", "auto", "keep-id", "nomap", …
        uts_mode: "host" or "private".
        volumes: Volumes and host folders that each of its containers gets.
        volumes_from: Containers whose volumes each of its containers gets.
    """

    blkio_weight: int
    cgroup_parent: str
    cpu_period: int
    cpu_quota: int
    cpu_shares: int
    cpuset_cpus: str
    cpuset_mems: str
    device_read_bps: Rates
    devices: Sequence[str | Device | Raw]
    dns: Sequence[str]
    dns_opt: Sequence[str]
    dns_search: Sequence[str]
    exit_policy: str
    extra_hosts: Mapping[str, str] | Sequence[str]
    hostname: str
    hosts_file: str
    idmappings: Raw
    infra_command: str | Sequence[str]
    infra_conmon_pid_file: str
    infra_image: str
    infra_name: str
    ipc_mode: str
    labels: Pairs
    mem_limit: Size
    memswap_limit: Size
    mounts: Sequence[Mount | Raw]
    nano_cpus: int
    network: str
    network_mode: str
    network_options: Mapping[str, Sequence[str]]
    networks: Mapping[str, NetworkAttachment | Raw | None] | Sequence[str]
    no_infra: bool
    no_manage_hostname: bool
    no_manage_hosts: bool
    no_manage_resolv_conf: bool
    overlay_volumes: Sequence[Raw]
    pid_mode: str
    pod_create_command: Sequence[str]
    ports: PortMapping | Sequence[str | int | PortBinding]
    restart_policy: RestartPolicy | Raw | str
    security_opt: Sequence[str]
    service_container_id: str
    share_parent: bool
    shared_namespaces: Sequence[str]
    shm_size: Size
    shm_size_systemd: Size
    sysctls: Pairs
    userns_mode: str
    uts_mode: str
    volumes: Mapping[str, str | Raw] | Sequence[str | VolumeBind]
    volumes_from: Sequence[str]


@attrs.frozen(kw_only=True)
class PodSpec:
    """A pod to be made.

    Attributes:
        name: What to call it; None lets the engine choose.
        shared: What it has as a container has it.
        devices: Devices, which are words for a pod.
        security_opt: Security options, likewise.
        own: What only pods have, by Podman's names.
    """

    name: str | None
    shared: ContainerSpec
    devices: tuple[Device, ...] = ()
    security_opt: tuple[str, ...] = ()
    own: Mapping[str, Any]


def _exit_policy(name: str, value: object) -> str:
    if human.parse_text(name, value) not in _EXIT_POLICIES:
        human.wrong_value(name, value, " or ".join(map(repr, _EXIT_POLICIES)))
    return cast("str", value)


def _namespaces(name: str, value: object) -> list[str]:
    found = list(human.parse_words(name, value))
    for one in found:
        if one not in _SHARED:
            human.wrong_value(f"an item of {name}", one, ", ".join(map(repr, _SHARED)))
    return found


def _words(name: str, value: object) -> list[str]:
    return list(human.parse_words(name, value))


def _command(name: str, value: object) -> list[str]:
    return list(human.parse_command(name, value))


def _network_options(name: str, value: object) -> dict[str, list[str]]:
    entries = human.parse_mapping(name, value, "{'slirp4netns': ['mtu=1400']}")
    return {mode: _words(f"{name}[{mode!r}]", given) for mode, given in entries.items()}


def _overlays(name: str, value: object) -> list[dict[str, Any]]:
    return [parse_raw(f"an item of {name}", one) for one in human.parse_list(name, value, "[{'source': …}]")]


# What only pods have: Podman's key, and how its value is read.
_OWN: dict[str, tuple[str, Reader]] = {
    "exit_policy": ("exit_policy", _exit_policy),
    "hosts_file": ("hostsFile", human.parse_text),
    "idmappings": ("idmappings", parse_raw),
    "infra_command": ("infra_command", _command),
    "infra_conmon_pid_file": ("infra_conmon_pid_file", human.parse_text),
    "infra_image": ("infra_image", human.parse_text),
    "infra_name": ("infra_name", human.parse_text),
    "network_options": ("network_options", _network_options),
    "no_infra": ("no_infra", human.parse_flag),
    "no_manage_hostname": ("no_manage_hostname", human.parse_flag),
    "no_manage_hosts": ("no_manage_hosts", human.parse_flag),
    "no_manage_resolv_conf": ("no_manage_resolv_conf", human.parse_flag),
    "overlay_volumes": ("overlay_volumes", _overlays),
    "pod_create_command": ("pod_create_command", _words),
    "service_container_id": ("serviceContainerID", human.parse_text),
    "share_parent": ("share_parent", human.parse_flag),
    "shared_namespaces": ("shared_namespaces", _namespaces),
    "shm_size_systemd": ("shm_size_systemd", human.parse_size),
}


def pod_spec(name: str | None, options: PodOptions) -> PodSpec:
    """Read the keywords; one whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, or two keywords contradict each other.
    """
    if name is not None and not human.parse_text("name", name):
        human.wrong_value("name", name, "what to call the pod, such as 'web', or None")
    known = PodOptions.__annotations__
    for key in options:
        if key not in known:
            raise TypeError(f"unknown option {key!r} of pods.create(){human.nearest(key, known)}")
    given = cast("dict[str, Any]", options)
    own = read_options(
        "pods.create()",
        {key: value for key, value in given.items() if key in _OWN},
        {key: reader for key, (_, reader) in _OWN.items()},
    )
    like = cast("ContainerOptions", {key: value for key, value in given.items() if key not in _OWN})
    shared = container_spec("pod", like)
    published = {(one.container_port, one.protocol) for one in shared.ports or ()}
    for port in shared.expose or ():
        if port not in published:
            raise ValueError(
                f"ports has {port[0]} without a port of the host, expected such as {{{port[0]}: 8080}}"
            )
    return PodSpec(
        name=name,
        shared=attrs.evolve(shared, expose=None, devices=None, security_opt=None),
        devices=shared.devices or (),
        security_opt=shared.security_opt or (),
        own={_OWN[key][0]: value for key, value in own.items()},
    )


def libpod_pod(spec: PodSpec, version: tuple[int, ...]) -> Body:
    """The body of Podman's POST /libpod/pods/create.

    Raises:
        NotSupported: Podman, or this version, lacks something that was asked for.
        ValueError: Two options contradict each other.
    """
    body = to_libpod(spec.shared, version)
    del body["image"]
    devices = [
        f"{one.path_on_host}:{one.path_in_container or one.path_on_host}:{one.cgroup_permissions}"
        for one in spec.devices
    ]
    words = {
        "name": spec.name,
        "pod_devices": devices or None,
        "security_opt": list(spec.security_opt) or None,
    }
    merge(body, without_none(words))
    if "resource_limits" in body:
        # Without this part inspect would tell of none of the limits, though they hold.
        body["resource_limits"].setdefault("cpu", {})
    for key, value in spec.own.items():
        put_option(body, key, {key: value})
    return body

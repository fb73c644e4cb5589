"""The keywords of update(), and their values: mostly those that run() and create() take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - so that users can resolve annotations at run time
from typing import TYPE_CHECKING, Any, TypedDict, cast

import attrs

from wharfinger._core.container_docker import ENGINE as DOCKER
from wharfinger._core.container_docker import to_docker
from wharfinger._core.container_encoding import put_option
from wharfinger._core.container_libpod import to_libpod
from wharfinger._core.container_options import (  # noqa: TC001 - so that users can resolve annotations
    Command,
    Rates,
    Raw,
    Size,
    Span,
)
from wharfinger._core.human import nearest, parse_int
from wharfinger._core.libpod_update import READERS, podman_parts
from wharfinger._core.options import container_spec
from wharfinger.errors import NotSupported
from wharfinger.types import RestartPolicy

if TYPE_CHECKING:
    from wharfinger._core.container_encoding import Body
    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec

# A spec names an image, which an update leaves as it is.
_UNCHANGED = "unchanged"


class UpdateOptions(TypedDict, total=False):
    """Keywords of update(), named as in docker-py and podman-py; what is not given stays as it is.

    Sizes are bytes, or strings such as "512m". The mappings are those of the OCI runtime specification.

    Attributes:
        blkio_weight: Share of disk time, 10 to 1000.
        blkio_weight_device: The same by device (Podman API 5.4.2).
        blockio: Everything about disks, such as {"weight": 500} (Podman).
        cpu: Everything about processors, such as {"shares": 512} (Podman).
        cpu_period: Microseconds of a period of the scheduler.
        cpu_quota: Microseconds of processor time in each period.
        cpu_rt_period: The same for real-time processes.
        cpu_rt_runtime: The same for real-time processes.
        cpu_shares: Weight against other containers; 1024 is normal.
        cpuset_cpus: Processors to run on, such as "0-2,4".
        cpuset_mems: Memory nodes to use, such as "0,1".
        device_read_bps: Bytes a second by device, such as {"/dev/sda": "10m"} (Podman API 5.4.2).
        device_read_iops: Reads a second by device (Podman API 5.4.2).
        device_write_bps: Bytes a second by device (Podman API 5.4.2).
        device_write_iops: Writes a second by device (Podman API 5.4.2).
        devices: Rules for devices, such as [{"allow": True, "type": "c", "major": 1, "access": "r"}] (Podman).
        health_cmd: How to find out whether it is well: a line for a shell, or a command (Podman API 5.4.2, as all
            that follow of health).
        health_interval: Seconds between two checks; 0 makes none by itself.
        health_log_destination: Where their output is kept: "local", "events_logger" or a folder.
        health_max_log_count: How many checks' output is kept; 0 is all.
        health_max_logs_size: How many characters of each; 0 is all.
        health_on_failure: "none", "kill", "restart" or "stop" one that is not well.
        health_retries: Failures in a row that make it unhealthy.
        health_start_period: Seconds at the start in which failures do not count.
        health_startup_cmd: A check that has to succeed before the usual one begins.
        health_startup_interval: Seconds between two of these checks.
        health_startup_retries: Failures after which the container is restarted.
        health_startup_success: Successes in a row that it needs.
        health_startup_timeout: Seconds until one of these checks has failed.
        health_timeout: Seconds until a check has failed.
        hugepage_limits: Such as [{"pageSize": "2MB", "limit": 4194304}] (Podman).
        kernel_memory: Limit of kernel memory (Docker before API 1.42, Podman).
        mem_limit: Most memory; on Docker not above the memswap_limit that holds, unless that is given too.
        mem_reservation: Memory it shall come back to when memory is short.
        memory: Everything about memory, such as {"limit": 67108864} (Podman).
        memswap_limit: Memory and swap together; -1 is no limit.
        nano_cpus: Processors in billionths: 1_500_000_000 is one and a half.
        network: Marks and priorities of its traffic, such as {"classID": 1} (Podman).
        no_healthcheck: Switch its health check off (Podman API 5.4.2).
        pids: Everything about processes: {"limit": 100} (Podman).
        pids_limit: Most processes; -1 is no limit.
        rdma: Limits of remote memory access by device (Podman).
        restart_policy: "always", "on-failure:3", or a value (Podman from API 5.2.5).
        restart_retries: How often at most; with restart_policy="on-failure".
        unified: Settings of control groups by file, such as {"memory.high": "64M"} (Podman).
    """

    blkio_weight: int
    blkio_weight_device: Rates
    blockio: Raw
    cpu: Raw
    cpu_period: int
    cpu_quota: int
    cpu_rt_period: int
    cpu_rt_runtime: int
    cpu_shares: int
    cpuset_cpus: str
    cpuset_mems: str
    device_read_bps: Rates
    device_read_iops: Rates
    device_write_bps: Rates
    device_write_iops: Rates
    devices: Sequence[Raw]
    health_cmd: Command
    health_interval: Span
    health_log_destination: str
    health_max_log_count: int
    health_max_logs_size: int
    health_on_failure: str
    health_retries: int
    health_start_period: Span
    health_startup_cmd: Command
    health_startup_interval: Span
    health_startup_retries: int
    health_startup_success: int
    health_startup_timeout: Span
    health_timeout: Span
    hugepage_limits: Sequence[Raw]
    kernel_memory: Size
    mem_limit: Size
    mem_reservation: Size
    memory: Raw
    memswap_limit: Size
    nano_cpus: int
    network: Raw
    no_healthcheck: bool
    pids: Raw
    pids_limit: int
    rdma: Mapping[str, Raw]
    restart_policy: RestartPolicy | Raw | str
    restart_retries: int
    unified: Mapping[str, str]


@attrs.frozen
class UpdateSpec:
    """What shall change.

    Attributes:
        limits: What both engines have, in the form of a container to be made.
        podman: Values of the keywords that only Podman has, by name.
    """

    limits: ContainerSpec
    podman: Mapping[str, Any]


def update_spec(options: UpdateOptions) -> UpdateSpec:
    """Read the keywords; one whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, two contradict each other, or nothing is given.
    """
    known = UpdateOptions.__annotations__
    for name in options:
        if name not in known:
            raise TypeError(f"unknown option {name!r} of update(){nearest(name, known)}")
    given = {name: value for name, value in cast("dict[str, Any]", options).items() if value is not None}
    if not given:
        raise ValueError(f"update() was given nothing to change, expected one or more of {', '.join(known)}")
    tries = given.pop("restart_retries", None)
    podman = {name: READERS[name](name, value) for name, value in given.items() if name in READERS}
    shared = {name: value for name, value in given.items() if name not in READERS}
    limits = container_spec(_UNCHANGED, cast("ContainerOptions", shared))
    if tries is not None:
        limits = attrs.evolve(limits, restart_policy=_with_tries(limits.restart_policy, tries))
    if podman.get("no_healthcheck") and (both := [name for name in podman if name.startswith("health_")]):
        raise ValueError(f"no_healthcheck=True is given together with {both}, expected one of them")
    return UpdateSpec(limits, podman)


def _with_tries(policy: RestartPolicy | None, tries: object) -> RestartPolicy:
    if policy is None or policy.name != "on-failure" or policy.maximum_retry_count is not None:
        raise ValueError(f"restart_retries={tries!r} goes with restart_policy='on-failure' alone")
    return RestartPolicy(policy.name, parse_int("restart_retries", tries))


def docker_update(spec: UpdateSpec, api_version: tuple[int, int] | None = None) -> Body:
    """The body of Docker's POST /containers/{id}/update.

    Raises:
        NotSupported: Docker, or this version, lacks something that was asked for.
    """
    for name in spec.podman:
        raise NotSupported(f"the option {name!r} of update()", DOCKER, "Podman")
    return cast("Body", to_docker(spec.limits, api_version)["HostConfig"])


def libpod_update(
    spec: UpdateSpec, version: tuple[int, ...] | None = None
) -> tuple[Body, str | None, int | None]:
    """The body of Podman's POST /libpod/containers/{name}/update, the restart policy and its number of tries.

    Raises:
        NotSupported: Podman, or this version, lacks something that was asked for.
        ValueError: Two options contradict each other.
    """
    made = to_libpod(spec.limits, version)
    body: Body = made.get("resource_limits", {})
    for name, part in podman_parts(spec.podman, version):
        put_option(body, name, part)
    return body, made.get("restart_policy"), made.get("restart_tries")

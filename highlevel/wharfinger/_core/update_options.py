"""The keywords of update(), and their values in a ContainerSpec: the same that run() and create() take."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from wharfinger._core.container_docker import to_docker
from wharfinger._core.container_libpod import to_libpod
from wharfinger._core.container_options import Raw, Size  # noqa: TC001 - so that users can resolve annotations
from wharfinger._core.human import nearest
from wharfinger._core.options import container_spec
from wharfinger.types import RestartPolicy  # noqa: TC001 - likewise

if TYPE_CHECKING:
    from wharfinger._core.container_encoding import Body
    from wharfinger._core.container_options import ContainerOptions
    from wharfinger._core.container_spec import ContainerSpec

# A spec names an image, which an update leaves as it is.
_UNCHANGED = "unchanged"


class UpdateOptions(TypedDict, total=False):
    """Keywords of update(), named as in docker-py; what is not given stays as it is.

    Sizes are bytes, or strings such as "512m".

    Attributes:
        blkio_weight: Share of disk time, 10 to 1000.
        cpu_period: Microseconds of a period of the scheduler.
        cpu_quota: Microseconds of processor time in each period.
        cpu_rt_period: The same for real-time processes.
        cpu_rt_runtime: The same for real-time processes.
        cpu_shares: Weight against other containers; 1024 is normal.
        cpuset_cpus: Processors to run on, such as "0-2,4".
        cpuset_mems: Memory nodes to use, such as "0,1".
        kernel_memory: Limit of kernel memory (Docker before API 1.42, Podman).
        mem_limit: Most memory; on Docker not above the memswap_limit that holds, unless that is given too.
        mem_reservation: Memory it shall come back to when memory is short.
        memswap_limit: Memory and swap together; -1 is no limit.
        nano_cpus: Processors in billionths: 1_500_000_000 is one and a half.
        pids_limit: Most processes; -1 is no limit.
        restart_policy: "always", "on-failure:3", or a value (Podman from API 5.2.5).
    """

    blkio_weight: int
    cpu_period: int
    cpu_quota: int
    cpu_rt_period: int
    cpu_rt_runtime: int
    cpu_shares: int
    cpuset_cpus: str
    cpuset_mems: str
    kernel_memory: Size
    mem_limit: Size
    mem_reservation: Size
    memswap_limit: Size
    nano_cpus: int
    pids_limit: int
    restart_policy: RestartPolicy | Raw | str


def update_spec(options: UpdateOptions) -> ContainerSpec:
    """Read the keywords; one whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, or nothing is given.
    """
    known = UpdateOptions.__annotations__
    for name in options:
        if name not in known:
            raise TypeError(f"unknown option {name!r} of update(){nearest(name, known)}")
    if all(value is None for value in options.values()):
        raise ValueError(f"update() was given nothing to change, expected one or more of {', '.join(known)}")
    return container_spec(_UNCHANGED, cast("ContainerOptions", options))


def docker_update(spec: ContainerSpec, api_version: tuple[int, int] | None = None) -> Body:
    """The body of Docker's POST /containers/{id}/update.

    Raises:
        NotSupported: This version lacks something that was asked for.
    """
    return cast("Body", to_docker(spec, api_version)["HostConfig"])


def libpod_update(spec: ContainerSpec) -> tuple[Body, str | None, int | None]:
    """The body of Podman's POST /libpod/containers/{name}/update, the restart policy and its number of tries."""
    made = to_libpod(spec)
    return made.get("resource_limits", {}), made.get("restart_policy"), made.get("restart_tries")

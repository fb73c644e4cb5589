"""The keywords of volumes.create(), and what they are in each engine's body."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any, TypedDict

import attrs

from wharfinger._core import human
from wharfinger._core.container_encoding import Body, without_none
from wharfinger._core.noun_options import Reader, parse_raw, read_options
from wharfinger.errors import NotSupported


class VolumeOptions(TypedDict, total=False):
    """Keywords of volumes.create(), named as in docker-py.

    Attributes:
        driver: Who keeps it; "local" unless given.
        driver_opts: The driver's options, such as {"type": "tmpfs", "device": "tmpfs", "o": "size=64m"}.
        labels: Labels: a mapping, or a list of "name=value".
        ignore_if_exists: Take the volume that has the name already, as Docker always does (Podman API 4.9.5).
        uid: Its owner (Podman API 5.6.2).
        gid: Its owner's group (Podman API 5.6.2).
        cluster_volume_spec: What a swarm's volume shall be, in the engine's words (Docker API 1.42).
    """

    driver: str
    driver_opts: Mapping[str, str]
    labels: Mapping[str, str] | list[str]
    ignore_if_exists: bool
    uid: int
    gid: int
    cluster_volume_spec: Mapping[str, Any]


@attrs.frozen(kw_only=True)
class VolumeSpec:
    """A volume to be made: every field is None where nothing was asked for."""

    name: str | None = None
    driver: str | None = None
    driver_opts: Mapping[str, str] | None = attrs.field(default=None, repr=False)  # May hold a password.
    labels: Mapping[str, str] | None = None
    ignore_if_exists: bool | None = None
    uid: int | None = None
    gid: int | None = None
    cluster_volume_spec: Mapping[str, Any] | None = attrs.field(default=None, repr=False)


_READERS: dict[str, Reader] = {
    "driver": human.parse_text,
    "driver_opts": human.parse_pairs,
    "labels": human.parse_pairs,
    "ignore_if_exists": human.parse_flag,
    "uid": human.parse_int,
    "gid": human.parse_int,
    "cluster_volume_spec": parse_raw,
}


def volume_spec(name: str | None, options: VolumeOptions) -> VolumeSpec:
    """Read the keywords; one whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
    """
    called = None if name is None else human.parse_text("name", name)
    return VolumeSpec(name=called, **read_options("volumes.create()", options, _READERS))


def docker_volume(spec: VolumeSpec) -> Body:
    """The body of Docker's POST /volumes/create.

    Raises:
        NotSupported: Docker lacks something that was asked for.
    """
    for name, value in (("uid", spec.uid), ("gid", spec.gid)):
        if value is not None:
            raise NotSupported(
                f"the option {name!r} of volumes.create()", "Docker", "Podman API 5.6.2 or newer"
            )
    if spec.ignore_if_exists is False:
        # This engine gives the volume that is there, whatever is asked for.
        raise NotSupported("volumes.create(ignore_if_exists=False)", "Docker", "Podman")
    return without_none(
        {
            "Name": spec.name,
            "Driver": spec.driver,
            "DriverOpts": spec.driver_opts,
            "Labels": spec.labels,
            "ClusterVolumeSpec": spec.cluster_volume_spec,
        }
    )


def libpod_volume(spec: VolumeSpec) -> Body:
    """The body of Podman's POST /libpod/volumes/create.

    Raises:
        NotSupported: Podman lacks something that was asked for.
    """
    if spec.cluster_volume_spec is not None:
        raise NotSupported(
            "the option 'cluster_volume_spec' of volumes.create()", "Podman", "Docker API 1.42 or newer"
        )
    return without_none(
        {
            "Name": spec.name,
            "Driver": spec.driver,
            "Options": spec.driver_opts,
            "Labels": spec.labels,
            # Not doing so is what every version does.
            "IgnoreIfExists": spec.ignore_if_exists or None,
            "UID": spec.uid,
            "GID": spec.gid,
        }
    )

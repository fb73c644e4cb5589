"""What volumes send and how replies read, of versions that are not here to be tried."""

import json
from typing import Any

import pytest

from wharfinger._core.raw_request import RawReply
from wharfinger._core.volume_options import volume_spec
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger.errors import (
    APIError,
    BadRequest,
    Conflict,
    NotFound,
    NotSupported,
    ServerError,
    VolumeNotFound,
)

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)


def reply(status: int, told: object) -> RawReply:
    return RawReply(status, {}, json.dumps(told).encode())


def test_podmans_owners() -> None:
    spec = volume_spec("a", {"uid": 7, "gid": 8, "ignore_if_exists": True, "driver_opts": {"o": "x"}})
    expected = {"Name": "a", "Options": {"o": "x"}, "IgnoreIfExists": True, "UID": 7, "GID": 8}
    assert PODMAN.volumes.create(spec).request.get("json") == expected
    with pytest.raises(NotSupported, match=r"5\.6\.2"):
        libpod_dialect("5.4.2").volumes.create(spec)
    with pytest.raises(NotSupported, match=r"IgnoreIfExists.*4\.9\.5"):
        libpod_dialect("4.3.1").volumes.create(volume_spec("a", {"ignore_if_exists": True}))


def test_dockers_cluster_volumes() -> None:
    spec = volume_spec("a", {"driver": "b", "cluster_volume_spec": {"Group": "c"}})
    expected = {"Name": "a", "Driver": "b", "ClusterVolumeSpec": {"Group": "c"}}
    assert DOCKER.volumes.create(spec).request.get("json") == expected
    with pytest.raises(NotSupported, match=r"1\.42"):
        docker_dialect("1.41").volumes.create(spec)
    request = DOCKER.volumes.update("a", 7, {"Availability": "drain"}).request
    assert (request["method"], request["url"]) == ("PUT", "/volumes/a")
    assert request.get("params") == {"version": 7}
    assert request.get("json") == {"Spec": {"Availability": "drain"}}


@pytest.mark.parametrize(
    ("version", "all", "sent"),
    [
        ("1.41", None, None),
        ("1.41", True, None),
        ("1.42", None, None),
        ("1.42", True, "true"),
        ("1.55", False, "false"),
    ],
)
def test_pruning_those_with_a_name_too(version: str, all: bool | None, sent: str | None) -> None:
    params: Any = docker_dialect(version).volumes.prune(all=all, filters={"label": "a"}).request.get("params")
    expected = {"label": ["a"], **({"all": [sent]} if sent else {})}
    assert json.loads(params["filters"]) == expected


def test_pruned() -> None:
    nothing = reply(200, {"VolumesDeleted": None, "SpaceReclaimed": 0})
    assert DOCKER.volumes.prune(all=None, filters=None).parse(nothing)["VolumesDeleted"] == []
    fault = reply(200, [{"Id": "a", "Err": "busy", "Size": 0}, {"Id": "b", "Size": 1}])
    with pytest.raises(ServerError, match="a: busy"):
        PODMAN.volumes.prune(all=None, filters=None).parse(fault)


def test_archives() -> None:
    assert PODMAN.volumes.export("a").request["url"] == "/libpod/volumes/a/export"
    request = PODMAN.volumes.import_archive("a", b"tar").request
    assert (request["method"], request["url"], request.get("content")) == (
        "POST",
        "/libpod/volumes/a/import",
        b"tar",
    )
    with pytest.raises(VolumeNotFound):
        PODMAN.volumes.export("a").parse(reply(404, {"message": "no such volume"}))


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("volume with name a already exists: volume already exists", Conflict),
        ('"zz" is an invalid volume filter', BadRequest),
        ("volume a uses volume plugin b but it could not be retrieved: required plugin missing", NotFound),
        (
            "running volume create option: names must match [a-zA-Z0-9][a-zA-Z0-9_.-]*: invalid argument",
            BadRequest,
        ),
    ],
)
def test_podmans_500(message: str, kind: type[Exception]) -> None:
    with pytest.raises(APIError) as caught:
        PODMAN.volumes.create(volume_spec("a", {})).parse(reply(500, {"message": message}))
    assert type(caught.value) is kind

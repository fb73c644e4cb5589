"""Which requests clear up everything."""

import json
from typing import Any

import pytest

from wharfinger._core.raw_request import RawReply
from wharfinger._core.reports import summed_up
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect import Dialect
from wharfinger.errors import NotSupported, ServerError

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)


def asked(dialect: Dialect, **options: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"all": False, "volumes": False, "build_cache": None, "filters": None, **options}
    steps = dialect.system.prune(**given)
    return {step.request["url"]: dict(step.request.get("params", {})) for step in steps}


def test_dockers_kinds() -> None:
    assert list(asked(DOCKER)) == ["/containers/prune", "/networks/prune", "/images/prune", "/build/prune"]
    assert "/build/prune" not in asked(DOCKER, build_cache=False)
    everything = asked(DOCKER, all=True, volumes=True)
    assert json.loads(everything["/volumes/prune"]["filters"]) == {"all": ["true"]}
    assert json.loads(everything["/images/prune"]["filters"]) == {"dangling": ["false"]}
    assert everything["/build/prune"] == {"all": "true"}


def test_what_builds_keep_has_no_labels() -> None:
    assert "/build/prune" not in asked(DOCKER, filters={"label!": "keep"})
    assert json.loads(asked(DOCKER, filters={"until": "24h"})["/build/prune"]["filters"]) == {
        "until": ["24h"]
    }
    with pytest.raises(NotSupported, match="by label"):
        asked(DOCKER, build_cache=True, filters={"label": "a"})


def test_podmans_kinds() -> None:
    expected = ["pods", "containers", "networks", "volumes", "images"]
    assert list(asked(PODMAN, volumes=True)) == [f"/libpod/{kind}/prune" for kind in expected]
    assert "/libpod/pods/prune" not in asked(PODMAN, filters={"label": "a"})


def test_pods_that_stay_are_told() -> None:
    pods = PODMAN.system.prune(all=False, volumes=False, build_cache=None, filters=None)[0]
    assert pods.parse(RawReply(200, {}, b"null")) == {"PodsDeleted": []}
    assert pods.parse(RawReply(200, {}, b'[{"Id":"a","Err":null}]')) == {"PodsDeleted": ["a"]}
    with pytest.raises(ServerError, match="a: busy"):
        pods.parse(RawReply(200, {}, b'[{"Id":"a","Err":"busy"}]'))


def test_one_report() -> None:
    parts: list[dict[str, Any]] = [
        {"ContainersDeleted": ["a"], "SpaceReclaimed": 1},
        {"NetworksDeleted": ["b"]},
        {"ImagesDeleted": [{"Deleted": "c"}], "SpaceReclaimed": 2},
    ]
    assert summed_up(parts) == {
        "PodsDeleted": [],
        "ContainersDeleted": ["a"],
        "NetworksDeleted": ["b"],
        "ImagesDeleted": [{"Deleted": "c"}],
        "VolumesDeleted": [],
        "CachesDeleted": [],
        "SpaceReclaimed": 3,
    }


def test_newer_dockers_are_asked_for_every_thing() -> None:
    assert docker_dialect("1.51").system.df().request.get("params", {}) == {}
    assert docker_dialect("1.52").system.df().request.get("params") == {"verbose": "true"}

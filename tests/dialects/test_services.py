"""What services and plugins send, and what older versions are spared."""

from typing import Any, cast

import pytest

from wharfinger._core.credentials import Credentials
from wharfinger._core.log_query import LogQuery
from wharfinger._core.registry_auth import RegistryAuth
from wharfinger._core.service_parts import service_parts
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import NotSupported

NEW = swarm_words(docker_dialect(known_versions("docker").newest))
OLD = swarm_words(docker_dialect("1.41"))
AUTH = Credentials(RegistryAuth(username="me", password="hush"))


@pytest.mark.parametrize(
    ("options", "needs"),
    [
        ({"oom_score_adj": 5}, "1.46"),
        ({"privileges": {"no_new_privileges": True}}, "1.44"),
        ({"privileges": {"AppArmor": {"Mode": "disabled"}}}, "1.44"),
        ({"resources": {"swap_limit": "1g"}}, "1.52"),
        ({"healthcheck": {"test": "true", "start_interval": 1.0}}, "1.44"),
        ({"mounts": [{"Target": "/a", "Source": "b", "VolumeOptions": {"Subpath": "c"}}]}, "1.45"),
        ({"task_template": {"ContainerSpec": {"OomScoreAdj": 5}}}, "1.46"),
    ],
)
def test_what_a_version_lacks(options: dict[str, Any], needs: str) -> None:
    parts = service_parts("services.create()", options)
    NEW.services.check(parts)
    with pytest.raises(NotSupported, match=needs.replace(".", r"\.")):
        OLD.services.check(parts)


def test_what_all_versions_have() -> None:
    OLD.services.check(
        service_parts(
            "services.create()",
            {
                "image": "a",
                "labels": {"OomScoreAdj": "b"},
                "cap_add": ["c"],
                "networks": ["d"],
                "ports": [80],
            },
        )
    )


def test_credentials_stay_out_of_sight() -> None:
    for op in (NEW.services.create({"Name": "a"}, AUTH), NEW.plugins.push("a", AUTH)):
        sent = cast("Any", op.request.get("headers"))["X-Registry-Auth"]
        assert sent == AUTH.auth.header()
        assert sent not in repr(op)
    assert "X-Registry-Auth" not in (NEW.services.create({"Name": "a"}, None).request.get("headers") or {})


def test_going_back() -> None:
    op = NEW.services.update("a", 5, {"Name": "b"}, None, rollback=True)
    assert op.request.get("params") == {
        "version": 5,
        "registryAuthFrom": "previous-spec",
        "rollback": "previous",
    }


def test_which_logs() -> None:
    query = LogQuery(
        stdout=True, stderr=False, follow=True, timestamps=False, details=False, tail=5, since=7_900_000_000
    )
    for op in (NEW.services.logs("a", query), NEW.tasks.logs("a", query)):
        assert op.request.get("params") == {
            "stdout": "true",
            "stderr": "false",
            "follow": "true",
            "timestamps": "false",
            "tail": "5",
            "since": 7,
        }


def test_podman_has_no_swarm() -> None:
    with pytest.raises(NotSupported, match="swarm"):
        swarm_words(libpod_dialect(known_versions("podman").newest))

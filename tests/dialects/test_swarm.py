"""What a swarm is asked for, and that its keys stay out of what is shown."""

from datetime import timedelta
from typing import Any

import pytest

from wharfinger._core.engine_facts import docker_info, libpod_info
from wharfinger._core.node_options import node_changes
from wharfinger._core.raw_request import RawReply
from wharfinger._core.swarm_options import swarm_spec
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger._dialects.dialect_swarm import swarm_words
from wharfinger.errors import APIError, BadRequest, Conflict, NodeNotFound, NotSupported, NotSwarmManager
from wharfinger.types import SwarmExternalCA

DOCKER = swarm_words(docker_dialect(known_versions("docker").newest))
OLDEST = swarm_words(docker_dialect(known_versions("docker").oldest))


def test_every_setting_has_its_place() -> None:
    spec = swarm_spec(
        "swarm.init()",
        {
            "task_history_retention_limit": 1,
            "snapshot_interval": 2,
            "keep_old_snapshots": 3,
            "log_entries_for_slow_followers": 4,
            "heartbeat_tick": 5,
            "election_tick": 6,
            "dispatcher_heartbeat_period": 7,
            "node_cert_expiry": timedelta(hours=1),
            "external_cas": [SwarmExternalCA("a", options={"b": "c"}), {"URL": "d", "CACert": "e"}],
            "name": "default",
            "labels": {"f": "g"},
            "signing_ca_cert": "h",
            "signing_ca_key": "i",
            "ca_force_rotate": 8,
            "autolock_managers": False,
        },
    )
    assert spec == {
        "Orchestration": {"TaskHistoryRetentionLimit": 1},
        "Raft": {
            "SnapshotInterval": 2,
            "KeepOldSnapshots": 3,
            "LogEntriesForSlowFollowers": 4,
            "HeartbeatTick": 5,
            "ElectionTick": 6,
        },
        "Dispatcher": {"HeartbeatPeriod": 7},
        "CAConfig": {
            "NodeCertExpiry": 3600 * 10**9,
            "ExternalCAs": [
                {"Protocol": "cfssl", "URL": "a", "Options": {"b": "c"}},
                {"Protocol": "cfssl", "URL": "d", "CACert": "e"},
            ],
            "SigningCACert": "h",
            "SigningCAKey": "i",
            "ForceRotate": 8,
        },
        "Name": "default",
        "Labels": {"f": "g"},
        "EncryptionConfig": {"AutoLockManagers": False},
    }


def test_what_is_not_given_stays() -> None:
    known: dict[str, Any] = {"Raft": {"ElectionTick": 9, "HeartbeatTick": 1}, "Labels": {"a": "b"}}
    spec = swarm_spec("swarm.update()", {"heartbeat_tick": 2}, over=known)
    assert spec == {"Raft": {"ElectionTick": 9, "HeartbeatTick": 2}, "Labels": {"a": "b"}}
    assert known["Raft"]["HeartbeatTick"] == 1
    assert node_changes({"availability": "drain", "name": "a"}) == {"Availability": "drain", "Name": "a"}


def test_requests() -> None:
    for words in (DOCKER, OLDEST):
        asked: dict[str, Any] = {
            "rotate_worker_token": True,
            "rotate_manager_token": False,
            "rotate_manager_unlock_key": False,
        }
        updated = words.swarm.update(7, {"Name": "default"}, **asked).request
        assert updated.get("params") == {"version": 7, "rotateWorkerToken": "true"}
        unlocked = words.swarm.unlock("hush")
        assert unlocked.request.get("json") == {"UnlockKey": "hush"}
        assert "hush" not in repr(unlocked) + repr(words.swarm.join({"JoinToken": "hush"}))
        assert words.swarm.leave(force=False).request.get("params", {}) == {}
        assert words.nodes.remove("a/b", force=True).request["url"] == "/nodes/a%2Fb"


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (404, "node a not found", NodeNotFound),
        (503, "This node is not part of a swarm", NotSwarmManager),
        (503, 'This node is already part of a swarm. Use "docker swarm leave" to …', Conflict),
        (
            503,
            "You are attempting to leave the swarm on a node that is participating as a manager. …",
            Conflict,
        ),
        (
            400,
            "rpc error: code = FailedPrecondition desc = node a is not down and can't be removed",
            Conflict,
        ),
        (500, "invalid join token", BadRequest),
    ],
)
def test_errors(status: int, message: str, kind: type[APIError]) -> None:
    body = message.replace('"', '\\"')
    with pytest.raises(APIError) as caught:
        DOCKER.nodes.inspect("a").parse(RawReply(status, {}, f'{{"message": "{body}"}}'.encode()))
    assert type(caught.value) is kind


def test_podman_has_none() -> None:
    with pytest.raises(NotSupported, match="needs Docker"):
        swarm_words(libpod_dialect(known_versions("podman").newest))


def test_what_engines_tell_when_they_tell_little() -> None:
    for found in (docker_info({}), libpod_info({})):
        assert (found.version, found.cpus, found.cgroup_version, found.rootless) == ("", 0, 1, False)
        assert found.swarm.state == "inactive"
    assert docker_info({"SecurityOptions": ["name=rootless"], "CgroupVersion": "2"}).rootless
    newer = libpod_info({"host": {"cgroupVersion": "v2", "security": {"rootless": True}}})
    assert (newer.cgroup_version, newer.rootless) == (2, True)

"""How Podman's replies about pods and YAML read that an engine does not give on demand, and whose words mean what."""

import json
from typing import Any

import pytest

from wharfinger._core.operation import Operation
from wharfinger._core.raw_request import RawReply
from wharfinger._dialects import docker_dialect, known_versions, libpod_dialect
from wharfinger.errors import APIError, Conflict, NotFound, NotSupported, PodNotFound, ServerError

DOCKER = docker_dialect(known_versions("docker").newest)
PODMAN = libpod_dialect(known_versions("podman").newest)


def reply(status: int, told: object, **headers: str) -> RawReply:
    return RawReply(status, headers, json.dumps(told).encode())


@pytest.mark.parametrize("verb", ["stop", "restart", "kill", "pause", "unpause", "start"])
@pytest.mark.parametrize("status", [200, 409])
def test_faults_of_some_containers(verb: str, status: int) -> None:
    more = {"stop": (None,), "kill": (None,)}.get(verb, ())
    op: Operation[Any] = getattr(PODMAN.pods, verb)("a", *more)
    with pytest.raises(Conflict, match=r"not all containers of the pod were \w+: one; two"):
        op.parse(reply(status, {"Id": "a", "Errs": ["one", "two"]}))


def test_what_could_not_be_removed() -> None:
    op = PODMAN.pods.remove("a", force=True, timeout=0)
    assert op.request.get("params") == {"force": "true", "timeout": 0}
    for told in (
        {"Id": "a", "Err": "busy"},
        {"Id": "a", "Err": None, "RemovedCtrs": {"b": "busy", "c": None}},
    ):
        with pytest.raises(ServerError, match=r"pod a was not wholly removed.*busy"):
            op.parse(reply(200, told))
    op.parse(reply(200, {"Id": "a", "Err": None, "RemovedCtrs": {"c": None}}))


def test_what_could_not_be_pruned() -> None:
    op = PODMAN.pods.prune(None)
    assert op.parse(RawReply(200, {}, b"null")) == {"PodsDeleted": []}
    with pytest.raises(ServerError, match="b: busy"):
        op.parse(reply(200, [{"Id": "a", "Err": None}, {"Id": "b", "Err": "busy"}]))


def test_which_side_of_the_network_comes_first() -> None:
    """The engine's own version decides, whichever is spoken."""
    told = [{"NetIO": "1B / 2B"}]
    for spoken in ("4.3.1", "5.8.2"):
        op = libpod_dialect(spoken).pods.stats([], all=False, stream=False)
        (old,) = op.parse(reply(200, told, **{"Libpod-Api-Version": "4.3.1"}))
        (new,) = op.parse(reply(200, told, **{"Libpod-Api-Version": "4.4.0"}))
        assert (old.network_rx_bytes, new.network_rx_bytes) == (2, 1)
    assert libpod_dialect("4.3.1").pods.sent_first({})


def test_what_could_not_be_taken_down() -> None:
    op = PODMAN.kube.down(b"a", force=False)
    for part in (
        {"StopReport": [{"Id": "a", "Errs": ["busy"]}]},
        {"RmReport": [{"Id": "a", "Err": "busy"}]},
        {"RmReport": [{"Id": "a", "RemovedCtrs": {"b": "busy"}}]},
        {"VolumeRmReport": [{"Id": "a", "Err": "busy"}]},
        {"SecretRmReport": [{"ID": "a", "Err": "busy"}]},
    ):
        with pytest.raises(ServerError, match="not everything was taken down: a: busy"):
            op.parse(reply(200, part))


def test_what_was_played() -> None:
    told = {
        "Pods": [{"ID": "a", "Containers": ["b"], "InitContainers": ["c"], "Logs": ["d"]}],
        "ServiceContainerID": "s",
    }
    report = PODMAN.kube.play(b"a", {}, None).parse(reply(200, told))
    (pod,) = report.pods
    assert (pod.id, pod.containers, pod.init_containers, pod.logs) == ("a", ("b",), ("c",), ("d",))
    assert report.service_container == "s"
    assert report.attrs["Pods"]


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (
            500,
            "generating systemd units: a does not refer to a container or pod: no such pod: no such container",
            PodNotFound,
        ),
        (500, "generating systemd units: cannot use --new: no create command found", ServerError),
    ],
)
def test_words_about_units(status: int, message: str, kind: type[APIError]) -> None:
    with pytest.raises(kind):
        PODMAN.kube.systemd("a", {}, "pod").parse(reply(status, {"message": message}))


def test_words_about_yaml() -> None:
    with pytest.raises(NotFound):
        PODMAN.kube.generate(["a"], {}, None).parse(
            reply(500, {"message": 'generating YAML: name or ID "a" not found'})
        )
    with pytest.raises(PodNotFound):
        PODMAN.kube.down(b"a", force=False).parse(
            reply(500, {"message": "tearing down YAML file: no pod with name or ID a found: no such pod"})
        )


def test_docker_has_none_of_it() -> None:
    with pytest.raises(NotSupported, match=r"pods.*needs Podman"):
        _ = DOCKER.pods
    calls: Any = (
        lambda: DOCKER.kube.play(b"", {}, None),
        lambda: DOCKER.kube.down(b"", force=False),
        lambda: DOCKER.kube.apply(b"", kubeconfig="a", ca_cert_file=None, namespace=None),
    )
    for call in calls:
        with pytest.raises(NotSupported, match=r"kube\.\w+\(\).*needs Podman"):
            call()

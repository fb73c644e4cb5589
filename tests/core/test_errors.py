"""Errors survive pickling, say what is to be done, and show no secret."""

import copy
import inspect
import pickle
from typing import get_args

import pytest

from wharfinger import errors
from wharfinger._core.api_errors import api_error
from wharfinger.errors import (
    APIError,
    BuildError,
    ClosedError,
    ContainerError,
    ContainerNotReady,
    CredentialsError,
    EngineTimeout,
    EngineUnreachable,
    FileChangedError,
    NotConvergedInTime,
    NotReadyInTime,
    NotSupported,
    ProtocolError,
    PullError,
    PushError,
    ServiceNotConverged,
    StreamError,
    UnexpectedReply,
    UnsafeArchiveError,
    WharfingerError,
)

EXAMPLES: list[WharfingerError] = [
    WharfingerError("anything"),
    EngineUnreachable([("unix:///x", "refused"), ("tcp://y", "no such host")], "Start one."),
    EngineTimeout("read", 2.5, "GET /x"),
    ClosedError("closed"),
    NotSupported("pods", "Docker Engine", "Podman", "Docker API 1.51"),
    *[api_error(status, "no", "GET", "/x") for status in (400, 401, 403, 404, 406, 409, 500, 503)],
    *[api_error(404, "no", "GET", "/x", kind=kind) for kind in get_args(errors.NotFoundKind)],
    api_error(503, "This node is not a swarm manager.", "GET", "/secrets"),
    UnexpectedReply("what is this", b"\xff\x00", 299),
    ProtocolError("cut short"),
    FileChangedError("f had 3 bytes and grew while it was read"),
    UnsafeArchiveError("'../f' is outside the folder"),
    CredentialsError("config.json is not a JSON object", "config.json"),
    ContainerError("abc", 3, ["sh", "-c", "x"], "alpine", b"out", b"err"),
    ContainerNotReady("box", "it ended", [{"ExitCode": 1, "Output": "no"}], ["line"]),
    NotReadyInTime("box", "5 s went by", [], ["line"], 5.0),
    ServiceNotConverged("web", "it went back", ["web.1 on a: failed: exit 1"]),
    NotConvergedInTime("web", "5 s went by", ["web.1 on a: failed: exit 1"], 5.0),
    StreamError("denied", 1, ["step 1", "step 2"]),
    BuildError("failed"),
    PullError("denied", log=["pulling"]),
    PushError("denied"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_attribute_survives_pickling_and_copying(error: WharfingerError) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        for again in (pickle.loads(pickle.dumps(error, protocol)), copy.copy(error), copy.deepcopy(error)):
            assert type(again) is type(error)
            assert again.__dict__ == error.__dict__
            assert (str(again), again.args) == (str(error), error.args)


def test_no_class_is_forgotten() -> None:
    classes = {
        found for _, found in inspect.getmembers(errors, inspect.isclass) if issubclass(found, Exception)
    }
    assert classes == {type(error) for error in EXAMPLES} | {errors.APIError}
    drawn = errors.__doc__ or ""
    assert all(found.__name__ in drawn for found in classes)


def test_a_subclass_of_ones_own_survives_too() -> None:
    again = pickle.loads(pickle.dumps(OwnError("x", 7)))
    assert (again.args, again.number) == (("x",), 7)


class OwnError(WharfingerError):
    def __init__(self, text: str, number: int) -> None:
        self.number = number
        super().__init__(text)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (
            EngineUnreachable([("unix:///x", "refused.")], "Start it"),
            "no engine answered at unix:///x: refused. Start it",
        ),
        (
            EngineUnreachable([("a", "b"), ("c", "d")], "Start it"),
            "no container engine answered; 2 places were tried:\n  a: b\n  c: d\nStart it",
        ),
        (EngineUnreachable([]), "no container engine answered"),
        (EngineTimeout("connect", 10.0), "the connect timeout of 10 s was reached"),
        (EngineTimeout("stop"), "the stop timeout was reached"),
        (
            NotSupported("x", "Docker Engine", "Docker API 1.48", "Docker API 1.41"),
            "x is not supported by Docker Engine: it needs Docker API 1.48, this is Docker API 1.41",
        ),
        (NotSupported("x"), "x is not supported"),
        (api_error(404, "No such container: x", "GET", "/x"), "No such container: x [404 (GET /x)]"),
        (APIError(500, ""), "no reason was given [500]"),
        (
            ContainerError("abc", 2, "rm", "alpine", b"", b"rm: no operand\n"),
            "container abc of image alpine ended with exit code 2: rm: no operand",
        ),
        (
            ContainerNotReady("box", "it ended", [{"ExitCode": 1, "Output": "no\n"}], ["one", "two"]),
            (
                "container box is not ready: it ended\nthe last health check ended with 1: no\n"
                "the last lines that it wrote:\n  one\n  two"
            ),
        ),
        (NotReadyInTime("box", "5 s went by"), "container box is not ready: 5 s went by"),
        (
            ServiceNotConverged("web", "it went back", ["web.1: failed: no such image"]),
            "service web has not converged: it went back\n  web.1: failed: no such image",
        ),
    ],
)
def test_messages(error: WharfingerError, text: str) -> None:
    assert str(error) == text


def test_secrets_are_not_shown() -> None:
    refused = api_error(400, "bad", "POST", "/build?remote=https://token@host")
    assert "token" not in f"{refused} {refused!r} {refused.__dict__}"
    failed = ContainerError("abc", 1, ["mysql", "-ptoken"])
    assert "token" not in f"{failed} {failed!r}"
    assert failed.command == ("mysql", "-ptoken")

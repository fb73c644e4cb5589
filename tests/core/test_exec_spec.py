"""Commands: what their keywords become, and what an engine's JSON tells of them."""

import pickle
from typing import Any

import pytest

from wharfinger._core.exec_spec import exec_exit_code, exec_spec, exec_tty
from wharfinger.types import ExecResult


def test_what_is_sent() -> None:
    body = exec_spec(
        "ls -l '/a b'", {"user": 1000, "environment": {"A": "1"}, "workdir": None, "tty": True}
    ).body()
    assert body == {
        "AttachStdin": False,
        "AttachStdout": True,
        "AttachStderr": True,
        "Tty": True,
        "Cmd": ["ls", "-l", "/a b"],
        "Privileged": False,
        "User": "1000",
        "Env": ["A=1"],
    }
    body = exec_spec(["a"], {"workdir": "/w", "detach_keys": "ctrl-a,d"}).body()
    assert (body["WorkingDir"], body["DetachKeys"]) == ("/w", "ctrl-a,d")
    assert "secret" not in repr(exec_spec("a", {"environment": {"TOKEN": "secret"}}))


@pytest.mark.parametrize(
    ("options", "kind", "match"),
    [
        ({"usr": "a"}, TypeError, "'usr'; did you mean 'user'"),
        ({"tty": 1}, TypeError, "tty"),
        ({"workdir": 3}, TypeError, "workdir"),
        ({"detach_keys": "hello"}, ValueError, "'hello' is no key"),
        ({"detach_keys": 3}, TypeError, "detach_keys"),
    ],
)
def test_what_is_refused(options: Any, kind: type[Exception], match: str) -> None:
    with pytest.raises(kind, match=match):
        exec_spec("a", options)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"Running": False, "ExitCode": None, "Pid": 0, "CanRemove": False}, None),
        ({"Running": False, "ExitCode": 0, "Pid": 18859, "CanRemove": False}, 0),
        ({"Running": False, "ExitCode": 126, "Pid": 0, "CanRemove": False}, 126),
        ({"Running": True, "ExitCode": 0, "Pid": 4518, "CanRemove": False}, None),
        ({"Running": False, "ExitCode": 0, "Pid": 0, "CanRemove": False}, None),
        ({"Running": False, "ExitCode": 0, "Pid": 0, "CanRemove": True}, 0),
        ({}, None),
    ],
)
def test_exit_codes(told: dict[str, Any], code: int | None) -> None:
    assert exec_exit_code(told) == code


def test_terminals() -> None:
    assert exec_tty({"ProcessConfig": {"tty": True}}) is True
    assert exec_tty({"ProcessConfig": {"tty": False}}) is False
    assert exec_tty({}) is None


def test_a_result_is_a_pair() -> None:
    result = ExecResult(3, b"x")
    assert result == (3, b"x")
    code, output = result
    assert (code, output) == (3, b"x")
    assert pickle.loads(pickle.dumps(result)) == result

"""The messages of BuildKit are compiled, and what cannot be is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen import messages
from codegen.errors import CodegenError

if TYPE_CHECKING:
    from pathlib import Path

GOOD = 'syntax = "proto3";\npackage x;\nmessage A { int64 n = 1; }\nmessage B { A a = 1; }\n'


def described(root: Path, text: str) -> Path:
    (root / messages.SOURCE).mkdir(parents=True)
    (root / messages.SOURCE / "some.proto").write_text(text)
    return root


def test_compiled(tmp_path: Path) -> None:
    made = messages.compile_messages(described(tmp_path, GOOD))
    assert [path.name for path in made] == ["__init__.py", "some_pb2.py", "some_pb2.pyi"]
    assert {path.parent for path in made} == {messages.PACKAGE}
    stub = made[messages.PACKAGE / "some_pb2.pyi"]
    assert "_Union[A, _Mapping[str, object]]" in stub


def test_nothing_described(tmp_path: Path) -> None:
    assert messages.compile_messages(tmp_path) == {}


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    with pytest.raises(CodegenError, match=r"(?s)spec/buildkit cannot be compiled:.*some\.proto:1"):
        messages.compile_messages(described(tmp_path, "nonsense"))


def test_what_is_no_longer_described_is_stale(tmp_path: Path) -> None:
    wanted = messages.compile_messages(described(tmp_path, GOOD))
    (tmp_path / messages.PACKAGE).mkdir(parents=True)
    for path in (*wanted, messages.PACKAGE / "gone_pb2.py"):
        (tmp_path / path).write_text("")
    assert list(messages.stale(tmp_path, wanted)) == [messages.PACKAGE / "gone_pb2.py"]

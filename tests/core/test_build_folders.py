"""What BuildKit is told of folders: which files, in which order, with which bits."""

import os
import socket
import stat
from pathlib import Path

import pytest

from wharfinger._core.build_folders import FolderFilter, LocalFolder, MemoryFolder, go_mode, permissions

ALL = FolderFilter()


def tree(root: Path, *names: str) -> LocalFolder:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)
    return LocalFolder(root)


def paths(folder: LocalFolder | MemoryFolder, **wanted: tuple[str, ...]) -> list[str]:
    return [entry.path for entry in folder.entries(FolderFilter(**wanted))]


def test_the_order_is_that_of_the_parts_of_a_path(tmp_path: Path) -> None:
    names = ["a-b", "a/b", "a/c/d", "a.txt", "b", "ü"]
    expected = ["a", "a/b", "a/c", "a/c/d", "a-b", "a.txt", "b", "ü"]
    # A folder comes where its own name belongs, and what is in it right behind.
    assert sorted(paths(tree(tmp_path, *names))) == sorted(expected)
    assert paths(tree(tmp_path, *names)) == ["a", "a/b", "a/c", "a/c/d", "a-b", "a.txt", "b", "ü"]
    assert paths(MemoryFolder(dict.fromkeys(names, b""))) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"excludes": ("b", "*.log")}, ["a", "a/deep", "a/deep/x", "a/y", "link"]),
        ({"excludes": ("a", "!a/deep/x")}, ["a", "a/deep", "a/deep/x", "b", "b/z", "c.log", "link"]),
        ({"excludes": ("**", "!b")}, ["b", "b/z"]),
        ({"includes": ("a/deep",)}, ["a", "a/deep", "a/deep/x"]),
        ({"includes": ("*/y", "*.log")}, ["a", "a/y", "c.log"]),
        ({"includes": ("a", "b"), "excludes": ("**/x",)}, ["a", "a/deep", "a/y", "b", "b/z"]),
        ({"follow": ("link",)}, ["a", "a/deep", "a/deep/x", "link"]),
        ({"follow": ("li*",)}, ["a", "a/deep", "a/deep/x", "link"]),
        ({"follow": ("link/x",)}, ["a", "a/deep", "a/deep/x", "link"]),
        ({"follow": ("absent", "/b/z")}, ["b", "b/z"]),
        ({"follow": (".",)}, ["a", "a/deep", "a/deep/x", "a/y", "b", "b/z", "c.log", "link"]),
        ({"follow": ("../b",)}, ["b", "b/z"]),
    ],
)
def test_what_is_wanted(tmp_path: Path, wanted: dict[str, tuple[str, ...]], expected: list[str]) -> None:
    folder = tree(tmp_path, "a/deep/x", "a/y", "b/z", "c.log")
    (tmp_path / "link").symlink_to("a/deep")
    assert paths(folder, **wanted) == expected


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("/one")
    assert paths(LocalFolder(tmp_path), follow=("one/x",)) == ["one", "two"]


def test_what_is_told_of_each(tmp_path: Path) -> None:
    folder = tree(tmp_path, "b", "d/c")
    (tmp_path / "b").chmod(0o4751)
    os.utime(tmp_path / "b", ns=(1, 1_234_567_890_123_456_789))
    (tmp_path / "e").hardlink_to(tmp_path / "b")
    (tmp_path / "s").symlink_to("../outside")
    os.mkfifo(tmp_path / "p")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "sock"))
        found = {entry.path: entry for entry in folder.entries(ALL)}
    assert [*found] == ["b", "d", "d/c", "e", "p", "s"]
    assert found["b"].mode == 1 << 23 | 0o751
    assert found["b"].mtime == 1_234_567_890_123_456_789
    assert (found["b"].size, found["b"].link) == (1, "")
    assert (found["e"].size, found["e"].link) == (0, "b")
    assert found["d"].mode >> 31 == 1
    assert (found["s"].link, found["s"].has_data) == ("../outside", False)
    assert [name for name, entry in found.items() if entry.has_data] == ["b", "d/c", "e"]
    assert b"".join(folder.content(found["d/c"])) == b"d/c"


def test_attributes_go_along(tmp_path: Path) -> None:
    folder = tree(tmp_path, "a")
    os.setxattr(tmp_path / "a", "user.told", b"value")
    assert next(iter(folder.entries(ALL))).xattrs == {"user.told": b"value"}


def test_a_name_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff")).write_text("x")
    with pytest.raises(OSError, match="UTF-8") as caught:
        paths(LocalFolder(tmp_path))
    assert caught.value.filename == b"\xff"


@pytest.mark.parametrize("text", ["longer than before", ""])
def test_a_file_that_changes(tmp_path: Path, text: str) -> None:
    folder = tree(tmp_path, "a")
    [entry] = folder.entries(ALL)
    (tmp_path / "a").write_text(text)
    with pytest.raises(OSError, match="changed while") as caught:
        list(folder.content(entry))
    assert caught.value.filename == str(tmp_path / "a")


def test_files_in_memory(tmp_path: Path) -> None:
    tree(tmp_path, "local")
    folder = MemoryFolder({"x/y": "ü", "b": b"12", "./c": tmp_path / "local"}, mtime=7)
    found = {entry.path: entry for entry in folder.entries(ALL)}
    assert [*found] == ["b", "c", "x", "x/y"]
    assert {entry.mtime for entry in found.values()} == {7}
    content = {name: b"".join(folder.content(entry)) for name, entry in found.items() if entry.has_data}
    assert content == {"b": b"12", "c": b"local", "x/y": "ü".encode()}
    assert [found[name].size for name in content] == [2, 5, 2]
    assert paths(folder, excludes=("x",)) == ["b", "c"]
    assert paths(folder, follow=("/b", "absent")) == ["b"]


@pytest.mark.parametrize("bits", [0o644, 0o1777, 0o2755, 0o4755])
def test_bits_come_back(bits: int) -> None:
    assert permissions(go_mode(stat.S_IFREG | bits)) == bits

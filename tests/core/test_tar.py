"""Archives made and read in pieces; nothing is ever unpacked outside the folder."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger import extract_archive
from wharfinger._core.tar import END, Owner, tar_files, tar_member, tar_path
from wharfinger._core.tar_rename import moved, renamed
from wharfinger._core.untar import ChunkReader, Unpacking, extract, first_file, read_members
from wharfinger.errors import FileChangedError, ProtocolError, UnsafeArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wharfinger._core.tar import Content


MIB = 1024 * 1024


def members(data: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {member.name: member for member in archive}


def crafted(*infos: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for info, data in infos:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, link, mode
    return info


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[i : i + size] for i in range(0, len(data), size))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "tree"
    (root / "sub").mkdir(parents=True)
    (root / "b.txt").write_bytes(b"b" * 1000)
    (root / "a.bin").write_bytes(bytes(512))
    (root / "sub" / ("long" * 60)).write_text("x")
    (root / "ünïcode").write_text("ü")
    (root / "link").symlink_to("b.txt")
    os.link(root / "b.txt", root / "twin")
    (root / "a.bin").chmod(0o750)
    return root


def test_a_folder_is_archived_in_order_with_all_kinds(tree: Path) -> None:
    data = b"".join(tar_path(tree, chunk_size=100))
    found = members(data)
    names = [
        "tree",
        "tree/a.bin",
        "tree/b.txt",
        "tree/link",
        "tree/sub",
        "tree/sub/" + "long" * 60,
        "tree/twin",
    ]
    assert list(found) == [*names, "tree/ünïcode"]
    assert found["tree/link"].linkname == "b.txt"
    assert found["tree/twin"].islnk()
    assert found["tree/a.bin"].mode == 0o750
    assert (found["tree/b.txt"].uid, found["tree/b.txt"].uname) == (0, "")
    assert b"".join(tar_path(tree)) == data


def test_names_and_owners_can_be_chosen(tree: Path) -> None:
    found = members(b"".join(tar_path(tree / "b.txt", "x/y", owner=Owner(7, 8))))
    assert list(found) == ["x/y"]
    assert (found["x/y"].uid, found["x/y"].gid) == (7, 8)
    top = members(b"".join(tar_path(tree / "sub", ".", owner=None)))
    assert list(top) == [".", "long" * 60]
    assert top["."].uid == os.stat(tree).st_uid  # noqa: PTH116 - a number to compare with


def test_a_folder_comes_back_the_same(tree: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert extract(tar_path(tree), target) == 8
    assert (target / "tree" / "b.txt").read_bytes() == b"b" * 1000
    assert (target / "tree" / "ünïcode").read_text() == "ü"
    assert (target / "tree" / "link").readlink() == Path("b.txt")
    assert (target / "tree" / "twin").samefile(target / "tree" / "b.txt")
    assert (target / "tree" / "a.bin").stat().st_mtime == int((tree / "a.bin").stat().st_mtime)
    # A second time, in the place of what is there.
    assert extract(tar_path(tree), target) == 8
    assert (target / "tree" / "twin").samefile(target / "tree" / "b.txt")
    assert not [path for path in target.rglob("*") if path.name.endswith(".part")]


def test_contents_from_memory_and_disk(tree: Path) -> None:
    files: dict[str, Content] = {"a": b"bytes", "dir/b": "text ü", "c": tree / "b.txt", "d": b""}
    data = b"".join(tar_files(files, mode=0o600, mtime=5, owner=Owner(1, 2)))
    found = {info.name: content.read() for info, content in read_members([data]) if content}
    assert found == {"a": b"bytes", "dir/b": "text ü".encode(), "c": b"b" * 1000, "d": b""}
    first = members(data)["a"]
    assert (first.mode, first.mtime, first.uid, first.gid) == (0o600, 5, 1, 2)


@given(st.integers(1, 700), st.lists(st.binary(max_size=1500), max_size=4))
def test_members_are_read_for_any_chunks(size: int, contents: list[bytes]) -> None:
    data = b"".join(tar_files({f"f{i}": content for i, content in enumerate(contents)}, mtime=0))
    found = [content.read() for _, content in read_members(pieces(data, size)) if content]
    assert found == contents


def test_nothing_is_left_unread() -> None:
    chunks = iter([*tar_files({"a": b"1"}), bytes(100_000), b"\0"])
    assert [info.name for info, _ in read_members(chunks)] == ["a"]
    assert next(chunks, None) is None


@pytest.mark.parametrize("end", [0, 1, 511, 512, 513, 1024, 1500, 2048, 2560, 3072])
def test_a_cut_archive_is_never_a_whole_one(end: int, tmp_path: Path) -> None:
    data = b"".join(tar_files({"a": b"x" * 1000, "b": b"y" * 1000}, mtime=0))
    assert len(data) == 512 * 8
    with pytest.raises(ProtocolError, match="tar archive"):
        extract(pieces(data[:end], 100), tmp_path)


def test_what_is_no_archive() -> None:
    with pytest.raises(ProtocolError, match="tar archive"):
        list(read_members([b"<html>" * 200]))


@pytest.mark.parametrize(("size", "told"), [(10, "ended after 10"), (3000, "grew")])
def test_a_file_that_changes_meanwhile(tmp_path: Path, size: int, told: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(bytes(2000))
    chunks = tar_path(path)
    next(chunks)
    path.write_bytes(bytes(size))
    with pytest.raises(FileChangedError, match=told):
        list(chunks)


ATTACKS = {
    "absolute": [(entry("/tmp/evil"), b"x")],
    "dots": [(entry("../evil"), b"x")],
    "dots inside": [(entry("a/../../evil"), b"x")],
    "link to absolute": [(entry("l", tarfile.SYMTYPE, "/etc/passwd"), b"")],
    "link up": [(entry("l", tarfile.SYMTYPE, "../evil"), b"")],
    "link up behind a name": [(entry("d/l", tarfile.SYMTYPE, "x/../../../evil"), b"")],
    "link that needs another": [
        (entry("here", tarfile.SYMTYPE, "."), b""),
        (entry("l", tarfile.SYMTYPE, "here/../evil"), b""),
    ],
    "through a link": [(entry("l", tarfile.SYMTYPE, "sub"), b""), (entry("l/evil"), b"x")],
    "hard link outside": [(entry("h", tarfile.LNKTYPE, "../secret"), b"")],
    "hard link absolute": [(entry("h", tarfile.LNKTYPE, "/etc/passwd"), b"")],
    "hard link to a link": [(entry("l", tarfile.SYMTYPE, "x"), b""), (entry("h", tarfile.LNKTYPE, "l"), b"")],
    "device": [(entry("dev", tarfile.CHRTYPE), b"")],
    "pipe": [(entry("pipe", tarfile.FIFOTYPE), b"")],
    "folder over a link": [(entry("l", tarfile.SYMTYPE, "sub"), b""), (entry("l/d", tarfile.DIRTYPE), b"")],
    "through a link outside": [(entry("l", tarfile.SYMTYPE, "../.."), b""), (entry("l/evil"), b"x")],
    "hard link through a link": [
        (entry("l", tarfile.SYMTYPE, "../.."), b""),
        (entry("h", tarfile.LNKTYPE, "l/secret"), b""),
    ],
    "hard link to what was there": [(entry("h", tarfile.LNKTYPE, "nothing"), b"")],
    "the folder itself": [(entry(".", tarfile.SYMTYPE, ".."), b"")],
    "block device": [(entry("disk", tarfile.BLKTYPE), b"")],
}
# What is a danger only to who follows the links later, and is made when that is asked for.
ONLY_LINKS = {"link to absolute", "link up", "link up behind a name", "link that needs another"}


# Without Python's own filter the rules are the same: Debian 12's Python has none.
@pytest.mark.parametrize("filtered", [True, False])
@pytest.mark.parametrize("unsafe_links", [True, False])
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_is_written_outside(
    attack: str, unsafe_links: bool, filtered: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not filtered:
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
    (tmp_path / "secret").write_text("untouched")
    target = tmp_path / "in" / "target"
    if unsafe_links and attack in ONLY_LINKS:
        extract([crafted(*ATTACKS[attack])], target, Unpacking(unsafe_links=True))
    else:
        with pytest.raises(UnsafeArchiveError):
            extract([crafted(*ATTACKS[attack])], target, Unpacking(unsafe_links=unsafe_links))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in", "secret"]
    assert [p.name for p in (tmp_path / "in").iterdir()] == ["target"]
    assert (tmp_path / "secret").read_text() == "untouched"
    assert not Path("/tmp/evil").exists()


def test_links_that_were_there_are_not_written_through(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("untouched")
    target = tmp_path / "target"
    target.mkdir()
    (target / "dir").symlink_to(outside)
    (target / "file").symlink_to(outside / "file")
    (target / "whole").mkdir()
    with pytest.raises(UnsafeArchiveError, match="symbolic link"):
        extract([crafted((entry("dir/new"), b"x"))], target)
    extract([crafted((entry("file"), b"new"))], target)
    assert (outside / "file").read_text() == "untouched"
    assert (target / "file").read_text() == "new"
    assert [p.name for p in outside.iterdir()] == ["file"]
    with pytest.raises(IsADirectoryError):
        extract([crafted((entry("whole"), b"new"))], target)
    with pytest.raises(FileExistsError):
        extract([crafted((entry("file", tarfile.DIRTYPE), b""))], target)


@pytest.mark.skipif(not hasattr(tarfile, "data_filter"), reason="this Python has no filter to compare with")
@given(
    st.text(alphabet="a/.\\", min_size=1, max_size=9),
    st.sampled_from([tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE]),
    st.text(alphabet="a/.", max_size=9),
)
def test_what_pythons_own_filter_refuses_is_refused(name: str, kind: bytes, link: str) -> None:
    member = entry(name, kind, link)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "in"
        target.mkdir()
        try:
            tarfile.data_filter(member, str(target))
        except tarfile.FilterError:
            with pytest.raises(UnsafeArchiveError):
                extract([crafted((member, b""))], target)
        assert [path.name for path in Path(folder).iterdir()] == ["in"]


def test_dangerous_permissions_are_not_taken_over(tmp_path: Path) -> None:
    extract([crafted((entry("f", mode=0o6777), b"x"), (entry("g", mode=0), b"x"))], tmp_path)
    assert (tmp_path / "f").stat().st_mode & 0o7777 == 0o755
    assert (tmp_path / "g").stat().st_mode & 0o7777 == 0o600


@pytest.mark.parametrize(("max_bytes", "max_members"), [(199, None), (None, 1)])
def test_limits(tmp_path: Path, max_bytes: int | None, max_members: int | None) -> None:
    data = b"".join(tar_files({"a": b"x" * 100, "b": b"y" * 100}))
    with pytest.raises(UnsafeArchiveError, match="more than the allowed"):
        extract_archive([data], tmp_path, max_bytes=max_bytes, max_members=max_members)
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert extract_archive([data], tmp_path, max_bytes=200, max_members=2) == 2
    with pytest.raises(ValueError, match="max_bytes is -1"):
        extract_archive([data], tmp_path, max_bytes=-1)


def test_a_file_that_is_cut_short_does_not_appear(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("before")
    data = b"".join(tar_files({"a": b"x" * 1000, "b": b"y" * 5000}, mtime=0))
    with pytest.raises(ProtocolError):
        extract([data[:5000]], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]
    assert (tmp_path / "b").read_text() == "before"


def test_folders_get_their_facts_when_they_are_full(tmp_path: Path) -> None:
    folder = entry("d", tarfile.DIRTYPE, mode=0o500)
    folder.mtime = 1000
    extract([crafted((folder, b""), (entry("d/f", mode=0o755), b"x"))], tmp_path)
    found = (tmp_path / "d").stat()
    assert (found.st_mode & 0o777, found.st_mtime) == (0o700, 1000)
    assert (tmp_path / "d" / "f").stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_owners_on_request(tmp_path: Path) -> None:
    file = entry("f", mode=0o4666)
    file.uid, file.gid = 55, 66
    extract_archive([crafted((file, b"x"))], tmp_path, archive=True)
    found = (tmp_path / "f").stat()
    assert (found.st_uid, found.st_gid, found.st_mode & 0o7777) == (55, 66, 0o666)


def sparse_file(path: Path) -> bytes:
    with path.open("wb") as file:
        file.write(b"begin")
        file.seek(2 * MIB)
        file.write(b"middle")
        file.truncate(4 * MIB + 7)
    return path.read_bytes()


def test_holes_are_kept(tmp_path: Path) -> None:
    content = sparse_file(tmp_path / "f")
    (tmp_path / "only").touch()
    os.truncate(tmp_path / "only", 5 * MIB)
    data = b"".join(tar_path(tmp_path, "t", exact=True))
    assert len(data) < MIB // 10
    extract([data], tmp_path / "out")
    made = tmp_path / "out" / "t" / "f"
    assert made.read_bytes() == content
    assert made.stat().st_blocks * 512 < MIB
    assert (tmp_path / "out" / "t" / "only").read_bytes() == bytes(5 * MIB)
    if shutil.which("tar"):
        # Somebody else's reader comes to the same.
        subprocess.run(["tar", "-xC", tmp_path / "out"], input=data, check=True)
        assert made.read_bytes() == content


@pytest.mark.parametrize("size", [10, 9 * MIB])
def test_a_file_with_holes_that_changes_meanwhile(tmp_path: Path, size: int) -> None:
    sparse_file(tmp_path / "f")
    chunks = tar_path(tmp_path / "f", exact=True)
    next(chunks)
    os.truncate(tmp_path / "f", size)
    with pytest.raises(FileChangedError):
        list(chunks)


def test_attributes_are_kept(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_text("x")
    os.setxattr(file, "user.note", b"\xff\x00binary")
    data = b"".join(tar_path(file, exact=True))
    again = b"".join(renamed([data], moved("f", "g"), Owner(3, 4)))
    extract([again], tmp_path)
    assert os.getxattr(tmp_path / "g", "user.note") == b"\xff\x00binary"
    assert (members(again)["g"].uid, members(again)["g"].gid) == (3, 4)


@pytest.mark.parametrize("size", [1, 700, 10**6])
def test_names_are_changed_on_the_way(tree: Path, size: int) -> None:
    data = b"".join(tar_path(tree))
    found = members(b"".join(renamed(pieces(data, size), moved("tree", "ü" * 150), None)))
    assert [name.partition("/")[2] for name in found] == [name.partition("/")[2] for name in members(data)]
    assert {name.partition("/")[0] for name in found} == {"ü" * 150}
    assert found["ü" * 150 + "/twin"].linkname == "ü" * 150 + "/b.txt"
    assert found["ü" * 150 + "/link"].linkname == "b.txt"
    assert list(members(b"".join(renamed([data], moved("tree", ""), None))))[:2] == [".", "a.bin"]


def test_names_that_were_not_expected(tree: Path) -> None:
    with pytest.raises(UnsafeArchiveError, match="beneath 'other'"):
        list(renamed(tar_path(tree), moved("other", "x"), None))
    assert [moved("", "x")(name) for name in ("/", "/bin", "usr/sbin/")] == ["x", "x/bin", "x/usr/sbin"]


def test_the_first_file() -> None:
    assert first_file(tar_files({"a": b"1", "b": b"2"})) == b"1"
    with pytest.raises(ProtocolError, match="no file"):
        first_file([crafted((entry("d", tarfile.DIRTYPE), b""))])


def test_many_members_take_no_memory() -> None:
    def many() -> Iterator[bytes]:
        yield from (tar_member(f"{n:060}", b"", mode=0, mtime=0, owner=Owner()) for n in range(20_000))
        yield END

    tracemalloc.start()
    try:
        assert sum(1 for _ in read_members(many())) == 20_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 8 * MIB


@given(st.lists(st.binary(max_size=20), max_size=8), st.lists(st.integers(0, 30), max_size=20))
def test_a_reader_gives_less_only_at_the_end(chunks: list[bytes], sizes: list[int]) -> None:
    reader, whole, pos = ChunkReader(chunks), b"".join(chunks), 0
    for size in sizes:
        assert reader.read(size) == whole[pos : pos + size]
        pos += size

"""What a build hands over is written where it was asked for, and nowhere else."""

import stat
from pathlib import Path

import pytest

from wharfinger._core.build_exports import FileExport, FolderExport
from wharfinger._core.build_folders import Entry, go_mode
from wharfinger.errors import ProtocolError

DIR = go_mode(stat.S_IFDIR | 0o755)
LINK = go_mode(stat.S_IFLNK | 0o777)


def put(export: FolderExport, path: str, data: bytes = b"", **more: object) -> None:
    number = export.add(Entry(path, **{"mode": 0o644, **more}))  # type: ignore[arg-type]  # whatever is given
    assert number is not None
    if data:
        export.write(number, data)
    export.write(number, b"")


def test_a_folder(tmp_path: Path) -> None:
    root = tmp_path / "new" / "out"
    export = FolderExport(root)
    export.add(Entry("d", go_mode(stat.S_IFDIR | 0o500), mtime=5_000_000_000))
    put(export, "d/f", b"text", mode=go_mode(stat.S_IFREG | 0o4750), mtime=1_500_000_000)
    export.add(Entry("hard", 0o750, link="d/f"))
    export.add(Entry("link", LINK, link="d/f"))
    assert export.idle
    export.finish()
    assert (root / "d/f").read_bytes() == b"text"
    told = (root / "d/f").stat()
    assert (stat.S_IMODE(told.st_mode), told.st_mtime_ns, told.st_nlink) == (0o750, 1_500_000_000, 2)
    assert stat.S_IMODE((root / "d").stat().st_mode) == 0o500
    assert (root / "d").stat().st_mtime_ns == 5_000_000_000
    assert (root / "link").readlink() == Path("d/f")


@pytest.mark.parametrize("path", ["../x", "/x", "", ".", "a/../../x", "a//b", "d/../x", "untold/x", "x\0y"])
def test_paths_that_lead_elsewhere(tmp_path: Path, path: str) -> None:
    export = FolderExport(tmp_path / "out")
    export.add(Entry("d", DIR))
    with pytest.raises(ProtocolError, match="exports"):
        export.add(Entry(path, 0o644))
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["d", "out"]


def test_nothing_goes_through_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "f").write_text("theirs")
    root = tmp_path / "out"
    root.mkdir()
    (root / "d").symlink_to(outside)
    (root / "f").symlink_to(outside / "f")
    export = FolderExport(root)
    export.add(Entry("d", DIR))
    put(export, "d/new", b"1")
    put(export, "f", b"2")
    export.add(Entry("l", LINK, link=str(outside)))
    with pytest.raises(ProtocolError, match="no folder"):
        export.add(Entry("l/new", 0o644))
    with pytest.raises(ProtocolError, match="did not come"):
        export.add(Entry("h", 0o644, link="../outside/f"))
    export.finish()
    assert [file.name for file in outside.iterdir()] == ["f"]
    assert (outside / "f").read_text() == "theirs"
    assert (root / "d/new").read_text() == "1"
    assert not (root / "f").is_symlink()


def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("1")
    (tmp_path / "both").write_text("old")
    (tmp_path / "folder/in").mkdir(parents=True)
    export = FolderExport(tmp_path)
    put(export, "both", b"new")
    with pytest.raises(OSError, match="folder"):
        export.add(Entry("folder", LINK, link="x"))
    with pytest.raises(OSError, match="irectory"):
        put(export, "folder", b"x")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["both", "folder", "mine"]
    assert (tmp_path / "both").read_text() == "new"


def test_what_a_folder_does_not_take(tmp_path: Path) -> None:
    export = FolderExport(tmp_path)
    with pytest.raises(OSError, match="as tar"):
        export.add(Entry("dev", go_mode(stat.S_IFCHR | 0o600), device=(1, 3)))
    with pytest.raises(ProtocolError, match="file 7"):
        export.write(7, b"x")


def test_nothing_half_made_stays(tmp_path: Path) -> None:
    export = FolderExport(tmp_path)
    number = export.add(Entry("f", 0o644))
    assert number is not None
    export.write(number, b"half")
    assert not export.idle
    export.abandon()
    file = FileExport(tmp_path / "f.tar")
    file.write(b"half")
    file.abandon()
    assert [*tmp_path.iterdir()] == []


def test_a_file(tmp_path: Path) -> None:
    (tmp_path / "f.tar").write_text("old")
    file = FileExport(tmp_path / "f.tar")
    file.write(b"ne")
    file.write(b"w")
    file.finish()
    file.abandon()
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("f.tar", "new")]

"""An archive under other names, while it passes through: nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.tar import CHUNK, END, padding, tar_head
from wharfinger._core.untar import read_members
from wharfinger.errors import ProtocolError, UnsafeArchiveError

if TYPE_CHECKING:
    import tarfile
    from collections.abc import Callable, Iterable, Iterator

    from wharfinger._core.tar import Owner


def moved(top: str, new: str) -> Callable[[str], str]:
    """Give what renames the members of an engine's archive, all of which are beneath one name.

    Args:
        top: That name; empty where it is the root of all files.
        new: What to call it; empty puts its content at the top.
    """

    def rename(name: str) -> str:
        inner = name.strip("/")
        if top:
            first, _, inner = inner.partition("/")
            if first != top:
                raise UnsafeArchiveError(f"the archive has {name!r}, expected only what is beneath {top!r}")
        return "/".join(filter(None, (new, inner))) or "."

    return rename


def renamed(chunks: Iterable[bytes], rename: Callable[[str], str], owner: Owner | None) -> Iterator[bytes]:
    """Give an archive's members other names.

    Args:
        chunks: The archive, cut anywhere.
        rename: Gives a name for a name; links among the members follow.
        owner: Who owns all of it; None leaves the owners.

    Raises:
        ProtocolError: It is no tar archive, it is cut short, or it has a file with holes, which no engine sends.
        UnsafeArchiveError: It has a name that was not expected.
    """
    for member, content in read_members(chunks):
        if member.sparse is not None:
            raise ProtocolError(
                f"the archive has {member.name!r} as a file with holes, which was not expected"
            )
        yield _head(member, rename, owner)
        if content is not None:
            while chunk := content.read(CHUNK):
                yield chunk
            yield padding(member.size)
    yield END


def _head(member: tarfile.TarInfo, rename: Callable[[str], str], owner: Owner | None) -> bytes:
    member.name = rename(member.name)
    if member.islnk():
        member.linkname = rename(member.linkname)
    if not member.isreg():
        member.size = 0
    dropped = {"path", "linkpath", "size"}
    if owner is not None:
        member.uid, member.gid, member.uname, member.gname = owner.uid, owner.gid, "", ""
        dropped |= {"uid", "gid", "uname", "gname"}
    # What stands there goes before the fields, which are told anew.
    member.pax_headers = {key: value for key, value in member.pax_headers.items() if key not in dropped}
    return tar_head(member)

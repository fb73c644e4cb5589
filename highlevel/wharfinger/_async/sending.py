"""What a caller gives to be sent, which may be the path of a file."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from wharfinger._async._primitives import run_blocking

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO

    from wharfinger._core.operation import Content


class AsyncSending:
    """A content, and the file that was opened for it."""

    def __init__(self, content: Content, file: IO[bytes] | None) -> None:
        self._content = content
        self._file = file

    async def __aenter__(self) -> Content:
        return self._content

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


async def sent_from(given: Content | PathLike[str]) -> AsyncSending:
    """Open the file where a path is given.

    Raises:
        OSError: It cannot be opened.
    """
    if not isinstance(given, PathLike):
        return AsyncSending(given, None)
    path = Path(given)
    file = await run_blocking(lambda: path.open("rb"))
    return AsyncSending(file, file)

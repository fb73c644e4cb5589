# Derived from highlevel/wharfinger/_async/sending.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What a caller gives to be sent, which may be the path of a file."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from wharfinger._sync._primitives import run_blocking

if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO

    from wharfinger._core.operation import Content


class Sending:
    """A content, and the file that was opened for it."""

    def __init__(self, content: Content, file: IO[bytes] | None) -> None:
        self._content = content
        self._file = file

    def __enter__(self) -> Content:
        return self._content

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()


def sent_from(given: Content | PathLike[str]) -> Sending:
    """Open the file where a path is given.

    Raises:
        OSError: It cannot be opened.
    """
    if not isinstance(given, PathLike):
        return Sending(given, None)
    path = Path(given)
    file = run_blocking(lambda: path.open("rb"))
    return Sending(file, file)

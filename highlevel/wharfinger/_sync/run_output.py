# Derived from highlevel/wharfinger/_async/run_output.py
# by `python -m codegen.unasync`: change that file, not this one.
"""What a container writes that run() has started, while it runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wharfinger._core.run_output import WantedOutput
from wharfinger._sync._primitives import complete
from wharfinger._sync.streams import Stream
from wharfinger.errors import ContainerError, ContainerNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._sync.container import Container
    from wharfinger._sync.raw_streams import DuplexConnection
    from wharfinger.types import StreamName, WaitResult

_CHUNK = 256 * 1024


class RunOutput(Stream[bytes]):
    """The pieces that were asked for, and at the end the container's own.

    Args:
        duplex: The connection that is attached to it.
        container: Which it is.
        spec: What it was made of.
        streams: Whose pieces to give.
        remove: Whether the container goes with the stream.
    """

    def __init__(
        self,
        duplex: DuplexConnection,
        container: Container,
        spec: ContainerSpec,
        streams: Sequence[StreamName],
        *,
        remove: bool,
    ) -> None:
        output = WantedOutput(streams, tty=bool(spec.tty))
        super().__init__(_Attached(duplex, container, spec, output, remove=remove), output)


class _Attached:
    """The bytes of the connection; their end is told when the container's is known to be a good one."""

    def __init__(
        self,
        duplex: DuplexConnection,
        container: Container,
        spec: ContainerSpec,
        output: WantedOutput,
        *,
        remove: bool,
    ) -> None:
        self._duplex = duplex
        self._container = container
        self._spec = spec
        self._output = output
        self._remove = remove

    def __next__(self) -> bytes:
        data = self._duplex.receive(_CHUNK)
        if data:
            return data
        self._duplex.close()
        self._output.check_whole()
        ended = self._container.wait()
        self.close()
        if ended.exit_code:
            raise failure(self._container, ended, self._spec, b"", self._output.errors)
        raise StopIteration

    def close(self) -> None:
        """Leave it, and remove it where that was wished."""
        self._duplex.close()
        remove, self._remove = self._remove, False
        if remove:
            complete(partial(discard, [self._container]))


def failure(
    container: Container, ended: WaitResult, spec: ContainerSpec, stdout: bytes, stderr: bytes
) -> ContainerError:
    """The error for a container that ended with another code than 0."""
    name = container.name or container.short_id
    return ContainerError(name, ended.exit_code, spec.command, spec.image, stdout, stderr)


def discard(made: Sequence[Container]) -> None:
    """Remove containers, even if they run or are gone already."""
    for container in made:
        try:
            container.remove(v=True, force=True)
        except ContainerNotFound:
            # The engine, or somebody else, was faster.
            continue

"""What a container writes that run() has started, while it runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from wharfinger._async._primitives import complete
from wharfinger._async.streams import AsyncStream
from wharfinger._core.run_output import WantedOutput
from wharfinger.errors import ContainerError, ContainerNotFound

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._async.container import AsyncContainer
    from wharfinger._async.raw_streams import AsyncDuplexConnection
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger.types import StreamName, WaitResult

_CHUNK = 256 * 1024


class AsyncRunOutput(AsyncStream[bytes]):
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
        duplex: AsyncDuplexConnection,
        container: AsyncContainer,
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
        duplex: AsyncDuplexConnection,
        container: AsyncContainer,
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

    async def __anext__(self) -> bytes:
        data = await self._duplex.receive(_CHUNK)
        if data:
            return data
        await self._duplex.close()
        self._output.check_whole()
        ended = await self._container.wait()
        await self.close()
        if ended.exit_code:
            raise failure(self._container, ended, self._spec, b"", self._output.errors)
        raise StopAsyncIteration

    async def close(self) -> None:
        """Leave it, and remove it where that was wished."""
        await self._duplex.close()
        remove, self._remove = self._remove, False
        if remove:
            await complete(partial(discard, [self._container]))


def failure(
    container: AsyncContainer, ended: WaitResult, spec: ContainerSpec, stdout: bytes, stderr: bytes
) -> ContainerError:
    """The error for a container that ended with another code than 0."""
    name = container.name or container.short_id
    return ContainerError(name, ended.exit_code, spec.command, spec.image, stdout, stderr)


async def discard(made: Sequence[AsyncContainer]) -> None:
    """Remove containers, even if they run or are gone already."""
    for container in made:
        try:
            await container.remove(v=True, force=True)
        except ContainerNotFound:
            # The engine, or somebody else, was faster.
            continue

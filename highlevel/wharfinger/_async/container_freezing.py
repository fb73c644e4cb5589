"""One container: its state on disk, to go on from later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Unpack, overload

from wharfinger._async.container_state import AsyncContainerState
from wharfinger._async.streams import AsyncStream
from wharfinger._core.checkpoint_options import checked_checkpoint, checked_restore
from wharfinger._core.stream_decoders import Chunks

if TYPE_CHECKING:
    from wharfinger._core.checkpoint_options import CheckpointOptions, RestoreOptions


class AsyncContainerFreezing(AsyncContainerState):
    """The verbs about checkpoints, which need CRIU on the engine's machine."""

    @overload
    async def checkpoint(
        self, *, export: Literal[False] = False, **options: Unpack[CheckpointOptions]
    ) -> dict[str, Any]: ...
    @overload
    async def checkpoint(
        self, *, export: Literal[True], **options: Unpack[CheckpointOptions]
    ) -> AsyncStream[bytes]: ...
    async def checkpoint(
        self, *, export: bool = False, **options: Unpack[CheckpointOptions]
    ) -> dict[str, Any] | AsyncStream[bytes]:
        """Puts the state of its processes on disk, and stops it, for `restore` (Podman).

        Args:
            export: Give an archive, which `client.containers.restore` makes a container of, here or elsewhere.
            **options: See CheckpointOptions.

        Returns:
            The engine's report; with export the archive, in chunks as they come.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is not running.
            NotSupported: The engine is Docker, or lacks an option; nothing was sent.
            TypeError: An option is unknown or wrong; nothing was sent.
            APIError: CRIU is missing, or cannot do it.
        """
        given = checked_checkpoint(options)
        if not export:
            return await self._engine.call_slowly(lambda say: say.containers.checkpoint(self.id, given))
        source = await self._engine.open(lambda say: say.containers.checkpoint_archive(self.id, given))
        return AsyncStream(source, Chunks())

    async def restore(self, **options: Unpack[RestoreOptions]) -> dict[str, Any]:
        """Lets it go on from its last checkpoint (Podman).

        Args:
            **options: See RestoreOptions.

        Returns:
            The engine's report.

        Raises:
            ContainerNotFound: It is gone.
            Conflict: It is running.
            NotSupported: The engine is Docker, or lacks an option; nothing was sent.
            TypeError: An option is unknown or wrong; nothing was sent.
            APIError: It has no checkpoint, CRIU is missing, or cannot do it.
        """
        given = checked_restore(options)
        return await self._engine.call_slowly(lambda say: say.containers.restore(self.id, given))

"""One container: its files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from wharfinger._async._primitives import run_blocking
from wharfinger._async.container_paths import AsyncContainerPaths
from wharfinger._async.image import AsyncImage
from wharfinger._async.sending import sent_from
from wharfinger._async.streams import AsyncStream
from wharfinger._core.chunk_decoders import check_chunk_size, chunk_decoder
from wharfinger._core.references import ImageReference
from wharfinger._core.tar_source import local_archive
from wharfinger.errors import ProtocolError, UnexpectedReply
from wharfinger.types import FileStat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from os import PathLike

    from wharfinger._core.operation import Content

CommitFormat: TypeAlias = Literal["oci", "docker"]


class AsyncContainerFiles(AsyncContainerPaths):
    """The verbs about what is in a container."""

    async def put_archive(self, path: str, data: Content | PathLike[str] | None = None) -> bool:
        """Unpacks a tar in it; owners are those that the tar tells.

        Args:
            path: A folder in the container.
            data: The tar, plain or compressed: bytes, a file, a pathlib.Path of one, or chunks; sent as it is read.
                When None, the file or folder that is at this absolute path on this machine, which comes to the same
                place, owned by root.

        Returns:
            True, as docker-py does.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such folder, however long the tar is.
            FileNotFoundError: Without data: nothing is at the path; nothing was sent.
            OSError: The file cannot be read.
            FileChangedError: Without data: a file changed its size while it was read. The engine was told of no end,
                and has what came before.
            ValueError: Without data: the path is not absolute, or is "/"; nothing was sent.
        """
        folder, content = await run_blocking(partial(local_archive, path)) if data is None else (path, data)
        if (await self._engine.dialect()).containers.makes_folders and await self._stat(folder) is None:
            raise await self._missing(folder)
        async with await sent_from(content) as body:
            await self._engine.call_slowly(lambda say: say.containers.put_archive(self.id, folder, body))
        return True

    async def get_archive(
        self, path: str, *, chunk_size: int | None = None, encode_stream: bool = False
    ) -> tuple[AsyncStream[bytes], FileStat]:
        """A file or folder of it, as a tar.

        Args:
            path: What to get.
            chunk_size: Bytes in every chunk but the last; as they come unless given.
            encode_stream: Let the engine compress it on its way, which Docker does; the chunks are plain again.

        Returns:
            The tar in chunks, and what the engine tells of the path.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such path.
            ValueError: chunk_size is none; nothing was sent.
        """
        check_chunk_size(chunk_size)
        source = await self._engine.open(
            lambda say: say.containers.get_archive(self.id, path, encode=encode_stream)
        )
        try:
            encoding = source.headers.get("Content-Encoding", "")
            decoder = chunk_decoder(chunk_size=chunk_size, encoding=encoding)
            stat = FileStat.from_header(source.headers.get("X-Docker-Container-Path-Stat", ""))
        except ValueError as error:
            await source.close()
            raise UnexpectedReply(f"the engine's facts about {path!r} cannot be read: {error}") from error
        except ProtocolError:
            await source.close()
            raise
        return AsyncStream(source, decoder), stat

    async def export(self, *, chunk_size: int | None = None) -> AsyncStream[bytes]:
        """All of its files, without its volumes, as a tar.

        Args:
            chunk_size: Bytes in every chunk but the last; as they come unless given.

        Returns:
            The tar in chunks.

        Raises:
            ContainerNotFound: It is gone.
            ValueError: chunk_size is none; nothing was sent.
        """
        check_chunk_size(chunk_size)
        source = await self._engine.open(lambda say: say.containers.export(self.id))
        return AsyncStream(source, chunk_decoder(chunk_size=chunk_size))

    async def mount(self) -> str:
        """Mounts its files on the engine's machine, until `unmount` (Podman).

        Returns:
            Where, on that machine.

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine is Docker; nothing was sent.
            APIError: They cannot be mounted, …
        """
        return await self._engine.call(lambda say: say.containers.mount(self.id))

    async def unmount(self) -> None:
        """Ends what `mount` began (Podman).

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine is Docker; nothing was sent.
            APIError: They are in use, …
        """
        await self._engine.call(lambda say: say.containers.unmount(self.id))

    async def diff(self) -> list[dict[str, Any]]:
        """What is different from its image.

        Returns:
            Such as [{"Path": "/etc/motd", "Kind": 0}]; Kind is 0 for changed, 1 for new and 2 for removed.

        Raises:
            ContainerNotFound: It is gone.
        """
        return await self._engine.call_slowly(lambda say: say.containers.diff(self.id))

    async def commit(
        self,
        repository: str | None = None,
        tag: str | None = None,
        *,
        message: str | None = None,
        author: str | None = None,
        changes: str | Sequence[str] | None = None,
        pause: bool = True,
        conf: Mapping[str, Any] | None = None,
        format: CommitFormat | None = None,
        squash: bool = False,
    ) -> AsyncImage:
        """Makes an image of it.

        Args:
            repository: What to call the image, such as "team/base"; it has no name unless given.
            tag: Its tag; "latest" unless given.
            message: What its history shall say.
            author: Who made it, such as "Ada <ada@example.org>".
            changes: Lines of a Dockerfile, such as ['CMD ["sh"]', "ENV A=b"], or one string of them.
            pause: Freeze the container meanwhile.
            conf: The image's configuration in the engine's own words (Docker).
            format: "oci" or "docker"; with a message "docker", else "oci", unless given (Podman).
            squash: Make one layer of what is new in it (Podman API 4.9.5).

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine lacks an option; nothing was sent.
            ValueError: The repository or tag is no name of an image; nothing was sent.
            APIError: A change is wrong, …
        """
        _check_name(repository, tag)
        lines = changes.splitlines() if isinstance(changes, str) else [*(changes or ())]
        id = await self._engine.call_slowly(
            lambda say: say.containers.commit(
                self.id,
                repository=repository,
                tag=tag,
                message=message,
                author=author,
                changes=lines,
                pause=pause,
                conf=conf,
                format=format,
                squash=squash,
            )
        )
        return AsyncImage(self._engine, await self._engine.call(lambda say: say.images.inspect(id)))

    async def get_image(self) -> AsyncImage:
        """The image that it was made of; asks the engine.

        Raises:
            ContainerNotFound: It is gone.
            ImageNotFound: The image was removed since.
        """
        if not self.image_id:
            await self.reload()
        return AsyncImage(
            self._engine, await self._engine.call(lambda say: say.images.inspect(self.image_id))
        )


def _check_name(repository: str | None, tag: str | None) -> None:
    if repository is None and tag is not None:
        raise ValueError(f"tag={tag!r} is given without a repository, expected both or neither")
    if repository is not None:
        ImageReference.parse(repository if tag is None else f"{repository}:{tag}")

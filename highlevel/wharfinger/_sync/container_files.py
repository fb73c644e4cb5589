# Derived from highlevel/wharfinger/_async/container_files.py
# by `python -m codegen.unasync`: change that file, not this one.
"""One container: its files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from wharfinger._core.references import ImageReference
from wharfinger._core.stream_decoders import Chunks
from wharfinger._sync.container_state import ContainerState
from wharfinger._sync.image import Image
from wharfinger._sync.streams import Stream
from wharfinger.errors import UnexpectedReply
from wharfinger.types import FileStat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.operation import Content

CommitFormat: TypeAlias = Literal["oci", "docker"]


class ContainerFiles(ContainerState):
    """The verbs about what is in a container."""

    def put_archive(self, path: str, data: Content) -> bool:
        """Unpacks a tar in it.

        Args:
            path: A folder in the container; Podman makes it when it is missing.
            data: The tar, plain or compressed: bytes, a file, or chunks; sent as it is read.

        Returns:
            True, as docker-py does.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such folder (Docker).
        """
        self._engine.call_slowly(lambda say: say.containers.put_archive(self.id, path, data))
        return True

    def get_archive(self, path: str) -> tuple[Stream[bytes], FileStat]:
        """A file or folder of it, as a tar.

        Args:
            path: What to get.

        Returns:
            The tar in chunks as they come, and what the engine tells of the path.

        Raises:
            ContainerNotFound: It is gone.
            NotFound: It has no such path.
        """
        source = self._engine.open(lambda say: say.containers.get_archive(self.id, path))
        try:
            stat = FileStat.from_header(source.headers.get("X-Docker-Container-Path-Stat", ""))
        except ValueError as error:
            source.close()
            raise UnexpectedReply(f"the engine's facts about {path!r} cannot be read: {error}") from error
        return Stream(source, Chunks()), stat

    def export(self) -> Stream[bytes]:
        """All of its files, without its volumes, as a tar.

        Returns:
            The tar in chunks as they come.

        Raises:
            ContainerNotFound: It is gone.
        """
        source = self._engine.open(lambda say: say.containers.export(self.id))
        return Stream(source, Chunks())

    def diff(self) -> list[dict[str, Any]]:
        """What is different from its image.

        Returns:
            Such as [{"Path": "/etc/motd", "Kind": 0}]; Kind is 0 for changed, 1 for new and 2 for removed.

        Raises:
            ContainerNotFound: It is gone.
        """
        return self._engine.call_slowly(lambda say: say.containers.diff(self.id))

    def commit(
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
    ) -> Image:
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

        Raises:
            ContainerNotFound: It is gone.
            NotSupported: The engine lacks an option; nothing was sent.
            ValueError: The repository or tag is no name of an image; nothing was sent.
            APIError: A change is wrong, …
        """
        _check_name(repository, tag)
        lines = changes.splitlines() if isinstance(changes, str) else [*(changes or ())]
        id = self._engine.call_slowly(
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
            )
        )
        return Image(self._engine, self._engine.call(lambda say: say.images.inspect(id)))


def _check_name(repository: str | None, tag: str | None) -> None:
    if repository is None and tag is not None:
        raise ValueError(f"tag={tag!r} is given without a repository, expected both or neither")
    if repository is not None:
        ImageReference.parse(repository if tag is None else f"{repository}:{tag}")

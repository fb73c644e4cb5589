# Derived from highlevel/wharfinger/_async/images.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Images of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from wharfinger._core.references import ImageReference
from wharfinger._core.stream_decoders import JSONValues
from wharfinger._sync.streams import Stream
from wharfinger.errors import APIError, ImageNotFound, PullError
from wharfinger.types import PullProgress

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.operation import Content
    from wharfinger._dialects.dialect import Filters
    from wharfinger._sync.engine import EngineSession
    from wharfinger._sync.raw_streams import ByteStream


class Image:
    """An image on an engine.

    Its properties tell what the engine told last, and ask nothing. Two are equal when they have the same id.
    """

    def __init__(self, engine: EngineSession, attrs: dict[str, Any]) -> None:
        self._engine = engine
        self._attrs = attrs

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(self.tags) or self.short_id}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Image) and other.id == self.id

    def __hash__(self) -> int:
        return hash((Image, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON."""
        return self._attrs

    @property
    def id(self) -> str:
        """The full id; Docker writes "sha256:" before it, Podman does not."""
        return str(self._attrs.get("Id") or "")

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id, without what is before them."""
        return self.id.removeprefix("sha256:")[:12]

    @property
    def tags(self) -> list[str]:
        """Its names."""
        found: list[str] = self._attrs.get("RepoTags") or []
        return [name for name in found if name != "<none>:<none>"]

    @property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        config: dict[str, Any] = self._attrs.get("Config") or {}
        found: dict[str, str] = config.get("Labels") or self._attrs.get("Labels") or {}
        return {**found}

    def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            ImageNotFound: It is gone.
        """
        self._attrs = self._engine.call(lambda say: say.images.inspect(self.id))

    def tag(self, repository: str, tag: str | None = None) -> bool:
        """Gives it another name.

        Args:
            repository: Such as "registry.example.com/team/app".
            tag: Such as "1.0"; "latest" unless given.

        Returns:
            True, as docker-py does.

        Raises:
            ImageNotFound: It is gone.
        """
        self._engine.call(lambda say: say.images.tag(self.id, repository, tag))
        return True

    def remove(self, *, force: bool = False, noprune: bool = False) -> list[dict[str, Any]]:
        """Removes it; see ImagesManager.remove."""
        return self._engine.call_slowly(lambda say: say.images.remove(self.id, force=force, noprune=noprune))


# Beside a method called list, that name no longer means the type.
ImageList: TypeAlias = list[Image]
Removed: TypeAlias = list[dict[str, Any]]


class ImagesManager:
    """Finds, gets and removes images; `client.images`."""

    def __init__(self, engine: EngineSession) -> None:
        self._engine = engine

    def get(self, name: str) -> Image:
        """One image.

        Args:
            name: Its name, id or a unique start of the id.

        Raises:
            ImageNotFound: There is none.
        """
        return Image(self._engine, self._engine.call(lambda say: say.images.inspect(name)))

    def exists(self, name: str) -> bool:
        """Whether there is one of this name or id."""
        try:
            self.get(name)
        except ImageNotFound:
            return False
        return True

    def list(
        self, name: str | None = None, *, all: bool = False, filters: Filters | None = None
    ) -> ImageList:
        """Images, by one request.

        Args:
            name: Only those with this name.
            all: Intermediate layers too.
            filters: Such as {"dangling": True}.
        """
        given = {**(filters or {}), **({"reference": name} if name else {})}
        found = self._engine.call(lambda say: say.images.list(all=all, filters=given))
        return [Image(self._engine, attrs) for attrs in found]

    @overload
    def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[False] = False,
        platform: str | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> Image: ...
    @overload
    def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: Literal[True],
        platform: str | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> Stream[PullProgress]: ...
    def pull(
        self,
        repository: str,
        tag: str | None = None,
        *,
        stream: bool = False,
        platform: str | None = None,
        auth_config: Mapping[str, str] | None = None,
    ) -> Image | Stream[PullProgress]:
        """Gets an image from a registry.

        Args:
            repository: Its name, with or without a tag or digest.
            tag: Its tag; "latest" when neither this nor the name has one.
            stream: Give the progress as it comes instead of waiting for the image.
            platform: Such as "linux/arm64"; the engine's own unless given.
            auth_config: {"username": …, "password": …}, or {"identitytoken": …}.

        Raises:
            PullError: It could not be got: no such image, wrong credentials, no way to the registry, …; even where an
                older image is there.
        """
        name = str(ImageReference.parse(repository if tag is None else _tagged(repository, tag)))
        try:
            source = self._engine.open(lambda say: say.images.pull(name, platform=platform, auth=auth_config))
        except APIError as error:
            # What one engine says by a status, another says in the stream.
            raise PullError(error.message, error.status_code) from error
        progress = _progress(source)
        if stream:
            return progress
        with progress:
            for _ in progress:
                pass
        return self.get(name)

    def load(self, data: Content) -> ImageList:
        """Takes in the images of an archive that `save` made.

        Args:
            data: The archive: bytes, a file, or chunks; sent as it is read.

        Raises:
            StreamError, APIError: It is no archive of images.
        """
        names = self._engine.call_slowly(lambda say: say.images.load(data))
        return [self.get(name) for name in names]

    def import_image(
        self,
        data: Content,
        *,
        reference: str | None = None,
        message: str | None = None,
        changes: Sequence[str] | None = None,
    ) -> Image:
        """Makes an image of one layer from a root file system.

        Args:
            data: A tar, plain or compressed: bytes, a file, or chunks; sent as it is read.
            reference: What to call it, such as "team/base:1".
            message: What its history shall say.
            changes: Lines of a Dockerfile, such as ['CMD ["sh"]', "ENV A=b"].

        Raises:
            StreamError, APIError: It is no tar, or a change is wrong.
        """
        id = self._engine.call_slowly(
            lambda say: say.images.import_image(data, reference=reference, message=message, changes=changes)
        )
        return self.get(id)

    def remove(self, image: str, *, force: bool = False, noprune: bool = False) -> Removed:
        """Removes a name of an image, and the image with its last name.

        Args:
            image: Name or id.
            force: Even where it has several names or a container was made from it.
            noprune: Leave its parents (Docker).

        Returns:
            What was done, such as [{"Untagged": "a:1"}, {"Deleted": "sha256:…"}].

        Raises:
            ImageNotFound: There is none.
            Conflict: A container uses it.
        """
        return self._engine.call_slowly(lambda say: say.images.remove(image, force=force, noprune=noprune))


def _tagged(repository: str, tag: str) -> str:
    return f"{repository}@{tag}" if tag.startswith("sha256:") else f"{repository}:{tag}"


def _progress(source: ByteStream) -> Stream[PullProgress]:
    return Stream(source, JSONValues(PullProgress.from_event), check=_check)


def _check(event: PullProgress) -> None:
    if event.error:
        raise PullError(event.error)

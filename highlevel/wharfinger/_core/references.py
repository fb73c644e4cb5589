"""Names of images and containers, checked and taken apart."""

from __future__ import annotations

import re
from typing import Self

import attrs

DOCKER_HUB = "docker.io"
OFFICIAL = "library"

_component = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_is_path = re.compile(rf"{_component}(?:/{_component})*").fullmatch
_is_tag = re.compile(r"\w[\w.-]{0,127}", re.ASCII).fullmatch
_is_digest = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}").fullmatch
_is_registry = re.compile(
    r"(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?)(?::[0-9]+)?"
).fullmatch
_is_image_id = re.compile(r"[0-9a-f]{64}").fullmatch
_is_container_name = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+").fullmatch

_MAX_NAME = 255


@attrs.frozen
class ImageReference:
    """An image's name, as it was written.

    Attributes:
        repository: Path in the registry, such as "library/nginx".
        registry: Host and port, such as "quay.io" or "localhost:5000"; None when the name has none.
        tag: None when the name has none.
        digest: Such as "sha256:…"; None when the name has none.
    """

    repository: str
    registry: str | None = None
    tag: str | None = None
    digest: str | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a name apart without adding anything to it, so that Podman's short names stay short.

        Raises:
            ValueError: It is not an image's name.
            TypeError: It is no str.
        """
        named("an image's name", text)
        rest, at, digest = text.partition("@")
        if at and not _is_digest(digest):
            raise _bad_image(text, f"the digest {digest!r} is not algorithm:hex")
        registry, path = _split_registry(rest)
        path, colon, tag = path.partition(":")
        if colon and not _is_tag(tag):
            raise _bad_image(text, f"the tag {tag!r} may have 128 letters, digits, '_', '.', '-'")
        if registry is not None and not _is_registry(registry):
            raise _bad_image(text, f"the registry {registry!r} is not host or host:port")
        if not _is_path(path):
            raise _bad_image(text, _path_fault(path))
        if len(path) > _MAX_NAME or (not registry and not colon and _is_image_id(path)):
            raise _bad_image(text, "it is too long, or an image ID")
        return cls(path, registry, tag or None, digest or None)

    @classmethod
    def of(cls, repository: str, tag: str | None) -> Self:
        """A name whose tag, or digest, may be given apart from it.

        Raises:
            ValueError: They are no name, or there is a tag in both.
        """
        if tag is None:
            return cls.parse(repository)
        named("an image's name", repository)
        named("a tag", tag)
        return cls.parse(f"{repository}{'@' if tag.startswith('sha256:') else ':'}{tag}")

    @property
    def is_short(self) -> bool:
        """Whether no registry is named."""
        return self.registry is None

    @property
    def name(self) -> str:
        """Registry and repository, without tag and digest."""
        return f"{self.registry}/{self.repository}" if self.registry else self.repository

    def normalized(self) -> Self:
        """Give the full name that Docker understands: with docker.io, library and the tag latest."""
        registry = self.registry or DOCKER_HUB
        registry = DOCKER_HUB if registry == "index.docker.io" else registry
        official = registry == DOCKER_HUB and "/" not in self.repository
        return type(self)(
            repository=f"{OFFICIAL}/{self.repository}" if official else self.repository,
            registry=registry,
            tag=self.tag or (None if self.digest else "latest"),
            digest=self.digest,
        )

    def familiar(self) -> str:
        """Give the shortest name that means the same to Docker."""
        full = self.normalized()
        name = full.name.removeprefix(f"{DOCKER_HUB}/")
        return _suffixed(
            name.removeprefix(f"{OFFICIAL}/") if full.registry == DOCKER_HUB else name, full.tag, full.digest
        )

    def with_tag(self, tag: str) -> Self:
        """Give the same repository with a tag and no digest.

        Raises:
            ValueError: It is not a tag.
        """
        if not _is_tag(tag):
            raise _bad_image(
                f"{self.name}:{tag}", f"the tag {tag!r} may have 128 letters, digits, '_', '.', '-'"
            )
        return type(self)(self.repository, self.registry, tag)

    def __str__(self) -> str:
        return _suffixed(self.name, self.tag, self.digest)


def named(what: str, value: object) -> str:
    """Give a name that may not be empty.

    Raises:
        ValueError: It is empty.
        TypeError: It is no str.
    """
    if not isinstance(value, str):
        raise TypeError(f"{what} is {value!r}: expected a str, got {type(value).__name__}")
    if not value:
        raise ValueError(f"{what} is empty: expected a name such as 'quay.io/team/app:1.0'")
    return value


def name_and_tag(repository: str, tag: str | None) -> tuple[str, str | None]:
    """A name to give to an image, in the two parts that the engines take.

    Raises:
        ValueError: It is none, or has a digest, which nobody can give.
    """
    wanted = ImageReference.of(repository, tag)
    if wanted.digest:
        raise ValueError(f"{str(wanted)!r} has a digest; expected a name such as 'quay.io/team/app:1.0'")
    return wanted.name, wanted.tag


def _suffixed(name: str, tag: str | None, digest: str | None) -> str:
    return name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")


def _split_registry(text: str) -> tuple[str | None, str]:
    """Tell a registry from a namespace: it has a dot, a colon or a capital letter, or is localhost."""
    first, slash, rest = text.partition("/")
    named = "." in first or ":" in first or first == "localhost" or first != first.lower()
    return (first, rest) if slash and named else (None, text)


def _path_fault(path: str) -> str:
    if not path:
        return "it has no repository"
    if path != path.lower():
        return f"the repository {path!r} must be in small letters"
    return (
        f"the repository {path!r} may have small letters and digits, with '.', '_', '__' or '-' between them"
    )


def _bad_image(text: str, why: str) -> ValueError:
    return ValueError(f"image name {text!r}: {why}; expected a name such as 'quay.io/team/app:1.0'")


def container_name(name: str) -> str:
    """Give a container's name without the slash that the Docker API puts before it.

    Raises:
        ValueError: No engine takes such a name.
    """
    bare = name.removeprefix("/")
    if not _is_container_name(bare):
        raise ValueError(
            f"container name {name!r}: expected two or more letters, digits, '_', '.', '-', "
            f"beginning with a letter or digit, such as 'web-1'"
        )
    return bare

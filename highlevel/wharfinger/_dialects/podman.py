"""What Podman alone can say: nouns that Docker does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from wharfinger._dialects.dialect import Dialect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wharfinger._core.artifact_options import ArtifactSpec, TransferOptions
    from wharfinger._core.credentials import Credentials
    from wharfinger._core.manifest_options import PushSpec
    from wharfinger._core.multipart import PartContent
    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, Names

T = TypeVar("T")


class ManifestOperations(Protocol):
    """Manifest lists."""

    def create(self, name: str, *, amend: bool) -> Operation[str]: ...
    def exists(self, name: str) -> Operation[bool]: ...
    def summaries(self, name: str | None) -> Operation[AttrsList]: ...
    def inspect(
        self, name: str, *, tls_verify: bool | None, auth: Credentials | None
    ) -> Operation[Attrs]: ...
    def modify(
        self,
        id: str,
        operation: str,
        body: Mapping[str, Any],
        *,
        tls_verify: bool | None = None,
        auth: Credentials | None = None,
    ) -> Operation[None]: ...
    def add_files(
        self, id: str, body: Mapping[str, Any], files: Mapping[str, PartContent]
    ) -> Operation[None]: ...
    def push(self, id: str, spec: PushSpec, auth: Credentials | None) -> Operation[Any]: ...
    def remove(self, name: str, *, ignore: bool) -> Operation[None]: ...


class ArtifactOperations(Protocol):
    """Artifacts."""

    def add(self, content: Content, spec: ArtifactSpec) -> Operation[str]: ...
    def inspect(self, name: str) -> Operation[Attrs]: ...
    def list(self) -> Operation[AttrsList]: ...
    def extract(
        self, name: str, *, title: str | None, digest: str | None, exclude_title: bool
    ) -> Operation[bytes]: ...
    def pull(self, name: str, options: TransferOptions, auth: Credentials | None) -> Operation[str]: ...
    def push(self, name: str, options: TransferOptions, auth: Credentials | None) -> Operation[str]: ...
    def remove(self, name: str) -> Operation[Names]: ...
    def remove_many(self, names: Sequence[str], *, all: bool, ignore: bool) -> Operation[Names]: ...


class QuadletOperations(Protocol):
    """Quadlets."""

    def install(
        self, content: Content, *, replace: bool, reload_systemd: bool
    ) -> Operation[Mapping[str, str]]: ...
    def list(self, filters: Filters | None) -> Operation[AttrsList]: ...
    def exists(self, name: str) -> Operation[bool]: ...
    def contents(self, name: str) -> Operation[str]: ...
    def remove(self, name: str, *, force: bool, ignore: bool, reload_systemd: bool) -> Operation[Names]: ...
    def remove_all(self, *, force: bool, ignore: bool, reload_systemd: bool) -> Operation[Names]: ...


class PodmanDialect(Dialect, Protocol):
    """Podman at one version."""

    @property
    def manifests(self) -> ManifestOperations: ...
    @property
    def artifacts(self) -> ArtifactOperations: ...
    @property
    def quadlets(self) -> QuadletOperations: ...


def podman(say: Callable[[PodmanDialect], Operation[T]]) -> Callable[[Dialect], Operation[T]]:
    """What to say, to a session of a Podman client: it never speaks with another engine."""
    return cast("Callable[[Dialect], Operation[T]]", say)

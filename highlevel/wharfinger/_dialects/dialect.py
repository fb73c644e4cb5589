"""What both dialects can say: one intent, whichever engine it is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._core.operation import Content, Operation
    from wharfinger.address import Engine
    from wharfinger.types import EngineVersion, FileStat, WaitResult

Attrs: TypeAlias = dict[str, Any]
# Beside a method called list, that name no longer means the type.
AttrsList: TypeAlias = list[Attrs]
Names: TypeAlias = list[str]
Filters: TypeAlias = "Mapping[str, str | int | bool | Sequence[str | int | bool]]"


class SystemOperations(Protocol):
    """The engine itself."""

    def version(self) -> Operation[EngineVersion]: ...
    def info(self) -> Operation[Attrs]: ...


class ContainerOperations(Protocol):
    """Containers and the commands run in them."""

    @property
    def frames_every_log(self) -> bool: ...
    def create(self, spec: ContainerSpec) -> Operation[str]: ...
    def inspect(self, id: str) -> Operation[Attrs]: ...
    def list(
        self, *, all: bool, limit: int | None, size: bool, filters: Filters | None
    ) -> Operation[AttrsList]: ...
    def start(self, id: str) -> Operation[bool]: ...
    def stop(self, id: str, timeout: int | None) -> Operation[bool]: ...
    def kill(self, id: str, signal: str | int | None) -> Operation[None]: ...
    def wait(self, id: str, condition: str | None) -> Operation[WaitResult]: ...
    def remove(self, id: str, *, force: bool, volumes: bool, link: bool) -> Operation[None]: ...
    def logs(
        self,
        id: str,
        *,
        stdout: bool,
        stderr: bool,
        follow: bool,
        timestamps: bool,
        tail: int | None,
        since: float | None,
        until: float | None,
    ) -> Operation[bytes]: ...
    def attach(self, id: str, *, stdin: bool, stdout: bool, stderr: bool, logs: bool) -> Operation[bytes]: ...
    def exec_create(
        self,
        id: str,
        command: Sequence[str],
        *,
        stdin: bool,
        stdout: bool,
        stderr: bool,
        tty: bool,
        privileged: bool,
        user: str,
        environment: Sequence[str],
        workdir: str | None,
    ) -> Operation[str]: ...
    def exec_start(self, id: str, *, detach: bool, tty: bool) -> Operation[bytes]: ...
    def exec_inspect(self, id: str) -> Operation[Attrs]: ...
    def get_archive(self, id: str, path: str) -> Operation[bytes]: ...
    def archive_stat(self, id: str, path: str) -> Operation[FileStat]: ...
    def put_archive(self, id: str, path: str, content: Content) -> Operation[None]: ...


class ImageOperations(Protocol):
    """Images."""

    def inspect(self, name: str) -> Operation[Attrs]: ...
    def list(self, *, all: bool, filters: Filters | None) -> Operation[AttrsList]: ...
    def pull(
        self, name: str, *, platform: str | None, auth: Mapping[str, str] | None
    ) -> Operation[bytes]: ...
    def load(self, content: Content) -> Operation[Names]: ...
    def import_image(
        self, content: Content, *, reference: str | None, message: str | None, changes: Sequence[str] | None
    ) -> Operation[str]: ...
    def tag(self, name: str, repository: str, tag: str | None) -> Operation[None]: ...
    def remove(self, name: str, *, force: bool, noprune: bool) -> Operation[AttrsList]: ...


class Dialect(Protocol):
    """One engine at one version."""

    @property
    def engine(self) -> Engine: ...
    @property
    def version(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def system(self) -> SystemOperations: ...
    @property
    def containers(self) -> ContainerOperations: ...
    @property
    def images(self) -> ImageOperations: ...

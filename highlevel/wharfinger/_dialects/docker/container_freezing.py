"""What Docker's API lacks: checkpoints, and steps before a start."""
# ruff: noqa: ARG002 - Podman uses these arguments

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from wharfinger._core.checkpoint_options import CheckpointOptions, ImportOptions
    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.api import EngineAPI
    from wharfinger._dialects.dialect import Attrs


@attrs.frozen
class DockerContainerFreezing:
    """See ContainerFreezing."""

    api: EngineAPI

    def checkpoint(self, id: str, options: CheckpointOptions) -> Operation[Attrs]:
        raise self.api.lacking("checkpoint()", "Podman")

    def checkpoint_archive(self, id: str, options: CheckpointOptions) -> Operation[bytes]:
        raise self.api.lacking("checkpoint(export=True)", "Podman")

    def restore(self, id: str, options: ImportOptions) -> Operation[Attrs]:
        raise self.api.lacking("restore()", "Podman")

    def restore_archive(self, content: Content, options: ImportOptions) -> Operation[Attrs]:
        raise self.api.lacking("restore()", "Podman")

    def init(self, id: str) -> Operation[bool]:
        raise self.api.lacking("init()", "Podman")

    def mount(self, id: str) -> Operation[str]:
        raise self.api.lacking("mount()", "Podman")

    def unmount(self, id: str) -> Operation[None]:
        raise self.api.lacking("unmount()", "Podman")

"""What containers of Docker can do besides living and dying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._dialects.api import converted
from wharfinger._dialects.docker.container_freezing import DockerContainerFreezing
from wharfinger._dialects.encoding import filter_lists, signal_word, whole_seconds
from wharfinger_api.docker.api.container import (
    container_changes,
    container_export,
    container_pause,
    container_prune,
    container_rename,
    container_resize,
    container_restart,
    container_stats,
    container_top,
    container_unpause,
    container_update,
)
from wharfinger_api.docker.api.image import image_commit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.operation import Operation
    from wharfinger._core.reports import PruneReport
    from wharfinger._core.update_options import UpdateSpec
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, RawConfig
    from wharfinger_api.docker.models import ContainerPruneResponse


@attrs.frozen
class DockerContainerVerbs(DockerContainerFreezing):
    """See ContainerVerbs."""

    @property
    def measures_together(self) -> bool:
        """Docker tells of one container at a time."""
        return False

    def pause(self, id: str) -> Operation[None]:
        request = container_pause.request_kwargs(id)
        return self.api.operation(container_pause.OPERATION, request, kind="container")

    def unpause(self, id: str) -> Operation[None]:
        request = container_unpause.request_kwargs(id)
        return self.api.operation(container_unpause.OPERATION, request, kind="container")

    def restart(self, id: str, timeout: int | None, signal: str | int | None = None) -> Operation[None]:
        request = container_restart.request_kwargs(id, t=whole_seconds(timeout), signal=signal_word(signal))
        return self.api.operation(container_restart.OPERATION, request, kind="container")

    def rename(self, id: str, name: str) -> Operation[None]:
        request = container_rename.request_kwargs(id, name=name)
        return self.api.operation(container_rename.OPERATION, request, kind="container")

    def resize(self, id: str, height: int, width: int) -> Operation[None]:
        request = container_resize.request_kwargs(id, h=height, w=width)
        return self.api.operation(container_resize.OPERATION, request, kind="container")

    def top(
        self, id: str, ps_args: Sequence[str], *, stream: bool = False, delay: int | None = None
    ) -> Operation[Attrs]:
        del delay  # only comes with a stream
        if stream:
            raise self.api.lacking("top(stream=True)", "Podman")
        request = container_top.request_kwargs(id, ps_args=" ".join(ps_args) or None)
        op = self.api.operation(container_top.OPERATION, request, kind="container")
        return converted(op, lambda found: found.to_dict())

    def diff(self, id: str) -> Operation[AttrsList]:
        request = container_changes.request_kwargs(id)
        op = self.api.operation(container_changes.OPERATION, request, kind="container")
        return converted(op, lambda found: [change.to_dict() for change in found])

    def export(self, id: str) -> Operation[bytes]:
        request = container_export.request_kwargs(id)
        return self.api.operation(container_export.OPERATION, request, kind="container")

    def commit(
        self,
        id: str,
        *,
        repository: str | None,
        tag: str | None,
        message: str | None,
        author: str | None,
        changes: Sequence[str],
        pause: bool,
        conf: RawConfig | None,
        format: str | None,
        squash: bool = False,
    ) -> Operation[str]:
        if format is not None:
            raise self.api.lacking(f"commit(format={format!r})", "Podman")
        if squash:
            raise self.api.lacking("commit(squash=True)", "Podman")
        request = image_commit.request_kwargs(
            container=id,
            repo=repository,
            tag=tag,
            comment=message,
            author=author,
            changes="\n".join(changes) or None,
            pause=pause,
            body=conf,
        )
        op = self.api.operation(image_commit.OPERATION, request, kind="container")
        return converted(op, lambda made: str(made.id))

    def update(self, id: str, spec: UpdateSpec) -> Operation[list[str]]:
        from wharfinger._core.update_options import docker_update

        major, minor = (int(part) for part in self.api.version.split(".")[:2])
        request = container_update.request_kwargs(id, body=docker_update(spec, (major, minor)))
        op = self.api.operation(
            container_update.OPERATION, request, kind="container", body={"": "ContainerUpdateRequest"}
        )
        return converted(op, lambda told: list(told.warnings or ()))

    def stats(self, id: str, *, stream: bool, one_shot: bool) -> Operation[Attrs]:
        request = container_stats.request_kwargs(id, stream=stream, one_shot=one_shot or None)
        op = self.api.operation(container_stats.OPERATION, request, kind="container")
        return converted(op, lambda found: found.to_dict())

    def stats_together(self, ids: Sequence[str], *, stream: bool, interval: int | None) -> Operation[Attrs]:
        del ids, stream
        raise self.api.lacking(f"stats(interval={interval})", "Podman")

    def prune(self, filters: Filters | None) -> Operation[PruneReport]:
        request = container_prune.request_kwargs(filters=filter_lists(filters))
        return converted(self.api.operation(container_prune.OPERATION, request), _pruned)


def _pruned(found: ContainerPruneResponse) -> PruneReport:
    raw: dict[str, Any] = found.to_dict()
    return {
        "ContainersDeleted": list(raw.get("ContainersDeleted") or ()),
        "SpaceReclaimed": int(raw.get("SpaceReclaimed") or 0),
    }

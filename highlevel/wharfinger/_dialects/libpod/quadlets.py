"""Quadlets of Podman."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import attrs

from wharfinger._core.api_errors import api_error
from wharfinger._core.operation import Operation
from wharfinger._dialects.api import EngineAPI, converted, meaning, told_of
from wharfinger._dialects.encoding import body_content, filter_lists
from wharfinger_api.libpod.api.quadlets import (
    quadlet_delete_all_libpod,
    quadlet_delete_libpod,
    quadlet_exists_libpod,
    quadlet_file_libpod,
    quadlet_install_libpod,
    quadlet_list_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._core.operation import Content, Reply
    from wharfinger._dialects.dialect import AttrsList, Filters, Names
    from wharfinger_api.libpod.models import QuadletInstallLibpodResponse, QuadletRemoveReport


@attrs.frozen
class LibpodQuadlets:
    """See QuadletOperations."""

    api: EngineAPI

    def install(
        self, content: Content, *, replace: bool, reload_systemd: bool
    ) -> Operation[Mapping[str, str]]:
        request = quadlet_install_libpod.request_kwargs(
            body=body_content(content), replace=replace or None, reload_systemd=reload_systemd
        )
        return converted(self.api.operation(quadlet_install_libpod.OPERATION, request), _installed)

    def list(self, filters: Filters | None) -> Operation[AttrsList]:
        request = quadlet_list_libpod.request_kwargs(filters=filter_lists(filters))
        op = self.api.operation(quadlet_list_libpod.OPERATION, request)
        return converted(op, lambda found: [one.to_dict() for one in found])

    def exists(self, name: str) -> Operation[bool]:
        request = quadlet_exists_libpod.request_kwargs(name)
        return told_of(self.api.operation(quadlet_exists_libpod.OPERATION, request))

    def contents(self, name: str) -> Operation[str]:
        request = quadlet_file_libpod.request_kwargs(name)
        op = self.api.operation(quadlet_file_libpod.OPERATION, request)

        def parse(reply: Reply) -> str:
            op.parse(reply)
            # The binding takes text for a line, without its end.
            return reply.content.decode("utf-8", "replace")

        return Operation(op.request, parse)

    def remove(self, name: str, *, force: bool, ignore: bool, reload_systemd: bool) -> Operation[Names]:
        request = quadlet_delete_libpod.request_kwargs(
            name, force=force or None, ignore=ignore or None, reload_systemd=reload_systemd
        )
        return converted(self.api.operation(quadlet_delete_libpod.OPERATION, request), _removed)

    def remove_all(self, *, force: bool, ignore: bool, reload_systemd: bool) -> Operation[Names]:
        request = quadlet_delete_all_libpod.request_kwargs(
            all_=True, force=force or None, ignore=ignore or None, reload_systemd=reload_systemd
        )
        return converted(self.api.operation(quadlet_delete_all_libpod.OPERATION, request), _removed)


def _check(faults: Mapping[str, str] | None, method: str) -> None:
    told = "; ".join(f"{PurePosixPath(name).name}: {fault}" for name, fault in (faults or {}).items())
    if told:
        status, _ = meaning(500, told, None)
        raise api_error(status, told, method, "/libpod/quadlets")


def _installed(report: QuadletInstallLibpodResponse) -> Mapping[str, str]:
    _check(report.quadlet_errors, "POST")
    # The engine names each by where it had unpacked it.
    return {PurePosixPath(name).name: path for name, path in (report.installed_quadlets or {}).items()}


def _removed(report: QuadletRemoveReport) -> Names:
    _check(report.errors, "DELETE")
    return [*(report.removed or ())]

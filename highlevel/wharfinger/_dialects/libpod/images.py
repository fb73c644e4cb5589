"""Images of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import body_content, filter_lists
from wharfinger.errors import APIError
from wharfinger_api.libpod.api.images import (
    image_delete_libpod,
    image_import_libpod,
    image_inspect_libpod,
    image_list_libpod,
    image_load_libpod,
    image_pull_libpod,
    image_tag_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, Names
    from wharfinger_api.libpod.models import LibpodImagesRemoveReport


@attrs.frozen
class LibpodImages:
    """See ImageOperations."""

    api: EngineAPI

    def inspect(self, name: str) -> Operation[Attrs]:
        request = image_inspect_libpod.request_kwargs(name)
        op = self.api.operation(image_inspect_libpod.OPERATION, request, kind="image")
        return converted(op, lambda found: found.to_dict())

    def list(self, *, all: bool, filters: Filters | None) -> Operation[AttrsList]:
        request = image_list_libpod.request_kwargs(all_=all or None, filters=filter_lists(filters))
        op = self.api.operation(image_list_libpod.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def pull(self, name: str, *, platform: str | None, auth: Mapping[str, str] | None) -> Operation[Any]:
        os, _, rest = (platform or "").partition("/")
        arch, _, variant = rest.partition("/")
        request = image_pull_libpod.request_kwargs(
            reference=name, os=os or None, arch=arch or None, variant=variant or None, x_registry_auth=auth
        )
        return self.api.operation(image_pull_libpod.OPERATION, request, kind="image")

    def load(self, content: Content) -> Operation[Names]:
        request = image_load_libpod.request_kwargs(body=body_content(content))
        op = self.api.operation(image_load_libpod.OPERATION, request)
        return converted(op, lambda report: [str(name) for name in report.names or []])

    def import_image(
        self, content: Content, *, reference: str | None, message: str | None, changes: Sequence[str] | None
    ) -> Operation[str]:
        request = image_import_libpod.request_kwargs(
            body=body_content(content), reference=reference, message=message, changes=changes
        )
        return converted(
            self.api.operation(image_import_libpod.OPERATION, request), lambda made: str(made.id)
        )

    def tag(self, name: str, repository: str, tag: str | None) -> Operation[None]:
        request = image_tag_libpod.request_kwargs(name, repo=repository, tag=tag or "latest")
        return self.api.operation(image_tag_libpod.OPERATION, request, kind="image")

    def remove(self, name: str, *, force: bool, noprune: bool) -> Operation[AttrsList]:
        if noprune:
            raise self.api.lacking("remove(noprune=True)", "Docker")
        request = image_delete_libpod.request_kwargs(name, force=force or None)
        op = self.api.operation(image_delete_libpod.OPERATION, request, kind="image")
        return converted(op, _removed)


def _removed(report: LibpodImagesRemoveReport) -> AttrsList:
    """A report in Docker's form, which both rivals' users know."""
    if report.errors:
        raise APIError(500, "; ".join(map(str, report.errors)), "DELETE", "/libpod/images")
    untagged: AttrsList = [{"Untagged": name} for name in report.untagged or []]
    return untagged + [{"Deleted": name} for name in report.deleted or []]

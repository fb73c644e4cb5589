"""Images of Podman."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.credentials import Credentials, registry_of_term
from wharfinger._dialects.api import EngineAPI, converted, told_of
from wharfinger._dialects.encoding import auth_header, body_content, filter_lists, pruned
from wharfinger.errors import APIError
from wharfinger_api.libpod.api.images import (
    image_delete_libpod,
    image_exists_libpod,
    image_export_libpod,
    image_history_libpod,
    image_import_libpod,
    image_inspect_libpod,
    image_list_libpod,
    image_load_libpod,
    image_prune_libpod,
    image_pull_libpod,
    image_push_libpod,
    image_scp_libpod,
    image_search_libpod,
    image_tag_libpod,
    image_untag_libpod,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.image_options import PullPolicy, PushFormat
    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, Names
    from wharfinger_api.libpod.models import LibpodImagesRemoveReport


_ARCHIVE = "docker-archive"


@attrs.frozen
class LibpodImages:
    """See ImageOperations."""

    api: EngineAPI

    def inspect(self, name: str) -> Operation[Attrs]:
        request = image_inspect_libpod.request_kwargs(name)
        op = self.api.operation(image_inspect_libpod.OPERATION, request, kind="image")
        return converted(op, lambda found: found.to_dict())

    def exists(self, name: str) -> Operation[bool]:
        request = image_exists_libpod.request_kwargs(name)
        return told_of(self.api.operation(image_exists_libpod.OPERATION, request, kind="image"))

    def list(self, *, all: bool, filters: Filters | None) -> Operation[AttrsList]:
        request = image_list_libpod.request_kwargs(all_=all or None, filters=filter_lists(filters))
        op = self.api.operation(image_list_libpod.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def pull(
        self,
        name: str,
        *,
        all_tags: bool,
        platform: str | None,
        policy: PullPolicy | None,
        tls_verify: bool | None,
        counted: bool,
        auth: Credentials | None,
    ) -> Operation[Any]:
        # Podman's own form of progress counts no bytes.
        counted = counted and self.api.takes(image_pull_libpod.OPERATION, "compatMode")
        os, _, rest = (platform or "").partition("/")
        arch, _, variant = rest.partition("/")
        request = image_pull_libpod.request_kwargs(
            reference=name,
            all_tags=all_tags or None,
            policy=policy,
            tls_verify=tls_verify,
            compat_mode=counted or None,
            os=os or None,
            arch=arch or None,
            variant=variant or None,
            x_registry_auth=auth_header(auth),
        )
        return self.api.operation(image_pull_libpod.OPERATION, request, kind="image")

    def push(
        self,
        name: str,
        *,
        destination: str | None,
        format: PushFormat | None,
        tls_verify: bool | None,
        auth: Credentials | None,
    ) -> Operation[Any]:
        request = image_push_libpod.request_kwargs(
            name,
            destination=destination,
            format_=format,
            tls_verify=tls_verify,
            quiet=False,
            x_registry_auth=auth_header(auth),
        )
        return self.api.operation(image_push_libpod.OPERATION, request, kind="image")

    def search(
        self,
        term: str,
        *,
        limit: int | None,
        filters: Filters | None,
        list_tags: bool,
        auth: Credentials | None,
    ) -> Operation[AttrsList]:
        # A search takes credentials in no other form than by registry.
        named = Credentials(auth.auth, auth.registry or registry_of_term(term)) if auth else None
        request = image_search_libpod.request_kwargs(
            term=term,
            limit=limit,
            filters=filter_lists(filters),
            list_tags=list_tags or None,
            x_registry_auth=auth_header(named),
        )
        op = self.api.operation(image_search_libpod.OPERATION, request)
        return converted(op, lambda found: [_found(item.to_dict()) for item in found])

    def distribution(self, name: str, auth: Credentials | None) -> Operation[Attrs]:  # noqa: ARG002 - Docker uses them
        raise self.api.lacking("get_registry_data()", "Docker")

    def save(self, names: Sequence[str]) -> Operation[bytes]:
        # Docker's form of archive is the one that load() of both engines takes, and that holds many.
        request = image_export_libpod.request_kwargs(format_=_ARCHIVE, references=names)
        return self.api.operation(image_export_libpod.OPERATION, request, kind="image")

    def history(self, name: str) -> Operation[AttrsList]:
        request = image_history_libpod.request_kwargs(name)
        op = self.api.operation(image_history_libpod.OPERATION, request, kind="image")
        return converted(op, lambda layers: [layer.to_dict() for layer in layers])

    def prune(self, *, all: bool, external: bool, filters: Filters | None) -> Operation[Attrs]:
        wanted = filter_lists(filters) or {}
        # Docker says by this filter what Podman has a parameter for.
        all = all or wanted.pop("dangling", None) == ["false"]
        request = image_prune_libpod.request_kwargs(
            all_=all or None, external=external or None, filters=wanted or None
        )
        op = self.api.operation(image_prune_libpod.OPERATION, request)
        return converted(op, lambda reports: _pruned([report.to_dict() for report in reports]))

    def untag(self, name: str, repository: str | None, tag: str | None) -> Operation[None]:
        request = image_untag_libpod.request_kwargs(name, repo=repository, tag=tag)
        return self.api.operation(image_untag_libpod.OPERATION, request, kind="image")

    def load(self, content: Content, *, quiet: bool) -> Operation[Any]:  # noqa: ARG002 - Podman says nothing meanwhile
        request = image_load_libpod.request_kwargs(body=body_content(content))
        return self.api.operation(image_load_libpod.OPERATION, request)

    def loaded(self, events: Sequence[Attrs]) -> Names:
        return [str(name) for event in events for name in event.get("Names") or ()]

    def import_image(
        self,
        content: Content | None,
        *,
        url: str | None,
        reference: str | None,
        message: str | None,
        changes: Sequence[str] | None,
    ) -> Operation[str]:
        request = image_import_libpod.request_kwargs(
            body=b"" if content is None else body_content(content),
            reference=reference,
            message=message,
            changes=changes,
            url_query=url,
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

    def scp(self, source: str, dest: str | None, *, quiet: bool) -> Operation[str]:
        request = image_scp_libpod.request_kwargs(source, destination=dest, quiet=quiet or None)
        op = self.api.operation(image_scp_libpod.OPERATION, request, kind="image")
        return converted(op, lambda report: str(report.id))


def _found(item: Attrs) -> Attrs:
    """A result of a search in Docker's form, and what Podman tells beyond it."""
    return {
        "name": item.get("Name") or "",
        "description": item.get("Description") or "",
        "star_count": item.get("Stars") or 0,
        "is_official": bool(item.get("Official")),
        "is_automated": bool(item.get("Automated")),
        "index": item.get("Index") or "",
        "tag": item.get("Tag") or "",
    }


def _pruned(reports: AttrsList) -> Attrs:
    faults = [f"{report.get('Id')}: {report['Err']}" for report in reports if report.get("Err")]
    if faults:
        raise APIError(500, "; ".join(faults), "POST", "/libpod/images/prune")
    return pruned(
        {
            "ImagesDeleted": [{"Deleted": report.get("Id")} for report in reports],
            "SpaceReclaimed": sum(report.get("Size") or 0 for report in reports),
        }
    )


def _removed(report: LibpodImagesRemoveReport) -> AttrsList:
    """A report in Docker's form, which both rivals' users know."""
    if report.errors:
        raise APIError(500, "; ".join(map(str, report.errors)), "DELETE", "/libpod/images")
    untagged: AttrsList = [{"Untagged": name} for name in report.untagged or []]
    return untagged + [{"Deleted": name} for name in report.deleted or []]

"""Images of Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from wharfinger._core.jsonlines import error_message
from wharfinger._core.operation import Operation
from wharfinger._core.references import ImageReference
from wharfinger._dialects.api import EngineAPI, converted, told_of
from wharfinger._dialects.encoding import body_content, filter_lists, pruned
from wharfinger.errors import APIError, BadRequest, ImageNotFound, StreamError, UnexpectedReply
from wharfinger_api.docker.api.distribution import distribution_inspect
from wharfinger_api.docker.api.image import (
    image_create,
    image_delete,
    image_get_all,
    image_history,
    image_inspect,
    image_list,
    image_load,
    image_prune,
    image_push,
    image_search,
    image_tag,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.credentials import Credentials
    from wharfinger._core.image_options import PullPolicy, PushFormat
    from wharfinger._core.operation import Content, Reply
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, Names

T = TypeVar("T")

_NO_ID = "failed to get digest "
_LOADED = ("Loaded image: ", "Loaded image ID: ")


@attrs.frozen
class DockerImages:
    """See ImageOperations."""

    api: EngineAPI

    def inspect(self, name: str) -> Operation[Attrs]:
        op = self.api.operation(image_inspect.OPERATION, image_inspect.request_kwargs(name), kind="image")
        return converted(_nameable(op), lambda found: found.to_dict())

    def exists(self, name: str) -> Operation[bool]:
        request = image_inspect.request_kwargs(name)
        return told_of(_nameable(self.api.operation(image_inspect.OPERATION, request, kind="image")))

    def list(self, *, all: bool, filters: Filters | None) -> Operation[AttrsList]:
        request = image_list.request_kwargs(all_=all or None, filters=filter_lists(filters))
        op = self.api.operation(image_list.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def pull(
        self,
        name: str,
        *,
        all_tags: bool,
        platform: str | None,
        policy: PullPolicy | None,
        tls_verify: bool | None,
        counted: bool,  # noqa: ARG002 - Docker always counts
        auth: Credentials | None,
    ) -> Operation[Any]:
        if policy not in (None, "always"):
            raise self.api.lacking(f"pull(policy={policy!r})", "Podman; Docker always asks the registry")
        self._check_tls("pull", tls_verify)
        reference = ImageReference.parse(name)
        request = image_create.request_kwargs(
            from_image=reference.name,
            # Without a tag the engine pulls them all.
            tag=None if all_tags else reference.digest or reference.tag or "latest",
            platform=platform,
            x_registry_auth=auth_header(auth),
        )
        return self.api.operation(image_create.OPERATION, request, kind="image")

    def push(
        self,
        name: str,
        *,
        destination: str | None,
        format: PushFormat | None,
        tls_verify: bool | None,
        auth: Credentials | None,
    ) -> Operation[Any]:
        self._check_tls("push", tls_verify)
        if format is not None:
            raise self.api.lacking(f"push(format={format!r})", "Podman")
        if destination is not None:
            raise self.api.lacking(
                "push(destination=…)", "Podman; give the image the other name by tag() first"
            )
        reference = ImageReference.parse(name)
        # The engine refuses a push without the header.
        request = image_push.request_kwargs(
            reference.name, tag=reference.tag or "latest", x_registry_auth=auth_header(auth) or {}
        )
        return self.api.operation(image_push.OPERATION, request, kind="image")

    def search(
        self,
        term: str,
        *,
        limit: int | None,
        filters: Filters | None,
        list_tags: bool,
        auth: Credentials | None,
    ) -> Operation[AttrsList]:
        if list_tags:
            raise self.api.lacking("search(list_tags=True)", "Podman")
        request = image_search.request_kwargs(
            term=term, limit=limit, filters=filter_lists(filters), x_registry_auth=auth_header(auth)
        )
        op = self.api.operation(image_search.OPERATION, request)
        return converted(op, lambda found: [item.to_dict() for item in found])

    def distribution(self, name: str, auth: Credentials | None) -> Operation[Attrs]:
        request = distribution_inspect.request_kwargs(name, x_registry_auth=auth_header(auth))
        op = self.api.operation(distribution_inspect.OPERATION, request, kind="image")
        return converted(op, lambda found: found.to_dict())

    def save(self, names: Sequence[str]) -> Operation[bytes]:
        request = image_get_all.request_kwargs(names=names)
        op = self.api.operation(image_get_all.OPERATION, request, kind="image")
        return Operation(op.request, lambda reply: _saved(op, names, reply))

    def history(self, name: str) -> Operation[AttrsList]:
        op = self.api.operation(image_history.OPERATION, image_history.request_kwargs(name), kind="image")
        return converted(_nameable(op), lambda layers: [layer.to_dict() for layer in layers])

    def prune(self, *, all: bool, external: bool, filters: Filters | None) -> Operation[Attrs]:
        if external:
            raise self.api.lacking("prune(external=True)", "Podman")
        wanted = {**(filters or {}), **({"dangling": False} if all else {})}
        op = self.api.operation(
            image_prune.OPERATION, image_prune.request_kwargs(filters=filter_lists(wanted))
        )
        return converted(op, lambda report: pruned(report.to_dict()))

    def untag(self, name: str, repository: str | None, tag: str | None) -> Operation[None]:  # noqa: ARG002 - Podman uses them
        raise self.api.lacking(
            "untag()", "Podman; remove(name) takes a name away, and the image with the last"
        )

    def load(self, content: Content, *, quiet: bool) -> Operation[Any]:
        request = image_load.request_kwargs(body=body_content(content), quiet=quiet)
        return self.api.operation(image_load.OPERATION, request)

    def loaded(self, events: Sequence[Attrs]) -> Names:
        lines = "".join(str(event.get("stream", "")) for event in events).splitlines()
        return [line.removeprefix(start) for line in lines for start in _LOADED if line.startswith(start)]

    def import_image(
        self,
        content: Content | None,
        *,
        url: str | None,
        reference: str | None,
        message: str | None,
        changes: Sequence[str] | None,
    ) -> Operation[str]:
        name = ImageReference.parse(reference) if reference else None
        request = image_create.request_kwargs(
            body=None if content is None else body_content(content),
            from_src=url or "-",
            repo=name.name if name else None,
            tag=name.tag if name else None,
            message=message,
            changes=changes,
        )
        op = self.api.operation(image_create.OPERATION, request)
        return converted(op, lambda events: _imported([event.to_dict() for event in events]))

    def tag(self, name: str, repository: str, tag: str | None) -> Operation[None]:
        request = image_tag.request_kwargs(name, repo=repository, tag=tag)
        return self.api.operation(image_tag.OPERATION, request, kind="image")

    def remove(self, name: str, *, force: bool, noprune: bool) -> Operation[AttrsList]:
        request = image_delete.request_kwargs(name, force=force or None, noprune=noprune or None)
        op = self.api.operation(image_delete.OPERATION, request, kind="image")
        return converted(_nameable(op), lambda removed: [item.to_dict() for item in removed])

    def scp(self, source: str, dest: str | None, *, quiet: bool) -> Operation[str]:  # noqa: ARG002 - Podman uses them
        raise self.api.lacking("scp()", "Podman; save() and load() carry an image from one client to another")

    def _check_tls(self, verb: str, tls_verify: bool | None) -> None:
        if tls_verify is not None:
            raise self.api.lacking(
                f"{verb}(tls_verify={tls_verify})", "Podman; Docker's daemon.json has insecure-registries"
            )


def auth_header(auth: Credentials | None) -> str | None:
    """What X-Registry-Auth carries."""
    return auth.auth.header() if auth else None


def _nameable(op: Operation[T]) -> Operation[T]:
    """The same Operation, where Docker 28 finds fault with a name that no image can have; older ones find no image."""

    def parse(reply: Reply) -> T:
        try:
            return op.parse(reply)
        except BadRequest as error:
            if not error.message.startswith("invalid reference format"):
                raise
            raise ImageNotFound(404, error.message, error.method, error.path) from error

    return Operation(op.request, parse)


def _saved(op: Operation[bytes], names: Sequence[str], reply: Reply) -> bytes:
    try:
        return op.parse(reply)
    except APIError as error:
        # The engine names no image that it has not, and says 500 for an id; one of the many is what is known.
        if error.status_code != 404 and not error.message.startswith(_NO_ID):
            raise
        told = f"{error.message}: one of {', '.join(names)}"
        raise ImageNotFound(404, told, error.method, error.path) from error


def _imported(events: Sequence[Attrs]) -> str:
    for event in events:
        message = error_message(event)
        if message:
            raise StreamError(message)
    if not events or not events[-1].get("status"):
        raise UnexpectedReply(f"the engine did not tell the id of the imported image: {events}")
    return str(events[-1]["status"])

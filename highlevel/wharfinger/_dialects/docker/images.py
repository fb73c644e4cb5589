"""Images of Docker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.jsonlines import error_message
from wharfinger._core.references import ImageReference
from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import body_content, filter_lists
from wharfinger.errors import StreamError, UnexpectedReply
from wharfinger_api.docker.api.image import (
    image_create,
    image_delete,
    image_inspect,
    image_list,
    image_load,
    image_tag,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.operation import Content, Operation
    from wharfinger._dialects.dialect import Attrs, AttrsList, Filters, Names

_LOADED = ("Loaded image: ", "Loaded image ID: ")


@attrs.frozen
class DockerImages:
    """See ImageOperations."""

    api: EngineAPI

    def inspect(self, name: str) -> Operation[Attrs]:
        op = self.api.operation(image_inspect.OPERATION, image_inspect.request_kwargs(name), kind="image")
        return converted(op, lambda found: found.to_dict())

    def list(self, *, all: bool, filters: Filters | None) -> Operation[AttrsList]:
        request = image_list.request_kwargs(all_=all or None, filters=filter_lists(filters))
        op = self.api.operation(image_list.OPERATION, request)
        return converted(op, lambda found: [summary.to_dict() for summary in found])

    def pull(self, name: str, *, platform: str | None, auth: Mapping[str, str] | None) -> Operation[Any]:
        reference = ImageReference.parse(name)
        request = image_create.request_kwargs(
            from_image=reference.name,
            # Without a tag the engine would pull them all.
            tag=reference.digest or reference.tag or "latest",
            platform=platform,
            x_registry_auth=auth,
        )
        return self.api.operation(image_create.OPERATION, request, kind="image")

    def load(self, content: Content) -> Operation[Names]:
        request = image_load.request_kwargs(body=body_content(content), quiet=True)
        op = self.api.operation(image_load.OPERATION, request)
        return converted(op, lambda events: _loaded([event.to_dict() for event in events]))

    def import_image(
        self, content: Content, *, reference: str | None, message: str | None, changes: Sequence[str] | None
    ) -> Operation[str]:
        name = ImageReference.parse(reference) if reference else None
        request = image_create.request_kwargs(
            body=body_content(content),
            from_src="-",
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
        return converted(op, lambda removed: [item.to_dict() for item in removed])


def _loaded(events: Sequence[Attrs]) -> list[str]:
    _check(events)
    lines = "".join(str(event.get("stream", "")) for event in events).splitlines()
    return [line.removeprefix(start) for line in lines for start in _LOADED if line.startswith(start)]


def _imported(events: Sequence[Attrs]) -> str:
    _check(events)
    if not events or not events[-1].get("status"):
        raise UnexpectedReply(f"the engine did not tell the id of the imported image: {events}")
    return str(events[-1]["status"])


def _check(events: Sequence[Attrs]) -> None:
    """Raises an error that the engine told inside a reply that began well."""
    for event in events:
        message = error_message(event)
        if message:
            raise StreamError(message)

"""Requests and replies as they are: the rung below the bindings."""

from __future__ import annotations

import json as json_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from wharfinger._core.api_errors import api_error
from wharfinger._core.operation import Operation
from wharfinger.errors import UnexpectedReply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._core.operation import Content, Param, Reply, RequestKwargs

_EXCERPT = 500


class RawReply(NamedTuple):
    """A reply as it came.

    Attributes:
        status_code: HTTP status.
        headers: Headers; names may be asked for in any case.
        content: The body.
    """

    status_code: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:  # noqa: ANN401 - whatever JSON can say
        """The body as JSON.

        Raises:
            UnexpectedReply: It is none.
        """
        try:
            return json_module.loads(self.content)
        except ValueError as error:
            raise UnexpectedReply(f"the reply is no JSON: {error}", self.content, self.status_code) from error


def raw_request(
    method: str,
    path: str,
    *,
    params: Mapping[str, Param] | None,
    headers: Mapping[str, str] | None,
    json: Any,  # noqa: ANN401 - as above
    content: Content | None,
) -> RequestKwargs:
    """The request of a path that somebody wrote by hand.

    Raises:
        ValueError: The path is none, or there are two bodies.
    """
    if not path.startswith("/"):
        raise ValueError(f"path={path!r}: expected one that begins with a slash, such as '/containers/json'")
    if json is not None and content is not None:
        raise ValueError("json and content are both given; a request has one body")
    request: RequestKwargs = {"method": method.upper(), "url": path}
    if params:
        request["params"] = params
    if headers:
        request["headers"] = headers
    if json is not None:
        request["json"] = json
    if content is not None:
        request["content"] = content
    return request


def raw_operation(method: str, path: str) -> Operation[RawReply]:
    """Reads any reply; raises the error that an error status stands for."""

    def parse(reply: Reply) -> RawReply:
        found = RawReply(reply.status_code, reply.headers, reply.content)
        if reply.status_code >= 400:
            raise api_error(reply.status_code, error_text(found), method.upper(), path)
        return found

    return Operation({"method": method.upper(), "url": path}, parse)


def error_text(reply: RawReply) -> str:
    """The engine's own words."""
    try:
        told: object = json_module.loads(reply.content)
    except ValueError:
        return reply.text[:_EXCERPT].strip()
    if not isinstance(told, dict):
        return reply.text[:_EXCERPT].strip()
    facts = cast("dict[str, Any]", told)
    return str(facts.get("message") or facts.get("cause") or facts.get("error") or "")

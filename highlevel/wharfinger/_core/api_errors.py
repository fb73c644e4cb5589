"""Which error an engine's answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger.errors import (
    APIError,
    BadRequest,
    ConfigNotFound,
    Conflict,
    ContainerNotFound,
    Forbidden,
    ImageNotFound,
    NetworkNotFound,
    NodeNotFound,
    NotFound,
    NotSwarmManager,
    PluginNotFound,
    PodNotFound,
    SecretNotFound,
    ServerError,
    ServiceNotFound,
    TaskNotFound,
    Unauthorized,
    VolumeNotFound,
)

if TYPE_CHECKING:
    from wharfinger.errors import NotFoundKind

# The second is the answer to leaving no swarm.
_NO_MANAGER = ("not a swarm manager", "not part of a swarm")
_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
}
_BY_KIND: dict[NotFoundKind, type[NotFound]] = {
    "container": ContainerNotFound,
    "image": ImageNotFound,
    "network": NetworkNotFound,
    "volume": VolumeNotFound,
    "pod": PodNotFound,
    "secret": SecretNotFound,
    "service": ServiceNotFound,
    "task": TaskNotFound,
    "plugin": PluginNotFound,
    "config": ConfigNotFound,
    "node": NodeNotFound,
}


def api_error(
    status: int, message: str, method: str = "", path: str = "", *, kind: NotFoundKind | None = None
) -> APIError:
    """Give the error of the class that fits a status.

    Args:
        status: HTTP status of the reply.
        message: The engine's own words.
        method: HTTP method of the request.
        path: Path of the request; a query is left out of the error.
        kind: What was looked for, which chooses the class for status 404.
    """
    chosen = _BY_STATUS.get(status, ServerError if status >= 500 else APIError)
    if status == 404 and kind is not None:
        chosen = _BY_KIND[kind]
    if status == 503 and any(words in message for words in _NO_MANAGER):
        chosen = NotSwarmManager
    return chosen(status, message, method, path)

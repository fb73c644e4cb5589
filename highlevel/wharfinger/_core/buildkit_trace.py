"""What BuildKit tells of a build. Needs protobuf, so that only builds by BuildKit import this."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from google.protobuf.message import DecodeError

from wharfinger._core.buildkit_pb.trace_pb2 import StatusResponse
from wharfinger.errors import ProtocolError
from wharfinger.types import BuildEvent, BuildOutput, BuildStatus, BuildVertex, BuildWarning

if TYPE_CHECKING:
    from google.protobuf.timestamp_pb2 import Timestamp

    from wharfinger._core.buildkit_pb import trace_pb2

_TRACE = "moby.buildkit.trace"


def trace_event(raw: Any) -> BuildEvent:  # noqa: ANN401 - a value out of JSON
    """One event of a build by BuildKit.

    Raises:
        ProtocolError: It cannot be read.
    """
    if raw.get("id") != _TRACE:
        return BuildEvent(raw)
    try:
        told = StatusResponse.FromString(base64.b64decode(cast("str", raw.get("aux")), validate=True))
    except (binascii.Error, DecodeError, TypeError, ValueError) as error:
        raise ProtocolError(f"the engine told something of the build that cannot be read: {error}") from error
    return BuildEvent(
        raw,
        vertices=tuple(_vertex(one) for one in told.vertexes),
        statuses=tuple(_status(one) for one in told.statuses),
        outputs=tuple(_output(one) for one in told.logs),
        warnings=tuple(_warning(one) for one in told.warnings),
    )


def _vertex(told: trace_pb2.Vertex) -> BuildVertex:
    return BuildVertex(
        digest=told.digest,
        name=_text(told.name),
        inputs=tuple(told.inputs),
        started=_time(told.started) if told.HasField("started") else None,
        completed=_time(told.completed) if told.HasField("completed") else None,
        cached=told.cached,
        error=_text(told.error) or None,
    )


def _status(told: trace_pb2.VertexStatus) -> BuildStatus:
    return BuildStatus(
        vertex=told.vertex,
        id=_text(told.id),
        current=told.current,
        total=told.total,
        started=_time(told.started) if told.HasField("started") else None,
        completed=_time(told.completed) if told.HasField("completed") else None,
    )


def _output(told: trace_pb2.VertexLog) -> BuildOutput:
    return BuildOutput(
        vertex=told.vertex,
        stream="stderr" if told.stream == 2 else "stdout",
        data=told.msg,
        time=_time(told.timestamp),
    )


def _warning(told: trace_pb2.VertexWarning) -> BuildWarning:
    return BuildWarning(
        vertex=told.vertex,
        message=_text(told.short),
        detail=tuple(_text(line) for line in told.detail),
        url=told.url,
        level=told.level,
        filename=_text(told.info.filename),
        lines=tuple((one.start.line, one.end.line) for one in told.ranges),
    )


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _time(told: Timestamp) -> datetime:
    return told.ToDatetime(UTC)

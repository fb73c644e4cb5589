"""The replies of real engines that are kept with the tests; `python -m tests.engines.recorder` makes them anew."""

import functools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

from tests.engines.recorder.catalogue import BoundOperation, operations
from tests.engines.recorder.recorder import SERVICES, Service

_FOLDER = Path(__file__).parent / "recorded"


@attrs.frozen
class Kept:
    """One JSON reply."""

    service: Service
    operation: BoundOperation
    status: int
    body: Any = attrs.field(repr=False)

    def parse(self, body: object) -> Any:
        """`body` read as this reply was."""
        return self.operation.parse_response(Reply(self.status, {}, json.dumps(body).encode()))


@attrs.frozen
class Reply:
    """What `parse_response` takes."""

    status_code: int
    headers: dict[str, str]
    content: bytes


@functools.cache
def kept_replies() -> tuple[Kept, ...]:
    """Every reply that is kept."""
    return tuple(kept for service in SERVICES for kept in _of(service))


def _of(service: Service) -> Iterator[Kept]:
    known = operations("libpod" if service == "podman" else "docker")
    for entry in json.loads((_FOLDER / f"{service}.json").read_text(encoding="utf-8")):
        yield Kept(service, known[entry["operation"]], entry["status"], entry["body"])

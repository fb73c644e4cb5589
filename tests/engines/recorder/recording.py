"""One run of a service: the scene made, every GET operation called, everything kept, the scene taken down."""

import contextlib
from collections.abc import Generator, Iterator, Mapping
from typing import Any

import attrs

from tests.engines.harness import Engine
from tests.engines.recorder import docker_gets, libpod_gets
from tests.engines.recorder.catalogue import operations
from tests.engines.recorder.docker_gets import Call
from tests.engines.recorder.docker_scene import docker_scene
from tests.engines.recorder.libpod_scene import libpod_scene
from tests.engines.recorder.recorder import Exchange, Recorder, Service

UNREACHED: Mapping[Service, Mapping[str, str]] = {
    "docker": docker_gets.UNREACHED,
    "podman-compat": docker_gets.UNREACHED_ON_PODMAN,
    "podman": libpod_gets.UNREACHED,
}


@attrs.frozen
class Recording:
    """Everything that a service answered."""

    service: Service
    exchanges: tuple[Exchange, ...]
    called: frozenset[str]

    @property
    def answered(self) -> frozenset[str]:
        """The operations that succeeded at least once."""
        return frozenset(e.operation.name for e in self.exchanges if e.succeeded)

    def parsed(self, operation: str) -> Iterator[Any]:
        """The success values of an operation, in the order of the calls."""
        for exchange in self.exchanges:
            if exchange.operation.name == operation and exchange.succeeded:
                yield exchange.operation.parse_response(exchange)


def reading_operations(service: Service) -> frozenset[str]:
    """The operations that only read: every GET and HEAD of the service's bindings."""
    package = "libpod" if service == "podman" else "docker"
    made = operations(package).values()
    return frozenset(o.name for o in made if (o.module.__doc__ or "").startswith(("GET ", "HEAD ")))


def record(service: Service, engine: Engine, image: str, registry_image: str) -> Recording:
    """Make the scene, call everything, and take the scene down."""
    with Recorder.of(service, engine) as recorder:
        with _calls(recorder, image, registry_image) as calls:
            for operation, several in calls.items():
                for arguments, named in several:
                    recorder.record(operation, *arguments, **named)
            called = frozenset(calls)
        return Recording(service, tuple(recorder.exchanges), called)


@contextlib.contextmanager
def _calls(recorder: Recorder, image: str, registry_image: str) -> Generator[dict[str, list[Call]]]:
    if recorder.service == "podman":
        with libpod_scene(recorder, image) as made:
            yield libpod_gets.libpod_gets(made, registry_image)
        return
    with docker_scene(recorder, image) as scene:
        calls = docker_gets.docker_gets(scene, registry_image)
        unreached = UNREACHED[recorder.service]
        yield {name: several for name, several in calls.items() if name not in unreached}

"""The streams of the bindings over plain httpx, on real engines: items and chunks as they come, sync and async."""

import asyncio
import io
import itertools
import tarfile
import time
from collections.abc import Iterator
from typing import Any

import attrs
import pytest

from tests.engines.harness import Lab, Registry
from tests.engines.recorder.recorder import SERVICES, Recorder
from wharfinger_api.docker.errors import NotFound

_CHATTY = "for i in 1 2 3; do echo out $i; echo err $i >&2; sleep 0.05; done; exec sleep 600"


@attrs.frozen
class Dialect:
    """How a service calls what all of them have."""

    create: str
    start: str
    delete: str
    logs: str
    stats: str
    events: str
    pull: str
    export: str
    archive: str
    image: str
    build: str
    remove_image: str

    @classmethod
    def of(cls, suffix: str, pull: str) -> "Dialect":
        """The names of one package of bindings."""
        names = {
            "create": "ContainerCreate",
            "start": "ContainerStart",
            "delete": "ContainerDelete",
            "logs": "ContainerLogs",
            "stats": "ContainerStats",
            "events": "SystemEvents",
            "pull": pull,
            "export": "ContainerExport",
            "archive": "ContainerArchive",
            "image": "ImageGet",
            "build": "ImageBuild",
            "remove_image": "ImageDelete",
        }
        return cls(**{key: name + suffix for key, name in names.items()})


@attrs.frozen
class Bench:
    """A recorder with a running container."""

    recorder: Recorder
    names: Dialect
    container: str

    @property
    def is_libpod(self) -> bool:
        """Whether the libpod bindings are in use."""
        return self.recorder.service == "podman"

    def pull(self, reference: str) -> dict[str, Any]:
        """The keywords that pull an image."""
        if self.is_libpod:
            return {"reference": reference}
        repository, _, tag = reference.rpartition(":")
        return {"from_image": repository, "tag": tag}


@pytest.fixture(scope="module", params=SERVICES)
def bench(request: pytest.FixtureRequest, lab: Lab, image: str) -> Iterator[Bench]:
    service = request.param
    names = Dialect.of("Libpod", "ImagePull") if service == "podman" else Dialect.of("", "ImageCreate")
    with Recorder.of(service, lab.engine("docker" if service == "docker" else "podman")) as recorder:
        command = ["sh", "-c", _CHATTY]
        name = recorder.name("chatty")
        if service == "podman":
            recorder.call(names.create, body={"image": image, "command": command, "name": name})
        else:
            recorder.call(names.create, name=name, body={"Image": image, "Cmd": command})
        recorder.call(names.start, name)
        yield Bench(recorder, names, name)
        wait = {"timeout": 0} if service == "podman" else {}
        recorder.record(names.delete, name, force=True, **wait)


def _take(stream: Iterator[Any], enough: int) -> list[Any]:
    return list(itertools.islice(stream, enough))


def test_logs_come_as_chunks_while_they_are_followed(bench: Bench) -> None:
    with bench.recorder.open(
        bench.names.logs, bench.container, stdout=True, stderr=True, follow=True
    ) as chunks:
        assert chunks.status_code == 200
        data = b""
        while b"out 3" not in data or b"err 3" not in data:
            data += next(chunks)
    assert data[:4] in (b"\x01\0\0\0", b"\x02\0\0\0")


def test_stats_come_as_models_until_we_stop_reading(bench: Bench) -> None:
    # Podman takes five seconds between two readings of one container.
    enough = 2 if bench.recorder.service == "docker" else 1
    with bench.recorder.open(bench.names.stats, bench.container) as readings:
        found = _take(readings, enough)
    assert len(found) == enough
    assert sorted(reading.read for reading in found) == [reading.read for reading in found]
    assert all(reading.memory_stats.usage > 0 for reading in found)


@pytest.mark.parametrize("bench", ["podman"], indirect=True)
def test_stats_of_all_containers_come_as_models(bench: Bench) -> None:
    named: dict[str, Any] = {"containers": [bench.container], "interval": 1}
    with bench.recorder.open("ContainersStatsAllLibpod", **named) as reports:
        first, second = _take(reports, 2)
    assert [stats.name for stats in (*first.stats, *second.stats)] == [bench.container] * 2


def test_events_come_decoded_and_end_at_the_time_asked_for(bench: Bench) -> None:
    since = str(int(time.time()) - 1)
    _touch(bench)
    named = {"since": since, "until": str(int(time.time()) + 4)}
    filters = {"container": [bench.container]}
    with bench.recorder.open(bench.names.events, filters=filters, **named) as events:
        found = list(events)
    assert {"pause", "unpause"} <= {event.action for event in found}
    assert {event.actor.attributes["name"] for event in found} == {bench.container}
    assert all(event.time_nano >= event.time for event in found)


def _touch(bench: Bench) -> None:
    suffix = "Libpod" if bench.is_libpod else ""
    for operation in ("ContainerPause", "ContainerUnpause"):
        bench.recorder.call(operation + suffix, bench.container)


def test_a_pull_tells_its_progress(bench: Bench, registry: Registry) -> None:
    with bench.recorder.open(bench.names.pull, **bench.pull(registry.image)) as items:
        found = list(items)
    assert len(found) > 1
    assert not any(item.error for item in found)
    if bench.is_libpod:
        assert found[-1].id
        assert found[-1].images == [found[-1].id]
    bench.recorder.call(bench.names.remove_image, registry.image)


def test_an_error_inside_a_stream_is_seen(bench: Bench, registry: Registry) -> None:
    """The engine has said 200 before it knows; some versions know before, and say 404."""
    try:
        with bench.recorder.open(bench.names.pull, **bench.pull(f"{registry.host}/no/such:1")) as items:
            errors = [item.error for item in items if item.error]
    except NotFound as error:
        errors = [error.message]
    assert len(errors) == 1
    assert any(words in errors[0] for words in ("no/such", "manifest unknown"))


def test_a_containers_file_system_comes_as_a_tar(bench: Bench) -> None:
    with bench.recorder.open(bench.names.export, bench.container) as chunks:
        data = b"".join(chunks)
    assert "bin/busybox" in _names_in(data)


def test_a_path_in_a_container_comes_as_a_tar(bench: Bench) -> None:
    with bench.recorder.open(bench.names.archive, bench.container, path="/etc/passwd") as chunks:
        data = b"".join(chunks)
    assert _names_in(data) == {"passwd"}
    assert _names_in(bench.recorder.call(bench.names.archive, bench.container, path="/etc/passwd")) == {
        "passwd"
    }


def test_an_image_comes_as_a_tar(bench: Bench, image: str) -> None:
    with bench.recorder.open(bench.names.image, image) as chunks:
        names = _names_in(b"".join(chunks))
    assert names & {"manifest.json", "index.json"}


def _names_in(data: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {name.removeprefix("./") for name in archive.getnames()}


def _context(*lines: str) -> bytes:
    buffer = io.BytesIO()
    text = "\n".join(lines).encode()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return buffer.getvalue()


def test_a_build_tells_its_steps_and_takes_several_names(bench: Bench, image: str) -> None:
    names = [bench.recorder.name("one"), bench.recorder.name("two")]
    context = _context(f"FROM {image}", "ARG TIDE", "RUN echo the tide is $TIDE", "LABEL quay=north")
    arguments: dict[str, Any] = {
        "t": names,
        "buildargs": {"TIDE": "high"},
        "labels": {"pier": "3"},
        "rm": True,
    }
    with bench.recorder.open(bench.names.build, body=context, **arguments) as items:
        text = "".join(item.stream or item.error or "" for item in items)
    assert "the tide is high" in text
    for name in names:
        bench.recorder.call(bench.names.remove_image, name)


def test_a_build_that_fails_says_so_in_the_stream(bench: Bench, image: str) -> None:
    with bench.recorder.open(bench.names.build, body=_context(f"FROM {image}", "RUN exit 9")) as items:
        errors = [item for item in items if item.error]
    assert len(errors) == 1
    assert errors[0].error_detail.message


def test_an_error_status_of_a_stream_is_raised_when_it_is_opened(bench: Bench) -> None:
    with pytest.raises(NotFound) as caught, bench.recorder.open(bench.names.logs, "no-such", stdout=True):
        pytest.fail("it was opened")
    assert "no-such" in caught.value.message


def test_the_same_streams_for_asyncio(bench: Bench, registry: Registry, image: str) -> None:
    asyncio.run(_async_streams(bench, registry, image))


async def _async_streams(bench: Bench, registry: Registry, image: str) -> None:
    recorder, names = bench.recorder, bench.names
    try:
        async with recorder.aopen(names.logs, bench.container, stdout=True) as chunks:
            assert b"out 3" in b"".join([chunk async for chunk in chunks])
        async with recorder.aopen(names.stats, bench.container) as readings:
            first = await anext(readings)
        assert first.memory_stats.usage > 0
        async with recorder.aopen(names.pull, **bench.pull(registry.image)) as items:
            assert not [item.error async for item in items if item.error]
        built = recorder.name("three")
        context = _context(f"FROM {image}", "RUN echo built")
        async with recorder.aopen(names.build, body=context, t=[built]) as items:
            assert "built" in "".join([item.stream or "" async for item in items])
        async with recorder.aopen(names.archive, bench.container, path="/etc/passwd") as chunks:
            assert _names_in(b"".join([chunk async for chunk in chunks])) == {"passwd"}
        with pytest.raises(NotFound):
            async with recorder.aopen(names.export, "no-such"):
                pytest.fail("it was opened")
    finally:
        await recorder.client.aclose()
    for reference in (registry.image, built):
        recorder.call(names.remove_image, reference)


def test_a_stream_that_is_left_early_lets_the_next_request_through(bench: Bench) -> None:
    with bench.recorder.open(bench.names.stats, bench.container) as readings:
        next(readings)
    assert bench.recorder.call(bench.names.archive, bench.container, path="/etc/passwd")

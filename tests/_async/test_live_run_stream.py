"""run(stream=True) and run(input=…) on real engines: live, whole, and nothing left behind."""

import io
import time
from typing import Any

import pytest

from tests._async._live import client_of, eventually
from tests._async.conftest import AsyncInterruption
from tests.engines.harness import Engine, Registry
from tests.live import Relay, Scope, of_engine, shell
from wharfinger import AsyncStream
from wharfinger.errors import APIError, ClosedError, ContainerError, PullError


async def test_what_it_writes_while_it_runs(engine: Engine, image: str, scope: Scope) -> None:
    command = shell("echo first", "read line < /tmp/go", "echo last")
    async with client_of(engine) as client:
        output = await client.containers.run(
            image,
            shell("mkfifo /tmp/go", *command[2].split("\n")),
            stream=True,
            remove=True,
            labels=scope.labels,
        )
        async with output:
            assert await output.__anext__() == b"first\n"
            (running,) = scope.containers()
            engine.cli("exec", running, "sh", "-c", "echo > /tmp/go")
            assert [piece async for piece in output] == [b"last\n"]
            # Gone by the end of the stream, before it is closed.
            assert scope.containers() == []


async def test_a_failure_comes_at_the_end(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        output = await client.containers.run(
            image, shell("echo out; echo err >&2; exit 3"), stream=True, remove=True, labels=scope.labels
        )
        assert await output.__anext__() == b"out\n"
        with pytest.raises(ContainerError) as caught:
            await output.__anext__()
    assert (caught.value.exit_code, caught.value.stderr) == (3, b"err\n")
    assert scope.containers() == []


async def test_both_streams_and_a_container_that_stays(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        output = await client.containers.run(
            image, shell("echo out; echo err >&2"), stream=True, stderr=True, labels=scope.labels
        )
        assert {piece async for piece in output} == {b"err\n", b"out\n"}
        (container,) = scope.containers()
        # Podman calls it stopped until it has tidied up.
        assert scope.inspect(container)["State"]["Status"] in ("exited", "stopped")


async def test_of_one_that_ends_at_once_nothing_is_lost(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        for number in range(5):
            output: AsyncStream[bytes] = await client.containers.run(
                image,
                ["echo", str(number)],
                stream=True,
                remove=True,
                network_mode="none",
                labels=scope.labels,
            )
            assert b"".join([piece async for piece in output]) == f"{number}\n".encode()
    assert scope.containers() == []


async def test_closed_before_its_end(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        for remove in (True, False):
            output = await client.containers.run(
                image, shell("echo on", "sleep 300"), stream=True, remove=remove, labels=scope.labels
            )
            assert await output.__anext__() == b"on\n"
            await output.close()
            assert len(scope.containers()) == (0 if remove else 1)
            with pytest.raises(ClosedError):
                await output.__anext__()
        assert scope.inspect(scope.containers()[0])["State"]["Status"] == "running"


async def test_interrupted_while_it_is_read(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        interruption = AsyncInterruption()

        async def read() -> None:
            output = await client.containers.run(
                image, shell("echo on", "sleep 300"), stream=True, remove=True, labels=scope.labels
            )
            async with output:
                async for _ in output:
                    interruption.now()

        await interruption.during(read)
        await eventually(lambda: scope.containers() == [])


async def test_what_cannot_be_started(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        with pytest.raises(APIError, match="nowhere"):
            await client.containers.run(image, "/nowhere", stream=True, remove=True, labels=scope.labels)
    assert scope.containers() == []


@pytest.mark.parametrize("tty", [False, True])
async def test_fed(engine: Engine, image: str, scope: Scope, *, tty: bool) -> None:
    options: Any = {"remove": True, "tty": tty, "labels": scope.labels, "network_mode": "none"}
    async with client_of(engine) as client:
        found = await client.containers.run(image, "cat", input=b"tide\n", **options)
        # A terminal shows what is typed, too.
        assert found == (b"tide\r\ntide\r\n" if tty else b"tide\n")
        if not tty:
            much = bytes(range(256)) * 4096
            assert await client.containers.run(image, "cat", input=io.BytesIO(much), **options) == much
    assert scope.containers() == []


async def test_keywords_that_contradict_each_other(engine: Engine, image: str) -> None:
    run: Any
    async with client_of(engine) as client:
        run = client.containers.run
        for options in ({"stream": True, "detach": True}, {"input": b"", "detach": True}):
            with pytest.raises(ValueError, match="detach=True"):
                await run(image, "true", **options)
        with pytest.raises(ValueError, match="stream=True"):
            await run(image, "true", stream=True, input=b"")


async def test_a_newer_image_or_the_one_that_is_there(
    engine: Engine, image: str, scope: Scope, registry: Registry
) -> None:
    async with client_of(engine) as client:
        here = scope.image("here")
        engine.cli("tag", image, here)
        # There is no registry to ask on this machine's own port 443, or whatever answers there has no such image.
        assert await client.containers.run(here, "echo on", pull="newer", remove=True) == b"on\n"
        absent = f"{registry.host}/{scope.token}/absent:1"
        with pytest.raises(PullError, match=scope.token):
            await client.containers.run(absent, "true", pull="newer")
        published = scope.also_remove(f"{registry.host}/{scope.token}/tide:1")
        (made,) = [await client.containers.create(image, "true", labels=scope.labels)]
        assert (await client.images.get(image)).id == made.image_id
        engine.cli("tag", image, published)
        engine.cli("push", *of_engine(engine, [], ["--tls-verify=false"]), published)
        engine.cli("rmi", published)
        found = await client.containers.run(published, "echo new", pull="newer", remove=True, auth_config={})
        assert found == b"new\n"


@pytest.mark.parametrize("moment", ["/create", "/json"])
async def test_an_interrupted_creation_leaves_nothing(
    engine: Engine, image: str, scope: Scope, moment: str
) -> None:
    interruption = AsyncInterruption()
    with Relay(engine) as relay:

        def interrupt() -> None:
            interruption.now()
            # Nothing follows the last request, whose reply must not be faster than the interruption.
            time.sleep(1.0 if moment == "/json" else 0.0)

        (relay.before if moment == "/json" else relay.after)(moment, interrupt)
        async with client_of(engine, relay.url) as client:

            async def create() -> None:
                await client.containers.create(image, "true", labels=scope.labels)

            await interruption.during(create)
            assert scope.containers() == []

"""run() on real engines: nothing of the output is lost, and nothing is left behind."""

from typing import Any

import pytest

from tests._async._live import client_of, eventually, ran
from tests.engines.harness import Engine, Registry
from tests.live import Relay, Scope, shell
from wharfinger.errors import APIError, ContainerError, ImageNotFound, NotFound, PullError

# Every byte value, many times: what a text layer, a wrong frame or a terminal would change.
BINARY = shell(
    'i=0; while [ $i -lt 256 ]; do printf "\\\\$(printf %03o $i)"; i=$((i+1)); done > /tmp/all',
    "for n in 1 2 3 4; do cat /tmp/all; done; cat /tmp/all >&2",
)


async def test_both_streams_byte_by_byte(engine: Engine, scope: Scope) -> None:
    every = bytes(range(256))
    async with client_of(engine) as client:
        assert await ran(client, scope, BINARY) == every * 4
        assert await ran(client, scope, BINARY, stdout=False, stderr=True) == every
        both = await ran(client, scope, BINARY, stderr=True)
        assert sorted(both) == sorted(every * 5)
    assert scope.containers() == []


async def test_an_exit_code_is_an_error_with_both_streams(engine: Engine, image: str, scope: Scope) -> None:
    command = shell("echo out; echo err >&2; exit 3")
    async with client_of(engine) as client:
        with pytest.raises(ContainerError) as caught:
            await client.containers.run(image, command, remove=True, name=scope.name(), labels=scope.labels)
    error = caught.value
    assert (error.exit_code, error.stdout, error.stderr) == (3, b"out\n", b"err\n")
    assert (error.image, error.command) == (image, tuple(command))
    assert scope.name() in str(error)
    assert "err" in str(error)
    assert scope.containers() == []


async def test_without_remove_it_stays(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        assert await client.containers.run(image, "echo here", labels=scope.labels) == b"here\n"
        with pytest.raises(ContainerError):
            await client.containers.run(image, "false", labels=scope.labels)
    assert len(scope.containers()) == 2


async def test_a_container_that_ends_at_once_loses_nothing(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        for number in range(6):
            assert await ran(client, scope, ["echo", str(number)]) == f"{number}\n".encode()
    assert scope.containers() == []


async def test_with_a_terminal(engine: Engine, scope: Scope) -> None:
    command = shell("test -t 1 && echo terminal; echo err >&2")
    async with client_of(engine) as client:
        assert await ran(client, scope, command, tty=True) == b"terminal\r\nerr\r\n"


async def test_output_that_the_engine_does_not_keep(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        assert await ran(client, scope, "echo here", log_config={"type": "none"}) == b"here\n"


async def test_much_output(engine: Engine, scope: Scope) -> None:
    command = shell("dd if=/dev/zero bs=65536 count=64 2>/dev/null | tr '\\0' x; echo end >&2")
    async with client_of(engine) as client:
        found = await ran(client, scope, command)
    assert len(found) == 64 * 65536
    assert found.strip(b"x") == b""


async def test_detached(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.run(image, "sleep 300", detach=True, labels=scope.labels)
        assert scope.containers() == [container.id]
        assert container.status == "running"
        assert container.name == scope.inspect(container.id)["Name"].removeprefix("/")
        assert container.attrs["Config"]["Cmd"] == ["sleep", "300"]


async def test_detached_and_removed_by_the_engine(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.run(
            image, "sleep 300", detach=True, remove=True, labels=scope.labels
        )
        await container.kill()
        await eventually(lambda: scope.containers() == [])


@pytest.mark.parametrize("detach", [False, True])
async def test_what_cannot_be_started_is_removed(
    engine: Engine, image: str, scope: Scope, *, detach: bool
) -> None:
    async with client_of(engine) as client:
        options: Any = {"detach": detach, "remove": True, "labels": scope.labels}
        with pytest.raises(APIError, match="nowhere") as caught:
            await client.containers.run(image, "/nowhere", **options)
    assert not isinstance(caught.value, NotFound) or "nowhere" in str(caught.value)
    assert scope.containers() == []


async def test_removed_meanwhile_is_removed(engine: Engine, image: str, scope: Scope) -> None:
    with Relay(engine) as relay:
        relay.before("DELETE", lambda: scope.discard(scope.name()))
        async with client_of(engine, relay.url) as client:
            found = await client.containers.run(
                image, "echo here", remove=True, name=scope.name(), labels=scope.labels
            )
    assert found == b"here\n"
    assert scope.containers() == []


async def test_an_image_that_is_not_there(engine: Engine, scope: Scope, registry: Registry) -> None:
    often: Any = "often"
    absent = f"{registry.host}/{scope.token}/absent:1"
    async with client_of(engine) as client:
        with pytest.raises(ImageNotFound, match=scope.token):
            await client.containers.create(absent, "true")
        with pytest.raises(ImageNotFound, match=scope.token):
            await client.containers.run(absent, "true", pull="never")
        with pytest.raises(PullError, match=scope.token):
            await client.containers.run(absent, "true", remove=True, labels=scope.labels)
        with pytest.raises(ValueError, match="'missing', 'always', 'newer', 'never'"):
            await client.containers.run(absent, "true", pull=often)

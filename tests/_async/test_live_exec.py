"""Commands in containers of real engines: what goes in comes in whole, and what comes out too."""

import io
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Scope, shell
from wharfinger.errors import BadRequest, Conflict, ServerError, WharfingerError

MEBIBYTE = bytes(range(256)) * 4096


async def pieces() -> AsyncIterator[bytes]:
    for number in range(3):
        yield b"%d\n" % number


def plain_pieces() -> Iterator[bytes]:
    yield b"0\n"
    yield b"1\n2\n"


async def broken_input() -> AsyncIterator[bytes]:
    yield b"first\n"
    raise LookupError("no more of it")


async def test_exit_code_and_output(engine: Engine, box: str) -> None:
    both = shell("echo out; echo err >&2; exit 4")
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        assert await container.exec_run("echo 'a  b'") == (0, b"a  b\n")
        code, output = await container.exec_run(both, demux=True)
        assert (code, output) == (4, (b"out\n", b"err\n"))
        code, joined = await container.exec_run(both)
        assert (code, sorted(joined.splitlines())) == (4, [b"err", b"out"])
        assert await container.exec_run(both, stderr=False) == (4, b"out\n")
        assert await container.exec_run(both, stdout=False, demux=True) == (4, (None, b"err\n"))
        assert await container.exec_run("true", demux=True) == (0, (None, None))
        ended = await container.exec_run(shell("kill -9 $$"))
        assert ended.exit_code == 137


async def test_input_of_every_kind(engine: Engine, box: str) -> None:
    lines = b"0\n1\n2\n"
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        for given in (
            lines,
            lines.decode(),
            io.BytesIO(lines),
            plain_pieces(),
            pieces(),
            [b"0\n1\n", b"2\n"],
        ):
            assert await container.exec_run("cat", input=given) == (0, lines)
        assert await container.exec_run("cat", input=b"") == (0, b"")
        assert await container.exec_run("cat", stdin=True) == (0, b"")
        assert await container.exec_run(shell("read x || echo nothing")) == (0, b"nothing\n")


async def test_much_goes_in_and_out(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        code, output = await container.exec_run("cat", input=(MEBIBYTE for _ in range(20)))
        assert code == 0
        assert output == MEBIBYTE * 20
        # All of it is read before anything is said.
        counted = await container.exec_run(shell("wc -c; head -c 100000 /dev/zero"), input=MEBIBYTE * 4)
        assert counted == (0, b"4194304\n" + bytes(100_000))


async def test_a_command_that_does_not_read_its_input(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        # Podman tells on stderr that it could not pass all of it on.
        for command, output in (("true", None), ("head -c 3", MEBIBYTE[:3])):
            code, (stdout, _) = await container.exec_run(command, input=MEBIBYTE * 8, demux=True)
            assert (code, stdout) == (0, output)
        assert await container.exec_run("echo on", input=b"") == (0, b"on\n")


async def test_input_that_fails(engine: Engine, box: str) -> None:
    mixed: Any = [b"a", 3]
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        with pytest.raises(LookupError, match="no more of it"):
            await container.exec_run("cat", input=broken_input())
        with pytest.raises(TypeError):
            await container.exec_run("cat", input=mixed)
        assert await container.exec_run("echo on") == (0, b"on\n")


async def test_surroundings(engine: Engine, scope: Scope) -> None:
    told = shell('echo "$(id -un) $(pwd) $A $B"')
    async with client_of(engine) as client:
        container = await started(client, scope, environment={"A": "outer"})
        assert await container.exec_run(told) == (0, b"root / outer \n")
        found = await container.exec_run(
            told, user="wharf", workdir="/tmp", environment={"A": "1", "B": "two words"}
        )
        assert found == (0, b"wharf /tmp 1 two words\n")
        assert await container.exec_run(told, environment=["B=x=y"]) == (0, b"root / outer x=y\n")
        held, free = [
            await container.exec_run("sed -n 's/^CapEff:.//p' /proc/self/status", privileged=privileged)
            for privileged in (False, True)
        ]
        assert held != free


async def test_with_a_terminal(engine: Engine, box: str) -> None:
    command = shell("test -t 0 && test -t 1 && echo terminal; echo err >&2")
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        assert await container.exec_run(command, tty=True, stdin=True) == (0, b"terminal\r\nerr\r\n")
        # Its end is known however the input ends; whether it is echoed is the terminal's affair.
        for given in ("", "word\n", "line\nword"):
            code, output = await container.exec_run("wc -w", tty=True, input=given)
            assert code == 0
            assert output.endswith(b"%d\r\n" % len(given.split()))
        assert await container.exec_run("echo one", tty=True, demux=True) == (0, (b"one\r\n", None))


async def test_detached(engine: Engine, box: str) -> None:
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        begun = await container.exec_run("sleep 1.317", detach=True)
        assert begun == (None, b"")
        code, output = await container.exec_run("ps")
        assert code == 0
        assert b"sleep 1.317" in output
        assert await begun.exec.wait(timeout=20) == 0
        assert begun == (0, b"")
        # What it writes is for nobody, and holds nothing up.
        much = shell("head -c 3000000 /dev/zero; exit 5")
        for tty in (False, True):
            begun = await container.exec_run(much, detach=True, tty=tty)
            assert await begun.exec.wait(timeout=20) == 5
        # Podman tells the end of one without any stream minutes later.
        begun = await container.exec_run("sleep 1.318", detach=True, stdout=False, stderr=False)
        assert b"sleep 1.318" in (await container.exec_run("ps")).output


@pytest.mark.bad_input("Container.exec_run")
async def test_commands_that_cannot_be_run(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        code, output = await container.exec_run(["/nowhere/at-all"])
        assert code in (126, 127)
        assert b"/nowhere/at-all" in output
        with pytest.raises(ValueError, match="expected a command"):
            await container.exec_run("")
        if engine.name == "docker":
            with pytest.raises(WharfingerError):
                await container.exec_run("/nowhere/at-all", detach=True)
        else:
            begun = await container.exec_run("/nowhere/at-all", detach=True)
            assert await begun.exec.wait(timeout=20) == 127
        code, output = await container.exec_run("true", workdir="/nope")
        assert code in (126, 127)
        assert b"/nope" in output
        if engine.name == "docker":
            try:
                code, output = await container.exec_run("true", user="nobody-at-all")
            except BadRequest as error:
                # Docker 28 looks for the user before there is a command to run.
                code, output = 126, error.message.encode()
            assert (code, b"nobody-at-all" in output) == (126, True)
        else:
            with pytest.raises(ServerError, match="nobody-at-all"):
                await container.exec_run("true", user="nobody-at-all")
        waiting = await client.containers.create(image, "true", labels=scope.labels)
        with pytest.raises(Conflict):
            await waiting.exec_run("true")

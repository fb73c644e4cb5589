"""What comes out of containers on real engines: their files, images of them, and what they write."""

import io
import tarfile

import pytest

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell
from wharfinger.errors import (
    BadRequest,
    Conflict,
    ContainerNotFound,
    NotSupported,
    ServerError,
)


@pytest.mark.bad_input("Container.export")
async def test_exported(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("echo inside > /fresh", "sleep 300"))
        engine.cli("exec", container.id, "sh", "-c", "until [ -s /fresh ]; do sleep 0.05; done")
        async with await container.export() as chunks:
            archive = b"".join([chunk async for chunk in chunks])
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            fresh = tar.extractfile("fresh")
            assert fresh is not None
            assert fresh.read() == b"inside\n"
            assert "bin/busybox" in tar.getnames() or "bin/sh" in tar.getnames()
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            await container.export()


async def test_made_an_image_of(engine: Engine, scope: Scope) -> None:
    name = scope.image("made")
    repository, _, tag = name.rpartition(":")
    async with client_of(engine) as client:
        container = await started(client, scope, shell("touch /fresh; echo touched; sleep 300"))
        await container.wait_for_log("touched")
        image = await container.commit(
            repository,
            tag,
            message="as it was",
            author="Ada <ada@example.org>",
            changes=["ENV COLOUR=blue", 'CMD ["ls", "/fresh"]'],
        )
        assert name in image.tags
        shown = engine.cli("image", "inspect", name, "--format", "{{.Id}} {{.Author}} {{.Config.Env}}").stdout
        assert image.short_id in shown
        assert "Ada <ada@example.org>" in shown
        assert "COLOUR=blue" in shown
        assert "as it was" in engine.cli("image", "inspect", name, "--format", "{{.Comment}}").stdout
        assert await client.containers.run(name, labels=scope.labels, remove=True) == b"/fresh\n"
        nameless = await container.commit(changes="ENV A=1\nENV B=2", pause=False)
        scope.also_remove(nameless.id)
        assert nameless.tags == []
        assert {"A=1", "B=2"} <= set(nameless.attrs["Config"]["Env"])


@pytest.mark.bad_input("Container.commit")
async def test_no_image_of_what_is_wrong(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope)
            with pytest.raises((BadRequest, ServerError), match=r"(?i:nonsense)"):
                await container.commit(changes=["NONSENSE x"])
            sent = len(relay.requests)
            with pytest.raises(ValueError, match="small letters"):
                await container.commit("UPPER")
            with pytest.raises(ValueError, match="without a repository"):
                await container.commit(tag="1")
            foreign = of_engine(engine, {"format": "oci"}, {"conf": {"Env": ["A=b"]}})
            with pytest.raises(NotSupported, match="commit"):
                await container.commit(**foreign)
            assert len(relay.requests) == sent
            scope.discard(container.id)
            with pytest.raises(ContainerNotFound):
                await container.commit()


async def test_attached_before_the_start(engine: Engine, image: str, scope: Scope) -> None:
    command = shell("printf 'out\\n'", "printf 'err\\n' >&2", "exit 3")
    async with client_of(engine) as client:
        made = await client.containers.create(image, command, labels=scope.labels)
        async with await made.attach(stream=True, demux=True) as pairs:
            await made.start()
            found = [pair async for pair in pairs]
        assert sorted(found, key=str) == sorted([(b"out\n", None), (None, b"err\n")], key=str)
        other = await client.containers.create(image, command, labels=scope.labels)
        async with await other.attach(stream=True, stderr=False) as output:
            await other.start()
            assert b"".join([piece async for piece in output]) == b"out\n"


async def test_attached_until_the_end(engine: Engine, scope: Scope) -> None:
    command = shell(
        "echo out",
        "echo err >&2",
        "trap 'echo last; exit 0' TERM",
        "echo set",
        "while :; do sleep 0.05; done",
    )
    async with client_of(engine) as client:
        container = await started(client, scope, command)
        async with await container.attach(stream=True, logs=True) as output:
            seen = b""
            while b"set\n" not in seen:
                seen += await output.__anext__()
            engine.cli("kill", "--signal", "TERM", container.id)
            seen += b"".join([piece async for piece in output])
        assert sorted(seen.split()) == [b"err", b"last", b"out", b"set"]


@pytest.mark.bad_input("Container.attach")
async def test_attached_to_one_that_has_ended(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        for tty in (False, True):
            container = await started(client, scope, shell("echo out", "echo err >&2"), tty=tty)
            # Podman calls it stopped until it has tidied up.
            await container.wait(condition=of_engine(engine, "not-running", "exited"))
            with pytest.raises(Conflict, match="has ended"):
                await container.attach()
            ends = (b"out\r\nerr\r\n", None) if tty else (b"out\n", b"err\n")
            assert await container.attach(logs=True, demux=True) == ends
            assert sorted((await container.attach(logs=True)).split()) == [b"err", b"out"]
            # Nobody made it ready for another start.
            assert scope.inspect(container.id)["State"]["Status"] == "exited"


async def test_no_way_to_attach(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope)
        with pytest.raises(ValueError, match="stdout=False"):
            await container.attach(stdout=False, stderr=False)
        engine.cli("pause", container.id)
        with pytest.raises(Conflict, match=of_engine(engine, "is paused", "state paused")):
            await container.attach()
        engine.cli("unpause", container.id)
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            await container.attach()

# Derived from tests/_async/test_live_verbs_output.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What comes out of containers on real engines: their files, images of them, and what they write."""

import io
import tarfile

import pytest

from tests._sync._live import client_of, started
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
def test_exported(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("echo inside > /fresh", "sleep 300"))
        engine.cli("exec", container.id, "sh", "-c", "until [ -s /fresh ]; do sleep 0.05; done")
        with container.export() as chunks:
            archive = b"".join(list(chunks))
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            fresh = tar.extractfile("fresh")
            assert fresh is not None
            assert fresh.read() == b"inside\n"
            assert "bin/busybox" in tar.getnames() or "bin/sh" in tar.getnames()
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            container.export()


def test_made_an_image_of(engine: Engine, scope: Scope) -> None:
    name = scope.image("made")
    repository, _, tag = name.rpartition(":")
    with client_of(engine) as client:
        container = started(client, scope, shell("touch /fresh; echo touched; sleep 300"))
        container.wait_for_log("touched")
        image = container.commit(
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
        assert client.containers.run(name, labels=scope.labels, remove=True) == b"/fresh\n"
        nameless = container.commit(changes="ENV A=1\nENV B=2", pause=False)
        scope.also_remove(nameless.id)
        assert nameless.tags == []
        assert {"A=1", "B=2"} <= set(nameless.attrs["Config"]["Env"])


@pytest.mark.bad_input("Container.commit")
def test_no_image_of_what_is_wrong(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope)
            with pytest.raises((BadRequest, ServerError), match=r"(?i:nonsense)"):
                container.commit(changes=["NONSENSE x"])
            sent = len(relay.requests)
            with pytest.raises(ValueError, match="small letters"):
                container.commit("UPPER")
            with pytest.raises(ValueError, match="without a repository"):
                container.commit(tag="1")
            foreign = of_engine(engine, {"format": "oci"}, {"conf": {"Env": ["A=b"]}})
            with pytest.raises(NotSupported, match="commit"):
                container.commit(**foreign)
            assert len(relay.requests) == sent
            scope.discard(container.id)
            with pytest.raises(ContainerNotFound):
                container.commit()


def test_attached_before_the_start(engine: Engine, image: str, scope: Scope) -> None:
    command = shell("printf 'out\\n'", "printf 'err\\n' >&2", "exit 3")
    with client_of(engine) as client:
        made = client.containers.create(image, command, labels=scope.labels)
        with made.attach(stream=True, demux=True) as pairs:
            made.start()
            found = list(pairs)
        assert sorted(found, key=str) == sorted([(b"out\n", None), (None, b"err\n")], key=str)
        other = client.containers.create(image, command, labels=scope.labels)
        with other.attach(stream=True, stderr=False) as output:
            other.start()
            assert b"".join(list(output)) == b"out\n"


def test_attached_until_the_end(engine: Engine, scope: Scope) -> None:
    command = shell(
        "echo out",
        "echo err >&2",
        "trap 'echo last; exit 0' TERM",
        "echo set",
        "while :; do sleep 0.05; done",
    )
    with client_of(engine) as client:
        container = started(client, scope, command)
        with container.attach(stream=True, logs=True) as output:
            seen = b""
            while b"set\n" not in seen:
                seen += output.__next__()
            engine.cli("kill", "--signal", "TERM", container.id)
            seen += b"".join(list(output))
        assert sorted(seen.split()) == [b"err", b"last", b"out", b"set"]


@pytest.mark.bad_input("Container.attach")
def test_attached_to_one_that_has_ended(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        for tty in (False, True):
            container = started(client, scope, shell("echo out", "echo err >&2"), tty=tty)
            # Podman calls it stopped until it has tidied up.
            container.wait(condition=of_engine(engine, "not-running", "exited"))
            with pytest.raises(Conflict, match="has ended"):
                container.attach()
            ends = (b"out\r\nerr\r\n", None) if tty else (b"out\n", b"err\n")
            assert container.attach(logs=True, demux=True) == ends
            assert sorted((container.attach(logs=True)).split()) == [b"err", b"out"]
            # Nobody made it ready for another start.
            assert scope.inspect(container.id)["State"]["Status"] == "exited"


def test_no_way_to_attach(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        with pytest.raises(ValueError, match="stdout=False"):
            container.attach(stdout=False, stderr=False)
        engine.cli("pause", container.id)
        with pytest.raises(Conflict, match=of_engine(engine, "is paused", "state paused")):
            container.attach()
        engine.cli("unpause", container.id)
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            container.attach()

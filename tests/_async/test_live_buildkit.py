"""Builds by BuildKit on real engines: what is told of them, and who else is asked for them."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, client_of, eventually
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import of_engine
from tests.live_builds import BuildScope, tree
from wharfinger import AsyncDockerClient, AsyncImage
from wharfinger._core.negotiation import version_key
from wharfinger.errors import BuildError, NotSupported
from wharfinger.types import BuildEvent

ALONE = {"network_mode": "none", "nocache": True}
KIT = {**ALONE, "builder": "buildkit"}


@pytest.fixture
def made(docker_engine: Engine) -> Iterator[BuildScope]:
    with BuildScope(docker_engine) as scope:
        yield scope


async def build(client: AsyncAnyClient, **options: Any) -> tuple[AsyncImage, tuple[BuildEvent, ...]]:
    call: Any = client.images.build
    image, log = await call(**options)
    return image, log


def processes(word: str) -> list[str]:
    """Processes of this machine, and so of its engines, with a word in their command line."""
    found: list[str] = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes().split(b"\0")
        except OSError:
            continue  # It ended meanwhile.
        if word.encode() in command and file.parent.name != str(os.getpid()):
            found.append(file.parent.name)
    return found


async def test_what_is_told(docker_engine: Engine, made: BuildScope) -> None:
    lines = ("RUN echo to stdout; echo to stderr >&2", "RUN --mount=type=cache,target=/kept touch /kept/a")
    name = made.image("one")
    async with client_of(docker_engine) as client:
        image, log = await build(
            client,
            fileobj=made.dockerfile("ARG WHO", *lines, "LABEL who=$WHO", "MAINTAINER nobody"),
            tag=name,
            buildargs={"WHO": "us"},
            labels={"more": "yes"},
            extra_hosts={"other": "192.0.2.1"},
            **KIT,
        )
        assert name in image.tags
        assert (image.labels["who"], image.labels["more"]) == ("us", "yes")
    assert made.show(name, "{{.Id}}") == image.id
    steps = {step.name: step for event in log for step in event.vertices}
    (step,) = (step for name, step in steps.items() if "echo to stdout" in name)
    written = {(one.stream, one.text) for event in log for one in event.outputs if one.vertex == step.digest}
    assert written == {("stdout", "to stdout\n"), ("stderr", "to stderr\n")}
    assert all(one.started and one.completed and not one.error for one in steps.values())
    warned = [warning.message for event in log for warning in event.warnings]
    # BuildKit looks for such things since Docker 27.
    newer = version_key(docker_engine.api_version) >= (1, 46)
    assert any("MaintainerDeprecated" in message for message in warned) == newer


async def test_it_comes_while_it_goes_on(docker_engine: Engine, made: BuildScope) -> None:
    """Left, the engine ends the step by itself."""
    word = f"3{os.getpid()}"
    text = made.dockerfile(f"RUN echo begun; sleep {word}")
    async with client_of(docker_engine) as client:
        call: Any = client.images.build
        async with await call(fileobj=text, stream=True, **KIT) as events:
            async for event in events:
                if event.stream == "begun\n":
                    break
            await eventually(lambda: processes(word))
        await eventually(lambda: not processes(word))


@pytest.mark.parametrize("text", ["RUN echo before; exit 7", "NONSENSE"])
async def test_a_build_that_fails(docker_engine: Engine, made: BuildScope, text: str) -> None:
    async with client_of(docker_engine) as client:
        with pytest.raises(BuildError) as caught:
            await build(client, fileobj=made.dockerfile(text), **KIT)
        assert caught.value.exit_code == (7 if "exit" in text else None)
        log = caught.value.build_log
        assert [event.error for event in log[-1:]] == [caught.value.message]
        assert ("before\n" in caught.value.log) == ("exit" in text)


async def test_the_classic_builder_is_asked_unless_told(docker_engine: Engine, made: BuildScope) -> None:
    async with client_of(docker_engine) as client:
        _, log = await build(client, fileobj=made.dockerfile("RUN true"), **ALONE)
        assert log[0].stream.startswith("Step 1/3 : FROM")
        assert not any(event.of_buildkit for event in log)
        with pytest.raises(BuildError, match=r"requires BuildKit.*builder='buildkit'"):
            await build(client, fileobj=made.dockerfile("RUN --mount=type=cache,target=/a true"), **ALONE)


async def test_without_the_extra(docker_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.protobuf.message", None)
    monkeypatch.delitem(sys.modules, "wharfinger._core.buildkit_trace", raising=False)
    async with client_of(docker_engine) as client:
        for options in ({"builder": "buildkit"}, {"secrets": {"a": b"b"}}):
            with pytest.raises(ModuleNotFoundError, match=r"pip install 'wharfinger\[buildkit\]'"):
                await build(client, fileobj="FROM scratch", **options)


async def test_podman_is_never_asked(podman_engine: Engine) -> None:
    async with client_of(podman_engine) as client:
        for builder in ("buildkit", "classic"):
            with pytest.raises(NotSupported, match="one builder, which 'auto' is"):
                await build(client, fileobj="FROM scratch", builder=builder)
    async with AsyncDockerClient(podman_engine.url) as docker:
        with pytest.raises(NotSupported, match="answers as Docker"):
            await build(docker, fileobj="FROM scratch", builder="buildkit")


async def test_what_is_shown(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    with BuildScope(engine) as made:
        text = made.dockerfile("RUN echo a line")
        async with client_of(engine) as client:
            await build(client, fileobj=text, progress="plain", **ALONE)
            shown = capsys.readouterr()
            assert shown.out == ""
            assert f"{of_engine(engine, 'Step', 'STEP')} 1/3" in shown.err
            assert "a line" in shown.err.splitlines()
            if engine.name == "docker":
                # No terminal, so that it is lines again.
                await build(client, fileobj=text, progress="auto", **KIT)
                shown = capsys.readouterr()
                # A step is named again where another has come between.
                *heads, step = (line for line in shown.err.splitlines() if line.endswith("a line"))
                (head,) = set(heads)
                assert head.startswith("#")
                assert head.endswith("RUN echo a line")
                assert step.startswith(f"{head.split()[0]} 0.")
            with pytest.raises(ValueError, match="auto, tty, plain"):
                await build(client, fileobj=text, progress="loud")
            with pytest.raises(TypeError, match="stream=True"):
                await build(client, fileobj=text, progress="plain", stream=True)


async def test_further_contexts_of_podman(podman_engine: Engine, tmp_path: Path) -> None:
    tree(tmp_path, "main/a", "other/sub/b", "other/empty/", "other/c")
    (tmp_path / "other" / "c").write_bytes(b"x" * 3_000_000)
    newer = version_key(podman_engine.libpod_version or "") >= (5, 6)
    with BuildScope(podman_engine) as made:
        lines = ("COPY --from=other / /c", "COPY --from=image /bin/sh /c/sh", "COPY a /c/")
        (tmp_path / "main" / "Dockerfile").write_text(made.dockerfile(*lines))
        contexts = {"other": tmp_path / "other", "image": f"docker-image://{TEST_IMAGE}"}
        async with client_of(podman_engine) as client:
            if not newer:
                with pytest.raises(NotSupported, match=r"5\.6"):
                    await build(client, path=tmp_path / "main", contexts=contexts)
                return
            for context in (
                {"path": tmp_path / "main"},
                {"context": {"Dockerfile": made.dockerfile(*lines), "a": b""}},
            ):
                image, _ = await build(client, contexts=contexts, **context, **ALONE)
                assert made.listing(image.id) == ["a", "c", "empty", "sh", "sub", "sub/b"]
            with pytest.raises(ValueError, match="folders in contexts"):
                await build(client, context=b"", contexts=contexts)
            with pytest.raises(FileNotFoundError, match="'gone'"):
                await build(client, path=tmp_path / "main", contexts={"gone": tmp_path / "gone"})
            with pytest.raises(NotADirectoryError, match="'file'"):
                await build(client, path=tmp_path / "main", contexts={"file": tmp_path / "other" / "c"})
            with pytest.raises(ValueError, match="expected a name"):
                await build(client, path=tmp_path / "main", contexts={'a"b': tmp_path})

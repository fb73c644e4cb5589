"""Builds on real engines: their options, results and faults."""

import io
import tarfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import AsyncAnyClient, client_of, eventually, old_client_of
from tests._async.conftest import AsyncInterruption
from tests.engines.harness import TEST_IMAGE, Engine, Registry
from tests.live import of_engine
from tests.live_builds import BuildScope, repository, tree
from wharfinger import AsyncImage, AsyncStream
from wharfinger.errors import BuildError, EngineTimeout, NotSupported
from wharfinger.types import BuildEvent

ALONE = {"network_mode": "none", "nocache": True}


@pytest.fixture
def made(engine: Engine) -> Iterator[BuildScope]:
    with BuildScope(engine) as scope:
        yield scope


async def build(
    client: AsyncAnyClient, *path: Any, **options: Any
) -> tuple[AsyncImage, tuple[BuildEvent, ...]]:
    """An image whose steps had no network, and came from no cache."""
    call: Any = client.images.build
    image, log = await call(*path, **{**ALONE, **options})
    return image, log


async def begun(client: AsyncAnyClient, **options: Any) -> AsyncStream[BuildEvent]:
    """The events of such a build."""
    call: Any = client.images.build
    events: AsyncStream[BuildEvent] = await call(stream=True, **{**ALONE, **options})
    return events


def said(log: tuple[BuildEvent, ...]) -> str:
    return "".join(event.stream for event in log)


async def test_a_folder(engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(tmp_path, "COPY . /c", "RUN cat /c/sub/file", **{"sub/file": "the content"})
    name, other = made.image("one"), made.image("two")
    async with client_of(engine) as client:
        image, log = await build(client, folder, tag=[name, other])
        assert {name, other} <= set(image.tags)
        assert await client.images.get(name) == image
    assert made.show(other, "{{.Id}}").removeprefix("sha256:") == image.id.removeprefix("sha256:")
    assert made.listing(name) == ["Dockerfile", "sub", "sub/file"]
    assert isinstance(log, tuple)
    assert "the content" in said(log)
    assert any(event.get("stream", "").endswith("\n") for event in log)
    assert [event.image_id for event in log if event.image_id][-1] in (image.id, f"sha256:{image.id}")


async def test_a_lone_dockerfile_and_files_in_memory(
    engine: Engine, made: BuildScope, tmp_path: Path
) -> None:
    text = made.dockerfile("COPY . /c")
    tree(tmp_path, "local/file")
    names: list[str] = []
    async with client_of(engine) as client:
        for number, alone in enumerate((text, text.encode(), io.BytesIO(text.encode()), io.StringIO(text))):
            names.append(made.image(f"alone{number}"))
            await build(client, fileobj=alone, tag=names[-1])
        files = {"Dockerfile": text, "a/b": b"x", "ü": "y", "local": tmp_path / "local"}
        image, _ = await build(client, context=files)
        other, _ = await build(
            client, context={"x/Other": text, "a": ""}, dockerfile="x/Other", tag=made.image("other")
        )
    assert [made.listing(name) for name in names] == [["Dockerfile"]] * 4
    assert made.listing(image.id) == ["Dockerfile", "a", "a/b", "local", "local/file", "ü"]
    assert made.listing(other.id) == ["a", "x", "x/Other"]


async def test_a_tar(engine: Engine, made: BuildScope) -> None:
    def packed(mode: Any) -> bytes:
        data = io.BytesIO()
        with tarfile.open(fileobj=data, mode=mode) as archive:
            for name, text in {"Dockerfile": made.dockerfile("COPY . /c"), "a": "x"}.items():
                entry = tarfile.TarInfo(name)
                entry.size = len(text)
                archive.addfile(entry, io.BytesIO(text.encode()))
        return data.getvalue()

    plain, zipped = packed("w"), packed("w:gz")
    async with client_of(engine) as client:
        for number, given in enumerate(
            (
                {"fileobj": io.BytesIO(plain), "custom_context": True},
                {"fileobj": io.BytesIO(zipped), "custom_context": True, "encoding": "gzip"},
                {"context": packed("w:xz"), "encoding": "xz"},
                {"context": iter([plain[:700], plain[700:]]), "path_dockerfile": "Dockerfile"},
            )
        ):
            options: Any = given
            name = made.image(f"tar{number}")
            await build(client, tag=name, **options)
            assert made.listing(name) == ["Dockerfile", "a"]


async def test_an_address(engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    text = made.dockerfile("RUN echo from afar")
    with made.serving({"/Dockerfile": text.encode()}) as url:
        async with client_of(engine) as client:
            for source in ({"remote": f"{url}/Dockerfile"}, {"path": f"{url}/Dockerfile"}):
                given: Any = source
                _, log = await build(client, **given)
                assert "from afar" in said(log)
            with pytest.raises(BuildError):
                await build(client, remote=f"{url}/absent")


async def test_a_git_repository(engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    files = {"deep/Dockerfile": made.dockerfile("COPY note /", "RUN cat /note"), "deep/note": "by git"}
    with repository(tmp_path / "work", files) as url:
        async with client_of(engine) as client:
            _, log = await build(client, path=f"{url}#harbour:deep")
            assert "by git" in said(log)
            with pytest.raises(BuildError):
                await build(client, path=f"{url}#nowhere")


async def test_options(engine: Engine, made: BuildScope) -> None:
    text = made.dockerfile(
        "ARG A=default",
        "ARG B=default",
        "RUN echo A=$A B=$B; df /dev/shm; grep -c : /proc/net/dev",
        "FROM nowhere.invalid/never:1",
    ).replace(TEST_IMAGE, f"{TEST_IMAGE} AS first", 1)
    async with client_of(engine) as client:
        image, log = await build(
            client,
            fileobj=text,
            buildargs={"A": "given", "B": None},
            target="first",
            shmsize="2m",
            container_limits={"memory": "256m", "cpushares": 512},
            platform=made.show(TEST_IMAGE, "{{.Os}}/{{.Architecture}}"),
            rm=True,
            forcerm=True,
            pull=False,
        )
        labelled, _ = await build(client, fileobj=made.dockerfile(), labels={"own": "a=b"})
    assert "A=given B=default" in said(log)
    assert "2048" in said(log)
    # No interface but the loopback.
    assert "\n1\n" in said(log)
    assert made.show(labelled.id, '{{index .Config.Labels "own"}}') == "a=b"
    assert made.token in image.labels.values()


async def test_names_of_hosts(engine: Engine, made: BuildScope) -> None:
    text = made.dockerfile("RUN cat /etc/hosts")
    async with client_of(engine) as client:
        _, log = await build(
            client, fileobj=text, extra_hosts={"somewhere": "192.0.2.7"}, network_mode="bridge"
        )
    assert ["192.0.2.7", "somewhere"] in [line.split() for line in said(log).splitlines()]


async def test_the_cache(engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    """Times and places of files do not matter, their content and permissions do."""
    first = made.folder(tmp_path / "first", "COPY . /c", **{"sub/file": "x", "other": "y"})
    second = made.folder(tmp_path / "second" / "deeper", "COPY . /c", **{"other": "y", "sub/file": "x"})
    async with client_of(engine) as client:
        image, log = await build(client, first, nocache=False)
        assert "Using cache" not in said(log)
        again, log = await build(client, second, nocache=False)
        assert again == image
        assert "Using cache" in said(log)
        anew, log = await build(client, first)
        assert "Using cache" not in said(log)
        assert made.listing(anew.id) == made.listing(image.id)
        (second / "sub" / "file").write_text("z")
        changed, _ = await build(client, second, nocache=False)
        assert changed != image


async def test_quiet(engine: Engine, made: BuildScope) -> None:
    async with client_of(engine) as client:
        image, log = await build(client, fileobj=made.dockerfile(), quiet=True, tag=made.image())
    assert said(log).strip().removeprefix("sha256:") == image.id.removeprefix("sha256:")


async def test_events_come_while_it_goes_on(engine: Engine, made: BuildScope) -> None:
    text = made.long_build()
    async with client_of(engine) as client:
        async with await begun(client, fileobj=text) as events:
            async for event in events:
                if event.stream.strip() == "begun":
                    break
            await eventually(lambda: bool(made.steps()))
        # Left, the engine ends the step by itself.
        await eventually(lambda: not made.steps())


async def test_a_step_that_fails(engine: Engine, made: BuildScope) -> None:
    text = made.dockerfile("RUN echo before; exit 7")
    async with client_of(engine) as client:
        with pytest.raises(BuildError) as caught:
            await build(client, fileobj=text, forcerm=True, tag=made.image())
        error = caught.value
        assert error.exit_code == 7
        assert "7" in error.msg
        assert "before" in "".join(event.stream for event in error.build_log)
        assert error.build_log[-1].error == error.message
        assert "before" in "".join(error.log)
        events = await begun(client, fileobj=text, forcerm=True)

        async def read() -> None:
            async for event in events:
                assert not event.error

        with pytest.raises(BuildError) as caught:
            await read()
        assert caught.value.exit_code == 7
        assert not await client.images.exists(made.image())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("RUNX nothing", "(?i)unknown instruction"),
        ("COPY absent /", "absent"),
        ("FROM nowhere.invalid/x:1", None),
    ],
)
async def test_a_wrong_dockerfile(engine: Engine, made: BuildScope, text: str, words: str | None) -> None:
    async with client_of(engine) as client:
        with pytest.raises(BuildError, match=words):
            await build(client, fileobj=made.dockerfile(text), forcerm=True)
        # The connection, and the engine, are as before.
        assert await client.ping()


async def test_what_cannot_be_sent(engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(tmp_path / "context", "COPY . /c", file="x")
    async with client_of(engine) as client:
        for path, fault in (
            (tmp_path / "absent", FileNotFoundError),
            (folder / "file", NotADirectoryError),
            (tmp_path, FileNotFoundError),
        ):
            with pytest.raises(fault, match=str(path)):
                await build(client, path)
        with pytest.raises(FileNotFoundError, match="Other"):
            await build(client, folder, dockerfile="Other")
        with pytest.raises(ValueError, match="Bad Tag"):
            await build(client, folder, tag="Bad Tag")
        with pytest.raises(TypeError, match="nothing to build from"):
            await build(client)
        with pytest.raises(TypeError, match="path and fileobj"):
            await build(client, folder, fileobj="FROM scratch")
        with pytest.raises(BuildError):
            await build(client, context=b"no tar at all" * 100)


async def test_memory_stays_flat(engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(tmp_path)
    with (folder / "large").open("wb") as file:
        file.truncate(256 * 1024 * 1024)
    async with client_of(engine) as client:
        await client.ping()
        tracemalloc.start()
        try:
            await build(client, folder, tag=made.image())
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    assert peak < 16 * 1024 * 1024


async def test_a_file_that_goes_while_it_is_sent(engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(tmp_path, "COPY . /c", file="x")
    name = made.image()

    def vanishing() -> Iterator[bytes]:
        yield (folder / "Dockerfile").read_bytes()
        (folder / "file").unlink()
        yield (folder / "file").read_bytes()

    async with client_of(engine) as client:
        with pytest.raises(FileNotFoundError, match="file"):
            await build(client, context=vanishing(), tag=name)
        assert not await client.images.exists(name)


async def test_timeout(engine: Engine, made: BuildScope) -> None:
    name = made.image()
    async with client_of(engine) as client:
        with pytest.raises(EngineTimeout, match="total"):
            await build(client, fileobj=made.dockerfile("RUN sleep 3"), timeout=1, tag=name)
        assert not await client.images.exists(name)


async def test_interruption(engine: Engine, made: BuildScope) -> None:
    text = made.long_build()
    async with client_of(engine) as client:
        interruption = AsyncInterruption()

        async def build() -> None:
            async with await begun(client, fileobj=text) as events:
                async for event in events:
                    if event.stream.strip() == "begun":
                        interruption.now()

        await interruption.during(build)
        await eventually(lambda: not made.steps())


async def test_networks_of_steps(podman_engine: Engine) -> None:
    """Podman's engine passes over what its documents tell of it; no step shall have the host's by mistake."""
    line = "RUN echo has,$(grep : /proc/net/dev | cut -d: -f1 | tr -d ' ' | tr '\\n' ',')"
    found: dict[str | None, set[str]] = {}
    with BuildScope(podman_engine) as made:
        async with client_of(podman_engine) as client:
            for mode in ("none", "host", "bridge", None):
                _, log = await build(client, fileobj=made.dockerfile(line), network_mode=mode)
                (told,) = (one for one in said(log).splitlines() if one.startswith("has,"))
                found[mode] = set(told.split(",")) - {"has", ""}
            assert found["none"] == {"lo"}
            assert found["bridge"] == found[None] == {"lo", "eth0"}
            # Not least the bridge that the others are on.
            assert found["host"] > {"lo"}
            assert found["host"] - {"lo", "eth0"}
            with pytest.raises(NotSupported, match="container:x"):
                await build(client, fileobj="FROM scratch", network_mode="container:x")


async def test_secrets(podman_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("from a file")
    monkeypatch.setenv("WHARFINGER_SECRET", "from a variable")
    with BuildScope(podman_engine) as made:
        lines = "RUN --mount=type=secret,id=one cat /run/secrets/one"
        folder = made.folder(tmp_path / "context", lines, "COPY . /c", a="x")
        async with client_of(podman_engine) as client:
            for given, expected in (
                ({"one": b"from memory"}, "from memory"),
                ({"one": tmp_path / "file"}, "from a file"),
                ([f"id=one,src={tmp_path / 'file'}"], "from a file"),
                (["id=one,env=WHARFINGER_SECRET"], "from a variable"),
            ):
                secrets: Any = given
                image, log = await build(client, folder, secrets=secrets)
                assert expected in said(log)
                assert made.listing(image.id) == ["Dockerfile", "a"]
            with pytest.raises(ValueError, match="secrets"):
                await build(client, context=b"", secrets={"one": b""})


async def test_credentials_for_the_base_image(
    engine: Engine, login_registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HOME", "DOCKER_CONFIG", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(variable, str(tmp_path))
    with BuildScope(engine) as made:
        made.also_remove(login_registry.image)
        text = made.dockerfile(base=login_registry.image)
        async with client_of(engine) as client:
            with pytest.raises(BuildError):
                await build(client, fileobj=text, pull=True)
            await client.login(
                login_registry.username or "", login_registry.password or "", registry=login_registry.host
            )
            image, _ = await build(client, fileobj=text, pull=True)
            assert made.token in image.labels.values()
            # Where a variable hides it, all that are kept go along.
            hidden = text.replace(f"FROM {login_registry.host}", f"ARG H={login_registry.host}\nFROM $H")
            await build(client, fileobj=hidden, pull=True)


async def test_what_one_engine_lacks(engine: Engine) -> None:
    lacking = of_engine(
        engine,
        [
            {"layers": True},
            {"outputformat": "x"},
            {"secrets": {"a": b""}, "builder": "classic"},
            {"pull": "never"},
            {"platform": ["a", "b"]},
        ],
        [{"unset_labels": ["a"]}, {"no_hosts": True}, {"additional_contexts": {"a": "docker-image://b"}}],
    )
    async with old_client_of(engine) as client:
        for options in lacking:
            with pytest.raises(NotSupported):
                await build(client, fileobj="FROM scratch", **options)

"""Builds by BuildKit, which asks back for what it needs: on real engines."""

import gc
import io
import os
import re
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, eventually, old_client_of
from tests._async.conftest import AsyncInterruption
from tests.engines.harness import TEST_IMAGE, Engine, Registry
from tests.live import LABEL, Relay
from tests.live_builds import BuildScope, tree
from wharfinger import AsyncDockerClient, AsyncImage, AsyncStream, FromEnv
from wharfinger.errors import BuildError, CredentialsError, NotSupported, ProtocolError
from wharfinger.types import BuildEvent

SECRET = b"the-hush\n"
MIB = 1024 * 1024


@pytest.fixture
def made(docker_engine: Engine) -> Iterator[BuildScope]:
    with BuildScope(docker_engine) as scope:
        yield scope


def is_old(engine: Engine) -> bool:
    """Whether its BuildKit is that of Docker 20.10, whose own frontend knows no heredocs and no named contexts."""
    return engine.api_version == "1.41"


async def build(client: Any, *path: Any, **options: Any) -> tuple[AsyncImage, tuple[BuildEvent, ...]]:
    image, log = await client.images.build(*path, builder="buildkit", network_mode="none", **options)
    return image, log


async def begun(client: Any, *path: Any, **options: Any) -> AsyncStream[BuildEvent]:
    events: AsyncStream[BuildEvent] = await client.images.build(
        *path, builder="buildkit", network_mode="none", stream=True, **options
    )
    return events


def said(log: tuple[BuildEvent, ...]) -> str:
    return "".join(event.stream for event in log)


async def test_mounts_stages_and_what_is_left_out(
    docker_engine: Engine, made: BuildScope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = f"--mount=type=cache,id={made.token},target=/kept"
    folder = made.folder(
        tmp_path / "in",
        "RUN --mount=type=secret,id=raw wc -c < /run/secrets/raw > /a",
        "RUN --mount=type=secret,id=file,target=/f cat /f > /dev/null && wc -c < /f >> /a",
        "RUN --mount=type=secret,id=env wc -c < /run/secrets/env >> /a",
        f"RUN {cache} echo kept > /kept/file",
        f"FROM {TEST_IMAGE}",
        f"LABEL {LABEL}={made.token}",
        "COPY --from=0 /a /a",
        f"RUN {cache} cp /kept/file /copied",
        "COPY . /c",
        **{".dockerignore": "*.log\nsub\n!sub/kept\n", "x.log": "", "sub/kept": "1", "sub/out": "2"},
    )
    (tmp_path / "hidden").write_bytes(SECRET * 2)
    monkeypatch.setenv("HIDDEN", "four")
    name = made.image()
    async with client_of(docker_engine) as client:
        secrets: Any = {"raw": SECRET, "file": tmp_path / "hidden", "env": FromEnv("HIDDEN")}
        image, log = await build(client, folder, tag=name, secrets=secrets, nocache=True)
        assert name in image.tags
    assert SECRET.decode().strip() not in repr(log)
    assert made.listing(name) == [".dockerignore", "Dockerfile", "sub", "sub/kept"]
    shown = docker_engine.cli("run", "--rm", "--network=none", name, "cat", "/a", "/copied").stdout
    assert shown.split() == ["9", "18", "4", "kept"]


async def test_heredocs(docker_engine: Engine, made: BuildScope) -> None:
    text = made.dockerfile("RUN <<END", "echo one > /a", "echo two >> /a", "END", "RUN cat /a")
    async with client_of(docker_engine) as client:
        if is_old(docker_engine):
            with pytest.raises(BuildError, match=r"END|echo|unknown instruction"):
                await build(client, fileobj=text)
            return
        _, log = await build(client, fileobj=text, nocache=True)
    assert "one\ntwo" in said(log)


async def test_only_what_changed_is_sent(docker_engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(tmp_path / "in", "COPY . /c", "RUN cat /c/1 | wc -c")
    for number in range(16):
        with (folder / str(number)).open("wb") as file:
            file.truncate(MIB)
    with Relay(docker_engine) as relay:
        async with client_of(docker_engine, relay.url) as client:
            counts: list[int] = []
            for change in (b"", b"", b"more"):
                with (folder / "1").open("ab") as file:
                    file.write(change)
                before = relay.sent
                _, log = await build(client, folder, nocache=True)
                counts.append(relay.sent - before)
            assert f"{MIB + 4}" in said(log)
    assert counts[0] > 16 * MIB
    assert counts[1] < MIB / 4
    assert MIB < counts[2] < MIB * 5 / 4


async def test_the_bits_of_files(docker_engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(
        tmp_path / "in", "COPY . /c", "RUN cd /c && stat -c '%n %a %h %u %Y %F' d d/* && readlink d/link"
    )
    tree(folder, "d/plain", "d/ü", "d/program")
    (folder / "d/program").chmod(0o4755)
    os.chown(folder / "d/plain", 1234, 1234)
    (folder / "d/same").hardlink_to(folder / "d/plain")
    (folder / "d/link").symlink_to("../absent")
    (folder / "d").chmod(0o1777)
    async with client_of(docker_engine) as client:
        _, log = await build(client, folder, nocache=True)
    told = said(log)
    for line in (
        "d 1777 ",
        "d/plain 644 2 0 1700000000 regular file",
        "d/same 644 2 0 1700000000 regular file",
        "d/program 4755 1 0 1700000000 regular file",
        "d/ü 644 1 0 1700000000 regular file",
        "../absent",
    ):
        assert line in told


async def test_other_contexts(docker_engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    text = made.dockerfile("COPY . /c", "RUN cat /c/a/*")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in {"Dockerfile": text, "a/tar": "packed", "hush": ""}.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content.encode()))
    outside = tmp_path / "elsewhere" / "Other"
    tree(tmp_path, "in/a/file", "elsewhere/")
    outside.write_text(text)
    secrets = {"s": SECRET}
    async with client_of(docker_engine) as client:
        files = {"Dockerfile": text, "a/memory": "kept in memory", "a/z": b""}
        for given, content in (
            ({"context": files}, "kept in memory"),
            ({"context": {**files, "a/memory": "kept elsewhere"}}, "kept elsewhere"),
            ({"context": packed.getvalue(), "secrets": secrets}, "packed"),
            ({"path": tmp_path / "in", "dockerfile": outside}, "in/a/file"),
            ({"fileobj": made.dockerfile("RUN echo alone")}, "alone"),
        ):
            options: Any = given
            _, log = await build(client, nocache=True, **options)
            assert content in said(log)
        with made.serving({"/Dockerfile": made.dockerfile("RUN echo afar").encode()}) as url:
            _, log = await build(client, remote=f"{url}/Dockerfile", nocache=True)
            assert "afar" in said(log)


async def test_named_contexts(docker_engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(
        tmp_path / "in",
        "ARG WHO",
        "COPY --from=other . /c",
        "COPY --from=base /bin/true /t",
        "RUN echo to $WHO",
        "FROM scratch",
        base=f"{TEST_IMAGE} AS main",
    )
    tree(tmp_path, "other/o")
    name = made.image()
    contexts = {"other": tmp_path / "other", "base": f"docker-image://{TEST_IMAGE}"}
    options: Any = {
        "contexts": contexts,
        "tag": name,
        "buildargs": {"WHO": "you"},
        "target": "main",
        "nocache": True,
    }
    async with client_of(docker_engine) as client:
        if not is_old(docker_engine):
            _, log = await build(client, folder, labels={"own": "1"}, **options)
            assert "to you" in said(log)
            assert made.listing(name) == ["o"]
            assert made.show(name, "{{.Config.Labels.own}}") == "1"
            with pytest.raises(BuildError, match="absent") as caught:
                await build(client, fileobj=made.dockerfile("RUN cat /absent"), contexts=contexts)
            assert caught.value.exit_code == 1
            with pytest.raises(ValueError, match="tar"):
                await build(client, context=b"", contexts=contexts)
    with Relay(docker_engine) as relay:
        async with old_client_of(docker_engine, relay.url) as client:
            with pytest.raises(NotSupported, match=r"1\.42"):
                await build(client, folder, **options)
        assert not any("session" in line or "build" in line for line in relay.requests)


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Path]:
    """The socket of an agent with a key."""
    key, place = tmp_path / "key", tmp_path / "agent.sock"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "the-key", "-f", key], check=True)
    with subprocess.Popen(["ssh-agent", "-D", "-a", place], stdout=subprocess.PIPE) as running:
        try:
            assert running.stdout
            # It tells where it is when it is there.
            running.stdout.readline()
            subprocess.run(
                ["ssh-add", "-q", key], check=True, env={**os.environ, "SSH_AUTH_SOCK": str(place)}
            )
            yield place
        finally:
            running.terminate()


def keys_of(agent: Path) -> str:
    """What it says that it has."""
    env = {**os.environ, "SSH_AUTH_SOCK": str(agent)}
    return subprocess.run(["ssh-add", "-l"], check=True, capture_output=True, text=True, env=env).stdout


def of_this_machine(program: str) -> dict[str, Path]:
    """A program and the libraries that it needs, by where they are."""
    told = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    return {path.lstrip("/"): Path(path) for path in (program, *re.findall(r"(/\S+) \(", told))}


async def test_an_ssh_agent(
    docker_engine: Engine, made: BuildScope, agent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        "COPY root /",
        "RUN --mount=type=ssh ssh-add -l > /told && ! ssh-add -D && ssh-add -l >> /told && cat /told",
    ]
    files: dict[str, Any] = {
        f"root/{name}": path for name, path in of_this_machine("/usr/bin/ssh-add").items()
    }
    async with client_of(docker_engine) as client:
        options: Any = {"context": {**files, "Dockerfile": made.dockerfile(*lines)}, "nocache": True}
        _, log = await build(client, ssh={"default": agent}, **options)
        assert said(log).count("the-key (ED25519)") == 2
        monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
        _, log = await build(client, ssh=True, **options)
        assert said(log).count("the-key (ED25519)") == 2
        with pytest.raises(BuildError, match=r"ssh|default"):
            await build(client, ssh={"other": agent}, **options)
        with pytest.raises(FileNotFoundError, match="nowhere"):
            await build(client, ssh={"default": "/nowhere"}, **options)
    assert "the-key" in keys_of(agent)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_what_comes_out(docker_engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    text = made.dockerfile("RUN mkdir /o && echo text > /o/f && ln -s f /o/l && chmod 700 /o/f")
    text += "FROM scratch\nCOPY --from=0 /o /o\n"
    folder, file = tmp_path / "out", tmp_path / "out.tar"
    async with client_of(docker_engine) as client:
        for output in (str(folder), f"type=tar,dest={file}"):
            async with await begun(client, fileobj=text, output=output) as events:
                async for event in events:
                    assert event.error is None
        with pytest.raises(TypeError, match="stream=True"):
            await build(client, fileobj=text, output=str(folder))
        with pytest.raises(NotSupported, match="containerd"):
            await begun(client, fileobj=text, output=f"type=oci,dest={file}")
        for wrong in ("type=image,dest=x", "type=tar", "type=tar,dest=x,more=1"):
            with pytest.raises(ValueError, match="type=KIND"):
                await begun(client, fileobj=text, output=wrong)
        tree(tmp_path, "taken")
        with pytest.raises(OSError, match="taken"):
            async with await begun(client, fileobj=text, output=str(tmp_path / "taken")) as events:
                [event async for event in events]
    assert (folder / "o/f").read_text() == "text\n"
    assert (folder / "o/f").stat().st_mode & 0o777 == 0o700
    assert (folder / "o/l").readlink() == Path("f")
    with tarfile.open(file) as archive:
        assert {"o/f", "o/l"} <= {name.rstrip("/") for name in archive.getnames()}
    assert names_in(tmp_path) == ["out", "out.tar", "taken"]


async def test_what_is_not_there(docker_engine: Engine, made: BuildScope, tmp_path: Path) -> None:
    folder = made.folder(
        tmp_path / "in", "RUN --mount=type=secret,id=s,required cat /run/secrets/s", "COPY . /c"
    )
    with Relay(docker_engine) as relay:
        async with client_of(docker_engine, relay.url) as client:
            for wrong, words in (
                ({"path": tmp_path / "absent"}, "absent"),
                ({"path": folder, "dockerfile": "Other"}, "Other"),
                ({"path": folder, "secrets": {"s": tmp_path / "gone"}}, "gone"),
                ({"path": folder, "contexts": {"x": tmp_path / "no-folder"}}, "no-folder"),
            ):
                options: Any = wrong
                with pytest.raises(OSError, match=words):
                    await build(client, **options)
            with pytest.raises(ValueError, match=r"500|512000"):
                await build(client, folder, secrets={"s": bytes(500 * 1024 + 1)})
            assert not any("session" in line for line in relay.requests)
            with pytest.raises(BuildError, match=r"s.* not found"):
                await build(client, folder, secrets={"other": SECRET}, nocache=True)
            (folder / os.fsdecode(b"\xff")).write_text("")
            with pytest.raises(OSError, match="UTF-8") as caught:
                await build(client, folder, secrets={"s": SECRET}, nocache=True)
            assert isinstance(caught.value.__cause__, BuildError)
            assert await client.ping()
        await eventually(lambda: relay.open == 0)


async def test_credentials(
    docker_engine: Engine,
    made: BuildScope,
    login_registry: Registry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    host, name, password = login_registry.host, str(login_registry.username), str(login_registry.password)
    text = made.dockerfile("RUN echo let in", base=login_registry.image)
    async with client_of(docker_engine) as client:
        with pytest.raises(BuildError, match=r"uthoriz|credential"):
            await build(client, fileobj=text, pull=True)
        await client.login(name, password, registry=host)
        _, log = await build(client, fileobj=text, pull=True, nocache=True)
        assert "let in" in said(log)
        assert password not in repr(log)
    (tmp_path / "config.json").write_text("{")
    async with client_of(docker_engine) as client:
        with pytest.raises(CredentialsError, match=r"config\.json"):
            await build(client, fileobj=text, pull=True, use_config_proxy=False)


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}


@pytest.mark.parametrize("named", [False, True])
async def test_leaving(docker_engine: Engine, made: BuildScope, tmp_path: Path, named: bool) -> None:
    # An old engine is asked in one way only.
    named = named and not is_old(docker_engine)
    options: Any = {"contexts": {"other": tmp_path}} if named else {"secrets": {"s": SECRET}}
    text = made.dockerfile("RUN echo begun; sleep 300")
    before = threads()
    with Relay(docker_engine) as relay:
        async with client_of(docker_engine, relay.url) as client:
            async with await begun(client, fileobj=text, nocache=True, **options) as events:
                async for event in events:
                    if "begun" in event.stream:
                        break
                assert relay.open >= 2
            await eventually(lambda: relay.open == 0)
            with pytest.raises(LookupError):  # noqa: PT012 - it is left in the midst
                async with await begun(client, fileobj=text, nocache=True, **options) as events:
                    assert await events.__anext__()
                    raise LookupError
            await eventually(lambda: relay.open == 0)
            interruption = AsyncInterruption()
            relay.after("/session", interruption.now)
            await interruption.during(lambda: build(client, fileobj=text, nocache=True, **options))
            await eventually(lambda: relay.open == 0)
            assert await client.ping()
    # Those of the relay end by themselves; others would be the client's.
    await eventually(lambda: {name for name in threads() - before if "asyncio" not in name} == set())


async def test_one_that_is_dropped(docker_engine: Engine, made: BuildScope) -> None:
    text = made.dockerfile("RUN sleep 300")
    with Relay(docker_engine) as relay:
        async with client_of(docker_engine, relay.url) as client:
            events: Any = await begun(client, fileobj=text, nocache=True, secrets={"s": SECRET})
            assert await events.__anext__()
            with pytest.warns(ResourceWarning, match="dropped"):  # noqa: PT031 - so that it is gone for sure
                del events
                gc.collect()
            await eventually(lambda: relay.open == 0)


async def test_a_connection_that_is_cut(docker_engine: Engine, made: BuildScope) -> None:
    text = made.dockerfile("RUN echo begun; sleep 300")
    with Relay(docker_engine) as relay:
        async with client_of(docker_engine, relay.url) as client:
            events = await begun(client, fileobj=text, nocache=True, secrets={"s": SECRET})
            with pytest.raises(ProtocolError):  # noqa: PT012 - it is cut while it is read
                async for event in events:
                    if "begun" in event.stream:
                        relay.cut()
            await eventually(lambda: relay.open == 0)


def test_secrets_are_not_shown() -> None:
    from wharfinger._core.build_session import SessionOffer

    assert "hush" not in repr(SessionOffer(secrets={"id": SECRET}))


async def test_a_wrong_client(docker_engine: Engine, made: BuildScope) -> None:
    async with AsyncDockerClient(docker_engine.url) as client:
        with pytest.raises(ValueError, match="ssh"):
            await build(client, fileobj=made.dockerfile(), ssh={"default": "/etc/passwd"})

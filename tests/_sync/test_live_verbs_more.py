# Derived from tests/_async/test_live_verbs_more.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Verbs and keywords that one engine has, or that are asked for now and then; the engines' own programs tell."""

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests._sync._live import client_of, old_client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, seen_by, shell
from wharfinger import DockerClient
from wharfinger.errors import Conflict, ContainerNotFound, ImageNotFound, NotFound, NotSupported, ServerError


def contents(data: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(data)) as read:
        return {one.name: file.read() for one in read if one.isfile() and (file := read.extractfile(one))}


@pytest.mark.bad_input("Container.init")
def test_ready_to_start(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = client.containers.create(image, "sleep 300", labels=scope.labels)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="needs Podman"):
                container.init()
            return
        assert container.init() is True
        assert scope.inspect(container.id)["State"]["Status"] == "initialized"
        assert container.init() is False
        assert container.start(detach_keys="ctrl-x,x") is True
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            container.init()


@pytest.mark.bad_input("Container.mount", "Container.unmount")
def test_mounted_on_the_engines_machine(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = client.containers.create(image, "true", labels=scope.labels)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="needs Podman"):
                container.mount()
            with pytest.raises(NotSupported, match="needs Podman"):
                container.unmount()
            return
        place = seen_by(engine, container.mount())
        (place / "tmp" / "from-outside").write_text("tide")
        container.unmount()
        assert not (place / "tmp").exists()
        stream, _ = container.get_archive("/tmp/from-outside")
        assert contents(b"".join(list(stream))) == {"from-outside": b"tide"}
        scope.discard(container.id)
        with pytest.raises(ContainerNotFound):
            container.mount()
        with pytest.raises(ContainerNotFound):
            container.unmount()


@pytest.mark.bad_input("Container.checkpoint", "Container.restore", "ContainersManager.restore")
def test_checkpoints_are_made_or_refused(engine: Engine, scope: Scope) -> None:
    """No CRIU works on the machines of these tests: what is told of that is an error, and the container runs on."""
    with client_of(engine) as client:
        container = started(client, scope)
        if engine.name == "docker":
            for verb in (container.checkpoint, container.restore):
                with pytest.raises(NotSupported, match="needs Podman"):
                    verb()
            with pytest.raises(NotSupported, match="needs Podman"):
                container.checkpoint(export=True)
            with pytest.raises(NotSupported, match="needs Podman"):
                client.containers.restore(b"")
            return
        with pytest.raises(Conflict, match="cannot restore"):
            container.restore()
        with old_client_of(engine) as old:
            with pytest.raises(NotSupported, match=r"4\.9\.5"):
                old.containers.container(container.id).checkpoint(file_locks=True)
        with pytest.raises(ServerError, match="checkpoint"):
            client.containers.restore(b"this is no archive", name=scope.name())
        container.kill()
        container.wait()
        with pytest.raises(Conflict):
            container.checkpoint()
        with pytest.raises(Conflict):
            container.checkpoint(export=True)
        scope.discard(container.id)
        for verb in (container.checkpoint, container.restore):
            with pytest.raises(ContainerNotFound):
                verb()


def test_signals_to_stop_are_not_in_every_engine(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with old_client_of(engine, relay.url) as client:
            container = started(client, scope)
            sent = len(relay.requests)
            for verb in (container.stop, container.restart):
                with pytest.raises(NotSupported, match="signal"):
                    verb(signal="SIGINT")
                with pytest.raises(ValueError, match="timeout is -2"):
                    verb(timeout=-2)
                wrong: Any = "soon"
                with pytest.raises(TypeError, match="timeout is 'soon'"):
                    verb(timeout=wrong)
            assert len(relay.requests) == sent


def test_removed_with_what_depends_on_it(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        first = started(client, scope, name=scope.name())
        if engine.name == "docker":
            for options in ({"depend": True}, {"ignore": True}, {"timeout": 1}):
                wrong: Any = options
                with pytest.raises(NotSupported, match="needs Podman"):
                    first.remove(**wrong)
            return
        client.containers.create(image, "true", labels=scope.labels, network_mode=f"container:{scope.name()}")
        with pytest.raises((Conflict, ServerError), match="dependent"):
            first.remove(force=True)
        first.remove(force=True, depend=True, timeout=0)
        assert scope.containers() == []
        first.remove(ignore=True)
        with pytest.raises(ContainerNotFound):
            first.remove()


@pytest.mark.bad_input("ContainersManager.remove")
def test_removed_by_the_manager(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        started(client, scope, name=scope.name())
        with pytest.raises(Conflict):
            client.containers.remove(scope.name())
        client.containers.remove(scope.name(), v=True, force=True)
        assert scope.containers() == []
        with pytest.raises(ContainerNotFound):
            client.containers.remove(scope.name())
        with pytest.raises(ValueError, match="container_id=''"):
            client.containers.remove("")


def test_in_chunks_of_one_size(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.get(box)
        assert (container.exec_run("dd if=/dev/urandom of=/tmp/noise bs=1000 count=333")).exit_code == 0
        _, whole = container.exec_run("cat /tmp/noise")
        stream, _ = container.get_archive("/tmp/noise", chunk_size=4096)
        chunks = list(stream)
        assert {len(chunk) for chunk in chunks[:-1]} == {4096}
        assert contents(b"".join(chunks)) == {"noise": whole}
        files = list(container.export(chunk_size=100_000))
        assert {len(chunk) for chunk in files[:-1]} == {100_000}
        assert contents(b"".join(files))["tmp/noise"] == whole
        with pytest.raises(ValueError, match="chunk_size=0"):
            container.get_archive("/tmp", chunk_size=0)
        with pytest.raises(ValueError, match="chunk_size=0"):
            container.export(chunk_size=0)
        assert (container.exec_run("rm /tmp/noise")).exit_code == 0


def test_compressed_on_its_way(engine: Engine, box: str) -> None:
    with client_of(engine) as client:
        container = client.containers.get(box)
        assert (container.exec_run(shell("yes tide | head -c 300000 > /tmp/much"))).exit_code == 0
        for encode in (True, False):
            stream, stat = container.get_archive("/tmp/much", encode_stream=encode)
            found = contents(b"".join(list(stream)))
            assert len(found["much"]) == stat.size == 300_000
        query = {"path": "/tmp/much"}
        raw = client.open(
            "GET", f"/containers/{box}/archive", params=query, headers={"Accept-Encoding": "gzip"}
        )
        # What is on the wire: only Docker does as it is asked.
        with raw as body:
            sent = body.read()
        if isinstance(client, DockerClient):
            assert len(sent) < 10_000
            assert contents(gzip.decompress(sent)) == found
        assert (container.exec_run("rm /tmp/much")).exit_code == 0


def test_from_here_to_the_same_place(engine: Engine, image: str, scope: Scope, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("tide")
    (tmp_path / "alone").write_text("quay")
    inside = shell(f"cd {tmp_path}; cat alone folder/file; stat -c %u alone")
    with client_of(engine) as client:
        container = client.containers.create(image, inside, labels=scope.labels)
        # No folders are made.
        with pytest.raises(NotFound):
            container.put_archive(str(tmp_path / "alone"))
        client.containers.remove(container.id)
        container = client.containers.create(
            image, inside, labels=scope.labels, tmpfs=[], volumes=[str(tmp_path)]
        )
        assert container.put_archive(str(tmp_path / "alone")) is True
        container.put_archive(str(tmp_path / "folder"))
        container.start()
        assert (container.wait()).exit_code == 0
        assert container.logs() == b"quaytide0\n"
        with pytest.raises(FileNotFoundError):
            container.put_archive(str(tmp_path / "nothing"))
        for path in ("relative", "/", "/tmp/../etc"):
            with pytest.raises(ValueError, match="the absolute path of a file or folder here"):
                container.put_archive(path)


@pytest.mark.bad_input("Container.get_image")
def test_its_image(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        told = json.loads(engine.cli("image", "inspect", image).stdout)[0]["Id"].removeprefix("sha256:")
        container = client.containers.create(image, "true", labels=scope.labels)
        assert container.image == image
        assert container.image_id.removeprefix("sha256:") == told
        (listed,) = client.containers.list(all=True, filters={"id": container.id})
        assert listed.image_id == container.image_id
        assert (listed.get_image()).id == container.image_id
        handle = client.containers.container(container.id)
        assert handle.image_id == ""
        assert (handle.get_image()).id == container.image_id
        nobody = client.containers.container(scope.name("nobody"))
        with pytest.raises(ContainerNotFound):
            nobody.get_image()
        committed = container.commit()
        second = client.containers.create(committed.id, "true", labels=scope.labels)
        client.containers.remove(second.id)
        client.images.remove(committed.id)
        with pytest.raises(ImageNotFound):
            second.get_image()


def test_a_health_check_in_parts(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        options: Any = {} if engine.name == "docker" else {"health_on_failure": "restart"}
        container = client.containers.create(
            image,
            "true",
            labels=scope.labels,
            health_cmd="true || false",
            health_interval="7s",
            health_retries=2,
            health_timeout=3,
            **options,
        )
        config = scope.inspect(container.id)["Config"]
        check = config["Healthcheck"]
        assert check["Test"] == ["CMD-SHELL", "true || false"]
        assert (check["Interval"], check["Timeout"], check["Retries"]) == (7 * 10**9, 3 * 10**9, 2)
        assert config.get("HealthcheckOnFailureAction") == options.get("health_on_failure")
        lacking: Any = (
            {"health_startup_cmd": "true"} if engine.name == "podman" else {"health_on_failure": "kill"}
        )
    with old_client_of(engine) as client:
        with pytest.raises(NotSupported):
            client.containers.create(image, "true", labels=scope.labels, **lacking)
        assert scope.containers() == [container.id]


def test_limits_in_the_words_of_the_runtime(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope)
        if engine.name == "docker":
            with pytest.raises(NotSupported, match="'pids'"):
                container.update(pids={"limit": 71})
            return
        container.update(pids={"limit": 71}, cpu={"shares": 300})
        found = container.exec_run(
            shell("cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/pids/pids.max 2>/dev/null; true")
        )
        assert found == (0, b"71\n")
    with old_client_of(engine) as client:
        with pytest.raises(NotSupported, match=r"5\.4\.2"):
            client.containers.container(container.id).update(health_cmd="true")

# Derived from tests/_async/test_live_bad_input.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Bad input for the methods whose own tests have none: what is gone, and filters that no engine knows."""

from pathlib import Path
from typing import Any

import pytest

from tests._sync._live import client_of, old_client_of
from tests.engines.harness import Engine, Registry
from tests.engines.harness.images import test_image as built_image
from tests.engines.harness.registry import put_image
from tests.live import Relay, Scope
from wharfinger.errors import (
    BadRequest,
    BuildError,
    ContainerNotFound,
    ImageNotFound,
    NotSupported,
    PullError,
    ServerError,
)


@pytest.mark.bad_input("Container.logs", "Container.start", "Container.stop")
def test_a_container_that_is_gone(engine: Engine, scope: Scope) -> None:
    name = scope.name("gone")
    with client_of(engine) as client:
        gone = client.containers.container(name)
        with pytest.raises(ContainerNotFound, match=name):
            gone.logs()
        with pytest.raises(ContainerNotFound, match=name):
            gone.start()
        with pytest.raises(ContainerNotFound, match=name):
            gone.stop()


@pytest.mark.bad_input("Image.reload", "Image.remove", "Image.tag")
def test_an_image_that_is_gone(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("gone")
    with client_of(engine) as client:
        container = client.containers.create(image, "true", labels=scope.labels)
        gone = container.commit(name.removesuffix(":1"), "1")
        client.images.remove(name)
        with pytest.raises(ImageNotFound):
            gone.reload()
        with pytest.raises(ImageNotFound):
            gone.remove()
        with pytest.raises(ImageNotFound):
            gone.tag(name)


@pytest.mark.bad_input("ContainersManager.list", "ImagesManager.list")
def test_a_filter_that_no_engine_knows(engine: Engine) -> None:
    with client_of(engine) as client:
        with pytest.raises((BadRequest, ServerError), match="nonsense"):
            client.containers.list(filters={"nonsense": "x"})
        with pytest.raises((BadRequest, ServerError), match="nonsense"):
            client.images.list(filters={"nonsense": "x"})


@pytest.mark.bad_input("RegistryData.pull", "RegistryData.reload")
def test_what_a_registry_has_no_longer(engine: Engine, registry: Registry, scope: Scope) -> None:
    repository = f"{scope.token}/brief"
    digest = put_image(registry, repository, "1", built_image())
    name = f"{registry.host}/{repository}:1"
    with client_of(engine) as client:
        if engine.name == "podman":
            with pytest.raises(NotSupported):
                client.images.get_registry_data(name)
            return
        found = client.images.get_registry_data(name)
        assert registry.request("DELETE", f"/v2/{repository}/manifests/{digest}")[0] == 202
        with pytest.raises(ImageNotFound):
            found.reload()
        with pytest.raises(PullError):
            found.pull()


@pytest.mark.bad_input("ImagesManager.build")
def test_what_is_nothing_to_build_from(engine: Engine, tmp_path: Path) -> None:
    wrong: Any = 5
    options: Any = {"nonsense": True}
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            with pytest.raises(TypeError, match="path is 5"):
                client.images.build(wrong)
            with pytest.raises(FileNotFoundError, match="nowhere"):
                client.images.build(tmp_path / "nowhere")
            with pytest.raises(TypeError, match="unknown option 'nonsense'"):
                client.images.build(tmp_path, **options)
            assert not [line for line in relay.requests if "/build" in line]
            with pytest.raises(BuildError):
                client.images.build(fileobj="NONSENSE")


@pytest.mark.bad_input("ImagesManager.prune_builds")
def test_builds_are_pruned(engine: Engine) -> None:
    with client_of(engine) as client:
        if engine.name == "podman":
            with pytest.raises(NotSupported, match=r"prune_builds\(\)"):
                client.images.prune_builds()
            return
        with pytest.raises(ValueError, match="keep_storage is 'much'"):
            client.images.prune_builds(keep_storage="much")
        report = client.images.prune_builds({"id": "no-such-id"}, keep_storage="1t")
        assert report == {"CachesDeleted": [], "SpaceReclaimed": 0}
    with old_client_of(engine) as client:
        with pytest.raises(NotSupported, match=r"1\.48"):
            client.images.prune_builds(reserved_space="1g")


@pytest.mark.bad_input(
    "ContainersManager.exists",
    "ImagesManager.exists",
    "NetworksManager.exists",
    "SecretsManager.exists",
    "VolumesManager.exists",
)
def test_what_cannot_exist(engine: Engine) -> None:
    """What is merely not there is False; what is no name is not asked for."""
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            wrong: Any = 5
            with pytest.raises(ValueError, match="empty"):
                client.containers.exists("")
            with pytest.raises(ValueError, match="empty"):
                client.images.exists("")
            with pytest.raises(ValueError, match="empty"):
                client.networks.exists("")
            with pytest.raises(ValueError, match="empty"):
                client.secrets.exists("")
            with pytest.raises(TypeError, match="is 5: expected a str"):
                client.volumes.exists(wrong)
            assert relay.requests == ["GET /_ping"]


@pytest.mark.bad_input(
    "Container.checkpoint",
    "Container.init",
    "Container.mount",
    "Container.restore",
    "Container.unmount",
    "ContainersManager.restore",
)
def test_what_docker_lacks(docker_engine: Engine) -> None:
    with Relay(docker_engine) as relay:
        with client_of(docker_engine, relay.url) as client:
            container = client.containers.container("any")
            with pytest.raises(NotSupported, match="needs Podman"):
                container.checkpoint()
            with pytest.raises(NotSupported, match="needs Podman"):
                container.init()
            with pytest.raises(NotSupported, match="needs Podman"):
                container.mount()
            with pytest.raises(NotSupported, match="needs Podman"):
                container.restore()
            with pytest.raises(NotSupported, match="needs Podman"):
                container.unmount()
            with pytest.raises(NotSupported, match="needs Podman"):
                client.containers.restore(b"")
            assert relay.requests == ["GET /_ping"]

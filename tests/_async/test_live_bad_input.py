"""Bad input for the methods whose own tests have none: what is gone, and filters that no engine knows."""

from pathlib import Path
from typing import Any

import pytest

from tests._async._live import client_of, old_client_of
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
async def test_a_container_that_is_gone(engine: Engine, scope: Scope) -> None:
    name = scope.name("gone")
    async with client_of(engine) as client:
        gone = client.containers.container(name)
        with pytest.raises(ContainerNotFound, match=name):
            await gone.logs()
        with pytest.raises(ContainerNotFound, match=name):
            await gone.start()
        with pytest.raises(ContainerNotFound, match=name):
            await gone.stop()


@pytest.mark.bad_input("Image.reload", "Image.remove", "Image.tag")
async def test_an_image_that_is_gone(engine: Engine, image: str, scope: Scope) -> None:
    name = scope.image("gone")
    async with client_of(engine) as client:
        container = await client.containers.create(image, "true", labels=scope.labels)
        gone = await container.commit(name.removesuffix(":1"), "1")
        await client.images.remove(name)
        with pytest.raises(ImageNotFound):
            await gone.reload()
        with pytest.raises(ImageNotFound):
            await gone.remove()
        with pytest.raises(ImageNotFound):
            await gone.tag(name)


@pytest.mark.bad_input("ContainersManager.list", "ImagesManager.list")
async def test_a_filter_that_no_engine_knows(engine: Engine) -> None:
    async with client_of(engine) as client:
        with pytest.raises((BadRequest, ServerError), match="nonsense"):
            await client.containers.list(filters={"nonsense": "x"})
        with pytest.raises((BadRequest, ServerError), match="nonsense"):
            await client.images.list(filters={"nonsense": "x"})


@pytest.mark.bad_input("RegistryData.pull", "RegistryData.reload")
async def test_what_a_registry_has_no_longer(engine: Engine, registry: Registry, scope: Scope) -> None:
    repository = f"{scope.token}/brief"
    digest = put_image(registry, repository, "1", built_image())
    name = f"{registry.host}/{repository}:1"
    async with client_of(engine) as client:
        if engine.name == "podman":
            with pytest.raises(NotSupported):
                await client.images.get_registry_data(name)
            return
        found = await client.images.get_registry_data(name)
        assert registry.request("DELETE", f"/v2/{repository}/manifests/{digest}")[0] == 202
        with pytest.raises(ImageNotFound):
            await found.reload()
        with pytest.raises(PullError):
            await found.pull()


@pytest.mark.bad_input("ImagesManager.build")
async def test_what_is_nothing_to_build_from(engine: Engine, tmp_path: Path) -> None:
    wrong: Any = 5
    options: Any = {"nonsense": True}
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            with pytest.raises(TypeError, match="path is 5"):
                await client.images.build(wrong)
            with pytest.raises(FileNotFoundError, match="nowhere"):
                await client.images.build(tmp_path / "nowhere")
            with pytest.raises(TypeError, match="unknown option 'nonsense'"):
                await client.images.build(tmp_path, **options)
            assert not [line for line in relay.requests if "/build" in line]
            with pytest.raises(BuildError):
                await client.images.build(fileobj="NONSENSE")


@pytest.mark.bad_input("ImagesManager.prune_builds")
async def test_builds_are_pruned(engine: Engine) -> None:
    async with client_of(engine) as client:
        if engine.name == "podman":
            with pytest.raises(NotSupported, match=r"prune_builds\(\)"):
                await client.images.prune_builds()
            return
        with pytest.raises(ValueError, match="keep_storage is 'much'"):
            await client.images.prune_builds(keep_storage="much")
        report = await client.images.prune_builds({"id": "no-such-id"}, keep_storage="1t")
        assert report == {"CachesDeleted": [], "SpaceReclaimed": 0}
    async with old_client_of(engine) as client:
        with pytest.raises(NotSupported, match=r"1\.48"):
            await client.images.prune_builds(reserved_space="1g")


@pytest.mark.bad_input(
    "ContainersManager.exists",
    "ImagesManager.exists",
    "NetworksManager.exists",
    "SecretsManager.exists",
    "VolumesManager.exists",
)
async def test_what_cannot_exist(engine: Engine) -> None:
    """What is merely not there is False; what is no name is not asked for."""
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            wrong: Any = 5
            with pytest.raises(ValueError, match="empty"):
                await client.containers.exists("")
            with pytest.raises(ValueError, match="empty"):
                await client.images.exists("")
            with pytest.raises(ValueError, match="empty"):
                await client.networks.exists("")
            with pytest.raises(ValueError, match="empty"):
                await client.secrets.exists("")
            with pytest.raises(TypeError, match="is 5: expected a str"):
                await client.volumes.exists(wrong)
            assert relay.requests == ["GET /_ping"]


@pytest.mark.bad_input(
    "Container.checkpoint",
    "Container.init",
    "Container.mount",
    "Container.restore",
    "Container.unmount",
    "ContainersManager.restore",
)
async def test_what_docker_lacks(docker_engine: Engine) -> None:
    with Relay(docker_engine) as relay:
        async with client_of(docker_engine, relay.url) as client:
            container = client.containers.container("any")
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.checkpoint()
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.init()
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.mount()
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.restore()
            with pytest.raises(NotSupported, match="needs Podman"):
                await container.unmount()
            with pytest.raises(NotSupported, match="needs Podman"):
                await client.containers.restore(b"")
            assert relay.requests == ["GET /_ping"]

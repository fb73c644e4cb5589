"""Configs of a real swarm: made, found, changed, removed."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._async._live import client_of
from tests.engines.harness import Engine
from tests.live import Relay, Scope
from wharfinger import AsyncDockerClient
from wharfinger.errors import BadRequest, ConfigNotFound, Conflict, NotSwarmManager

DATA = "a: {{.Node.Hostname}} ✓"


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """A config as the engine's own program shows it."""
    found: list[dict[str, Any]] = json.loads(engine.cli("config", "inspect", name).stdout)
    return found[0]


async def test_made_and_found(swarm_engine: Engine) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    with Scope(swarm_engine) as scope, Relay(swarm_engine) as relay:
        name = scope.config()
        async with AsyncDockerClient(relay.url) as client:
            made = await client.configs.create(name, DATA, labels=["a=b", "c"], templating="golang")
            by_name, by_id = await client.configs.get(name), await client.configs.get(made.id)
            (listed,) = await client.configs.list({"name": name, "label": "a=b"})
            assert await client.configs.exists(name)
            assert not await client.configs.exists(scope.name("other"))
            assert await by_id.inspect() is by_id.attrs
            asked = len(relay.requests)
            for one in (made, by_name, by_id, listed):
                assert (one.name, one.short_id, one.data) == (name, made.id[:12], DATA.encode())
                assert (one.labels, one.templating) == ({"a": "b", "c": ""}, "golang")
                assert one.created_at
                assert before < one.created_at < datetime.now(UTC) + timedelta(seconds=2)
                assert one.updated_at
                assert one.updated_at >= one.created_at
                assert repr(one).endswith(f"Config {made.id[:12]} {name}>")
            assert len(relay.requests) == asked
        told = shown(swarm_engine, name)
        assert (told["ID"], told["Spec"]["Templating"]) == (made.id, {"Name": "golang"})
    assert len({made, by_name, by_id, listed}) == 1
    assert made != made.id


@pytest.mark.bad_input("Config.update")
async def test_labels_are_changed(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            config = await client.configs.create(scope.config(), b"\x00\xff", labels={"a": "b"})
            assert (config.data, config.templating) == (b"\x00\xff", "")
            stale = await client.configs.get(config.id)
            await config.update(labels={"c": "d"})
            assert shown(swarm_engine, config.name)["Spec"]["Labels"] == {"c": "d"} == config.labels
            assert config.version > stale.version
            with pytest.raises(Conflict, match="sequence"):
                await stale.update(labels={})


@pytest.mark.bad_input(
    "Config.inspect", "Config.reload", "Config.remove", "ConfigsManager.get", "ConfigsManager.remove"
)
async def test_removed(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope:
        async with AsyncDockerClient(swarm_engine.url) as client:
            config = await client.configs.create(scope.config("first"), DATA)
            await client.configs.create(scope.config("second"), DATA)
            await client.configs.remove(config)
            await client.configs.remove(scope.name("second"))
            assert scope.token not in swarm_engine.cli("config", "ls").stdout
            with pytest.raises(ConfigNotFound):
                await config.remove()
            with pytest.raises(ConfigNotFound):
                await config.reload()
            with pytest.raises(ConfigNotFound):
                await config.inspect()
            with pytest.raises(ConfigNotFound):
                await client.configs.get(config.name)
            with pytest.raises(ConfigNotFound):
                await client.configs.remove(config.name)


@pytest.mark.bad_input("ConfigsManager.create", "ConfigsManager.exists", "ConfigsManager.list")
async def test_what_is_wrong_is_told(swarm_engine: Engine) -> None:
    with Scope(swarm_engine) as scope, Relay(swarm_engine) as relay:
        name = scope.config()
        async with AsyncDockerClient(relay.url) as client:
            await client.configs.create(name, DATA)
            before = len(relay.requests)
            create: Any = client.configs.create
            wrong: list[tuple[Any, dict[str, Any], str]] = [
                (DATA, {"lables": {}}, "unknown option 'lables'.*did you mean 'labels'"),
                (["a"], {}, "data is of type list, expected bytes"),
                (DATA, {"labels": 1}, "labels is a int"),
                (DATA, {"templating": {"Nam": "a"}}, "Nam"),
            ]
            for data, options, words in wrong:
                with pytest.raises(TypeError, match=words):
                    await create("a", data, **options)
            with pytest.raises(ValueError, match="name is ''"):
                await client.configs.create("", DATA)
            with pytest.raises(ValueError, match="empty"):
                await client.configs.exists("")
            assert len(relay.requests) == before
            with pytest.raises(Conflict, match=name):
                await client.configs.create(name, DATA)
            for called, data in (
                (scope.name("empty"), ""),
                (scope.name("big"), "a" * 1024001),
                ("a/b", DATA),
            ):
                with pytest.raises(BadRequest):
                    await client.configs.create(called, data)
            with pytest.raises(BadRequest, match="nothing"):
                await client.configs.list({"nothing": "1"})


async def test_a_docker_without_a_swarm(docker_engine: Engine) -> None:
    client: Any = client_of(docker_engine)
    async with client:
        with pytest.raises(NotSwarmManager, match="docker swarm init"):
            await client.configs.list()
        with pytest.raises(NotSwarmManager, match="docker swarm init"):
            await client.configs.create("a", DATA)


async def test_what_podman_has_not(podman_engine: Engine) -> None:
    async with client_of(podman_engine) as client:
        assert not {"swarm", "nodes", "configs"} & set(dir(client))

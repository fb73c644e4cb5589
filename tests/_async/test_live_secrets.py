"""Secrets on real engines: made, found, removed. Those of Docker need a swarm, which an engine of our own has."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests._async._live import client_of, ran
from tests.engines.harness import Engine
from tests.live import Relay, Scope
from wharfinger.errors import BadRequest, Conflict, NotSupported, NotSwarmManager, SecretNotFound

DATA = "hush-🤫"


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """A secret as the engine's own program shows it."""
    found: list[dict[str, Any]] = json.loads(engine.cli("secret", "inspect", name).stdout)
    return found[0]


def there(engine: Engine, name: str) -> bool:
    """Whether the engine's own program knows the secret."""
    return engine.cli("secret", "inspect", name, check=False).returncode == 0


async def test_made_and_found(keeper: Engine) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    with Scope(keeper) as scope:
        name = scope.secret()
        async with client_of(keeper) as client:
            made = await client.secrets.create(name, DATA, labels=["a=b", "c"])
            by_name, by_id = await client.secrets.get(name), await client.secrets.get(made.id)
            (listed,) = await client.secrets.list({"name": name})
            assert await client.secrets.exists(name)
            assert not await client.secrets.exists(scope.name("other"))
            assert await by_id.inspect() is by_id.attrs
        assert shown(keeper, name)["ID"] == made.id
    for one in (made, by_name, by_id, listed):
        assert (one.name, one.short_id, one.data) == (name, made.id[:12], None)
        assert one.driver == ("file" if keeper.name == "podman" else "")
        assert one.created_at
        assert before < one.created_at < datetime.now(UTC) + timedelta(seconds=2)
        assert one.updated_at
        assert one.updated_at >= one.created_at
        assert repr(one).endswith(f"Secret {made.id[:12]} {name}>")
        assert DATA not in repr(one) + repr(one.attrs)
    for one in (made, by_name, by_id):
        assert one.labels == {"a": "b", "c": ""}
    assert len({made, by_name, by_id, listed}) == 1
    assert made != made.id


async def test_what_is_kept(engine: Engine, scope: Scope) -> None:
    """Seen by a container, which only Podman gives secrets to; those of Docker are for services."""
    async with client_of(engine) as client:
        if engine.name == "docker":
            with pytest.raises(NotSwarmManager):
                await client.secrets.create(scope.name(), DATA)
            return
        for part, data in (("text", DATA), ("bytes", DATA.encode())):
            name = scope.secret(part)
            await client.secrets.create(name, data, driver="file")
            assert await ran(client, scope, ["cat", f"/run/secrets/{name}"], secrets=[name]) == DATA.encode()


@pytest.mark.bad_input("Secret.update")
async def test_labels_are_changed(keeper: Engine) -> None:
    with Scope(keeper) as scope:
        async with client_of(keeper) as client:
            secret = await client.secrets.create(scope.secret(), DATA, labels={"a": "b"})
            if keeper.name == "podman":
                with pytest.raises(NotSupported, match="updating a secret"):
                    await secret.update(labels={})
                return
            stale = await client.secrets.get(secret.id)
            await secret.update(labels={"c": "d"})
            assert shown(keeper, secret.name)["Spec"]["Labels"] == {"c": "d"} == secret.labels
            await secret.update(labels=["e=f"])
            assert secret.labels == {"e": "f"}
            with pytest.raises(Conflict, match="sequence"):
                await stale.update(labels={})
            assert await client.secrets.list({"label": "e=f"}) == [secret]


@pytest.mark.bad_input(
    "Secret.inspect",
    "Secret.reload",
    "Secret.remove",
    "SecretsManager.get",
    "SecretsManager.remove",
)
async def test_removed(keeper: Engine) -> None:
    with Scope(keeper) as scope:
        first, second = scope.secret("first"), scope.secret("second")
        async with client_of(keeper) as client:
            secret = await client.secrets.create(first, DATA)
            await client.secrets.create(second, DATA)
            await client.secrets.remove(secret)
            await client.secrets.remove(second)
            assert [there(keeper, name) for name in (first, second)] == [False, False]
            with pytest.raises(SecretNotFound):
                await secret.remove()
            with pytest.raises(SecretNotFound):
                await secret.reload()
            with pytest.raises(SecretNotFound):
                await secret.inspect()
            with pytest.raises(SecretNotFound):
                await client.secrets.get(first)
            with pytest.raises(SecretNotFound):
                await client.secrets.remove(first)


@pytest.mark.bad_input("SecretsManager.create", "SecretsManager.get", "SecretsManager.list")
async def test_what_is_wrong_is_told(keeper: Engine) -> None:
    with Scope(keeper) as scope, Relay(keeper) as relay:
        name = scope.secret()
        async with client_of(keeper, relay.url) as client:
            await client.secrets.create(name, DATA)
            before = len(relay.requests)
            create: Any = client.secrets.create
            wrong: list[tuple[Any, dict[str, Any], type[Exception], str]] = [
                (DATA, {"lables": {}}, TypeError, "unknown option 'lables'.*did you mean 'labels'"),
                (["hush"], {}, TypeError, "data is of type list, expected bytes"),
                (DATA, {"labels": 1}, TypeError, "labels is a int"),
                (DATA, {"driver": {"Nam": "a"}}, TypeError, "Nam"),
                (DATA, {"driver": {"Options": {}}}, TypeError, "driver name is None"),
            ]
            if keeper.name == "podman":
                wrong.append((DATA, {"templating": "golang"}, NotSupported, "templating"))
            else:
                wrong.append((DATA, {"driver_opts": {"a": "b"}}, ValueError, "without a driver"))
            for data, options, fault, words in wrong:
                with pytest.raises(fault, match=words) as caught:
                    await create("a", data, **options)
                assert "hush" not in str(caught.value)
            with pytest.raises(NotSupported, match=r"4\.9\.5"):
                await client.secrets.get(name, show_secret=True)
            with pytest.raises(ValueError, match="name is ''"):
                await client.secrets.create("", DATA)
            assert len(relay.requests) == before
            with pytest.raises(Conflict, match=name):
                await client.secrets.create(name, DATA)
            for called, data in (
                (scope.name("empty"), ""),
                (scope.name("large"), "a" * 512000),
                ("a/b", DATA),
            ):
                with pytest.raises(BadRequest) as refused:
                    await client.secrets.create(called, data)
                assert "hush" not in str(refused.value) + repr(refused.value)
            with pytest.raises(BadRequest, match="nothing"):
                await client.secrets.list({"nothing": "1"})
            assert len(await client.secrets.list({"name": scope.token})) == 1


async def test_a_docker_without_a_swarm(docker_engine: Engine) -> None:
    async with client_of(docker_engine) as client:
        calls: Any = (
            client.secrets.list,
            lambda: client.secrets.get("a"),
            lambda: client.secrets.exists("a"),
        )
        for call in calls:
            with pytest.raises(NotSwarmManager, match="docker swarm init") as caught:
                await call()
            assert caught.value.status_code == 503


async def test_no_property_asks_the_engine(keeper: Engine) -> None:
    with Scope(keeper) as scope, Relay(keeper) as relay:
        async with client_of(keeper, relay.url) as client:
            secret = await client.secrets.create(scope.secret(), DATA)
            before = len(relay.requests)
            for name in dir(type(secret)):
                if isinstance(getattr(type(secret), name), property):
                    getattr(secret, name)
            assert len(relay.requests) == before

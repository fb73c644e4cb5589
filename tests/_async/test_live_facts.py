"""What a container's properties tell, of inspect and of lists, on real engines."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell


async def test_of_a_running_container(engine: Engine, image: str, scope: Scope) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    async with client_of(engine) as client:
        container = await started(client, scope, name=scope.name(), ports={"80/tcp": ("127.0.0.1", None)})
        (listed,) = await client.containers.list(filters={"id": container.id})
    # The client is closed: nothing below can ask the engine.
    told = scope.inspect(container.id)
    for one in (container, listed):
        assert (one.id, one.short_id) == (told["Id"], told["Id"][:12])
        assert (one.name, one.status, one.image) == (scope.name(), "running", image)
        assert scope.labels.items() <= one.labels.items()
        assert one.labels["org.wharfinger.test"] == "1"
        (binding,) = one.ports["80/tcp"] or []
        assert binding == told["NetworkSettings"]["Ports"]["80/tcp"][0]
        assert one.created
        assert before < one.created < datetime.now(UTC) + timedelta(seconds=2)
        assert (one.exit_code, one.health) == (None, None)
        assert repr(one).endswith(f"Container {told['Id'][:12]} {scope.name()} running>")
    assert container.started_at
    assert container.created <= container.started_at if container.created else False
    assert container == listed
    assert len({container, listed}) == 1
    assert container != told["Id"]
    assert (container.is_summary, listed.is_summary) == (False, True)


async def test_of_a_container_that_has_ended(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, shell("exit 3"))
        # Podman calls it stopped until it has tidied up.
        await container.wait(condition=of_engine(engine, "not-running", "exited"))
        await container.reload()
        (listed,) = await client.containers.list(all=True, filters={"id": container.id})
    for one in (container, listed):
        assert (one.status, one.exit_code, one.ports) == ("exited", 3, {})


async def test_of_a_container_that_was_never_started(engine: Engine, image: str, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await client.containers.create(image, "true", labels=scope.labels)
        (listed,) = await client.containers.list(all=True, filters={"id": container.id})
        other = await client.containers.create(image, "true", labels=scope.labels)
    for one in (container, listed):
        assert (one.status, one.exit_code, one.started_at) == ("created", None, None)
    assert container != other


async def test_of_a_container_with_a_health_check(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        container = await started(client, scope, healthcheck={"test": "true", "interval": 3600 * 10**9})
        await container.reload()
        assert container.health in ("starting", "healthy")


async def test_no_property_asks_the_engine(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        async with client_of(engine, relay.url) as client:
            container = await started(client, scope)
            image = await client.images.get(container.image)
            (listed,) = await client.containers.list(filters={"id": container.id})
            before = len(relay.requests)
            for one in (container, listed, image, client, client.containers, client.images):
                for name in dir(type(one)):
                    if isinstance(getattr(type(one), name), property | cached_property) and name not in (
                        "api",
                        "compat_api",
                    ):
                        getattr(one, name)
            assert len(relay.requests) == before

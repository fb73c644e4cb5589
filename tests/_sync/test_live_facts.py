# Derived from tests/_async/test_live_facts.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""What a container's properties tell, of inspect and of lists, on real engines."""

from datetime import UTC, datetime, timedelta
from functools import cached_property

from tests._sync._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Relay, Scope, of_engine, shell


def test_of_a_running_container(engine: Engine, image: str, scope: Scope) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    with client_of(engine) as client:
        container = started(client, scope, name=scope.name(), ports={"80/tcp": ("127.0.0.1", None)})
        (listed,) = client.containers.list(filters={"id": container.id})
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


def test_of_a_container_that_has_ended(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, shell("exit 3"))
        # Podman calls it stopped until it has tidied up.
        container.wait(condition=of_engine(engine, "not-running", "exited"))
        container.reload()
        (listed,) = client.containers.list(all=True, filters={"id": container.id})
    for one in (container, listed):
        assert (one.status, one.exit_code, one.ports) == ("exited", 3, {})


def test_of_a_container_that_was_never_started(engine: Engine, image: str, scope: Scope) -> None:
    with client_of(engine) as client:
        container = client.containers.create(image, "true", labels=scope.labels)
        (listed,) = client.containers.list(all=True, filters={"id": container.id})
        other = client.containers.create(image, "true", labels=scope.labels)
    for one in (container, listed):
        assert (one.status, one.exit_code, one.started_at) == ("created", None, None)
    assert container != other


def test_of_a_container_with_a_health_check(engine: Engine, scope: Scope) -> None:
    with client_of(engine) as client:
        container = started(client, scope, healthcheck={"test": "true", "interval": 3600 * 10**9})
        container.reload()
        assert container.health in ("starting", "healthy")


def test_no_property_asks_the_engine(engine: Engine, scope: Scope) -> None:
    with Relay(engine) as relay:
        with client_of(engine, relay.url) as client:
            container = started(client, scope)
            image = client.images.get(container.image)
            (listed,) = client.containers.list(filters={"id": container.id})
            before = len(relay.requests)
            for one in (container, listed, image, client, client.containers, client.images):
                for name in dir(type(one)):
                    if isinstance(getattr(type(one), name), property | cached_property) and name not in (
                        "api",
                        "compat_api",
                    ):
                        getattr(one, name)
            assert len(relay.requests) == before

"""Quadlets on a real Podman, which has had them in its API since 5.8.

The engine asks systemd of nearly everything. Where the tests run there is none, but for a peer that knows no unit.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._async._live import spoken
from tests.engines.harness import Engine
from tests.fake_systemd import FakeSystemd
from tests.live import Relay, Scope, seen_by
from wharfinger import AsyncPodmanClient
from wharfinger._core.negotiation import version_key
from wharfinger.errors import BadRequest, Conflict, NotFound, NotSupported, ServerError

FOLDER = "/etc/containers/systemd"
TEXT = "[Container]\nImage=localhost/nothing:1\n"


@pytest.fixture
def engine(podman_engine: Engine) -> Engine:
    """Docker has no quadlets."""
    return podman_engine


@pytest.fixture
def placed(engine: Engine, scope: Scope) -> Iterator[str]:
    """The name of a quadlet that somebody has put where systemd finds it."""
    folder = seen_by(engine, FOLDER)
    made = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{scope.name()}.container"
    file.write_text(TEXT)
    yield file.name
    file.unlink()
    if made:
        folder.rmdir()


def has_quadlets(engine: Engine) -> bool:
    return version_key(spoken(engine)) >= version_key("5.8.2")


@pytest.mark.bad_input(
    "QuadletsManager.exists",
    "QuadletsManager.get",
    "QuadletsManager.get_contents",
    "QuadletsManager.install",
    "QuadletsManager.list",
    "QuadletsManager.remove",
)
async def test_without_systemd(engine: Engine, placed: str) -> None:
    """What needs none works, and what needs it says so; an older engine is asked nothing."""
    absent = f"no-{placed}"
    kind: type[Exception] = NotSupported
    words, newer = r"Podman API 5\.7\.1", r"Podman API 5\.8\.2"
    if has_quadlets(engine):
        kind, words = ServerError, "systemd"
        newer = words
    with Relay(engine) as relay:
        async with AsyncPodmanClient(relay.url) as client:
            quadlets = client.quadlets
            for call in (
                lambda: quadlets.get(placed),
                quadlets.list,
                lambda: quadlets.list({"name": placed}),
            ):
                with pytest.raises(kind, match=words):
                    await call()
            with pytest.raises(kind, match=words):
                await quadlets.get(placed)
            with pytest.raises(kind, match=words):
                await quadlets.list()
            with pytest.raises(kind, match=newer):
                await quadlets.install({placed: TEXT}, replace=True, reload_systemd=False)
            with pytest.raises(kind, match=newer):
                await quadlets.remove(placed, reload_systemd=False)
            with pytest.raises(kind, match=newer):
                await quadlets.remove(all=True)
            if not has_quadlets(engine):
                with pytest.raises(NotSupported, match=newer):
                    await quadlets.exists(placed)
                with pytest.raises(NotSupported, match=newer):
                    await quadlets.get_contents(placed)
                assert [line for line in relay.requests if "quadlets" in line] == []
                return
            assert await quadlets.exists(placed)
            assert not await quadlets.exists(absent)
            assert await quadlets.get_contents(placed) == TEXT
            with pytest.raises(NotFound, match=absent):
                await quadlets.get_contents(absent)


@pytest.mark.bad_input(
    "Quadlet.get_contents",
    "Quadlet.reload",
    "Quadlet.remove",
    "QuadletsManager.get",
    "QuadletsManager.install",
    "QuadletsManager.list",
    "QuadletsManager.remove",
)
async def test_installed_and_removed(engine: Engine, scope: Scope, tmp_path: Path) -> None:
    if not has_quadlets(engine):
        return
    name, asset = scope.name() + ".container", scope.name() + ".env"
    (tmp_path / name).write_text(TEXT)
    folder = seen_by(engine, FOLDER)
    with FakeSystemd(seen_by(engine, "/run/systemd/private")) as systemd:
        async with AsyncPodmanClient(engine.url) as client:
            quadlets = client.quadlets
            made = await quadlets.install([tmp_path / name, (asset, "A=b")])
            assert made == {name: f"{FOLDER}/{name}", asset: f"{FOLDER}/{asset}"}
            assert (folder / name).read_text() == TEXT
            assert (folder / asset).read_text() == "A=b"
            assert "Reload" in systemd.calls
            systemd.calls.clear()
            with pytest.raises(Conflict, match="already exists"):
                await quadlets.install((name, "[Container]\n"), reload_systemd=False)
            await quadlets.install((name, TEXT + "#\n"), replace=True, reload_systemd=False)
            assert "Reload" not in systemd.calls
            assert (folder / name).read_text() == TEXT + "#\n"
            one = await quadlets.get(name)
            assert (one.name, one.unit_name, one.path) == (
                name,
                scope.name() + ".service",
                f"{FOLDER}/{name}",
            )
            assert (one.status, one.application) == ("Not loaded", f".{name}.app")
            assert repr(one).endswith(f"Quadlet {name}>")
            assert await one.get_contents() == TEXT + "#\n"
            assert await quadlets.list({"name": scope.token}) == [one]
            assert one in await quadlets.list()
            with pytest.raises(BadRequest, match="nme"):
                await quadlets.list({"nme": "a"})
            assert await quadlets.remove(one, force=True, reload_systemd=False) == [name]
            assert not (folder / name).exists()
            with pytest.raises(NotFound, match=name):
                await one.reload()
            with pytest.raises(NotFound, match=name):
                await one.get_contents()
            with pytest.raises(NotFound, match=name):
                await one.remove()
            with pytest.raises(NotFound, match=name):
                await quadlets.get(name)
            with pytest.raises(NotFound, match=name):
                await quadlets.remove(name)
            assert await one.remove(ignore=True) == [name]


@pytest.mark.bad_input(
    "QuadletsManager.exists",
    "QuadletsManager.get",
    "QuadletsManager.get_contents",
    "QuadletsManager.install",
    "QuadletsManager.remove",
)
async def test_what_is_wrong_is_told(engine: Engine, tmp_path: Path) -> None:
    """Before anything is sent."""
    both = [tmp_path / "a.container", ("b.volume", "[Volume]")]
    with Relay(engine) as relay:
        async with AsyncPodmanClient(relay.url) as client:
            await client.ping()
            before = len(relay.requests)
            quadlets: Any = client.quadlets
            for wrong, fault, words in (
                ([], ValueError, "none of"),
                ({"a.env": "A=b"}, ValueError, r"\.container"),
                (both, ValueError, "one at a time"),
                ([("a.env", "1"), ("a.env", "2")], ValueError, "two files"),
                ({"a/b.container": TEXT}, ValueError, "without a folder"),
                (1, TypeError, "files is 1"),
                ([1], TypeError, "a file is 1"),
                ({"a.container": 1}, TypeError, "a file is"),
            ):
                with pytest.raises(fault, match=words):
                    await quadlets.install(wrong)
            for name in ("web", "a/b.container", ""):
                with pytest.raises(ValueError, match="quadlet's name"):
                    await quadlets.exists(name)
                with pytest.raises(ValueError, match="quadlet's name"):
                    await quadlets.get(name)
                with pytest.raises(ValueError, match="quadlet's name"):
                    await quadlets.get_contents(name)
                with pytest.raises(ValueError, match="quadlet's name"):
                    await quadlets.remove(name)
            contradictions: list[dict[str, Any]] = [{}, {"name": "a.container", "all": True}]
            for contradiction in contradictions:
                with pytest.raises(ValueError, match="one of them"):
                    await quadlets.remove(**contradiction)
            assert len(relay.requests) == before

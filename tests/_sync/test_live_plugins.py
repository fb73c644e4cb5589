# Derived from tests/_async/test_live_plugins.py
# by `python -m codegen.unasync`: change that file, not this one.
# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there
"""Plugins of a real Docker: made, sent to a registry and got from there, configured, switched, removed."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines.harness import Engine, Registry
from tests.live import Scope
from tests.live_plugins import answering, plugin_folder
from wharfinger import DockerClient
from wharfinger._core.tar import tar_files
from wharfinger.errors import (
    BadRequest,
    Conflict,
    PluginNotFound,
    PullError,
    PushError,
)
from wharfinger.types import PullProgress, PushProgress


def shown(engine: Engine, name: str) -> dict[str, Any]:
    """A plugin as the engine's own program shows it."""
    found: list[dict[str, Any]] = json.loads(engine.cli("plugin", "inspect", name).stdout)
    return found[0]


def pieces(folder: Path) -> Iterator[bytes]:
    """A plugin's tar, in pieces."""
    yield from tar_files({part: folder / part for part in ("config.json", "rootfs")})


@pytest.mark.bad_input("Plugin.configure", "Plugin.disable", "Plugin.enable", "PluginsManager.create")
def test_made_and_switched(docker_engine: Engine, tmp_path: Path) -> None:
    with Scope(docker_engine) as scope:
        name = scope.plugin()
        folder = plugin_folder(tmp_path)
        with DockerClient(docker_engine.url) as client:
            with pytest.raises(FileNotFoundError, match="rootfs"):
                client.plugins.create(name, tmp_path / "rootfs" / "bin")
            with pytest.raises(BadRequest):
                client.plugins.create("A b", folder)
            with pytest.raises(BadRequest):
                client.plugins.create(name, b"nothing")
            made = client.plugins.create(name, folder)
            with pytest.raises(Conflict, match="already exists"):
                client.plugins.create(name, str(folder))
            assert (made.id, made.name) == (shown(docker_engine, name)["Id"], f"{name}:latest")
            assert (made.enabled, made.short_id) == (False, made.id[:12])
            assert made.settings["Env"] == ["A=b"]
            assert repr(made).endswith(f"Plugin {made.short_id} {name}:latest>")
            assert made in client.plugins.list()
            assert made not in client.plugins.list({"enabled": True})
            assert len({made, client.plugins.get(name), client.plugins.get(made.id)}) == 1
            made.configure({"A": "c"})
            assert shown(docker_engine, name)["Settings"]["Env"] == ["A=c"] == made.settings["Env"]
            made.configure(["A=d"])
            assert made.inspect() is made.attrs
            assert made.settings["Env"] == ["A=d"]
            with pytest.raises(BadRequest, match="not found in the plugin configuration"):
                made.configure(["B=d"])
            with pytest.raises(Conflict, match="already disabled"):
                made.disable()
            with answering(docker_engine, made.id):
                made.enable(timeout=5)
                assert made.enabled
                assert shown(docker_engine, name)["Enabled"]
                with pytest.raises(Conflict, match="already enabled"):
                    made.enable()
                with pytest.raises(Conflict, match="active"):
                    made.configure({"A": "e"})
                with pytest.raises(Conflict, match="is enabled"):
                    made.remove()
                made.disable(force=True)
            assert not made.enabled
            made.remove()
            assert docker_engine.cli("plugin", "inspect", name, check=False).returncode


@pytest.mark.bad_input("PluginsManager.install", "PluginsManager.privileges", "Plugin.push", "Plugin.upgrade")
def test_sent_and_got(docker_engine: Engine, registry: Registry, tmp_path: Path) -> None:
    with Scope(docker_engine) as scope:
        remote = scope.plugin(at=f"{registry.host}/")
        local = scope.plugin("local")
        with DockerClient(docker_engine.url) as client:
            made = client.plugins.create(remote, pieces(plugin_folder(tmp_path)))
            sent: list[PushProgress] = []
            assert made.push(progress=sent.append) == tuple(sent)
            assert sent
            client.plugins.remove(made)
            asked = client.plugins.privileges(remote)
            assert [(one["Name"], one["Value"]) for one in asked] == [("network", ["host"])]
            got: list[PullProgress] = []
            found = client.plugins.install(remote, local, privileges=asked, progress=got.append)
            assert got
            assert (found.name, found.enabled) == (f"{local}:latest", False)
            assert found.plugin_reference == shown(docker_engine, local)["PluginReference"]
            assert client.plugins.exists(local)
            with pytest.raises(PullError):
                client.plugins.install(remote, local)
            assert (found.upgrade(remote))[0].status
            assert found.upgrade()
            with pytest.raises(PullError, match="privileges"):
                found.upgrade(privileges=[])
            with pytest.raises(PushError):
                found.push()
            client.plugins.remove(local)
            with pytest.raises(PullError, match="privileges"):
                client.plugins.install(remote, local, privileges=[])
            assert not client.plugins.exists(local)
            assert client.plugins.privileges(f"{remote}:none") == []
            with pytest.raises(ValueError, match="image name"):
                client.plugins.privileges("A b")
            with pytest.raises(PullError):
                client.plugins.install(f"{remote}:none")
            with pytest.raises(ValueError, match="image name"):
                client.plugins.install("A b")


@pytest.mark.bad_input(
    "Plugin.inspect",
    "Plugin.reload",
    "Plugin.remove",
    "PluginsManager.exists",
    "PluginsManager.get",
    "PluginsManager.list",
    "PluginsManager.remove",
)
def test_removed(docker_engine: Engine, tmp_path: Path) -> None:
    with Scope(docker_engine) as scope:
        with DockerClient(docker_engine.url) as client:
            made = client.plugins.create(scope.plugin(), plugin_folder(tmp_path))
            client.plugins.remove(made.name, force=True)
            with pytest.raises(PluginNotFound):
                made.reload()
            with pytest.raises(PluginNotFound):
                made.inspect()
            with pytest.raises(PluginNotFound):
                made.remove()
            with pytest.raises(PluginNotFound):
                client.plugins.get(made.name)
            with pytest.raises(PluginNotFound):
                client.plugins.remove(made)
            with pytest.raises(ValueError, match="empty"):
                client.plugins.exists("")
            with pytest.raises(BadRequest, match="nothing"):
                client.plugins.list({"nothing": "1"})

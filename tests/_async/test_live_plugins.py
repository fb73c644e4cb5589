"""Plugins of a real Docker: made, sent to a registry and got from there, configured, switched, removed."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines.harness import Engine, Registry
from tests.live import Scope
from tests.live_plugins import answering, plugin_folder
from wharfinger import AsyncDockerClient
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


async def pieces(folder: Path) -> AsyncIterator[bytes]:
    """A plugin's tar, in pieces."""
    for piece in tar_files({part: folder / part for part in ("config.json", "rootfs")}):
        yield piece


@pytest.mark.bad_input("Plugin.configure", "Plugin.disable", "Plugin.enable", "PluginsManager.create")
async def test_made_and_switched(docker_engine: Engine, tmp_path: Path) -> None:
    with Scope(docker_engine) as scope:
        name = scope.plugin()
        folder = plugin_folder(tmp_path)
        async with AsyncDockerClient(docker_engine.url) as client:
            with pytest.raises(FileNotFoundError, match="rootfs"):
                await client.plugins.create(name, tmp_path / "rootfs" / "bin")
            with pytest.raises(BadRequest):
                await client.plugins.create("A b", folder)
            with pytest.raises(BadRequest):
                await client.plugins.create(name, b"nothing")
            made = await client.plugins.create(name, folder)
            with pytest.raises(Conflict, match="already exists"):
                await client.plugins.create(name, str(folder))
            assert (made.id, made.name) == (shown(docker_engine, name)["Id"], f"{name}:latest")
            assert (made.enabled, made.short_id) == (False, made.id[:12])
            assert made.settings["Env"] == ["A=b"]
            assert repr(made).endswith(f"Plugin {made.short_id} {name}:latest>")
            assert made in await client.plugins.list()
            assert made not in await client.plugins.list({"enabled": True})
            assert len({made, await client.plugins.get(name), await client.plugins.get(made.id)}) == 1
            await made.configure({"A": "c"})
            assert shown(docker_engine, name)["Settings"]["Env"] == ["A=c"] == made.settings["Env"]
            await made.configure(["A=d"])
            assert await made.inspect() is made.attrs
            assert made.settings["Env"] == ["A=d"]
            with pytest.raises(BadRequest, match="not found in the plugin configuration"):
                await made.configure(["B=d"])
            with pytest.raises(Conflict, match="already disabled"):
                await made.disable()
            with answering(docker_engine, made.id):
                await made.enable(timeout=5)
                assert made.enabled
                assert shown(docker_engine, name)["Enabled"]
                with pytest.raises(Conflict, match="already enabled"):
                    await made.enable()
                with pytest.raises(Conflict, match="active"):
                    await made.configure({"A": "e"})
                with pytest.raises(Conflict, match="is enabled"):
                    await made.remove()
                await made.disable(force=True)
            assert not made.enabled
            await made.remove()
            assert docker_engine.cli("plugin", "inspect", name, check=False).returncode


@pytest.mark.bad_input("PluginsManager.install", "PluginsManager.privileges", "Plugin.push", "Plugin.upgrade")
async def test_sent_and_got(docker_engine: Engine, registry: Registry, tmp_path: Path) -> None:
    with Scope(docker_engine) as scope:
        remote = scope.plugin(at=f"{registry.host}/")
        local = scope.plugin("local")
        async with AsyncDockerClient(docker_engine.url) as client:
            made = await client.plugins.create(remote, pieces(plugin_folder(tmp_path)))
            sent: list[PushProgress] = []
            assert await made.push(progress=sent.append) == tuple(sent)
            assert sent
            await client.plugins.remove(made)
            asked = await client.plugins.privileges(remote)
            assert [(one["Name"], one["Value"]) for one in asked] == [("network", ["host"])]
            got: list[PullProgress] = []
            found = await client.plugins.install(remote, local, privileges=asked, progress=got.append)
            assert got
            assert (found.name, found.enabled) == (f"{local}:latest", False)
            assert found.plugin_reference == shown(docker_engine, local)["PluginReference"]
            assert await client.plugins.exists(local)
            with pytest.raises(PullError):
                await client.plugins.install(remote, local)
            assert (await found.upgrade(remote))[0].status
            assert await found.upgrade()
            with pytest.raises(PullError, match="privileges"):
                await found.upgrade(privileges=[])
            with pytest.raises(PushError):
                await found.push()
            await client.plugins.remove(local)
            with pytest.raises(PullError, match="privileges"):
                await client.plugins.install(remote, local, privileges=[])
            assert not await client.plugins.exists(local)
            assert await client.plugins.privileges(f"{remote}:none") == []
            with pytest.raises(ValueError, match="image name"):
                await client.plugins.privileges("A b")
            with pytest.raises(PullError):
                await client.plugins.install(f"{remote}:none")
            with pytest.raises(ValueError, match="image name"):
                await client.plugins.install("A b")


@pytest.mark.bad_input(
    "Plugin.inspect",
    "Plugin.reload",
    "Plugin.remove",
    "PluginsManager.exists",
    "PluginsManager.get",
    "PluginsManager.list",
    "PluginsManager.remove",
)
async def test_removed(docker_engine: Engine, tmp_path: Path) -> None:
    with Scope(docker_engine) as scope:
        async with AsyncDockerClient(docker_engine.url) as client:
            made = await client.plugins.create(scope.plugin(), plugin_folder(tmp_path))
            await client.plugins.remove(made.name, force=True)
            with pytest.raises(PluginNotFound):
                await made.reload()
            with pytest.raises(PluginNotFound):
                await made.inspect()
            with pytest.raises(PluginNotFound):
                await made.remove()
            with pytest.raises(PluginNotFound):
                await client.plugins.get(made.name)
            with pytest.raises(PluginNotFound):
                await client.plugins.remove(made)
            with pytest.raises(ValueError, match="empty"):
                await client.plugins.exists("")
            with pytest.raises(BadRequest, match="nothing"):
                await client.plugins.list({"nothing": "1"})

"""What real engines tell of themselves, as values that are mappings too."""

import json

from tests._async._live import client_of, started
from tests.engines.harness import Engine
from tests.live import Scope, of_engine
from wharfinger.types import SwarmState


async def test_version(engine: Engine) -> None:
    async with client_of(engine) as client:
        told = await client.version()
    assert (told.engine, told.version) == (engine.name, engine.version)
    assert told.api_version == (engine.libpod_version or engine.api_version)
    assert told.min_api_version
    # As docker-py and podman-py have it.
    assert (told["Version"], told["ApiVersion"]) == (engine.version, engine.api_version)
    assert (told["Os"], told["Arch"]) == (told.os, told.arch)
    assert set(told) == set(told.attrs)
    assert len(told) == len(told.attrs)
    assert "attrs" not in repr(told)


async def test_info(engine: Engine, scope: Scope) -> None:
    async with client_of(engine) as client:
        await started(client, scope)
        told = await client.info()
    shown = json.loads(
        engine.cli("info", "--format", "json" if engine.name == "podman" else "{{json .}}").stdout
    )
    assert (told.engine, told.version) == (engine.name, engine.version)
    assert told.containers == told.running + told.paused + told.stopped
    assert told.running >= 1 <= told.images
    host = of_engine(engine, shown, shown.get("host"))
    names = of_engine(engine, ("NCPU", "MemTotal", "KernelVersion"), ("cpus", "memTotal", "kernel"))
    assert [told.cpus, told.memory, told.kernel] == [host[name] for name in names]
    assert told.hostname == host[of_engine(engine, "Name", "hostname")]
    root = of_engine(engine, shown.get("DockerRootDir"), shown.get("store", {}).get("graphRoot"))
    assert (told.root_dir, told.storage_driver) == (root, of_engine(engine, "overlay2", "overlay"))
    assert (told.cgroup_driver, told.cgroup_version, told.rootless) == ("cgroupfs", 1, False)
    assert "debian" in told.operating_system.lower()
    assert bool(told.id) == (engine.name == "docker")
    assert told.swarm == SwarmState()
    # As docker-py and podman-py have it.
    assert told[of_engine(engine, "ServerVersion", "version")]
    assert set(told) == set(told.attrs)
    assert len(told) == len(told.attrs)
    assert "attrs" not in repr(told)

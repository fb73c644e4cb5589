"""What importing and making a client cost, and a first reply on top, over a bare interpreter, in fresh ones in turn."""

from __future__ import annotations

import statistics
import subprocess
import time
from typing import Any

from benchmarks.running import Environment

_BARE = "bare"
_CLIENTS = {
    "ours": "import wharfinger; wharfinger.DockerClient('{at}')",
    "ours_async": "import wharfinger; wharfinger.AsyncDockerClient('{at}')",
    "docker_py": "import docker; docker.DockerClient('{at}', version='1.41')",
    "podman_py": "import podman; podman.PodmanClient(base_url='{at}')",
    "aiodocker_peer": "import asyncio, aiodocker\n"
    "async def f(): await aiodocker.Docker('{at}').close()\n"
    "asyncio.run(f())",
    "stock_httpx": "import httpx",
}
# Each finds out which version to speak, as it does by default.
_REPLIES = {
    "ours": "import wharfinger; wharfinger.DockerClient('{at}').containers.list()",
    "ours_async": "import asyncio, wharfinger\n"
    "async def f():\n"
    "    async with wharfinger.AsyncDockerClient('{at}') as client: await client.containers.list()\n"
    "asyncio.run(f())",
    "docker_py": "import docker; docker.DockerClient('{at}').containers.list()",
    "aiodocker_peer": "import asyncio, aiodocker\n"
    "async def f():\n"
    "    async with aiodocker.Docker('{at}') as client: await client.containers.list()\n"
    "asyncio.run(f())",
}
_NOWHERE = "unix:///run/docker.sock"


def measured(environment: Environment, rounds: int) -> list[dict[str, Any]]:
    """Of importing and making a client."""
    rows = _measured(environment, rounds, _CLIENTS, _NOWHERE)
    return [{"workload": "imports", "title": "import and make a client", **row, "goal": 0.4} for row in rows]


def first_replies(environment: Environment, rounds: int, address: str) -> list[dict[str, Any]]:
    """Of a program that lists containers and ends."""
    rows = _measured(environment, rounds, _REPLIES, address)
    title = "import, make a client, list containers"
    return [{"workload": "first_reply", "title": title, **row} for row in rows]


def _measured(
    environment: Environment, rounds: int, cases: dict[str, str], address: str
) -> list[dict[str, Any]]:
    """Seconds over a bare interpreter (median) and modules, of each."""
    codes = {_BARE: "pass", **{name: code.format(at=address) for name, code in cases.items()}}
    times: dict[str, list[float]] = {name: [] for name in codes}
    modules = {name: _modules(environment, name, code) for name, code in codes.items()}
    for _ in range(rounds):
        for name, code in codes.items():
            start = time.perf_counter()
            _run(environment, name, code)
            times[name].append(time.perf_counter() - start)
    bare = statistics.median(times.pop(_BARE))
    return [
        {
            "place": "process",
            "unit": "ms",
            "peer": name,
            "seconds": statistics.median(found) - bare,
            "value": (statistics.median(found) - bare) * 1e3,
            "modules": modules[name],
        }
        for name, found in times.items()
    ]


def _run(environment: Environment, name: str, code: str) -> str:
    command = [environment.python(name), "-c", code]
    variables = environment.variables(name)
    return subprocess.run(command, env=variables, check=True, capture_output=True, text=True).stdout


def _modules(environment: Environment, name: str, code: str) -> int:
    return int(_run(environment, name, f"{code}\nimport sys; print(len(sys.modules))"))

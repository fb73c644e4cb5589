"""What importing and making a client cost, over a bare interpreter, in fresh ones in turn."""

from __future__ import annotations

import statistics
import subprocess
import time
from typing import Any

from benchmarks.running import Environment

_SOCKET = "unix:///run/docker.sock"
_CASES = {
    "bare": "pass",
    "ours": f"import wharfinger; wharfinger.DockerClient('{_SOCKET}')",
    "ours_async": f"import wharfinger; wharfinger.AsyncDockerClient('{_SOCKET}')",
    "docker_py": f"import docker; docker.DockerClient('{_SOCKET}', version='1.41')",
    "podman_py": f"import podman; podman.PodmanClient(base_url='{_SOCKET}')",
    "aiodocker_peer": "import asyncio, aiodocker\n"
    f"async def f(): await aiodocker.Docker('{_SOCKET}').close()\n"
    "asyncio.run(f())",
    "stock_httpx": "import httpx",
}


def measured(environment: Environment, rounds: int) -> list[dict[str, Any]]:
    """Seconds over a bare interpreter (median) and modules, of each."""
    times: dict[str, list[float]] = {name: [] for name in _CASES}
    modules = {name: _modules(environment, name) for name in _CASES}
    for _ in range(rounds):
        for name, code in _CASES.items():
            start = time.perf_counter()
            _run(environment, name, code)
            times[name].append(time.perf_counter() - start)
    bare = statistics.median(times.pop("bare"))
    return [
        {
            "workload": "imports",
            "title": "import and make a client",
            "place": "process",
            "unit": "ms",
            "peer": name,
            "seconds": statistics.median(found) - bare,
            "value": (statistics.median(found) - bare) * 1e3,
            "modules": modules[name],
            "goal": 0.4,
        }
        for name, found in times.items()
    ]


def _run(environment: Environment, name: str, code: str) -> str:
    command = [environment.python(name), "-c", code]
    variables = environment.variables(name)
    return subprocess.run(command, env=variables, check=True, capture_output=True, text=True).stdout


def _modules(environment: Environment, name: str) -> int:
    return int(_run(environment, name, f"{_CASES[name]}\nimport sys; print(len(sys.modules))"))

"""What importing costs, over a bare interpreter: `python -m benchmarks.imports`.

Every case runs in fresh interpreters, in turn with the others, so that the ratios hold however busy the machine is.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

ROUNDS = 15
BARE = "pass"
CASES = {
    "bare interpreter": BARE,
    "import wharfinger": "import wharfinger",
    "+ DockerClient": "import wharfinger; wharfinger.DockerClient('unix:///run/docker.sock')",
    "one operation": "import wharfinger_api.docker.api.container.container_inspect",
    "one model": "from wharfinger_api.docker.models import ContainerInspectResponse",
    "httpx alone": "import httpx",
}


def main() -> None:
    """Measures every case and prints a table."""
    times: dict[str, list[float]] = {name: [] for name in CASES}
    for _ in range(ROUNDS):
        for name, code in CASES.items():
            times[name].append(_run(code))
    bare = statistics.median(times["bare interpreter"])
    print(f"{'':20} {'median':>9} {'over bare':>10} {'modules':>8}")
    for name, code in CASES.items():
        median = statistics.median(times[name])
        print(f"{name:20} {median * 1e3:7.1f}ms {(median - bare) * 1e3:8.1f}ms {_modules(code):8}")


def _run(code: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def _modules(code: str) -> int:
    counted = f"{code}\nimport sys; print(len(sys.modules))"
    return int(subprocess.run([sys.executable, "-c", counted], check=True, capture_output=True).stdout)


if __name__ == "__main__":
    main()

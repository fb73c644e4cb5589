"""pytest, with a second look at what failed: `python -m tests.engines.second_look [ARGUMENT of pytest …]`.

Two real engines, a busy machine and thousands of tests: now and then one meets a moment that it did not expect. A few
that failed run once more, alone and with engines started anew. What fails again has failed; what passes then is named
at the end, for somebody to find out why. More than a few are never a matter of moments, and do not run again.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
A_FEW = 5
TESTS_FAILED = 1


def look(arguments: Sequence[str], *, environment: dict[str, str] | None = None, folder: Path = ROOT) -> int:
    """Runs pytest, and again what failed if that is little.

    Args:
        arguments: pytest's.
        environment: Of both runs; this process' unless given.
        folder: Where they run.

    Returns:
        pytest's exit code: of the second run, where there was one.
    """
    with tempfile.TemporaryDirectory() as cache:
        pytest = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}"]

        def run(*more: str) -> int:
            command = [*pytest, *more]
            return subprocess.run(
                command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, check=False
            ).returncode

        code = run(*arguments)
        failed = _failed(Path(cache))
        if code != TESTS_FAILED or not 0 < len(failed) <= A_FEW:
            return code
        print(f"\n=== {len(failed)} failed, a second look with new engines", flush=True)
        code = run(*failed)
        for test in sorted(set(failed) - set(_failed(Path(cache)))):
            print(f"UNSTEADY (failed, then passed): {test}", flush=True)
        return code


def _failed(cache: Path) -> list[str]:
    told = cache / "v/cache/lastfailed"
    return list(json.loads(told.read_text())) if told.exists() else []


if __name__ == "__main__":
    sys.exit(look(sys.argv[1:]))

"""Keeps engines running between test runs: `python -m tests.engines.harness up [--dir DIR] [--suite SUITE]`."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

from tests.engines.harness.errors import HarnessError
from tests.engines.harness.lab import (
    LOGIN_REGISTRY_VARIABLE,
    REGISTRY_VARIABLE,
    SUITE_VARIABLE,
    VARIABLE_OF_ENGINE,
    Lab,
)
from tests.engines.harness.suites import SUITES


def main() -> int:
    """Start everything, print how to use it, and stay until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m tests.engines.harness", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser(
        "up", help="start both engines and the registries; they run until Ctrl-C or SIGTERM"
    )
    up.add_argument(
        "--dir", type=Path, help="keep everything here (a new or empty folder; deleted at the end)"
    )
    up.add_argument("--suite", choices=SUITES, help="engines of another Debian release than this machine's")
    arguments = parser.parse_args()
    folder: Path | None = arguments.dir
    suite: str | None = arguments.suite
    signal.signal(signal.SIGTERM, _interrupt)
    lab = Lab(folder.resolve() if folder else None, {SUITE_VARIABLE: suite} if suite else None)
    try:
        _print_exports(lab)
        signal.pause()
    except KeyboardInterrupt:
        print("Ending the engines.", file=sys.stderr)
    except HarnessError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        lab.close()
    return 0


def _print_exports(lab: Lab) -> None:
    lines = [f"{variable}={lab.engine(name).socket}" for name, variable in VARIABLE_OF_ENGINE.items()]
    lines.append(f"{REGISTRY_VARIABLE}={lab.registry().host}")
    lines.append(f"{LOGIN_REGISTRY_VARIABLE}={lab.registry(with_login=True).host}")
    for line in lines:
        print(f"export {line}", flush=True)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

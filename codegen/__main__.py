"""`python -m codegen`: generate the bindings and derive the synchronous sources, or check that they are up to date.

python -m codegen                          write generated/ and the derived _sync sources
python -m codegen --check                  compare whole trees instead, and fail on any difference
python -m codegen vendor docker FILE|URL   take an upstream description into spec/
python -m codegen diff docker 1.51 1.55    what one version of an API brings over another
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from codegen import diff, vendor
from codegen.errors import CodegenError


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; an error that the caller can put right is told without a traceback."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.command == "vendor":
            return vendor.run(options)
        if options.command == "diff":
            return diff.run(options)
        return _generate(check=options.check)
    except CodegenError as error:
        print(f"codegen: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m codegen", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if what is checked in is not up to date"
    )
    commands = parser.add_subparsers(dest="command", metavar="vendor | diff")
    vendor.add_arguments(commands.add_parser("vendor", help="take an upstream description into spec/"))
    diff.add_arguments(commands.add_parser("diff", help="what one version of an API brings over another"))
    return parser


def _generate(*, check: bool) -> int:
    # Imported here: the generator takes a second to load, which vendor and diff need not wait for.
    from codegen import build

    with tempfile.TemporaryDirectory() as folder:
        fresh = build.build(Path(folder))
        if not check:
            build.install(fresh)
            return 0
        problems = build.differences(fresh)
    for line in problems:
        print(line, file=sys.stderr)
    if problems:
        print("codegen: not up to date; run: python -m codegen", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m codegen`: generate the bindings and derive the synchronous sources, or check them.

Commands:
    python -m codegen                          write generated/ and the derived _sync sources
    python -m codegen --check                  compare whole trees instead, and fail on any difference
    python -m codegen vendor docker FILE|URL   take an upstream description into spec/
    python -m codegen diff docker 1.51 1.55    what one version of an API brings over another

The exit code is 1 where a check has found something, and 2 for an error that the caller can put right.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from codegen import diff, vendor
from codegen.errors import CodegenError
from codegen.specs import ROOT


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; an error that the caller can put right is told without a traceback."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "vendor":
            return vendor.run(options)
        if options.command == "diff":
            return diff.run(options)
        return _generate(options.root, check=options.check)
    except CodegenError as error:
        said = str(error)
    except OSError as error:
        said = f"{error.filename or 'the disk'}: {error.strerror or error}; nothing was changed"
    print(f"codegen: {said}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen", description="Generate the bindings and the derived sources, or check them."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if anything is not up to date"
    )
    parser.add_argument(
        "--root", type=Path, default=ROOT, help="the checkout to work on; this one unless given"
    )
    commands = parser.add_subparsers(dest="command", metavar="vendor | diff")
    vendor.add_arguments(commands.add_parser("vendor", help="take an upstream description into spec/"))
    diff.add_arguments(commands.add_parser("diff", help="what one version of an API brings over another"))
    return parser


def _generate(root: Path, *, check: bool) -> int:
    # The generator takes a second to load, which vendor and diff need not wait for.
    from codegen import build

    if not check:
        changed = build.write(root)
        for path in changed:
            print(f"wrote {path.relative_to(root)}" if path.exists() else f"removed {path.relative_to(root)}")
        print(f"codegen: {'up to date' if not changed else f'{len(changed)} changed'}")
        return 0
    problems = build.check(root)
    for line in problems:
        print(line, file=sys.stderr)
    if problems:
        print("codegen: not up to date; run: python -m codegen", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

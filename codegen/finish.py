"""The last touch on generated code: imports that a module does not need go, and all have one format."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from codegen.errors import CodegenError

if TYPE_CHECKING:
    from pathlib import Path

# Only what the templates leave undecided: unused names and the order of imports.
_FIX = [
    "check",
    "--isolated",
    "--quiet",
    "--fix",
    "--select",
    "F401,I001",
    "--target-version",
    "py311",
    "--line-length",
    "110",
]
_FORMAT = ["format", "--isolated", "--quiet", "--target-version", "py311", "--line-length", "110"]


def finish(tree: Path) -> None:
    """Tidies every module below `tree` in place."""
    for arguments in (_FIX, _FORMAT):
        command = [sys.executable, "-m", "ruff", *arguments, "--no-cache", str(tree)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise CodegenError(
                f"ruff {arguments[0]} failed on what the templates wrote:\n{done.stdout}{done.stderr}"
            )

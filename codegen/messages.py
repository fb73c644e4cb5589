"""The messages of BuildKit: spec/buildkit/*.proto, compiled for Python."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.errors import CodegenError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SOURCE = Path("spec/buildkit")
PACKAGE = Path("highlevel/wharfinger/_core/buildkit_pb")
# Messages are registered under this path in the whole program, so it must be nobody else's.
_INSIDE = PACKAGE.relative_to("highlevel")
_INIT = '"""The messages of BuildKit, compiled from spec/buildkit; for builds with it alone."""\n'
# Strict type checkers want to be told of what.
_BARE_MAPPING = re.compile(r"_Mapping(?=\])")


def compile_messages(root: Path) -> dict[Path, str]:
    """Give the text of every compiled file by its path from the root; none where nothing is described.

    Raises:
        CodegenError: The compiler does not like a description.
    """
    described = sorted((root / SOURCE).glob("*.proto"))
    if not described:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        inputs, outputs = Path(folder) / "in", Path(folder) / "out"
        outputs.mkdir()
        (inputs / _INSIDE).mkdir(parents=True)
        for path in described:
            (inputs / _INSIDE / path.name).write_bytes(path.read_bytes())
        _run(inputs, outputs, [str(_INSIDE / path.name) for path in described])
        made = {path.name: path.read_text(encoding="utf-8") for path in (outputs / _INSIDE).iterdir()}
    texts = {"__init__.py": _INIT, **made}
    return {
        PACKAGE / name: _BARE_MAPPING.sub("_Mapping[str, object]", text)
        for name, text in sorted(texts.items())
    }


def stale(root: Path, wanted: Iterable[Path]) -> Iterator[Path]:
    """Give compiled files whose description is gone."""
    keep = set(wanted)
    for path in sorted((root / PACKAGE).glob("*.py*")):
        inner = path.relative_to(root)
        if inner not in keep:
            yield inner


def _run(inputs: Path, outputs: Path, names: list[str]) -> None:
    arguments = [f"--proto_path={inputs}", f"--python_out={outputs}", f"--pyi_out={outputs}", *names]
    command = [sys.executable, "-m", "protoc", *arguments]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise CodegenError(f"{SOURCE} cannot be compiled:\n{done.stderr.strip()}")

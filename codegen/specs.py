"""The vendored descriptions as they lie in spec/, and the order of their versions."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from codegen import yamlio
from codegen.errors import CodegenError

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "spec"
ENGINES = ("docker", "libpod")

Doc = dict[str, Any]


def version_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers, so that 1.9 comes before 1.10."""
    return tuple(int(part) for part in version.lstrip("v").split("."))


def versions(engine: str, spec: Path = SPEC) -> list[str]:
    """The vendored versions of an engine, oldest first."""
    found = [path.stem.lstrip("v") for path in (spec / engine).glob("v*.yaml")]
    if not found:
        raise CodegenError(
            f"no vendored description of {engine!r} below {spec}; "
            f"expected {spec / engine}/v*.yaml; vendor one with: python -m codegen vendor {engine} FILE"
        )
    return sorted(found, key=version_key)


def load(engine: str, version: str, spec: Path = SPEC) -> Doc:
    """One vendored Swagger 2.0 description."""
    return read_map(spec / engine / f"v{version}.yaml")


def read_map(path: Path) -> Doc:
    """A YAML file whose top level is a mapping."""
    data = yamlio.read(path)
    if not isinstance(data, dict):
        raise CodegenError(f"{path} holds a {type(data).__name__}; expected a mapping at its top level")
    return cast("Doc", data)

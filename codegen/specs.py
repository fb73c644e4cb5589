"""The vendored descriptions as they lie in spec/, and the order of their versions."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeGuard, cast

from codegen import yamlio
from codegen.errors import CodegenError

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "spec"
ENGINES = ("docker", "libpod")

Doc = dict[str, Any]

_VERSION = re.compile(r"\d+(\.\d+)*")


def as_map(node: object) -> Doc | None:
    """The node as the mapping that it is, or None."""
    return cast("Doc", node) if isinstance(node, dict) else None


def as_list(node: object) -> list[Any] | None:
    """The node as the list that it is, or None."""
    return node if _is_list(node) else None


def _is_list(node: object) -> TypeGuard[list[Any]]:
    return isinstance(node, list)


def version_key(version: str) -> tuple[int, ...]:
    """Orders versions by their numbers, so that 1.9 comes before 1.10."""
    return tuple(int(part) for part in version.lstrip("v").split("."))


def versions(engine: str, spec: Path = SPEC) -> list[str]:
    """The vendored versions of an engine, oldest first."""
    found = [path.stem.removeprefix("v") for path in (spec / engine).glob("v*.yaml")]
    if not found:
        raise CodegenError(
            f"no vendored description of {engine!r} below {spec}; "
            f"expected {spec / engine}/v*.yaml; vendor one with: python -m codegen vendor {engine} FILE"
        )
    odd = [name for name in found if not _VERSION.fullmatch(name)]
    if odd:
        raise CodegenError(
            f"{spec / engine} holds {', '.join(f'v{name}.yaml' for name in sorted(odd))}; "
            "expected files named by a version, such as v1.51.yaml; rename or remove it"
        )
    return sorted(found, key=version_key)


def load(engine: str, version: str, spec: Path = SPEC) -> Doc:
    """One vendored Swagger 2.0 description."""
    return read_map(spec / engine / f"v{version}.yaml")


def read_map(path: Path) -> Doc:
    """A YAML file whose top level is a mapping."""
    data = as_map(yamlio.read(path))
    if data is None:
        raise CodegenError(f"{path} does not hold a mapping at its top level; expected keys and values there")
    return data

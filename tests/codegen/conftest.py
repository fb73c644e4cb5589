"""What is costly to make, made once: the real descriptions, merged, and the real bindings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen import build
from codegen.describe import Description, describe
from codegen.specs import ENGINES
from tests.codegen.mini import write_checkout

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def descriptions() -> dict[str, Description]:
    """The merged and corrected description of each engine."""
    return {engine: describe(engine) for engine in ENGINES}


@pytest.fixture(scope="session")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bindings as a run makes them from the real spec/."""
    return build.build(tmp_path_factory.mktemp("bindings"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a small spec/ and nothing generated yet."""
    root = tmp_path / "checkout"
    write_checkout(root)
    return root

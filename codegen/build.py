"""One whole run: both packages of bindings, and the synchronous sources derived from the asynchronous ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen import unasync
from codegen.describe import describe
from codegen.docs import Docs
from codegen.finish import finish
from codegen.generate import generate, write_support
from codegen.specs import ENGINES, ROOT
from codegen.tree import compare, read_tree, replace_tree

if TYPE_CHECKING:
    from pathlib import Path

BINDINGS = ROOT / "generated" / "wharfinger_api"
_BY_HAND = ("py.typed",)


def build(folder: Path) -> Path:
    """Makes the bindings in a folder and gives the path of the package."""
    package = folder / "wharfinger_api"
    package.mkdir()
    (package / "__init__.py").write_text(
        '"""Low-level bindings of container engines, generated: `docker` and `libpod`."""\n', encoding="utf-8"
    )
    (package / "py.typed").touch()
    for engine in ENGINES:
        description = describe(engine)
        docs = Docs(engine)
        docs.check(description.doc)
        generate(description, docs, package / engine)
    write_support(package / "_support")
    finish(package)
    return package


def install(package: Path) -> None:
    """Puts fresh bindings in place, whole, and writes the derived sources."""
    derived = unasync.derive()
    replace_tree(BINDINGS, package)
    unasync.write(derived)


def differences(package: Path) -> list[str]:
    """What is checked in and not what a fresh run makes, a line each."""
    found = [f"generated/wharfinger_api/{line}" for line in compare(read_tree(package), read_tree(BINDINGS))]
    return found + unasync.differences(unasync.derive())

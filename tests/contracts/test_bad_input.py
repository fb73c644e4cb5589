"""Every public method of the models and managers is given bad input by a test, and raises a typed error.

A test says by `@pytest.mark.bad_input("Container.stop")` which methods it gives bad input to. That is held against its
code: the method is called in a `with pytest.raises(…)`, which names errors that are narrower than Exception.
"""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import wharfinger

ROOT = Path(__file__).resolve().parents[2]
NOUNS = (
    "Config",
    "ConfigsManager",
    "Artifact",
    "ArtifactsManager",
    "Container",
    "ContainersManager",
    "Duplex",
    "Exec",
    "Fleet",
    "Image",
    "ImagesManager",
    "KubeManager",
    "Network",
    "NetworksManager",
    "Pod",
    "PodsManager",
    "Node",
    "NodesManager",
    "Plugin",
    "PluginsManager",
    "Manifest",
    "ManifestsManager",
    "Network",
    "NetworksManager",
    "Quadlet",
    "QuadletsManager",
    "RegistryData",
    "Secret",
    "SecretsManager",
    "Service",
    "ServicesManager",
    "Stack",
    "StacksManager",
    "Swarm",
    "Task",
    "TasksManager",
    "Volume",
    "VolumesManager",
)
TOO_WIDE = {"Exception", "BaseException"}

# Methods that take anything, with the reason.
TAKE_ANYTHING = {
    "Stack.networks": "it has no arguments, and an engine lists networks without a swarm, too",
    "Duplex.close": "it has no arguments, and there is nothing that it does when it is closed already",
    "Fleet.close": "likewise",
}


class Claim(NamedTuple):
    """A test that says what it gives bad input to, and what it calls in `with pytest.raises(…)`."""

    test: str
    methods: tuple[str, ...]
    calls: frozenset[str]


def claims(source: str, path: str) -> Iterator[Claim]:
    for test in ast.walk(ast.parse(source)):
        if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef):
            methods = [name for mark in test.decorator_list for name in _claimed(mark)]
            if methods:
                yield Claim(f"{path}::{test.name}", tuple(methods), frozenset(_refused(test)))


def _claimed(mark: ast.expr) -> list[str]:
    if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.bad_input":
        return [ast.literal_eval(name) for name in mark.args]
    return []


def _refused(test: ast.AST) -> Iterator[str]:
    """The names of the methods whose errors a test expects."""
    for block in ast.walk(test):
        if isinstance(block, ast.With) and any(_expects_an_error(item.context_expr) for item in block.items):
            for call in (node for line in block.body for node in ast.walk(line)):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                    yield call.func.attr


def _expects_an_error(opened: ast.expr) -> bool:
    if not isinstance(opened, ast.Call) or ast.unparse(opened.func) != "pytest.raises":
        return False
    return not TOO_WIDE & {node.id for node in ast.walk(opened.args[0]) if isinstance(node, ast.Name)}


def methods(kind: Any) -> set[str]:
    members = {name: inspect.getattr_static(kind, name) for name in dir(kind) if not name.startswith("_")}
    return {
        name
        for name, member in members.items()
        if inspect.isfunction(member) and member.__module__.startswith("wharfinger.")
    }


CLAIMS = [
    claim
    for path in sorted((ROOT / "tests/_async").glob("test_*.py"))
    for claim in claims(path.read_text(), str(path.relative_to(ROOT)))
]
PUBLIC = {
    f"{noun}.{method}"
    for noun in NOUNS
    if hasattr(wharfinger, noun)
    for method in methods(getattr(wharfinger, noun))
}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.test)
def test_a_claim_is_true(claim: Claim) -> None:
    assert [name for name in claim.methods if name not in PUBLIC] == []
    assert [name for name in claim.methods if name.rpartition(".")[2] not in claim.calls] == []


def test_every_method_is_given_bad_input() -> None:
    claimed = {name for claim in CLAIMS for name in claim.methods}
    assert PUBLIC - claimed - set(TAKE_ANYTHING) == set()
    assert set(TAKE_ANYTHING) <= PUBLIC - claimed


def test_false_claims_are_found() -> None:
    text = """
@pytest.mark.bad_input("Container.stop", "Container.kill", "Container.start")
async def test_some():
    with pytest.raises(Conflict, match="x"):
        await container.stop()
    with pytest.raises((NotFound, Exception)):
        await container.kill()
    await container.start()
"""
    (claim,) = claims(text, "x.py")
    assert claim == Claim(
        "x.py::test_some", ("Container.stop", "Container.kill", "Container.start"), frozenset({"stop"})
    )

"""The public interface as a whole: twins alike, everything told, nothing loaded too early."""

import importlib
import inspect
import json
import pickle
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from typing import Any, get_overloads

import pytest

import wharfinger
from codegen.unasync import RULES
from wharfinger import errors, types
from wharfinger._core.api_errors import api_error
from wharfinger.errors import outcomes

ROOT = Path(__file__).resolve().parents[2]
TWINS = [name for name in wharfinger.__all__ if name.startswith("Async")]


def python(code: str) -> Any:
    """What a fresh interpreter prints, as JSON."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def in_sync(text: str) -> str:
    """Words of the async interface as the other says them, by the rules that derive it."""
    for rule in RULES:
        text = rule.pattern.sub(rule.replacement, text)
    return text.replace("async with", "with").replace("async for", "for").replace("await ", "")


def public(kind: type) -> dict[str, Any]:
    """Its own and inherited members that are no machinery."""
    found = {name: inspect.getattr_static(kind, name) for name in dir(kind) if not name.startswith("_")}
    return {name: value for name, value in found.items() if not name.startswith("__")}


def function(member: Any) -> Any:
    if isinstance(member, property):
        return member.fget
    if isinstance(member, cached_property):
        return member.func
    return getattr(member, "__func__", member)


def words(text: str | None) -> list[str]:
    return in_sync(text or "").split()


def signatures(code: Any) -> list[str]:
    """Its own, and one for each way that it may be called."""
    return [in_sync(str(inspect.signature(one))) for one in (code, *get_overloads(code))]


def machinery(kind: type) -> set[str]:
    """What makes it usable in `with`, `for`, comparisons and so on."""
    ours = [base for base in inspect.getmro(kind) if base.__module__.startswith("wharfinger.")]
    found = {name for base in ours for name, one in vars(base).items() if inspect.isfunction(one)}
    return {in_sync(name) for name in found if name.endswith("__")}


@pytest.mark.parametrize("name", TWINS)
def test_twins_are_alike(name: str) -> None:
    theirs, ours = getattr(wharfinger, name), getattr(wharfinger, name.removeprefix("Async"))
    members, twins = public(theirs), public(ours)
    assert {in_sync(one) for one in members} == set(twins)
    assert words(theirs.__doc__) == words(ours.__doc__)
    assert signatures(theirs.__init__) == signatures(ours.__init__)
    assert machinery(theirs) == machinery(ours)
    for member, value in members.items():
        twin = twins[in_sync(member)]
        assert type(value) is type(twin), member
        assert words(value.__doc__) == words(twin.__doc__), member
        if callable(function(value)):
            assert signatures(function(value)) == signatures(function(twin)), member
            assert not inspect.iscoroutinefunction(function(twin)), member


def test_both_ways_to_connect_are_alike() -> None:
    theirs, ours = wharfinger.connect_async, wharfinger.connect
    assert signatures(theirs) == signatures(ours)
    assert words(theirs.__doc__) == words(ours.__doc__)


def test_twins_are_compared_by_every_way_to_call_them() -> None:
    assert len(signatures(wharfinger.AsyncContainer.logs)) > 1
    assert signatures(wharfinger.Container.logs) != signatures(wharfinger.Container.attach)


def test_every_sync_name_has_its_twin() -> None:
    pairs = {name.removeprefix("Async") for name in TWINS}
    for name in wharfinger.__all__:
        value = getattr(wharfinger, name)
        if "._sync." in value.__module__ and inspect.isclass(value):
            assert name in pairs


def described(value: Any, path: str) -> list[str]:
    missing = [] if (value.__doc__ or "").strip() else [path]
    if inspect.isclass(value):
        own = {name: one for name, one in vars(value).items() if not name.startswith("_")}
        for name, member in own.items():
            code = function(member)
            if isinstance(member, property | cached_property | classmethod) or inspect.isfunction(member):
                missing += [] if (code.__doc__ or "").strip() else [f"{path}.{name}"]
    return missing


def test_every_public_name_is_told_of() -> None:
    missing: list[str] = []
    for name in wharfinger.__all__:
        missing += described(getattr(wharfinger, name), name)
        for base in (
            inspect.getmro(getattr(wharfinger, name)) if inspect.isclass(getattr(wharfinger, name)) else ()
        ):
            if base.__module__.startswith("wharfinger."):
                missing += described(base, f"{name}({base.__name__})")
    for module in (errors, outcomes, types):
        for name, value in vars(module).items():
            if (
                inspect.isclass(value)
                and value.__module__.startswith(module.__name__)
                and not name.startswith("_")
            ):
                missing += described(value, f"{module.__name__}.{name}")
    assert missing == []


def test_every_argument_is_told_of() -> None:
    """What a public method with a list of arguments takes is in that list."""
    missing: list[str] = []
    for name in wharfinger.__all__:
        value = getattr(wharfinger, name)
        methods = public(value).items() if inspect.isclass(value) else [(name, value)]
        for method, member in methods:
            code = function(member)
            if not inspect.isfunction(code) or "Args:" not in (code.__doc__ or ""):
                continue
            arguments = [one for one in inspect.signature(code).parameters if one not in ("self", "cls")]
            missing += [
                f"{name}.{method}({one})" for one in arguments if f"{one}:" not in (code.__doc__ or "")
            ]
    assert missing == []


def test_names_are_found_and_others_are_not() -> None:
    assert set(wharfinger.__all__) <= set(dir(wharfinger))
    with pytest.raises(AttributeError, match="no attribute 'Dock'"):
        wharfinger.Dock  # noqa: B018 - asking is the test
    for name in wharfinger.__all__:
        value = getattr(wharfinger, name)
        assert getattr(importlib.import_module(value.__module__), name) is value


def test_properties_of_errors_survive_pickling() -> None:
    error = api_error(404, "gone", "GET", "/x", kind="container")
    twin = pickle.loads(pickle.dumps(error))
    assert (type(twin), twin.__dict__, str(twin)) == (type(error), error.__dict__, str(error))


LOADED = "print(json.dumps(sorted(set(sys.modules) - before)))"
BEFORE = "import json, sys; before = set(sys.modules); "


def test_importing_loads_little() -> None:
    found = python(f"{BEFORE}import wharfinger; {LOADED}")
    assert [name for name in found if name.startswith("wharfinger")] == ["wharfinger"]
    assert len(found) < 12


@pytest.mark.parametrize("name", ["DockerClient", "PodmanClient", "AsyncDockerClient", "AsyncPodmanClient"])
def test_a_client_loads_no_model_and_no_httpx(name: str) -> None:
    found = python(f"{BEFORE}import wharfinger; wharfinger.{name}('unix:///nowhere.sock'); {LOADED}")
    ours = [one for one in found if one.startswith("wharfinger")]
    assert [one for one in found if one.split(".")[0] in ("httpx", "httpcore", "h11", "certifi")] == []
    assert [one for one in ours if ".models" in one or one.startswith("wharfinger_api.")] == []
    other = "_sync" if name.startswith("Async") else "_async"
    assert [one for one in ours if f".{other}." in one] == []
    # Neither the loop, nor the HTTP parser, nor what looks for engines and credentials: the first request brings them.
    assert set(found).isdisjoint({"asyncio", "httptools", "socket", "subprocess", "tomllib", "urllib.parse"})
    assert len(ours) < 14
    assert len(found) < 75


@pytest.mark.parametrize("name", ["DockerClient", "PodmanClient"])
def test_the_first_request_brings_its_own_noun_alone(name: str, request: pytest.FixtureRequest) -> None:
    engine = request.getfixturevalue("docker_engine" if name == "DockerClient" else "podman_engine")
    found = python(f"{BEFORE}import wharfinger; wharfinger.{name}({engine.url!r}).ping(); {LOADED}")
    nouns = [
        one
        for one in found
        if one.startswith(("wharfinger._dialects.docker.", "wharfinger._dialects.libpod."))
    ]
    assert [one.rpartition(".")[2] for one in nouns] == []
    assert len([one for one in found if one.startswith("wharfinger")]) < 60


@pytest.mark.parametrize("name", ["DockerClient", "PodmanClient"])
def test_listing_containers_brings_no_builds_and_no_options(
    name: str, request: pytest.FixtureRequest
) -> None:
    engine = request.getfixturevalue("docker_engine" if name == "DockerClient" else "podman_engine")
    found = python(
        f"{BEFORE}import wharfinger; wharfinger.{name}({engine.url!r}).containers.list(); {LOADED}"
    )
    unused = {"images", "builds", "stats", "build_context", "options", "update_options", "container_spec"}
    assert [one for one in found if one.startswith("wharfinger.") and one.rpartition(".")[2] in unused] == []
    assert {"email.utils", "logging", "secrets"}.isdisjoint(found)


@pytest.mark.parametrize("name", ["DockerClient", "PodmanClient"])
def test_httpx_comes_with_the_bindings_only(name: str, request: pytest.FixtureRequest) -> None:
    engine = request.getfixturevalue("docker_engine" if name == "DockerClient" else "podman_engine")
    steps = f"""
import json, sys, wharfinger
with wharfinger.{name}({engine.url!r}) as client:
    client.containers.list(all=True)
    client.images.list()
    client.version()
    before = "httpx" in sys.modules
    models = [one for one in sys.modules if ".models." in one]
    client.api
    print(json.dumps([before, models, "httpx" in sys.modules]))
"""
    before, models, after = python(steps)
    assert (before, after) == (False, True)
    # Only what the replies that were read are made of.
    assert len(models) < 40


@pytest.mark.parametrize(
    "checker",
    [["mypy"], ["pyright", "--warnings", "--pythonpath", sys.executable]],
    ids=lambda command: command[0],
)
def test_what_type_checkers_know(checker: list[str]) -> None:
    targets = sorted(str(one.relative_to(ROOT)) for one in ROOT.glob("tests/contracts/public_types*.py"))
    done = subprocess.run(
        [sys.executable, "-m", *checker, *targets], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_type_checkers_can_tell(tmp_path: Path) -> None:
    """The file is read: a wrong claim in it is found."""
    wrong = (
        (ROOT / "tests/contracts/public_types.py")
        .read_text()
        .replace('client.containers.run("a"), bytes', 'client.containers.run("a"), str', 1)
    )
    (target := tmp_path / "wrong.py").write_text(wrong)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", str(target)], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 1
    assert "assert-type" in done.stdout

"""Every operation of the newest description has a module with all its seams, and a type for what it takes and gives."""

import inspect
import re
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.engines.recorder.catalogue import (
    BoundOperation,
    PackageName,
    field_types,
    names,
    operations,
    typing_names,
)
from wharfinger_api.docker.types import Model

_SPEC = Path(__file__).parents[2] / "spec"
_METHODS = ("get", "put", "post", "delete", "head", "patch", "options")
_CALLS = ("sync", "asyncio", "sync_detailed", "asyncio_detailed")
_STREAMS = ("stream", "astream")

# Operations of a description that have no module.
REMOVED: Mapping[str, str] = {
    "ManifestAddLibpod": "no version of the API that the bindings speak routes it; ManifestModifyLibpod does the same",
}
# Operations whose reply is bytes or text as it came, and why no better type is had.
RAW: Mapping[str, str] = {
    **dict.fromkeys(
        [
            "ContainerLogs",
            "ServiceLogs",
            "TaskLogs",
            "ContainerLogsLibpod",
            "ContainerAttach",
            "ContainerAttachLibpod",
            "ExecStart",
            "ExecStartLibpod",
        ],
        "frames, or the raw output of a terminal",
    ),
    **dict.fromkeys(
        [
            "ContainerArchive",
            "ContainerExport",
            "ImageGet",
            "ImageGetAll",
            "ContainerArchiveLibpod",
            "ContainerExportLibpod",
            "ImageGetLibpod",
            "ImageExportLibpod",
            "VolumeExportLibpod",
            "ContainerCheckpointLibpod",
            "ArtifactExtractLibpod",
        ],
        "a tar, or a file",
    ),
    **dict.fromkeys(["ContainerAttachWebsocket", "Session"], "the connection goes on in another protocol"),
    **dict.fromkeys(["GenerateKubeLibpod", "KubeApplyLibpod"], "YAML"),
    **dict.fromkeys(["SystemPing", "SystemPingHead"], "the word OK, and the facts in the headers"),
    **dict.fromkeys(["SwarmInit", "ContainerUpdateLibpod"], "an id"),
    "ContainerMountLibpod": "a path",
    "QuadletFileLibpod": "the text of a unit file",
}


def _described(package: PackageName) -> dict[str, dict[str, Any]]:
    """The operations of the newest vendored description, each with its parameters in place."""
    newest = max((_SPEC / package).glob("v*.yaml"), key=lambda path: _version(path.stem))
    document = yaml.safe_load(newest.read_text(encoding="utf-8"))
    prefix = "/libpod/" if package == "libpod" else "/"
    found: dict[str, dict[str, Any]] = {}
    for path, item in document["paths"].items():
        if path.startswith(prefix):
            for method in _METHODS:
                if method in item:
                    found[item[method]["operationId"]] = item[method]
    return found


def _version(stem: str) -> tuple[int, ...]:
    return tuple(int(part) for part in stem.removeprefix("v").split("."))


DESCRIBED = {"docker": _described("docker"), "libpod": _described("libpod")}
EVERY = [*operations("docker").values(), *operations("libpod").values()]
each_operation = pytest.mark.parametrize("operation", EVERY, ids=lambda o: f"{o.package}-{o.name}")


@pytest.mark.parametrize("package", ["docker", "libpod"])
def test_every_described_operation_has_a_module(package: PackageName) -> None:
    missing = DESCRIBED[package].keys() - operations(package).keys()
    assert missing == REMOVED.keys() & DESCRIBED[package].keys()
    assert not REMOVED.keys() & operations(package).keys()


@each_operation
def test_a_module_has_all_its_seams(operation: BoundOperation) -> None:
    functions = ["request_kwargs", "parse_response", *_CALLS]
    assert all(callable(getattr(operation.module, name, None)) for name in functions)
    flows = [hasattr(operation.module, name) for name in _STREAMS]
    assert flows in ([True, True], [False, False])


@pytest.mark.parametrize(("package", "stem"), [("docker", "docker-streams"), ("libpod", "libpod-streams")])
def test_what_the_corrections_call_a_stream_has_one(package: PackageName, stem: str) -> None:
    overlay = yaml.safe_load((_SPEC / "patches" / f"{stem}.yaml").read_text(encoding="utf-8"))
    flowing = {o.name for o in operations(package).values() if hasattr(o.module, "stream")}
    marked = [action["target"] for action in overlay["actions"] if "x-stream" in action.get("update", {})]
    named = {name for target in marked for name in operations(package) if name in _words(target)}
    assert named <= flowing
    assert len(flowing) >= len(marked)


def _words(target: str) -> set[str]:
    return set(target.replace("'", "|").split("|"))


@each_operation
def test_a_success_has_a_type(operation: BoundOperation) -> None:
    result = operation.result
    assert not _is_vague(result), result
    assert (result in (bytes, str)) == (operation.name in RAW), result
    if operation.item is not None:
        assert not _is_vague(operation.item), operation.item


def _is_vague(annotation: Any) -> bool:
    """Whether a type says nothing: Any, or a container of Any."""
    return annotation is Any or any(_is_vague(inner) for inner in typing.get_args(annotation))


@each_operation
def test_a_body_has_a_type_where_one_is_described(operation: BoundOperation) -> None:
    described = DESCRIBED[operation.package].get(operation.name, {})
    has_body = any(parameter.get("in") == "body" for parameter in described.get("parameters", []))
    parameter = operation.signature("request_kwargs").parameters.get("body")
    assert not (has_body and parameter is None)
    if parameter is not None:
        first = parameter.annotation.split(" | ")[0].removeprefix("Sequence[").removesuffix("]")
        known = names(operation.package)
        is_model = isinstance(known.get(first), type) and issubclass(known[first], Model)
        assert first in ("Content", "str") or first.startswith("Mapping[str, ") or is_model, first


@each_operation
def test_all_ways_of_calling_take_the_same(operation: BoundOperation) -> None:
    streams = _STREAMS if hasattr(operation.module, "stream") else ()
    signatures = {name: operation.signature(name) for name in (*_CALLS, *streams)}
    first = signatures["sync"].parameters
    for signature in signatures.values():
        assert signature.parameters == first
    without_client = [p for name, p in first.items() if name != "client"]
    assert without_client == list(operation.signature("request_kwargs").parameters.values())
    assert all(p.annotation is not inspect.Parameter.empty for p in first.values())


@each_operation
def test_the_ways_of_calling_give_the_same(operation: BoundOperation) -> None:
    plain = operation.signature("parse_response").return_annotation
    returns = {name: operation.signature(name).return_annotation for name in _CALLS}
    assert returns["sync"] == returns["asyncio"] == plain
    assert returns["sync_detailed"] == returns["asyncio_detailed"] == f"Response[{plain}]"
    if hasattr(operation.module, "stream"):
        flowing = operation.signature("stream").return_annotation
        twin = flowing.replace("AbstractContextManager[Iterator", "AbstractAsyncContextManager[AsyncIterator")
        assert operation.signature("astream").return_annotation == twin


@each_operation
def test_annotations_of_an_operation_resolve(operation: BoundOperation) -> None:
    scope = {**names(operation.package), **typing_names()}
    assert typing.get_type_hints(operation.module.sync, localns=scope).keys() >= {"client", "return"}


@pytest.mark.parametrize("package", ["docker", "libpod"])
def test_annotations_of_every_model_resolve(package: PackageName) -> None:
    models = [m for m in names(package).values() if isinstance(m, type) and issubclass(m, Model)]
    assert len(models) > 150
    assert all(field_types(model) for model in models)


@each_operation
def test_docstrings_tell_the_way_the_age_and_the_reference(operation: BoundOperation) -> None:
    text = inspect.getdoc(operation.module) or ""
    method, _, rest = text.partition(" ")
    assert method in {"GET", "HEAD", "POST", "PUT", "DELETE"}
    assert rest.startswith("/")
    assert "Since API" in text
    assert "https://" in text
    for function in ("sync", "asyncio"):
        told = inspect.getdoc(getattr(operation.module, function)) or ""
        parameters = operation.signature("request_kwargs").parameters
        assert all(re.search(rf"^ +{name} \(.+\):", told, re.MULTILINE) for name in parameters)

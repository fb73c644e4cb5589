"""What a build by BuildKit is told at once, and what it may ask for later.

The functions here read local files, and so belong on a thread where an event loop is near.
"""

from __future__ import annotations

import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import attrs

from wharfinger._core.build_context import (
    BuildContext,
    checked_files,
    checked_folder,
    dockerfile_in_files,
    dockerfile_of,
    lone_dockerfile,
    sent_as_it_is,
)
from wharfinger._core.build_folders import Folder, LocalFolder, MemoryFolder
from wharfinger._core.build_session import (
    SECRET_BYTES,
    Export,
    ExportKind,
    SessionOffer,
    key_of_folder,
    new_id,
)
from wharfinger._core.human import is_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from wharfinger._core.build_context import BuildSource
    from wharfinger._core.build_keywords import BuildSecret, ForwardedAgent, NamedContext
    from wharfinger._core.build_options import BuildSpec

# What the engine takes for "the folder of the session".
FROM_SESSION = "client-session"
_CONTEXT = "context"
_DOCKERFILE = "dockerfile"


@attrs.frozen
class BuildPlan:
    """How a build by BuildKit goes.

    Attributes:
        context: What is told and sent at once.
        offer: What is there for it to ask for.
        named: The further contexts, as BuildKit calls them.
    """

    context: BuildContext
    offer: SessionOffer
    named: Mapping[str, str] = attrs.field(factory=dict[str, str])


def build_plan(source: BuildSource, spec: BuildSpec) -> BuildPlan:
    """Make everything ready; the folders' files are read later, when they are asked for.

    Raises:
        OSError: The folder, its Dockerfile, a secret or an agent's socket is not there or cannot be read.
        TypeError: What was given is no context.
        ValueError: A secret is too long, an agent none, or the output is.
    """
    source = source.checked()
    context, folders, key = _told(source)
    contexts = cast("Iterable[NamedContext]", spec.values.get("contexts", ()))
    given_secrets = cast("Iterable[BuildSecret]", spec.values.get("secrets", ()))
    named = dict(_named(contexts, folders))
    return BuildPlan(
        context,
        SessionOffer(
            folders=folders,
            secrets={one.id: _secret(one) for one in given_secrets},
            agents={one.id: _socket(one) for one in spec.values.get("ssh", ())},
            export=_export(spec.values["output"], spec.tags) if "output" in spec.values else None,
            shared_key=key,
        ),
        named,
    )


def _told(source: BuildSource) -> tuple[BuildContext, dict[str, Folder], str]:
    if source.path is not None:
        return _folder(Path(source.path), source.dockerfile)
    if source.remote is None and is_mapping(source.context):
        files = checked_files(cast("Mapping[str, Any]", source.context))
        name, text = dockerfile_in_files(files, source.dockerfile, "docker")
        # Its key is its own: files without a time are only told apart by not being compared at all.
        folder = MemoryFolder(files)
        return _from_session(name, text), {_CONTEXT: folder, _DOCKERFILE: folder}, new_id()
    if source.fileobj is not None and not source.custom_context:
        text = lone_dockerfile(source)
        folder = MemoryFolder({"Dockerfile": text}, time.time_ns())
        return _from_session("Dockerfile", text), {_CONTEXT: MemoryFolder({}), _DOCKERFILE: folder}, new_id()
    return sent_as_it_is(source), {}, new_id()


def _folder(path: Path, dockerfile: str | None) -> tuple[BuildContext, dict[str, Folder], str]:
    root = checked_folder(path)
    file = dockerfile_of(root, dockerfile, "docker")
    text = file.read_bytes()
    inside = file.is_relative_to(root)
    name = file.relative_to(root).as_posix() if inside else file.name
    folders: dict[str, Folder] = {
        _CONTEXT: LocalFolder(root),
        _DOCKERFILE: LocalFolder(root if inside else file.parent),
    }
    return _from_session(name, text), folders, key_of_folder(root)


def _from_session(name: str, text: bytes) -> BuildContext:
    return BuildContext(remote=FROM_SESSION, dockerfile=name, text=text)


def _named(contexts: Iterable[NamedContext], folders: dict[str, Folder]) -> Iterable[tuple[str, str]]:
    for one in contexts:
        if one.kind == "folder":
            # The first two names are taken.
            name = f"_{one.name}" if one.name in (_CONTEXT, _DOCKERFILE) else one.name
            folders[name] = LocalFolder(checked_folder(Path(one.place)))
            yield one.name, f"local:{name}"
        else:
            yield one.name, f"docker-image://{one.place}" if one.kind == "image" else one.place


def _secret(secret: BuildSecret) -> bytes:
    value = secret.read()
    if len(value) > SECRET_BYTES:
        raise ValueError(
            f"the secret {secret.id!r} has {len(value)} bytes; BuildKit takes {SECRET_BYTES} at most"
        )
    return value


def _socket(agent: ForwardedAgent) -> str:
    path = Path(agent.paths[0])
    if len(agent.paths) > 1 or not stat.S_ISSOCK(path.stat().st_mode):
        raise ValueError(
            f"ssh={agent.id!r} is {', '.join(agent.paths)}, expected the socket of one agent; add keys to an agent "
            "by ssh-add"
        )
    return str(path)


def _export(text: str, tags: tuple[str, ...]) -> Export:
    pairs = (part.partition("=") for part in text.split(","))
    told = {key: value for key, _, value in pairs} if "=" in text else {"type": "local", "dest": text}
    kind, place = told.pop("type", ""), told.pop("dest", "")
    if kind not in get_args(ExportKind) or not place or told:
        raise ValueError(
            f"output is {text!r}, expected 'type=KIND,dest=PATH' with one of: {', '.join(get_args(ExportKind))}"
        )
    if tags and kind in ("local", "tar"):
        raise ValueError(f"tag is given with output={text!r}, which makes no image; leave one of them out")
    return Export(cast("ExportKind", kind), Path(place))

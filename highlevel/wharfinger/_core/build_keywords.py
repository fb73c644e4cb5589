"""Those keywords of build() that say who may see what during it, and by which builder it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

import attrs

from wharfinger._core import human
from wharfinger.types import FromEnv

if TYPE_CHECKING:
    from typing import Any

BuilderName: TypeAlias = Literal["auto", "classic", "buildkit"]
Secrets: TypeAlias = Mapping[str, bytes | PathLike[str] | FromEnv] | Sequence[str]
Agents: TypeAlias = bool | str | Mapping[str, str | PathLike[str]] | Sequence[str]
Contexts: TypeAlias = Mapping[str, str | PathLike[str]]
ContextKind: TypeAlias = Literal["folder", "image", "address"]

BUILDERS: tuple[str, ...] = get_args(BuilderName)
_IMAGE = "docker-image://"
_ADDRESSES = ("http://", "https://", "git://", "ssh://", "git@", "github.com/")
_AGENT = "SSH_AUTH_SOCK"
_DEFAULT = "default"


@attrs.frozen
class BuildSecret:
    """Something that only the RUN steps that ask for it may see.

    Attributes:
        id: What they ask for.
        value: The secret, unless it is in a file.
        file: Where it is read from when it is sent.
    """

    id: str
    value: bytes = attrs.field(default=b"", repr=False)
    file: str | None = None

    def read(self) -> bytes:
        """The secret.

        Raises:
            OSError: Its file cannot be read.
        """
        return self.value if self.file is None else Path(self.file).read_bytes()


@attrs.frozen
class ForwardedAgent:
    """An ssh agent that the RUN steps that ask for it may use.

    Attributes:
        id: What they ask for.
        paths: The agent's socket; or private keys, which are offered as by an agent.
    """

    id: str
    paths: tuple[str, ...]


@attrs.frozen
class NamedContext:
    """A further context, which `COPY --from`, `FROM` and `RUN --mount=from` know by its name.

    Attributes:
        name: Its name.
        kind: What the place is.
        place: A local folder, the name of an image, or the address of a repository or a tar.
    """

    name: str
    kind: ContextKind
    place: str


def parse_builder(value: object) -> BuilderName:
    """Read builder=."""
    if value not in BUILDERS:
        human.wrong_value("builder", value, f"one of: {', '.join(BUILDERS)}")
    return cast("BuilderName", value)


def parse_contexts(name: str, value: object) -> tuple[NamedContext, ...]:
    """Read contexts=."""
    given = human.parse_mapping(name, value, "{'name': 'docker-image://alpine'}")
    return tuple(_context(name, key, place) for key, place in given.items())


def _context(keyword: str, name: str, place: object) -> NamedContext:
    if not human.is_path(place):
        human.wrong_type(
            f"{keyword}[{name!r}]",
            place,
            "a folder as text or pathlib.Path, 'docker-image://NAME', or the address of a repository or a tar",
        )
    text = str(cast("Any", place))
    if not isinstance(place, str):
        return NamedContext(name, "folder", text)
    if text.startswith(_IMAGE):
        return NamedContext(name, "image", text.removeprefix(_IMAGE))
    if text.startswith(_ADDRESSES):
        return NamedContext(name, "address", text)
    if "://" in text:
        raise ValueError(
            f"{keyword}[{name!r}] is {text!r}, expected a folder, 'docker-image://NAME', or the URL of a git "
            "repository or a tar"
        )
    return NamedContext(name, "folder", text)


def parse_agents(value: object, variables: Mapping[str, str]) -> tuple[ForwardedAgent, ...]:
    """Read ssh=.

    Args:
        value: True or "default" for the user's own agent; sockets or keys by id; or items of the command line's form.
        variables: The environment, which names the user's own agent.
    """
    if value is True:
        value = _DEFAULT
    if value is False:
        return ()
    if human.is_mapping(value):
        given = human.parse_mapping("ssh", value, "{'default': '/run/agent.sock'}")
        return tuple(ForwardedAgent(id, (_place(id, path),)) for id, path in given.items())
    return tuple(_agent(item, variables) for item in human.parse_words("ssh", value))


def _place(id: str, path: object) -> str:
    if not human.is_path(path):
        human.wrong_type(f"ssh[{id!r}]", path, "the path of an agent's socket or of a private key")
    return str(cast("Any", path))


def _agent(item: str, variables: Mapping[str, str]) -> ForwardedAgent:
    id, _, paths = item.partition("=")
    if paths:
        return ForwardedAgent(id, tuple(paths.split(",")))
    socket = variables.get(_AGENT)
    if not socket:
        raise ValueError(
            f"ssh={item!r}: {_AGENT} is not set, so there is no agent; start one, or give {{{id!r}: PATH}} with the "
            "path of its socket or of a key"
        )
    return ForwardedAgent(id, (socket,))


def parse_secrets(value: object, variables: Mapping[str, str]) -> tuple[BuildSecret, ...]:
    """Read secrets=, a mapping or a list of the command line's form; errors never show a value."""
    if human.is_mapping(value):
        given = human.parse_mapping("secrets", value, "{'id': b'value'}")
        return tuple(_secret(id, content, variables) for id, content in given.items())
    return tuple(
        _listed_secret(item, variables) for item in human.parse_list("secrets", value, "['id=a,src=file']")
    )


def _secret(id: str, content: object, variables: Mapping[str, str]) -> BuildSecret:
    if isinstance(content, bytes):
        return BuildSecret(id, content)
    if isinstance(content, FromEnv):
        return _variable(id, content.name, variables)
    if human.is_path(content) and not isinstance(content, str):
        return BuildSecret(id, file=str(cast("PathLike[str]", content)))
    raise TypeError(
        f"secrets[{id!r}] is a {type(content).__name__}, expected bytes, FromEnv('NAME'), or a pathlib.Path of the "
        "file with it"
    )


def _listed_secret(item: object, variables: Mapping[str, str]) -> BuildSecret:
    parts = human.parse_pairs("an item of secrets", item.split(",")) if isinstance(item, str) else {}
    id = parts.get("id", "")
    file = parts.get("src", parts.get("source"))
    unknown = {*parts} - {"id", "src", "source", "env", "type"}
    if not id or unknown:
        raise ValueError("an item of secrets is not 'id=ID,src=FILE' or 'id=ID,env=NAME', which is expected")
    if file is not None and parts.get("type") != "env":
        return BuildSecret(id, file=file)
    return _variable(id, parts.get("env", file or id), variables)


def _variable(id: str, name: str, variables: Mapping[str, str]) -> BuildSecret:
    if name not in variables:
        raise ValueError(f"secrets: the variable {name!r} for {id!r} is not set; set it, or give a file")
    return BuildSecret(id, variables[name].encode())

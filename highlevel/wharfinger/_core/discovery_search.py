"""What the rules of discovery look at, and what they note down while they look."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

import attrs

from wharfinger.address import Engine, EngineAddress, TLSConfig
from wharfinger.errors import EngineUnreachable

if TYPE_CHECKING:
    from typing import NoReturn

JSONObject: TypeAlias = Mapping[str, object]


@attrs.frozen
class Environment:
    """The machine as discovery sees it. The functions may raise OSError, which names the file in the error.

    Attributes:
        variables: Environment variables; never shown, they may hold secrets.
        home: The user's home folder.
        uid: The user's number.
        system: As sys.platform names it.
        read: The bytes of a file; None when there is no such file.
        exists: Whether there is such a file.
        list_folder: The names in a folder, sorted; empty when there is no such folder.
        unreachable: Why nothing can be reached at a socket file; None when something listens.
        which: The path of a program; None when it is not installed.
    """

    variables: Mapping[str, str] = attrs.field(repr=False)
    home: str
    uid: int
    system: str
    read: Callable[[str], bytes | None]
    exists: Callable[[str], bool]
    list_folder: Callable[[str], Sequence[str]]
    unreachable: Callable[[str], str | None]
    which: Callable[[str], str | None]

    def variable(self, name: str) -> str | None:
        """A variable's value; None when it is unset or empty, which engines' own tools take for the same."""
        return self.variables.get(name) or None

    @property
    def runtime_dir(self) -> str:
        """Where the user's own sockets are."""
        return self.variable("XDG_RUNTIME_DIR") or f"/run/user/{self.uid}"

    @property
    def config_home(self) -> str:
        """Where the user's settings are."""
        return self.variable("XDG_CONFIG_HOME") or f"{self.home}/.config"


@attrs.define
class Search:
    """One search for an engine: what was asked, and why each rule so far did not apply."""

    environment: Environment
    engine: Engine | None = None
    tls: TLSConfig | None = None
    tried: list[tuple[str, str]] = attrs.Factory(list[tuple[str, str]])

    def passed_over(self, rule: str, why: str) -> None:
        """Note that a rule does not apply."""
        self.tried.append((rule, why))

    def fail(self, rule: str, why: str, hint: str, cause: Exception | None = None) -> NoReturn:
        """End the search: this rule applies and cannot be followed, so no later one may."""
        raise EngineUnreachable([(rule, why)], hint) from cause

    def address(
        self,
        url: str,
        rule: str,
        hint: str,
        *,
        engine: Engine | None = None,
        tls: TLSConfig | None = None,
        identity: str | None = None,
    ) -> EngineAddress:
        """The address that a rule found; a URL that is none ends the search."""
        try:
            return EngineAddress(url, rule, engine or self.engine, tls, identity)
        except ValueError as error:
            self.fail(rule, str(error), hint, error)

    def read(self, path: str, rule: str) -> bytes | None:
        """A settings file; one that is there but cannot be read ends the search."""
        try:
            return self.environment.read(path)
        except OSError as error:
            self.fail(rule, f"{path} cannot be read: {error.strerror or error}", _mend(path), error)

    def list_folder(self, path: str, rule: str) -> Sequence[str]:
        """The names in a settings folder; one that cannot be listed ends the search."""
        try:
            return self.environment.list_folder(path)
        except OSError as error:
            self.fail(rule, f"{path} cannot be listed: {error.strerror or error}", _mend(path), error)

    def read_json(self, path: str, rule: str) -> JSONObject | None:
        """A settings file that holds one JSON object; any other content ends the search."""
        content = self.read(path, rule)
        if content is None:
            return None
        value, fault = _json_object(content)
        if value is None:
            self.fail(rule, f"{path} {fault}", _mend(path))
        return value


def _json_object(content: bytes) -> tuple[JSONObject | None, str]:
    """The object, or in words what is wrong: the decoder's error carries the text, which may hold logins."""
    try:
        value: object = json.loads(content)
    except json.JSONDecodeError as error:
        return None, f"is not JSON (line {error.lineno}, column {error.colno})"
    except UnicodeDecodeError:
        return None, "is not UTF-8 text"
    if isinstance(value, dict):
        return cast("JSONObject", value), ""
    return None, f"holds {type(value).__name__} where a JSON object is expected"


def _mend(path: str) -> str:
    return f"Mend {path} or move it away, or name the engine: base_url='unix:///run/docker.sock'."


def section(value: object, *keys: str) -> JSONObject:
    """The object found under these keys; empty when one is missing or holds something else."""
    for key in keys:
        if not isinstance(value, Mapping):
            return {}
        value = cast("JSONObject", value).get(key)
    return cast("JSONObject", value) if isinstance(value, Mapping) else {}


def text(value: JSONObject, key: str) -> str | None:
    """The non-empty string under a key; None for anything else."""
    found = value.get(key)
    return found if isinstance(found, str) and found else None


def listed(names: Sequence[str]) -> str:
    """Names as an error shows them."""
    return ", ".join(repr(name) for name in names) if names else "none"

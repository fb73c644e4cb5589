"""Our own words on operations and parameters (spec/docs), and the links to the official reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.convert import operations
from codegen.errors import CodegenError
from codegen.specs import SPEC, Doc, as_map, read_map

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = {
    "docker": "https://docs.docker.com/reference/api/engine/version/v{version}/",
    "libpod": "https://docs.podman.io/en/latest/_static/api.html",
}
_KEYS = {"summary", "returns", "params"}


class Docs:
    """The texts of one engine."""

    def __init__(self, engine: str, spec: Path = SPEC) -> None:
        self.engine = engine
        self.path = spec / "docs" / f"{engine}.yaml"
        self._texts = read_map(self.path)

    def summary(self, operation: str) -> str:
        """What the operation does, in one sentence."""
        return str(self._entry(operation)["summary"])

    def returns(self, operation: str) -> str:
        """What the success value is, where that is not obvious; else empty."""
        return str(self._entry(operation).get("returns", ""))

    def parameter(self, operation: str, name: str) -> str:
        """What a parameter means; empty where its name says it all."""
        return str(self._entry(operation).get("params", {}).get(name, ""))

    def link(self, operation: Doc, newest: str) -> str:
        """The operation's page in the official reference."""
        tag = operation["tags"][0]
        tag = tag.capitalize() if self.engine == "docker" else tag
        page = _PAGE[self.engine].format(version=newest)
        return f"{page}#tag/{tag}/operation/{operation['operationId']}"

    def check(self, doc: Doc) -> None:
        """Raises where an operation has no text, a text nothing that it is on, or an entry not the form."""
        known = {op["operationId"]: _parameters(op) for _, _, op in operations(doc)}
        odd = sorted(name for name, entry in self._texts.items() if not _is_entry(entry))
        if odd:
            raise CodegenError(
                f"{self.path}: {', '.join(odd)}: expected `summary`, and where needed `returns` and `params` "
                "(name to text), each a text that is not empty"
            )
        missing = sorted(known.keys() - self._texts.keys())
        stale = sorted(self._texts.keys() - known.keys())
        for operation in sorted(known.keys() & self._texts.keys()):
            stale += [
                f"{operation}.{n}"
                for n in self._texts[operation].get("params", {})
                if n not in known[operation]
            ]
        if missing or stale:
            raise CodegenError(
                f"{self.path}: without a text: {', '.join(missing) or 'none'}; "
                f"texts of nothing: {', '.join(stale) or 'none'}"
            )

    def _entry(self, operation: str) -> Doc:
        entry: Doc = self._texts[operation]
        return entry


def _parameters(operation: Doc) -> set[str]:
    names = {str(parameter["name"]) for parameter in operation["parameters"]}
    return names | {"body"} if "requestBody" in operation else names


def _is_entry(node: object) -> bool:
    entry = as_map(node)
    if entry is None or set(entry) - _KEYS or "summary" not in entry:
        return False
    params = as_map(entry.get("params", {}))
    texts = [value for key, value in entry.items() if key != "params"]
    return params is not None and all(isinstance(t, str) and t.strip() for t in (*texts, *params.values()))

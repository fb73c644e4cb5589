"""What a build is made from: a folder, files in memory, a tar, a lone Dockerfile, or an address.

The functions here read local files, and so belong on a thread where an event loop is near. A folder is read while it
is sent: neither in memory nor in a temporary file is there ever a whole context.
"""

from __future__ import annotations

import errno
import hashlib
import posixpath
import re
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import attrs

from wharfinger._core.build_parts import local_folders, new_boundary, parts
from wharfinger._core.dockerignore import IgnoreRules
from wharfinger._core.human import is_mapping, is_path, wrong_type
from wharfinger._core.tar import END, Owner, tar_files, tar_member, tar_members

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from wharfinger._core.build_keywords import BuildSecret, NamedContext
    from wharfinger._core.dockerignore import Verdict
    from wharfinger._core.operation import Content
    from wharfinger.address import Engine

_REMOTE = ("http://", "https://", "git://", "github.com/", "git@")
_DEFAULTS: dict[Engine, tuple[str, ...]] = {
    "docker": ("Dockerfile", "dockerfile"),
    "podman": ("Containerfile", "Dockerfile"),
}
_IGNORE_FILES: dict[Engine, tuple[str, ...]] = {
    "docker": (".dockerignore",),
    "podman": (".containerignore", ".dockerignore"),
}
_IGNORE = ".dockerignore"
_ROOT = Owner()


@attrs.frozen
class BuildSource:
    """Where a build comes from, as it was asked for; one of the first four is given.

    Attributes:
        path: A local folder.
        fileobj: A Dockerfile, or with custom_context a tar.
        context: Files by name, or a tar.
        remote: An address that the engine fetches.
        custom_context: Whether fileobj is a tar.
        dockerfile: Where the Dockerfile is, from the context's top.
        secrets: What only RUN steps that ask for it may see.
        contexts: Further contexts, by name.
    """

    path: str | os.PathLike[str] | None = None
    fileobj: Any = None
    context: Mapping[str, Any] | Content | None = None
    remote: str | None = None
    custom_context: bool = False
    dockerfile: str | None = None
    secrets: tuple[BuildSecret, ...] = ()
    contexts: tuple[NamedContext, ...] = ()

    def checked(self) -> BuildSource:
        """The same, an address that was given as a path told apart.

        Raises:
            TypeError: Not exactly one of them is given, or what does not go together is.
        """
        places = {"path": self.path, "fileobj": self.fileobj, "context": self.context, "remote": self.remote}
        given = [name for name, value in places.items() if value is not None]
        if len(given) != 1:
            told = f"{' and '.join(given)} are given" if given else "nothing to build from is given"
            raise TypeError(f"{told}; expected exactly one of path, fileobj, context and remote")
        if self.custom_context and self.fileobj is None:
            raise TypeError(f"custom_context=True with {given[0]}; it tells that fileobj is a tar")
        if isinstance(self.path, str) and self.path.startswith(_REMOTE):
            return attrs.evolve(self, path=None, remote=self.path)
        return self


@attrs.frozen
class BuildContext:
    """What is sent.

    Attributes:
        content: The tar, made while it is read; None where the engine fetches it.
        remote: The address that the engine fetches.
        dockerfile: Where the Dockerfile is; None for the engine's own default.
        text: The Dockerfile, where it is known here.
        excludes: What no step may copy, where the engine has to be told.
        secrets: For each the id, and the name under which it is in the tar.
        boundary: What stands between the tars, where there are several.
    """

    content: Any = attrs.field(default=None, repr=False)
    remote: str | None = attrs.field(default=None, repr=False)
    dockerfile: str | None = None
    text: bytes | None = attrs.field(default=None, repr=False)
    excludes: tuple[str, ...] | None = None
    secrets: tuple[tuple[str, str], ...] = ()
    boundary: str | None = None


def build_context(source: BuildSource, engine: Engine) -> BuildContext:
    """Make ready what is sent; a folder's files are read later, when they go.

    Raises:
        OSError: The folder, its Dockerfile or its ignore file cannot be read.
        TypeError: What was given is no context.
        ValueError: The ignore file is wrong, or secrets or folders cannot go with such a context.
    """
    folders = local_folders(source.contexts)
    context = _main_context(source.checked(), engine, alone=not folders)
    if not folders:
        return context
    boundary = new_boundary()
    return attrs.evolve(context, content=parts(context.content, folders, boundary), boundary=boundary)


def _main_context(source: BuildSource, engine: Engine, *, alone: bool) -> BuildContext:
    if source.path is not None:
        return _folder(Path(source.path), source, engine)
    if source.remote is None and is_mapping(source.context):
        files = cast("Mapping[str, Any]", source.context)
        return _in_memory(checked_files(files), source, engine)
    if source.fileobj is not None and not source.custom_context:
        files = {"Dockerfile": lone_dockerfile(source)}
        return _in_memory(files, attrs.evolve(source, dockerfile="Dockerfile"), engine)
    if not alone:
        raise ValueError("folders in contexts go along with a context given as path or as a mapping of files")
    if source.secrets:
        raise ValueError("secrets are sent inside the context; give it as path or as a mapping of files")
    return sent_as_it_is(source)


def sent_as_it_is(source: BuildSource) -> BuildContext:
    """A tar, or an address.

    Raises:
        TypeError: What was given is no context.
    """
    content = source.context if source.fileobj is None else source.fileobj
    if is_path(content):
        raise TypeError(
            f"a context is a {type(content).__name__}, expected files by name, or a tar as bytes, file or "
            "chunks; a folder is given as path"
        )
    return BuildContext(content, source.remote, source.dockerfile)


def checked_files(files: Mapping[str, Any]) -> Mapping[str, Any]:
    """Files by name, if they are.

    Raises:
        TypeError: The content of one is none.
        ValueError: The name of one leads elsewhere.
    """
    for name, content in files.items():
        if not isinstance(content, bytes) and not is_path(content):
            raise TypeError(
                f"context[{name!r}] is a {type(content).__name__}, expected bytes, text, or a pathlib.Path of a "
                "local file"
            )
        inside = posixpath.normpath(name)
        if name.startswith("/") or inside.startswith("..") or inside == ".":
            raise ValueError(
                f"context has {name!r}, expected a path beneath the context's top, such as 'src/a.py'"
            )
    return files


def _in_memory(files: Mapping[str, Any], source: BuildSource, engine: Engine) -> BuildContext:
    name, text = dockerfile_in_files(files, source.dockerfile, engine)
    secret_names = _names_of(source.secrets)
    return BuildContext(
        # No time of their own, so that the same files make the same context wherever and whenever.
        content=_sent_files(files, source.secrets, secret_names),
        dockerfile=name,
        text=text,
        secrets=tuple(zip((one.id for one in source.secrets), secret_names, strict=True)),
    )


def dockerfile_in_files(files: Mapping[str, Any], given: str | None, engine: Engine) -> tuple[str, bytes]:
    """The Dockerfile among files by name: what it is called there, and what it says.

    Raises:
        OSError: It is a local file that cannot be read.
        ValueError: There is none.
    """
    name = given or next((one for one in _DEFAULTS[engine] if one in files), None)
    if name is None or name not in files:
        expected = repr(given) if given else " or ".join(map(repr, _DEFAULTS[engine]))
        raise ValueError(f"the context has {sorted(files)}, expected {expected} among them")
    found: Any = files[name]
    return name, _bytes(found) if isinstance(found, bytes | str) else Path(found).read_bytes()


def _sent_files(
    files: Mapping[str, Any], hidden: Sequence[BuildSecret], names: Sequence[str]
) -> Iterator[bytes]:
    yield from _secret_members(hidden, names)
    yield from tar_files(files, mtime=0)


def checked_folder(path: Path) -> Path:
    """A folder without links in its path, if it is one.

    Raises:
        OSError: It is none.
    """
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder to build from", str(path))
    if not path.is_dir():
        raise NotADirectoryError(
            errno.ENOTDIR, "to build from it, give its folder as path and its name as dockerfile", str(path)
        )
    return path.resolve()


def _folder(path: Path, source: BuildSource, engine: Engine) -> BuildContext:
    root = checked_folder(path)
    file = dockerfile_of(root, source.dockerfile, engine)
    text = file.read_bytes()
    inside = file.relative_to(root).as_posix() if file.is_relative_to(root) else None
    name = inside or f".dockerfile.{hashlib.sha256(text).hexdigest()[:20]}"
    added: dict[str, bytes] = {} if inside else {name: text}
    ignore = ignore_file(root, file, engine)
    rules = ignore.rules if ignore else IgnoreRules()
    if engine == "docker":
        added.update(_told_docker(ignore, root, added))
    secret_names = _names_of(source.secrets)
    return BuildContext(
        content=_sent_folder(
            root,
            rules.sparing(_IGNORE, *([inside] if inside else [])),
            added,
            (source.secrets, secret_names),
            engine,
        ),
        dockerfile=name,
        text=text,
        excludes=rules.without(*added).lines or None if engine == "podman" else None,
        secrets=tuple(zip((one.id for one in source.secrets), secret_names, strict=True)),
    )


def _told_docker(ignore: IgnoreFile | None, root: Path, added: Iterable[str]) -> dict[str, bytes]:
    """The ignore file to send instead of the folder's own, where Docker has to be told more than that one does.

    The engine takes the Dockerfile and this very file out of the context where it names them.
    """
    hidden = [*added]
    if ignore is None or ignore.path != root / _IGNORE:
        if ignore is None and not hidden:
            return {}
        hidden.append(_IGNORE)
    return {_IGNORE: b"\n".join((ignore.data if ignore else b"", *map(str.encode, hidden)))} if hidden else {}


def dockerfile_of(root: Path, given: str | None, engine: Engine) -> Path:
    """Where the Dockerfile for a folder is, which may be outside of it.

    Raises:
        FileNotFoundError: Nowhere.
    """
    names = _DEFAULTS[engine] if given is None else (given,)
    for name in names:
        file = root / name
        if file.is_file():
            # A Dockerfile that is itself a link is sent as what it is called.
            return file.parent.resolve() / file.name
    told = "there is no Dockerfile in the folder" if given is None else "there is no such Dockerfile"
    raise FileNotFoundError(errno.ENOENT, told, str(root / names[-1 if engine == "podman" else 0]))


@attrs.frozen
class IgnoreFile:
    """A .dockerignore or its like."""

    path: Path
    data: bytes
    rules: IgnoreRules


def ignore_file(root: Path, dockerfile: Path, engine: Engine) -> IgnoreFile | None:
    """The first of the ignore files that there is: one for this Dockerfile goes before one for the folder."""
    own = [Path(f"{dockerfile}{ending}") for ending in _IGNORE_FILES[engine]]
    for file in (*own, *(root / name for name in _IGNORE_FILES[engine])):
        try:
            data = file.read_bytes()
        except FileNotFoundError:
            continue
        try:
            return IgnoreFile(file, data, IgnoreRules.parse(data))
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from error
    return None


def _sent_folder(
    root: Path,
    rules: IgnoreRules,
    added: Mapping[str, bytes],
    hidden: tuple[Sequence[BuildSecret], Sequence[str]],
    engine: Engine,
) -> Iterator[bytes]:
    yield from _secret_members(*hidden)
    chosen = chosen_files(root, rules, everywhere=engine == "podman")
    wanted = ((file, name) for file, name in chosen if name not in added)
    devices = engine == "docker"
    yield from tar_members((file, name) for file, name in wanted if is_sendable(file, devices=devices))
    for name, data in added.items():
        yield tar_member(name, data, mode=0o600, mtime=0, owner=_ROOT)
    yield END


def chosen_files(
    folder: Path, rules: IgnoreRules, before: str = "", above: Verdict | None = None, *, everywhere: bool
) -> Iterator[tuple[Path, str]]:
    """The files that no pattern leaves out, each folder before what is in it, in an order that stays.

    Docker looks for what a "!" takes back only in folders that it names, and Podman everywhere.
    """
    for file in sorted(folder.iterdir()):
        name = before + file.name
        verdict = rules.judge(name, above)
        if not verdict.excluded:
            yield file, name
        enter = not verdict.excluded or rules.may_keep_in(name, everywhere=everywhere)
        if enter and file.is_dir() and not file.is_symlink():
            yield from chosen_files(file, rules, f"{name}/", verdict, everywhere=everywhere)


def is_sendable(file: Path, *, devices: bool) -> bool:
    """Whether the engine's own command line would send it: a socket never, pipes and devices to Docker."""
    mode = file.lstat().st_mode
    plain = stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_ISLNK(mode)
    return plain or (devices and not stat.S_ISSOCK(mode))


def _names_of(hidden: Iterable[BuildSecret]) -> list[str]:
    return [f".secret.{secrets.token_hex(16)}" for _ in hidden]


def _secret_members(hidden: Sequence[BuildSecret], names: Sequence[str]) -> Iterator[bytes]:
    for secret, name in zip(hidden, names, strict=True):
        yield tar_member(name, secret.read(), mode=0o600, mtime=0, owner=_ROOT)


def lone_dockerfile(source: BuildSource) -> bytes:
    """The Dockerfile that is given instead of a context.

    Raises:
        TypeError: It is none, or another is named.
    """
    file: object = source.fileobj
    if source.dockerfile is not None:
        raise TypeError(
            "dockerfile is given together with fileobj, which is the Dockerfile; give one of them"
        )
    if isinstance(file, bytes | str):
        return _bytes(file)
    read = getattr(file, "read", None)
    if read is None:
        wrong_type(
            "fileobj", type(file), "a file, bytes or text of a Dockerfile; custom_context=True takes a tar"
        )
    return _bytes(read())


def _bytes(text: bytes | str) -> bytes:
    return text.encode() if isinstance(text, str) else text


_FROM = re.compile(r"^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE | re.MULTILINE)
_COPY_FROM = re.compile(r"^\s*(?:COPY|ADD|RUN)\s.*?\bfrom=([^\s,]+)", re.IGNORECASE | re.MULTILINE)


def named_images(text: bytes) -> list[str] | None:
    """The images that a Dockerfile names, stages of its own left out; None when a variable hides one."""
    whole = re.sub(r"[\\`]\r?\n", " ", text.decode("utf-8", "replace"))
    stages: set[str] = {"scratch"}
    images: list[str] = []
    for image, stage in cast("list[tuple[str, str]]", _FROM.findall(whole)):
        images.append(image)
        stages.add(stage.lower())
    images += cast("list[str]", _COPY_FROM.findall(whole))
    if any("$" in image for image in images):
        return None
    return [one for one in dict.fromkeys(images) if one.lower() not in stages and not one.isdecimal()]

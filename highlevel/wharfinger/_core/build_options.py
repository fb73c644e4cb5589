"""The keywords of build(), for editors and type checkers, and how their values are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, TypeAlias, TypedDict, cast

import attrs

from wharfinger._core import human
from wharfinger._core.build_context import BuildSource
from wharfinger._core.build_keywords import (  # so that users can resolve annotations
    Agents,
    BuilderName,
    Contexts,
    Secrets,
    parse_agents,
    parse_builder,
    parse_contexts,
    parse_secrets,
)
from wharfinger._core.container_options import Pairs, Size  # noqa: TC001 - so that users can resolve annotations
from wharfinger._core.operation import Content  # noqa: TC001 - likewise
from wharfinger._core.option_values import parse_extra_hosts
from wharfinger._core.references import ImageReference

if TYPE_CHECKING:
    from collections.abc import Callable

Files: TypeAlias = Mapping[str, bytes | str | PathLike[str]]


class BuildOptions(TypedDict, total=False):
    """Keywords of build(), named as in docker-py, podman-py and aiodocker.

    Sizes are bytes, or strings such as "512m". What is not given is left to the engine; on Podman to what
    `podman build` does, which keeps layers as cache, leaves no container behind, and gives RUN steps a network of
    their own.

    Attributes:
        additional_contexts: The same as contexts.
        all_platforms: Build for each platform that the base image has (Podman).
        buildargs: {"NAME": "value"} or ["NAME=value"]; None leaves the Dockerfile's own default.
        builder: "classic" or "buildkit" on Docker (the latter needs wharfinger[buildkit]). "auto", as unless given, is
            on Podman its own, and on Docker BuildKit if contexts, secrets or ssh are given, else classic.
        cache_from: Images whose layers may be reused.
        compat_volumes: Keep what RUN steps change in a volume of the image out (Podman API 5.2.5).
        container_limits: Limits of RUN steps: memory, memswap, cpushares, cpusetcpus, cpuperiod, cpuquota.
        context: Files by name, each bytes, text or the pathlib.Path of a local one; or a tar as bytes, file or
            chunks.
        contexts: Further contexts by name: a folder, "docker-image://NAME" or a URL (BuildKit; Podman API 5.6.2).
        created_annotation: Write the time of the build down as an annotation (Podman API 5.6.2).
        custom_context: fileobj is a tar.
        dockerfile: Where the Dockerfile is, from the context's top; for a folder also one outside it.
        encoding: How the tar is compressed: "gzip", "bzip2", "xz" or "zstd".
        extra_hosts: {"name": "address"} for /etc/hosts of RUN steps.
        fileobj: A Dockerfile, as file, bytes or text, to be built without a context; see custom_context.
        forcerm: Remove the steps' containers after a failure too.
        http_proxy: Give RUN steps the engine's proxy variables (Podman).
        inherit_annotations: Take over the base image's annotations (Podman API 5.6.2).
        inherit_labels: Take over the base image's labels (Podman API 5.6.2).
        isolation: Kind of isolation of RUN steps (Windows; on Podman "oci", "chroot" or "rootless").
        labels: {"name": "value"} or ["name"].
        layer_labels: Labels of the layers that are kept as cache, as labels (Podman API 4.9.5).
        layers: Keep a layer of each step as cache (Podman).
        manifest: List of images to add the image to, which is made if need be (Podman).
        network_mode: Of RUN steps: "bridge", "none", "host", a network's name; on Docker "container:NAME" too.
        no_hosts: Make no /etc/hosts (Podman API 5.4.2).
        nocache: Do every step anew.
        output: Where the result goes instead of becoming an image: "type=local,dest=FOLDER" or "type=tar,dest=FILE" on
            this machine, with stream=True (BuildKit); where else, on the engine's machine (Podman).
        outputformat: Media type of the manifest, such as
            "application/vnd.docker.distribution.manifest.v2+json" (Podman).
        path_dockerfile: The same as dockerfile.
        platform: Such as "linux/arm64", or several on Podman.
        pull: Get the base images even if older ones are there; on Podman also "missing", "never" or "newer".
        quiet: Tell nothing but the image's id.
        remote: Address of a git repository, a tar or a Dockerfile that the engine fetches.
        rewrite_timestamp: Cut the times of new files to source_date_epoch (Podman API 5.6.2).
        rm: Remove the steps' containers after success.
        secrets: For `RUN --mount=type=secret`: {"id": b"value"}, {"id": pathlib.Path("file")} or
            {"id": FromEnv("NAME")}; or ["id=ID,src=FILE"] or ["id=ID,env=NAME"] (BuildKit; Podman).
        shmsize: Size of /dev/shm in RUN steps.
        source_date_epoch: Seconds since 1970 taken as the image's time (Podman API 5.6.2).
        squash: Make one layer of all new ones (Podman; Docker in experimental mode).
        ssh: For `RUN --mount=type=ssh`: True for the agent that SSH_AUTH_SOCK names; or the path of an agent's socket
            by id: {"default": "/run/agent.sock"}; or ["ID=PATH"] (BuildKit). Steps see keys and sign with them only.
        tag: One name of the image, or several.
        target: Stage to stop at.
        timeout: Seconds that all of it may take; no limit unless given.
        timestamp: Seconds since 1970 taken as the time of the image and of all new files (Podman API 5.6.2).
        unset_annotations: Annotations of the base image to leave out (Podman API 5.6.2).
        unset_env: Variables of the base image to leave out (Podman).
        unset_labels: Labels of the base image to leave out (Podman API 4.9.5).
        use_config_proxy: Give the proxies of Docker's config.json as build arguments; Docker's clients do.
        volumes: Folders of the engine's machine for RUN steps: ["/host:/inside:ro"] (Podman API 4.9.5).
    """

    additional_contexts: Contexts
    all_platforms: bool
    buildargs: Pairs
    builder: BuilderName
    cache_from: Sequence[str]
    compat_volumes: bool
    container_limits: Mapping[str, Size]
    context: Files | Content
    contexts: Contexts
    created_annotation: bool
    custom_context: bool
    dockerfile: str | PathLike[str] | None
    encoding: str | None
    extra_hosts: Mapping[str, str] | Sequence[str]
    fileobj: BinaryIO | TextIO | bytes | str | Content | None
    forcerm: bool
    http_proxy: bool
    inherit_annotations: bool
    inherit_labels: bool
    isolation: str
    labels: Pairs
    layer_labels: Pairs
    layers: bool
    manifest: str
    network_mode: str
    no_hosts: bool
    nocache: bool
    output: str
    outputformat: str
    path_dockerfile: str | PathLike[str] | None
    platform: str | Sequence[str]
    pull: bool | str
    quiet: bool
    remote: str | None
    rewrite_timestamp: bool
    rm: bool
    secrets: Secrets
    shmsize: Size
    source_date_epoch: int
    squash: bool
    ssh: Agents
    tag: str | Sequence[str]
    target: str
    timeout: float | None
    timestamp: int
    unset_annotations: Sequence[str]
    unset_env: Sequence[str]
    unset_labels: Sequence[str]
    use_config_proxy: bool
    volumes: Sequence[str]


@attrs.frozen
class BuildSpec:
    """What is asked of a build besides its context, read; by the keyword.

    Attributes:
        values: What was given.
        tags: Names of the image.
        builder: Which builder shall do it.
    """

    values: Mapping[str, Any] = attrs.field(repr=False)
    tags: tuple[str, ...] = ()
    builder: BuilderName = "auto"

    def with_buildargs(self, others: Mapping[str, str]) -> BuildSpec:
        """The same with build arguments that were not given."""
        if not others:
            return self
        given = cast("Mapping[str, str | None]", self.values.get("buildargs") or {})
        return attrs.evolve(self, values={**self.values, "buildargs": {**others, **given}})


@attrs.frozen
class BuildRequest:
    """The keywords of build(), read.

    Attributes:
        source: What to build from.
        spec: What to do with it.
        timeout: Seconds for all of it.
        encoding: How a tar is compressed.
        use_config_proxy: Whether config.json's proxies are wanted; None where nothing was said.
    """

    source: BuildSource
    spec: BuildSpec
    timeout: float | None = None
    encoding: str | None = None
    use_config_proxy: bool | None = None

    def on_docker(self) -> BuildRequest:
        """The same for Docker: nothing beside the context in its body, and a builder chosen by what is asked alone."""
        wanted = any(name in self.spec.values for name in _BUILDKIT_ONLY)
        chosen: BuilderName = "buildkit" if wanted else "classic"
        builder = chosen if self.spec.builder == "auto" else self.spec.builder
        return attrs.evolve(
            self,
            source=attrs.evolve(self.source, secrets=(), contexts=()),
            spec=attrs.evolve(self.spec, builder=builder),
        )


_BUILDKIT_ONLY = ("contexts", "secrets", "ssh")
_ENCODINGS = ("identity", "gzip", "bzip2", "xz", "zstd")
_PULLS = ("always", "missing", "never", "newer")
_SOURCE = ("context", "custom_context", "dockerfile", "fileobj", "path_dockerfile", "remote", "secrets")
_OWN = ("additional_contexts", "builder", "encoding", "ssh", "tag", "timeout", "use_config_proxy")
_LIMITS: Mapping[str, Callable[[str, object], object]] = {
    "memory": human.parse_size,
    "memswap": human.parse_size,
    "cpushares": human.parse_int,
    "cpusetcpus": human.parse_text,
    "cpuperiod": human.parse_int,
    "cpuquota": human.parse_int,
}


def _limits(name: str, value: object) -> dict[str, object]:
    given = human.parse_mapping(name, value, "{'memory': '512m'}")
    for key in given:
        if key not in _LIMITS:
            raise ValueError(f"{name} has {key!r}, expected some of: {', '.join(_LIMITS)}")
    return {key: _LIMITS[key](f"{name}[{key!r}]", limit) for key, limit in given.items()}


def _pull(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "always" if value else "missing"
    if value not in _PULLS:
        human.wrong_value(name, value, f"True, False or one of: {', '.join(_PULLS)}")
    return str(value)


_READERS: dict[str, Callable[[str, object], object]] = {
    name: reader
    for reader, names in {
        human.parse_flag: "all_platforms compat_volumes created_annotation forcerm http_proxy "
        "inherit_annotations inherit_labels layers no_hosts nocache quiet rewrite_timestamp rm squash",
        human.parse_int: "source_date_epoch timestamp",
        human.parse_text: "isolation manifest network_mode output outputformat target",
        human.parse_size: "shmsize",
        human.parse_words: "cache_from platform unset_annotations unset_env unset_labels volumes",
        human.parse_pairs: "labels layer_labels",
        human.parse_optional_pairs: "buildargs",
        _limits: "container_limits",
        _pull: "pull",
    }.items()
    for name in names.split()
}
_READERS["contexts"] = parse_contexts
_READERS["extra_hosts"] = lambda _name, value: parse_extra_hosts(value)


def build_request(
    path: str | PathLike[str] | None, options: BuildOptions, variables: Mapping[str, str]
) -> BuildRequest:
    """Read the keywords; one whose value is None is not given.

    Args:
        path: The folder.
        options: The keywords.
        variables: The environment, for secrets that are in it.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, or two keywords contradict each other.
    """
    known = {*_READERS, *_SOURCE, *_OWN}
    given = {name: value for name, value in cast("dict[str, Any]", options).items() if value is not None}
    for name in options:
        if name not in known:
            raise TypeError(f"unknown option {name!r}{human.nearest(name, known)}")
    _merge_contexts(given)
    encoding = given.get("encoding")
    if encoding is not None and encoding not in _ENCODINGS:
        human.wrong_value("encoding", encoding, f"one of: {', '.join(_ENCODINGS)}")
    proxy = given.get("use_config_proxy")
    values: dict[str, Any] = {name: _READERS[name](name, given[name]) for name in given if name in _READERS}
    secrets = parse_secrets(given.get("secrets", ()), variables)
    if secrets:
        values["secrets"] = secrets
    if agents := parse_agents(given.get("ssh", False), variables):
        values["ssh"] = agents
    return BuildRequest(
        source=attrs.evolve(_source(path, given), secrets=secrets, contexts=values.get("contexts", ())),
        spec=BuildSpec(
            values,
            tuple(str(ImageReference.parse(tag)) for tag in human.parse_words("tag", given.get("tag", ()))),
            parse_builder(given.get("builder", "auto")),
        ),
        timeout=human.parse_seconds("timeout", given["timeout"]) if "timeout" in given else None,
        encoding=encoding,
        use_config_proxy=None if proxy is None else human.parse_flag("use_config_proxy", proxy),
    )


def _merge_contexts(given: dict[str, Any]) -> None:
    other = given.pop("additional_contexts", None)
    if other is not None and "contexts" in given:
        raise TypeError("contexts and additional_contexts are given, which are the same; give one of them")
    if other is not None:
        given["contexts"] = other


def _source(path: str | PathLike[str] | None, given: Mapping[str, Any]) -> BuildSource:
    if "dockerfile" in given and "path_dockerfile" in given:
        raise TypeError("dockerfile and path_dockerfile are given, which are the same; give one of them")
    dockerfile = given.get("dockerfile", given.get("path_dockerfile"))
    for name, value in (("path", path), ("dockerfile", dockerfile)):
        if value is not None and not human.is_path(value):
            human.wrong_type(name, value, "a path, as text or pathlib.Path")
    return BuildSource(
        path=path,
        fileobj=given.get("fileobj"),
        context=given.get("context"),
        remote=human.parse_text("remote", given["remote"]) if "remote" in given else None,
        custom_context=human.parse_flag("custom_context", given.get("custom_context", False)),
        dockerfile=None if dockerfile is None else str(Path(dockerfile)),
    )

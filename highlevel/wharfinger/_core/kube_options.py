"""The keywords of what has to do with Kubernetes' YAML and systemd's units, and the YAML itself."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta  # noqa: TC003 - so that users can resolve annotations at run time
from os import PathLike, fspath
from typing import IO, Any, Literal, TypeAlias, TypedDict, cast

from wharfinger._core import human
from wharfinger._core.noun_options import Reader, read_options

KubeObject: TypeAlias = Mapping[str, Any]
# What YAML can be given as.
KubeSource: TypeAlias = str | bytes | PathLike[str] | IO[bytes] | IO[str] | KubeObject | Sequence[KubeObject]
KubeKind: TypeAlias = Literal["pod", "deployment", "daemonset", "job"]
_KINDS = ("pod", "deployment", "daemonset", "job")
_RESTARTS = ("no", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort", "always")
_EXPECTED = "YAML text, a path, an open file, a mapping, or a list of mappings"


class PlayOptions(TypedDict, total=False):
    """Keywords of kube.play().

    Attributes:
        annotations: For each container: a mapping, or a list of "name=value" (API 5.0.3).
        auth_config: For the registries of its images: {"username": …, "password": …}.
        build: Images to build before, though there are such already: by their names in the YAML, each the local folder
            with its Containerfile or Dockerfile (API 5.4.2).
        log_driver: Log driver of its containers; the engine's own unless given.
        log_options: Settings of the log driver: a mapping, or a list of "name=value" (API 4.9.5).
        network: Networks that the pods join, or one mode such as "host".
        no_hosts: Leave /etc/hosts as the images have it (API 4.9.5).
        no_trunc: Keep annotations that are longer than Kubernetes allows (API 4.9.5).
        publish_all_ports: Publish each containerPort, also those without a hostPort (API 5.0.3).
        publish_ports: Ports to publish instead, such as ["8080:80"] (API 4.9.5).
        replace: Remove pods and containers of these names first (API 4.9.5).
        service_container: Make a container that ties the lives of the pods together (API 4.9.5).
        start: Start what is made; so unless it is False.
        static_ips: Addresses of the pods, in their order.
        static_macs: Hardware addresses of the pods, in their order.
        tls_verify: Whether registries have to prove who they are; Podman's configuration says unless given.
        userns: User namespace of the pods, such as "auto" or "keep-id" (API 4.9.5).
        wait: Stay until the pods have ended, then remove them, and the volumes and secrets of the YAML; also where the
            wait is interrupted. The report tells how their containers ended (API 4.9.5).
    """

    annotations: Mapping[str, str] | Sequence[str]
    auth_config: Mapping[str, str]
    build: Mapping[str, str | PathLike[str]]
    log_driver: str
    log_options: Mapping[str, str] | Sequence[str]
    network: str | Sequence[str]
    no_hosts: bool
    no_trunc: bool
    publish_all_ports: bool
    publish_ports: Sequence[str]
    replace: bool
    service_container: bool
    start: bool
    static_ips: Sequence[str]
    static_macs: Sequence[str]
    tls_verify: bool
    userns: str
    wait: bool


class GenerateKubeOptions(TypedDict, total=False):
    """Keywords of generate_kube() and kube.generate().

    Attributes:
        service: Describe a Service for the published ports, too.
        type: "pod", "deployment", "daemonset" or "job"; a pod unless given (API 4.9.5).
        replicas: How many of them a deployment has (API 4.9.5).
        no_trunc: Keep annotations that are longer than Kubernetes allows (API 4.9.5).
        podman_only: Write annotations that only Podman reads, too (API 4.9.5).
    """

    service: bool
    type: KubeKind
    replicas: int
    no_trunc: bool
    podman_only: bool


class SystemdOptions(TypedDict, total=False):
    """Keywords of generate_systemd().

    Attributes:
        use_name: Say names instead of ids.
        new: Make the containers anew at each start, and remove them at each stop.
        no_header: Leave out the comment with the version and the time.
        start_timeout: Seconds that systemd waits for a start.
        stop_timeout: Seconds that a container gets for its stop; its own setting unless given.
        restart_policy: "no", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort" or "always";
            on-failure unless given.
        restart_sec: Seconds that systemd waits before it starts it again.
        container_prefix: What names of containers' units begin with; "container" unless given.
        pod_prefix: What names of pods' units begin with; "pod" unless given.
        separator: What stands after that; "-" unless given.
        wants: Units for Wants=.
        after: Units for After=.
        requires: Units for Requires=.
        additional_env_variables: For Environment=: a mapping, or a list of "NAME=value".
    """

    use_name: bool
    new: bool
    no_header: bool
    start_timeout: float | timedelta | str
    stop_timeout: float | timedelta | str
    restart_policy: str
    restart_sec: float | timedelta | str
    container_prefix: str
    pod_prefix: str
    separator: str
    wants: str | Sequence[str]
    after: str | Sequence[str]
    requires: str | Sequence[str]
    additional_env_variables: Mapping[str, str] | Sequence[str]


def _pair_words(name: str, value: object) -> list[str]:
    return [f"{key}={text}" for key, text in human.parse_pairs(name, value).items()]


def _seconds(name: str, value: object) -> int:
    seconds = round(human.parse_seconds(name, value))
    if seconds < 0:
        human.wrong_value(name, value, "seconds from 0")
    return seconds


def _one_of(words: Sequence[str]) -> Reader:
    def read(name: str, value: object) -> str:
        if human.parse_text(name, value) not in words:
            human.wrong_value(name, value, " or ".join(map(repr, words)))
        return cast("str", value)

    return read


def _replicas(name: str, value: object) -> int:
    if human.parse_int(name, value) < 1:
        human.wrong_value(name, value, "a number from 1")
    return cast("int", value)


def _folders(name: str, value: object) -> dict[str, str]:
    given = human.parse_mapping(name, value, "{'localhost/web:1': './web'}")
    if not given:
        human.wrong_value(name, value, "images to build, such as {'localhost/web:1': './web'}")
    for image, place in given.items():
        if not human.is_path(place):
            human.wrong_type(f"{name}[{image!r}]", place, "the path of a local folder")
    return {image: fspath(place) for image, place in given.items()}


_PLAY: dict[str, Reader] = {
    **dict.fromkeys(("no_hosts", "no_trunc", "publish_all_ports", "replace"), human.parse_flag),
    **dict.fromkeys(("service_container", "start", "tls_verify", "wait"), human.parse_flag),
    **dict.fromkeys(("network", "publish_ports", "static_ips", "static_macs"), human.parse_words),
    **dict.fromkeys(("log_driver", "userns"), human.parse_text),
    "annotations": human.parse_pairs,
    "build": _folders,
    "log_options": _pair_words,
}
_GENERATE: dict[str, Reader] = {
    **dict.fromkeys(("service", "no_trunc", "podman_only"), human.parse_flag),
    "type": _one_of(_KINDS),
    "replicas": _replicas,
}
_SYSTEMD: dict[str, Reader] = {
    **dict.fromkeys(("use_name", "new", "no_header"), human.parse_flag),
    **dict.fromkeys(("start_timeout", "stop_timeout", "restart_sec"), _seconds),
    **dict.fromkeys(("container_prefix", "pod_prefix", "separator"), human.parse_text),
    **dict.fromkeys(("wants", "after", "requires"), human.parse_words),
    "restart_policy": _one_of(_RESTARTS),
    "additional_env_variables": _pair_words,
}


def play_options(options: PlayOptions) -> dict[str, Any]:
    """Read the keywords of kube.play() but auth_config, for the binding.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong, or there is nothing to wait for.
    """
    given = {name: value for name, value in options.items() if name != "auth_config"}
    found = read_options("kube.play()", given, _PLAY)
    if found.get("wait") and found.get("start") is False:
        raise ValueError("wait=True with start=False: what is not started does not end; give one of them")
    return found


def generate_options(options: GenerateKubeOptions) -> dict[str, Any]:
    """Read the keywords of generate_kube(); see play_options.

    Raises:
        ValueError: Also for replicas of what is no deployment.
    """
    found = read_options("generate_kube()", options, _GENERATE)
    if "replicas" in found and found.get("type") != "deployment":
        raise ValueError(f"replicas={found['replicas']}: expected it with type='deployment'")
    return {"type_" if name == "type" else name: value for name, value in found.items()}


def systemd_options(options: SystemdOptions) -> dict[str, Any]:
    """Read the keywords of generate_systemd(); see play_options."""
    return read_options("generate_systemd()", options, _SYSTEMD)


def kube_text(source: object) -> bytes:
    """The text to send, out of text, a mapping or mappings; JSON, which they become, is YAML too.

    Raises:
        TypeError: It is something else.
        ValueError: There is nothing in it, or what JSON cannot say.
    """
    if isinstance(source, str | bytes):
        text = source.encode() if isinstance(source, str) else source
    elif isinstance(source, Mapping):
        text = _document(cast("Mapping[str, Any]", source))
    else:
        items = human.parse_list("the YAML", source, "[{'kind': 'Pod', …}]") if _is_list(source) else None
        if items is None:
            human.wrong_type("the YAML", source, _EXPECTED)
        text = b"\n---\n".join(_document(item) for item in items)
    if not text.strip():
        raise ValueError(f"the YAML is empty, expected {_EXPECTED}")
    return text


def _is_list(source: object) -> bool:
    return isinstance(source, Sequence)


def _document(item: object) -> bytes:
    found = dict(
        human.parse_mapping("a document of the YAML", item, "{'apiVersion': 'v1', 'kind': 'Pod', …}")
    )
    if not found.get("kind"):
        raise ValueError("a document of the YAML lacks 'kind', which says what it describes, such as 'Pod'")
    try:
        return json.dumps(found, default=_plain).encode()
    except TypeError as fault:
        raise TypeError(f"a document of the YAML has what JSON cannot say: {fault}") from fault


def _plain(value: object) -> object:
    """What JSON has of a mapping or list that is not Python's own."""
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    if _is_list(value) and not isinstance(value, bytes | bytearray):
        return list(cast("Sequence[Any]", value))
    raise TypeError(f"{value!r} of type {type(value).__name__}")

"""The rule of well-known sockets: where engines listen when nobody says otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from wharfinger.address import Engine, EngineAddress, unix_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._core.discovery_search import Environment, Search


@attrs.frozen
class KnownSocket:
    """A place where an engine may listen. Its engine is None where either is found in practice."""

    path: str
    what: str
    engine: Engine | None


def docker_sockets(search: Search) -> EngineAddress | None:
    """The first of Docker's sockets that answers."""
    return _first_answering(search, _docker_places(search.environment))


def podman_sockets(search: Search) -> EngineAddress | None:
    """The first of Podman's sockets that answers."""
    return _first_answering(search, _podman_places(search.environment))


def _first_answering(search: Search, places: Sequence[KnownSocket]) -> EngineAddress | None:
    seen: set[str] = set()
    for place in places:
        if place.path in seen:
            continue
        seen.add(place.path)
        rule = f"well-known socket of {place.what}"
        why = search.environment.unreachable(place.path)
        if why is None:
            return search.address(unix_url(place.path), rule, "", engine=place.engine)
        search.passed_over(f"{rule}, {place.path}", why)
    return None


def _docker_places(environment: Environment) -> Sequence[KnownSocket]:
    home = environment.home
    colima = environment.variable("COLIMA_HOME") or f"{home}/.colima"
    lima = environment.variable("LIMA_HOME") or f"{home}/.lima"
    return [
        KnownSocket(f"{environment.runtime_dir}/docker.sock", "rootless Docker", "docker"),
        KnownSocket(f"/run/user/{environment.uid}/docker.sock", "rootless Docker", "docker"),
        KnownSocket(f"{home}/.docker/run/docker.sock", "Docker Desktop", "docker"),
        KnownSocket(f"{home}/.docker/desktop/docker.sock", "Docker Desktop", "docker"),
        # Podman's compatibility package and Podman Desktop put a link to Podman here.
        KnownSocket("/var/run/docker.sock", "Docker", None),
        KnownSocket(f"{colima}/default/docker.sock", "Colima", "docker"),
        KnownSocket(f"{environment.config_home}/colima/default/docker.sock", "Colima", "docker"),
        KnownSocket(f"{home}/.rd/docker.sock", "Rancher Desktop", "docker"),
        KnownSocket(f"{home}/.orbstack/run/docker.sock", "OrbStack", "docker"),
        KnownSocket(f"{lima}/docker/sock/docker.sock", "Lima", "docker"),
    ]


def _podman_places(environment: Environment) -> Sequence[KnownSocket]:
    lima = environment.variable("LIMA_HOME") or f"{environment.home}/.lima"
    return [
        KnownSocket(f"{environment.runtime_dir}/podman/podman.sock", "rootless Podman", "podman"),
        KnownSocket(f"/run/user/{environment.uid}/podman/podman.sock", "rootless Podman", "podman"),
        KnownSocket("/run/podman/podman.sock", "Podman", "podman"),
        *[KnownSocket(path, "podman machine", "podman") for path in _machine_paths(environment)],
        KnownSocket(f"{lima}/podman/sock/podman.sock", "Lima", "podman"),
    ]


def _machine_paths(environment: Environment) -> list[str]:
    """Podman moved the machine's socket from the data folder to the temporary one in version 5."""
    default = "podman-machine-default"
    data_home = environment.variable("XDG_DATA_HOME") or f"{environment.home}/.local/share"
    temporary = (environment.variable("TMPDIR") or "/tmp").rstrip("/")  # noqa: S108 - looked at, never written
    machine = f"{data_home}/containers/podman/machine"
    return [
        f"{environment.runtime_dir}/podman/{default}-api.sock",
        f"{temporary}/podman/{default}-api.sock",
        f"{machine}/podman.sock",
        f"{machine}/{default}/podman.sock",
        f"{machine}/qemu/podman.sock",
    ]

"""A build in BuildKit's own words, for what the engine's call for builds cannot say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.build_plan import FROM_SESSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wharfinger._core.build_options import BuildSpec
    from wharfinger._core.build_plan import BuildPlan

# The keywords that are understood here; those without a word for it say what BuildKit does anyhow.
_ATTRIBUTES: Mapping[str, Callable[[Any], Mapping[str, str]]] = {
    "buildargs": lambda given: {
        f"build-arg:{name}": text for name, text in given.items() if text is not None
    },
    "cache_from": lambda given: {"cache-from": ",".join(given)},
    "extra_hosts": lambda given: {"add-hosts": ",".join(_host(one) for one in given)},
    "labels": lambda given: {f"label:{name}": text for name, text in given.items()},
    "network_mode": lambda given: {"force-network-mode": given} if given in ("none", "host") else {},
    "nocache": lambda given: {"no-cache": ""} if given else {},
    "platform": lambda given: {"platform": ",".join(given)},
    "pull": lambda given: {"image-resolve-mode": "pull" if given == "always" else "default"},
    "shmsize": lambda given: {"shm-size": str(given)},
    "target": lambda given: {"target": given},
}


@attrs.frozen
class Solving:
    """What BuildKit is asked to do.

    Attributes:
        frontend: What the frontend is told.
        exporter: What becomes of the result; "moby" is the engine's own images.
        exporter_attrs: What the exporter is told.
        entitlements: What steps may do that they may not otherwise.
    """

    frontend: Mapping[str, str] = attrs.field(repr=False)
    exporter: str = "moby"
    exporter_attrs: Mapping[str, str] = attrs.field(factory=dict[str, str])
    entitlements: tuple[str, ...] = ()


def solving(plan: BuildPlan, spec: BuildSpec) -> Solving:
    """The same in BuildKit's words.

    Raises:
        ValueError: It cannot be said in them.
    """
    if plan.context.content is not None:
        raise ValueError(
            "contexts go with a folder, files by name or a remote address, not with a tar; unpack it into a folder"
        )
    frontend: dict[str, str] = {}
    for name, value in spec.values.items():
        if name in _ATTRIBUTES:
            frontend.update(_ATTRIBUTES[name](value))
    if plan.context.dockerfile is not None:
        frontend["filename"] = plan.context.dockerfile
    if plan.context.remote not in (None, FROM_SESSION):
        frontend["context"] = str(plan.context.remote)
    frontend.update({f"context:{name}": place for name, place in plan.named.items()})
    host = spec.values.get("network_mode") == "host"
    export = plan.offer.export
    kind = "moby" if export is None else export.kind
    return Solving(frontend, kind, _names(spec), ("network.host",) if host else ())


def _host(told: str) -> str:
    name, _, address = told.partition(":")
    if address == "host-gateway":
        raise ValueError(f"extra_hosts has {told!r}, which goes not with contexts; give the address itself")
    return f"{name}={address}"


def outputs(plan: BuildPlan, spec: BuildSpec) -> Sequence[Mapping[str, Any]] | None:
    """Where the result goes, as the engine's call for builds wants to hear it."""
    export = plan.offer.export
    return None if export is None else [{"Type": export.kind, "Attrs": _names(spec)}]


def _names(spec: BuildSpec) -> Mapping[str, str]:
    return {"name": ",".join(spec.tags)} if spec.tags else {}

"""Builds of Docker, by its classic builder or by BuildKit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.negotiation import version_key
from wharfinger._core.operation import Operation
from wharfinger._core.raw_request import raw_operation
from wharfinger._core.references import DOCKER_HUB
from wharfinger._core.registry_auth import HUB_SERVER, registry_config
from wharfinger._dialects.api import EngineAPI, converted
from wharfinger._dialects.encoding import body_content, filter_lists, undescribed
from wharfinger_api.docker.api.image import build_prune, image_build
from wharfinger_api.docker.api.session import session as open_session

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.build_context import BuildContext
    from wharfinger._core.build_options import BuildSpec
    from wharfinger._core.operation import RequestKwargs
    from wharfinger._core.registry_auth import RegistryAuth
    from wharfinger._dialects.dialect import Attrs, Filters

_PARAMETERS = {
    "buildargs": "buildargs",
    "cache_from": "cachefrom",
    "extra_hosts": "extrahosts",
    "forcerm": "forcerm",
    "labels": "labels",
    "network_mode": "networkmode",
    "nocache": "nocache",
    "quiet": "q",
    "rm": "rm",
    "shmsize": "shmsize",
    "squash": "squash",
    "target": "target",
}
_BOTH = {"platform", "pull"}
# BuildKit passes over them.
_CLASSIC = {"container_limits", "isolation"}
# Before Docker 23 it passes over this one too.
_SHMSIZE = (1, 42)
_CONTEXTS = (1, 42)
_IN_SESSION = {"contexts", "output", "secrets", "ssh"}
_ELSEWHERE = {
    "contexts": "builder='buildkit', or Podman",
    "output": "builder='buildkit', or Podman",
    "secrets": "builder='buildkit', or Podman",
    "ssh": "builder='buildkit'",
}
# What the engine's store of images is called where containerd keeps them.
_SNAPSHOTTER = "io.containerd.snapshotter"


@attrs.frozen
class DockerBuilds:
    """See BuildOperations."""

    api: EngineAPI

    def build(
        self,
        context: BuildContext,
        spec: BuildSpec,
        *,
        encoding: str | None,
        auths: Mapping[str, RegistryAuth],
        session: str | None = None,
        outputs: Sequence[Mapping[str, Any]] | None = None,
    ) -> Operation[Any]:
        buildkit = spec.builder == "buildkit"
        self._refuse(spec, session, "BuildKit" if buildkit else "the classic builder")
        values = spec.values
        named: dict[str, Any] = {_PARAMETERS[name]: values[name] for name in values if name in _PARAMETERS}
        request = image_build.request_kwargs(
            body=None if context.content is None else body_content(context.content),
            dockerfile=context.dockerfile,
            remote=context.remote,
            t=spec.tags or None,
            pull="1" if values.get("pull") == "always" else None,
            platform=next(iter(values.get("platform", ())), None),
            version="2" if buildkit else None,
            outputs=json.dumps(outputs) if outputs else None,
            x_registry_config=registry_config(_as_docker_keeps(auths)) if auths else None,
            **named,
            **values.get("container_limits", {}),
        )
        op = self.api.operation(image_build.OPERATION, request)
        # Read by every engine, though its description leaves it out.
        more = {"isolation": values.get("isolation"), "session": session}
        return undescribed(op, more, {"Content-Encoding": encoding})

    def _refuse(self, spec: BuildSpec, session: str | None, builder: str) -> None:
        buildkit = builder == "BuildKit"
        own = _CLASSIC if not buildkit else _IN_SESSION if session else ()
        for name in spec.values:
            if name not in _PARAMETERS and name not in _BOTH and name not in own:
                needs = "Docker's classic builder" if name in _CLASSIC else _ELSEWHERE.get(name, "Podman")
                raise self.api.lacking(f"build({name}=…) by {builder}", needs)
        if buildkit and "shmsize" in spec.values and version_key(self.api.version) < _SHMSIZE:
            raise self.api.lacking("build(shmsize=…) by BuildKit", "API 1.42, or the classic builder")
        if len(spec.values.get("platform", ())) > 1:
            raise self.api.lacking(f"build(platform=[…]) with several by {builder}", "Podman")
        if spec.values.get("pull") in ("never", "newer"):
            raise self.api.lacking(
                f"build(pull={spec.values['pull']!r})", "Podman; True and False are for both"
            )

    def session(self, headers: Mapping[str, str | Sequence[str]]) -> Operation[Any]:
        op = self.api.operation(open_session.OPERATION, open_session.request_kwargs())
        request: RequestKwargs = {**op.request, "headers": headers}
        return Operation(request, op.parse)

    def check_exports(self, facts: Mapping[str, Any]) -> None:
        if _SNAPSHOTTER not in str(facts.get("DriverStatus")):
            raise self.api.lacking(
                "build(output='type=oci|docker,…') with this engine's own image store",
                "Docker with the containerd image store; 'tar' gives the files",
            )

    def control(self) -> Operation[Any]:
        # What a further context is, BuildKit knows since Docker 23; an older one would take its name for an image's.
        if version_key(self.api.version) < _CONTEXTS:
            raise self.api.lacking("build(contexts=…)", "Docker API 1.42")
        # No description has it; every version that this library knows does.
        return undescribed(raw_operation("POST", "/grpc"), {}, {"Connection": "Upgrade", "Upgrade": "h2c"})

    def prune(
        self,
        *,
        filters: Filters | None,
        all: bool,
        keep_storage: int | None,
        reserved_space: int | None,
        max_used_space: int | None,
        min_free_space: int | None,
    ) -> Operation[Attrs]:
        request = build_prune.request_kwargs(
            filters=filter_lists(filters),
            all_=all or None,
            keep_storage=keep_storage,
            reserved_space=reserved_space,
            max_used_space=max_used_space,
            min_free_space=min_free_space,
        )
        op = self.api.operation(build_prune.OPERATION, request)
        return converted(op, lambda report: _pruned(report.to_dict()))


def _as_docker_keeps(auths: Mapping[str, RegistryAuth]) -> dict[str, RegistryAuth]:
    return {HUB_SERVER if name == DOCKER_HUB else name: auth for name, auth in auths.items()}


def _pruned(report: Attrs) -> Attrs:
    return {
        "CachesDeleted": report.get("CachesDeleted") or [],
        "SpaceReclaimed": report.get("SpaceReclaimed") or 0,
    }

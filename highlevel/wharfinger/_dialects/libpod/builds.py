"""Builds of Podman."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.registry_auth import registry_config
from wharfinger._dialects.encoding import body_content, undescribed
from wharfinger_api.libpod.api.images import image_build_libpod

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from wharfinger._core.build_context import BuildContext
    from wharfinger._core.build_keywords import NamedContext
    from wharfinger._core.build_options import BuildSpec
    from wharfinger._core.operation import Operation
    from wharfinger._core.registry_auth import RegistryAuth
    from wharfinger._dialects.api import EngineAPI
    from wharfinger._dialects.dialect import Attrs, Filters

_PARAMETERS = {
    "all_platforms": "allplatforms",
    "cache_from": "cachefrom",
    "compat_volumes": "compatvolumes",
    "created_annotation": "createdannotation",
    "extra_hosts": "extrahosts",
    "forcerm": "forcerm",
    "http_proxy": "httpproxy",
    "inherit_annotations": "inheritannotations",
    "inherit_labels": "inheritlabels",
    "labels": "labels",
    "layers": "layers",
    "no_hosts": "nohosts",
    "nocache": "nocache",
    "output": "outputs",
    "platform": "platform",
    "quiet": "q",
    "rewrite_timestamp": "rewritetimestamp",
    "rm": "rm",
    "shmsize": "shmsize",
    "source_date_epoch": "sourcedateepoch",
    "squash": "squash",
    "target": "target",
    "timestamp": "timestamp",
    "unset_annotations": "unsetannotation",
    "unset_env": "unsetenv",
    "unset_labels": "unsetlabel",
    "volumes": "volume",
}
# What its own command line asks for; without it the engine finds nothing in its cache, and keeps the containers of
# steps that failed.
_USUAL = {"rm": True, "forcerm": True, "outputformat": "application/vnd.oci.image.manifest.v1+json"}
# What Podman's numbers for the network of RUN steps mean.
_DEFAULT, _DISABLED, _ENABLED = 0, 1, 2
# How Podman tells what a further context is.
_CONTEXTS = "additionalbuildcontexts"
_KINDS = {"image": "image", "address": "url"}


@attrs.frozen
class LibpodBuilds:
    """See BuildOperations."""

    api: EngineAPI

    def build(
        self,
        context: BuildContext,
        spec: BuildSpec,
        *,
        encoding: str | None,
        auths: Mapping[str, RegistryAuth],
        session: str | None = None,  # noqa: ARG002 - of Docker's BuildKit
        outputs: Sequence[Mapping[str, Any]] | None = None,  # noqa: ARG002 - likewise
    ) -> Operation[Any]:
        self._refuse(spec)
        values: dict[str, Any] = {**_USUAL, "layers": not spec.values.get("squash"), **spec.values}
        named: dict[str, Any] = {_PARAMETERS[name]: values[name] for name in values if name in _PARAMETERS}
        request = image_build_libpod.request_kwargs(
            body=b"" if context.content is None else body_content(context.content),
            dockerfile=context.dockerfile,
            remote=context.remote,
            t=spec.tags or None,
            buildargs=_given(values.get("buildargs")),
            additionalbuildcontexts=self._contexts(values.get("contexts", ())),
            layer_label=_pairs(values.get("layer_labels")),
            x_registry_auth=registry_config(auths) if auths else None,
            **named,
            **values.get("container_limits", {}),
        )
        op = self.api.operation(image_build_libpod.OPERATION, request)
        several = f"multipart/form-data; boundary={context.boundary}" if context.boundary else None
        headers = {"Content-Encoding": encoding, "Content-Type": several}
        return undescribed(op, self._undescribed(context, values), headers)

    def _refuse(self, spec: BuildSpec) -> None:
        if spec.builder != "auto":
            raise self.api.lacking(
                f"build(builder={spec.builder!r})", "Docker; Podman has one builder, which 'auto' is"
            )
        if "ssh" in spec.values:
            raise self.api.lacking("build(ssh=…) by its API", "Docker's BuildKit")

    def _undescribed(self, context: BuildContext, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the engine reads, and its own command line sends, though its description leaves it out."""
        pull = values.get("pull")
        hidden = [f"id={id},src={name}" for id, name in context.secrets]
        return {
            "excludes": json.dumps(context.excludes) if context.excludes else None,
            "isolation": values.get("isolation"),
            "manifest": values.get("manifest"),
            "outputformat": values.get("outputformat"),
            # The described `pull` is passed over.
            "pullpolicy": "ifnewer" if pull == "newer" else pull,
            "secrets": json.dumps(hidden) if hidden else None,
            **self._network(values.get("network_mode")),
        }

    def _network(self, mode: str | None) -> dict[str, Any]:
        """The described networkmode by name is passed over, too: RUN steps would have the engine's own network."""
        spaces: list[Attrs] = [{"Name": "user", "Host": True, "Path": ""}]
        if mode is None:
            return {"networkmode": _DEFAULT, "nsoptions": json.dumps(spaces)}
        if mode.startswith("container:"):
            raise self.api.lacking(f"build(network_mode={mode!r})", "Docker")
        path = "" if mode in ("none", "host", "bridge", "default", "private") else mode.removeprefix("ns:")
        spaces.insert(0, {"Name": "network", "Host": mode == "host", "Path": path})
        return {"networkmode": _DISABLED if mode == "none" else _ENABLED, "nsoptions": json.dumps(spaces)}

    def session(self, headers: Mapping[str, str | Sequence[str]]) -> Operation[Any]:  # noqa: ARG002 - Docker's
        raise self.api.lacking("builds by BuildKit", "Docker")

    def check_exports(self, facts: Mapping[str, Any]) -> None:  # noqa: ARG002 - likewise
        raise self.api.lacking("builds by BuildKit", "Docker")

    def control(self) -> Operation[Any]:
        raise self.api.lacking("builds by BuildKit", "Docker")

    def _contexts(self, named: Sequence[NamedContext]) -> list[str] | None:
        """Those that the engine fetches; folders go along in the body, which is known since the same version."""
        fetched = [f"{one.name}={_KINDS[one.kind]}:{one.place}" for one in named if one.kind in _KINDS]
        if len(fetched) < len(named) and not self.api.takes(image_build_libpod.OPERATION, _CONTEXTS):
            fetched.append("a folder")
        return fetched or None

    def prune(
        self,
        *,
        filters: Filters | None,  # noqa: ARG002 - Docker uses them all
        all: bool,  # noqa: ARG002 - likewise
        keep_storage: int | None,  # noqa: ARG002 - likewise
        reserved_space: int | None,  # noqa: ARG002 - likewise
        max_used_space: int | None,  # noqa: ARG002 - likewise
        min_free_space: int | None,  # noqa: ARG002 - likewise
    ) -> Operation[Attrs]:
        raise self.api.lacking("prune_builds()", "Docker; Podman's cache is images, which prune() removes")


def _given(arguments: Mapping[str, str | None] | None) -> dict[str, str] | None:
    """Those with a value: Podman would take None for an empty one."""
    if arguments is None:
        return None
    return {name: value for name, value in arguments.items() if value is not None}


def _pairs(labels: Mapping[str, str] | None) -> list[str] | None:
    return [f"{name}={value}" for name, value in labels.items()] if labels else None

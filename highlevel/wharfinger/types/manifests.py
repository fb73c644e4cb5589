"""What manifest lists and artifacts hold."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any, Self

import attrs

_TITLE = "org.opencontainers.image.title"


def _nothing() -> Mapping[str, str]:
    return {}


@attrs.frozen(kw_only=True)
class ManifestEntry:
    """One image, or artifact, of a manifest list.

    Attributes:
        digest: Of its manifest, such as "sha256:…".
        size: Bytes of its manifest.
        media_type: Of its manifest.
        os: Such as "linux"; None where the list does not tell.
        architecture: Such as "arm64", likewise.
        variant: Such as "v8", likewise.
        os_version: Of Windows, likewise.
        annotations: What the list says of it besides; Podman 4.3 pushes them but does not tell them.
        artifact_type: Media type of an artifact; None for an image.
    """

    digest: str
    size: int
    media_type: str
    os: str | None = None
    architecture: str | None = None
    variant: str | None = None
    os_version: str | None = None
    annotations: Mapping[str, str] = attrs.field(factory=_nothing)
    artifact_type: str | None = None

    @property
    def platform(self) -> str:
        """Such as "linux/arm64/v8"; empty where the list does not tell."""
        return "/".join(filter(None, (self.os, self.architecture, self.variant)))

    @classmethod
    def from_json(cls, entry: Mapping[str, Any]) -> Self:
        """Read one descriptor of a list."""
        platform: Mapping[str, Any] = entry.get("platform") or {}
        return cls(
            digest=str(entry.get("digest") or ""),
            size=int(entry.get("size") or 0),
            media_type=str(entry.get("mediaType") or ""),
            os=platform.get("os") or None,
            architecture=platform.get("architecture") or None,
            variant=platform.get("variant") or None,
            os_version=platform.get("os.version") or None,
            annotations=entry.get("annotations") or {},
            artifact_type=entry.get("artifactType") or None,
        )


@attrs.frozen(kw_only=True)
class ArtifactFile:
    """One file of an artifact.

    Attributes:
        title: Its name; None where the artifact has none for it.
        digest: Of what is in it, such as "sha256:…".
        size: Its bytes.
        media_type: What is in it, such as "text/plain".
        annotations: What else the artifact says of it.
    """

    title: str | None
    digest: str
    size: int
    media_type: str
    annotations: Mapping[str, str] = attrs.field(factory=_nothing)

    @classmethod
    def from_json(cls, layer: Mapping[str, Any]) -> Self:
        """Read one layer of an artifact's manifest."""
        annotations: dict[str, str] = {**(layer.get("annotations") or {})}
        return cls(
            title=annotations.pop(_TITLE, None),
            digest=str(layer.get("digest") or ""),
            size=int(layer.get("size") or 0),
            media_type=str(layer.get("mediaType") or ""),
            annotations=annotations,
        )

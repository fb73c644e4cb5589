"""What manifest lists and their entries are told, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003 - so that users can resolve annotations at run time
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypedDict, get_args

import attrs

from wharfinger._core import human
from wharfinger._core.noun_options import Reader, read_options
from wharfinger._core.references import ImageReference

if TYPE_CHECKING:
    from wharfinger._core.multipart import PartContent

ListFormat: TypeAlias = Literal["oci", "v2s2"]

# What may stand before an image's name or a path.
_TRANSPORTS = ("docker://", "containers-storage:", "dir:", "docker-archive:", "oci:", "oci-archive:")
STORAGE = "containers-storage:"


class ManifestOptions(TypedDict, total=False):
    """What an entry of a manifest list says of its image, named as in podman-py; the image's own facts unless given.

    Attributes:
        os: Such as "linux".
        arch: Such as "arm64".
        variant: Of the architecture, such as "v8".
        os_version: Of Windows, such as "10.0.14393.1066".
        features: What the machine has to have, such as ["sse4"]; only Docker's own format of lists has it, see
            `Manifest.push`.
        annotation: Annotations: a mapping, or a list of "name=value". Only OCI's format of lists has them.
    """

    os: str
    arch: str
    variant: str
    os_version: str
    features: Sequence[str]
    annotation: Mapping[str, str] | list[str]


class ArtifactOptions(TypedDict, total=False):
    """What files become when `Manifest.add_artifact` makes an artifact of them.

    Attributes:
        type: The artifact's media type.
        config: Its configuration, as text; empty unless given.
        config_type: The configuration's media type.
        layer_type: The files' media type; what they look like unless given.
        exclude_titles: Leave the files' names out.
        subject: An image that the artifact is about, by its name.
        annotation: The artifact's own annotations: a mapping, or a list of "name=value".
    """

    type: str
    config: str
    config_type: str
    layer_type: str
    exclude_titles: bool
    subject: str
    annotation: Mapping[str, str] | list[str]


@attrs.frozen(kw_only=True)
class PushSpec:
    """How a list is to be pushed."""

    destination: str
    all: bool = True
    format: ListFormat | None = None
    add_compression: tuple[str, ...] | None = None
    force_compression_format: bool | None = None
    remove_signatures: bool | None = None
    tls_verify: bool | None = None


_ENTRY: dict[str, Reader] = {
    "os": human.parse_text,
    "arch": human.parse_text,
    "variant": human.parse_text,
    "os_version": human.parse_text,
    "features": human.parse_words,
    "annotation": human.parse_pairs,
}
_ARTIFACT: dict[str, Reader] = {
    "type": human.parse_text,
    "config": human.parse_text,
    "config_type": human.parse_text,
    "layer_type": human.parse_text,
    "exclude_titles": human.parse_flag,
    "subject": human.parse_text,
    "annotation": human.parse_pairs,
}
_ARTIFACT_KEYS = {
    "type": "artifact_type",
    "config": "artifact_config",
    "config_type": "artifact_config_type",
    "layer_type": "artifact_layer_type",
    "exclude_titles": "artifact_exclude_titles",
    "subject": "artifact_subject",
    "annotation": "artifact_annotations",
}


def entry_body(verb: str, options: ManifestOptions) -> dict[str, Any]:
    """What the keywords are in the body of Podman's PUT /libpod/manifests/{name}.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong.
    """
    read = read_options(verb, options, _ENTRY)
    pairs = read.pop("annotation", None)
    if pairs is not None:
        # As a mapping it is known since 4.9 only.
        read["annotation"] = [f"{name}={value}" for name, value in pairs.items()]
    return {name: [*value] if isinstance(value, tuple) else value for name, value in read.items()}


def artifact_body(options: ArtifactOptions) -> dict[str, Any]:
    """The same for an artifact.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: A value is wrong.
    """
    read = read_options("Manifest.add_artifact()", options, _ARTIFACT)
    return {_ARTIFACT_KEYS[name]: value for name, value in read.items()}


def index_body(annotation: Mapping[str, str] | list[str] | None, subject: str | None) -> dict[str, Any]:
    """The same for a list as a whole.

    Raises:
        TypeError: A value has the wrong type.
        ValueError: A value is wrong, or there is none.
    """
    if annotation is None and subject is None:
        raise ValueError("neither annotation nor subject is given, expected one of them, or both")
    body: dict[str, Any] = {}
    if annotation is not None:
        body["index_annotations"] = human.parse_pairs("annotation", annotation)
    if subject is not None:
        body["subject"] = human.parse_text("subject", subject)
    return body


def files_of(verb: str, files: Mapping[str, PartContent]) -> dict[str, PartContent]:
    """Files by their names, which are no paths.

    Raises:
        TypeError: It is no such mapping.
        ValueError: There is none, or a name is none.
    """
    found = human.parse_mapping("files", files, "{'notes.txt': b'…', 'model.bin': Path('…')}")
    if not found:
        raise ValueError(f"files is empty, expected at least one for {verb}")
    for name, content in found.items():
        plain_name("a name in files", name)
        if not human.is_path(content) and not isinstance(content, bytes):
            human.wrong_type(f"files[{name!r}]", content, "bytes, text or a path")
    return dict(found)


def plain_name(what: str, name: object) -> str:
    """A file's name that is no path.

    Raises:
        TypeError: It is no string.
        ValueError: It is none.
    """
    text = human.parse_text(what, name)
    if text in ("", ".", "..") or "/" in text or not text.isprintable():
        human.wrong_value(what, name, "a file's name without a folder, such as 'notes.txt'")
    return text


def has_transport(name: str) -> bool:
    """Whether a name says where the image is, such as "docker://…" or "containers-storage:…"."""
    return name.startswith(_TRANSPORTS)


def name_in_registry(names: Sequence[str]) -> str | None:
    """The first name that leads to a registry, whose credentials are wanted; None where all are the engine's own."""
    for name in names:
        plain = name.removeprefix("docker://")
        if not has_transport(plain):
            try:
                return str(ImageReference.parse(plain))
            except ValueError:
                # An id, or what has no meaning at all: the engine will tell.
                continue
    return None


def destination_of(name: str) -> str:
    """The name that a list is to have in a registry, without "docker://".

    Raises:
        TypeError: It is no string.
        ValueError: It is no image's name, or has a digest.
    """
    reference = ImageReference.parse(human.parse_text("destination", name).removeprefix("docker://"))
    if reference.digest:
        human.wrong_value("destination", name, "a name without a digest, such as 'quay.io/team/app:1.0'")
    return str(reference)


def check_list_format(format: ListFormat | None) -> None:
    """Says what is no format of a list.

    Raises:
        ValueError: There is no such format.
    """
    if format is not None and format not in get_args(ListFormat):
        human.wrong_value("format", format, f"one of {', '.join(map(repr, get_args(ListFormat)))}")

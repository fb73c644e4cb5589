"""What artifacts are told, checked."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - attrs resolves annotations at run time
from datetime import timedelta  # noqa: TC003 - so that users can resolve annotations at run time
from pathlib import PurePath
from typing import TYPE_CHECKING

import attrs

from wharfinger._core import human
from wharfinger._core.manifest_options import plain_name
from wharfinger._core.references import ImageReference

if TYPE_CHECKING:
    from os import PathLike


@attrs.frozen(kw_only=True)
class ArtifactSpec:
    """A file to be added to an artifact."""

    name: str
    file_name: str
    file_type: str | None
    type: str | None
    annotations: Mapping[str, str]
    append: bool
    replace: bool


@attrs.frozen(kw_only=True)
class TransferOptions:
    """How often a transfer is tried, and by what proof.

    Attributes:
        retry: How many times more.
        retry_delay: How long to wait before, as Podman spells it.
        tls_verify: Whether the registry has to prove who it is.
    """

    retry: int | None = None
    retry_delay: str | None = None
    tls_verify: bool | None = None


def artifact_spec(
    name: str,
    *,
    file_path: str | PathLike[str] | None,
    file_name: str | None,
    file_type: str | None,
    type: str | None,
    annotations: Mapping[str, str] | list[str] | None,
    append: bool,
    replace: bool,
) -> ArtifactSpec:
    """Check what is to be added.

    Raises:
        TypeError: A value has the wrong type.
        ValueError: A value is wrong, or two of them contradict each other.
    """
    ImageReference.parse(name)
    if file_name is None:
        if file_path is None:
            raise ValueError("file_name is not given; expected what to call the data, such as 'notes.txt'")
        file_name = PurePath(file_path).name
    if append and replace:
        # Podman 5.8 removes the artifact then, and finds nothing to add to.
        raise ValueError("append and replace are both True, expected one of them")
    if append and type is not None:
        raise ValueError(f"type={type!r} with append=True: what is there has its type already")
    return ArtifactSpec(
        name=name,
        file_name=plain_name("file_name", file_name),
        file_type=None if file_type is None else human.parse_text("file_type", file_type),
        type=None if type is None else human.parse_text("type", type),
        annotations={} if annotations is None else human.parse_pairs("annotations", annotations),
        append=human.parse_flag("append", append),
        replace=human.parse_flag("replace", replace),
    )


def transfer_options(
    retry: int | None, retry_delay: float | str | timedelta | None, tls_verify: bool | None
) -> TransferOptions:
    """Check how a transfer shall be done.

    Raises:
        TypeError: A value has the wrong type.
        ValueError: A value is wrong.
    """
    if retry is not None and human.parse_int("retry", retry) < 0:
        human.wrong_value("retry", retry, "a number of times, 0 or more")
    delay = None
    if retry_delay is not None:
        seconds = human.parse_seconds("retry_delay", retry_delay)
        if seconds < 0:
            human.wrong_value("retry_delay", retry_delay, "a time that is not negative")
        delay = f"{human.to_nanoseconds(seconds)}ns"
    return TransferOptions(retry=retry, retry_delay=delay, tls_verify=tls_verify)

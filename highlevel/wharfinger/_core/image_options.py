"""What pulls and pushes can be told, checked."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

PullPolicy: TypeAlias = Literal["missing", "always", "never", "newer"]
PushFormat: TypeAlias = Literal["oci", "v2s1", "v2s2"]


def check_policy(policy: PullPolicy | None) -> None:
    """Says what is no policy of pulling.

    Raises:
        ValueError: There is no such policy.
    """
    _check("policy", policy, get_args(PullPolicy))


def check_format(format: PushFormat | None) -> None:
    """Says what is no kind of manifest to push.

    Raises:
        ValueError: There is no such kind.
    """
    _check("format", format, get_args(PushFormat))


def _check(name: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise ValueError(f"{name}={value!r}: expected one of {', '.join(map(repr, known))}")

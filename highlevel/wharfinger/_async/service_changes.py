"""What a service's keywords become before they are sent: references filled in, credentials found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from wharfinger._core.api_errors import api_error
from wharfinger._core.service_parts import CONFIGS, SECRETS, complete, lacking, references
from wharfinger._dialects.dialect_swarm import swarm_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.container_encoding import Body
    from wharfinger._core.service_parts import Parts, Path
    from wharfinger.errors import NotFoundKind

Kind = Literal["Secret", "Config"]
_PLACES: tuple[tuple[Kind, Path], ...] = (("Secret", SECRETS), ("Config", CONFIGS))


async def fill_in(engine: AsyncEngineSession, parts: Parts) -> None:
    """Looks up the secrets and configs that are known by a name or an id alone.

    Raises:
        SecretNotFound, ConfigNotFound: There is none of that name or id.
    """
    for kind, path in _PLACES:
        given = references(parts, path)
        found = await _kept(engine, kind) if any(lacking(one, kind) for one in given) else []
        for one in given:
            complete(one, kind, _matching(kind, one, found) if lacking(one, kind) else None)


async def _kept(engine: AsyncEngineSession, kind: Kind) -> list[dict[str, Any]]:
    if kind == "Secret":
        return await engine.call(lambda say: say.secrets.list(None))
    return await engine.call(lambda say: swarm_words(say).configs.list(None))


def _matching(kind: Kind, reference: Body, found: list[dict[str, Any]]) -> Mapping[str, Any]:
    """The one that a reference means; a name may be an id, too."""
    wanted = reference.get(f"{kind}ID") or reference.get(f"{kind}Name")
    by_name = [one for one in found if one["Spec"]["Name"] == wanted]
    by_id = [one for one in found if one["ID"] == wanted]
    for one in by_id + by_name if f"{kind}ID" in reference else by_name + by_id:
        return one
    missing: NotFoundKind = "secret" if kind == "Secret" else "config"
    raise api_error(404, f"no such {missing}: {wanted!r}", "GET", f"/{missing}s", kind=missing)

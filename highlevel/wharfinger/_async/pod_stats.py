"""Streams of what the containers of pods use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._async.streams import AsyncStream
from wharfinger._core.stream_decoders import Reports
from wharfinger.types import PodStats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._async.engine import AsyncEngineSession


async def open_readings(
    engine: AsyncEngineSession, ids: Sequence[str], *, all: bool
) -> AsyncStream[PodStats]:
    """The readings of pods, by one request.

    Args:
        engine: What runs them.
        ids: Which; none for all that run.
        all: Those that do not run, too.
    """
    source = await engine.open(lambda say: say.pods.stats(ids, all=all, stream=True))
    sent_first = (await engine.dialect()).pods.sent_first(source.headers)
    return AsyncStream(source, Reports[PodStats](lambda one: PodStats(one, sent_first=sent_first)))

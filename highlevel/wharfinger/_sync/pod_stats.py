# Derived from highlevel/wharfinger/_async/pod_stats.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Streams of what the containers of pods use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.stream_decoders import Reports
from wharfinger._sync.streams import Stream
from wharfinger.types import PodStats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wharfinger._sync.engine import EngineSession


def open_readings(engine: EngineSession, ids: Sequence[str], *, all: bool) -> Stream[PodStats]:
    """The readings of pods, by one request.

    Args:
        engine: What runs them.
        ids: Which; none for all that run.
        all: Those that do not run, too.
    """
    source = engine.open(lambda say: say.pods.stats(ids, all=all, stream=True))
    sent_first = (engine.dialect()).pods.sent_first(source.headers)
    return Stream(source, Reports[PodStats](lambda one: PodStats(one, sent_first=sent_first)))

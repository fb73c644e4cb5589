"""Wharfinger without its extra `fast`: the standard library reads JSON."""

import sys

# None is how Python is told that a module cannot be imported, which its stubs do not know.
sys.modules["orjson"] = None  # type: ignore[assignment]

from benchmarks.peers import ours  # noqa: E402 - which imports it


class Peer(ours.Peer):
    """Only for what has JSON in it."""

    inspect = ours.Peer.inspect
    listing = ours.Peer.listing
    models = ours.Peer.models
    stats = ours.Peer.stats
    events = ours.Peer.events
    events_raw = ours.Peer.events_raw
    pull = ours.Peer.pull
    inspect_concurrent = ours.Peer.inspect_concurrent

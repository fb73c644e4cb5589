"""Wharfinger on Podman, async."""

from benchmarks.peers import ours_async
from wharfinger import AsyncPodmanClient


class Peer(ours_async.Peer):
    """By its native API."""

    engine = AsyncPodmanClient

"""Wharfinger on Podman."""

from benchmarks.peers import ours
from wharfinger import PodmanClient


class Peer(ours.Peer):
    """By its native API."""

    engine = PodmanClient

"""Free ports and subnets on this machine."""

import ipaddress
import json
import secrets
import socket
import subprocess

from tests.engines.harness.errors import HarnessError
from tests.engines.harness.provision import program


def free_port() -> int:
    """A loopback TCP port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_subnet() -> str:
    """A /24 of private addresses that no interface and no route of this machine touches."""
    taken = _routed_networks()
    for _ in range(200):
        candidate = ipaddress.ip_network(f"10.{secrets.randbelow(55) + 200}.{secrets.randbelow(256)}.0/24")
        if not any(candidate.overlaps(network) for network in taken):
            return str(candidate)
    raise HarnessError("No free /24 was found in 10.200.0.0-10.254.255.255; see `ip route`.")


def _routed_networks() -> list[ipaddress.IPv4Network]:
    listed = subprocess.run([program("ip"), "-4", "-json", "route"], capture_output=True, check=True)
    destinations = [route["dst"] for route in json.loads(listed.stdout or b"[]")]
    return [ipaddress.IPv4Network(dst) for dst in destinations if dst != "default"]

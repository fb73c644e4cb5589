"""Real engines for the tests: a private Docker, a private Podman and a registry, taken down afterwards."""

from tests.engines.harness.engine import Engine
from tests.engines.harness.errors import HarnessError
from tests.engines.harness.images import TEST_IMAGE
from tests.engines.harness.lab import Lab
from tests.engines.harness.registry import Registry

__all__ = ["Engine", "HarnessError", "Lab", "Registry", "TEST_IMAGE"]

"""run() that is interrupted: with removal asked for, nothing is left behind, whenever it happens."""

import pytest

from tests._async._live import client_of
from tests._async.conftest import AsyncInterruption
from tests.engines.harness import Engine
from tests.live import Relay, Scope

# What the client has just sent when it is interrupted.
MOMENTS = ["/containers/create", "/attach?", "/start"]


@pytest.mark.parametrize("moment", MOMENTS)
async def test_at_any_moment(engine: Engine, image: str, scope: Scope, moment: str) -> None:
    interruption = AsyncInterruption()
    with Relay(engine) as relay:
        relay.after(moment, interruption.now)
        async with client_of(engine, relay.url) as client:

            async def run() -> None:
                await client.containers.run(image, "sleep 300", remove=True, labels=scope.labels)

            await interruption.during(run)
            assert moment in "".join(relay.requests)
            assert scope.containers() == []
            assert await client.ping()


async def test_without_removal_it_runs_on(engine: Engine, image: str, scope: Scope) -> None:
    interruption = AsyncInterruption()
    with Relay(engine) as relay:
        relay.after("/start", interruption.now)
        async with client_of(engine, relay.url) as client:

            async def run() -> None:
                await client.containers.run(image, "sleep 300", labels=scope.labels)

            await interruption.during(run)
    assert len(scope.containers()) == 1

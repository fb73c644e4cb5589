# Derived from tests/_async/test_live_interruption.py
# by `python -m codegen.unasync`: change that file, not this one.
"""run() that is interrupted: with removal asked for, nothing is left behind, whenever it happens."""

import pytest

from tests._sync._live import client_of
from tests._sync.conftest import Interruption
from tests.engines.harness import Engine
from tests.live import Relay, Scope

# What the client has just sent when it is interrupted.
MOMENTS = ["/containers/create", "/attach?", "/start"]


@pytest.mark.parametrize("moment", MOMENTS)
def test_at_any_moment(engine: Engine, image: str, scope: Scope, moment: str) -> None:
    interruption = Interruption()
    with Relay(engine) as relay:
        relay.after(moment, interruption.now)
        with client_of(engine, relay.url) as client:

            def run() -> None:
                client.containers.run(image, "sleep 300", remove=True, labels=scope.labels)

            interruption.during(run)
            assert moment in "".join(relay.requests)
            assert scope.containers() == []
            assert client.ping()


def test_without_removal_it_runs_on(engine: Engine, image: str, scope: Scope) -> None:
    interruption = Interruption()
    with Relay(engine) as relay:
        relay.after("/start", interruption.now)
        with client_of(engine, relay.url) as client:

            def run() -> None:
                client.containers.run(image, "sleep 300", labels=scope.labels)

            interruption.during(run)
    assert len(scope.containers()) == 1

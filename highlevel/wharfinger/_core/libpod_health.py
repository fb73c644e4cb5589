"""Health checks as Podman has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger._core.container_encoding import Body, without_none
from wharfinger._core.human import to_nanoseconds
from wharfinger._core.libpod_places import ENGINE
from wharfinger._core.option_values import health_test
from wharfinger.errors import NotSupported
from wharfinger.types import Healthcheck

if TYPE_CHECKING:
    from wharfinger._core.option_health import StartupHealth

_INTERVAL, _TIMEOUT, _RETRIES = 30.0, 30.0, 3
# The service counts them so; 1 stands for a word that it does not know.
_ACTIONS = {"none": 0, "kill": 2, "restart": 3, "stop": 4}


def health_parts(check: Healthcheck) -> Body:
    """The check that goes on for as long as the container runs."""
    if check.start_interval is not None:
        raise NotSupported("start_interval of a health check", ENGINE)
    test = health_test(check)
    if test is None:
        raise NotSupported("a health check without a test (with the image's test)", ENGINE)
    return {"healthconfig": _check(test, check) | {"StartPeriod": to_nanoseconds(check.start_period or 0)}}


def startup_parts(check: StartupHealth) -> Body:
    """The check before it."""
    test = health_test(Healthcheck(check.test)) or []
    return {"startupHealthConfig": _check(test, check) | without_none({"Successes": check.success})}


def on_failure(action: str) -> Body:
    """What happens to an unhealthy container."""
    return {"health_check_on_failure_action": _ACTIONS[action]}


def _check(test: list[str], check: Healthcheck | StartupHealth) -> Body:
    # The service fills in its documented defaults for an image's check only, and takes 0 for what lacks here.
    return {
        "Test": test,
        "Interval": to_nanoseconds(_INTERVAL if check.interval is None else check.interval),
        "Timeout": to_nanoseconds(_TIMEOUT if check.timeout is None else check.timeout),
        "Retries": _RETRIES if check.retries is None else check.retries,
    }

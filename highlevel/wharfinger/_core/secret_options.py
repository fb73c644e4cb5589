"""The keywords of secrets.create(), and what they are in each engine's request."""

from __future__ import annotations

import base64
from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any, TypedDict

import attrs

from wharfinger._core import human
from wharfinger._core.container_encoding import Body, without_none
from wharfinger._core.noun_options import Reader, read_options
from wharfinger._core.option_values import fields_of
from wharfinger.errors import NotSupported


class SecretOptions(TypedDict, total=False):
    """Keywords of secrets.create(), named as in docker-py and podman-py.

    Attributes:
        labels: Labels: a mapping, or a list of "name=value".
        driver: Who keeps it: Podman's "file" (so unless given), "pass" or "shell"; on Docker a plugin's name, or
            {"Name": …, "Options": {…}}.
        driver_opts: The driver's options.
        templating: Its data is a template: "golang", or {"Name": …, "Options": {…}} (Docker).
    """

    labels: Mapping[str, str] | list[str]
    driver: str | Mapping[str, Any]
    driver_opts: Mapping[str, str]
    templating: str | Mapping[str, Any]


@attrs.frozen
class Driver:
    """A name, and what goes with it."""

    name: str
    options: Mapping[str, str] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class SecretSpec:
    """A secret to be made."""

    name: str
    data: bytes = attrs.field(repr=False)
    labels: Mapping[str, str] | None = None
    driver: Driver | None = None
    driver_opts: Mapping[str, str] | None = attrs.field(default=None, repr=False)
    templating: Driver | None = None


def parse_driver(name: str, value: object) -> Driver:
    """Take a name, or the engine's mapping."""
    if isinstance(value, str):
        return Driver(value, {})
    found = fields_of(name, value, ("name", "options"))
    called = human.parse_text(f"{name} name", found.get("name"))
    return Driver(called, human.parse_pairs(f"{name} options", found.get("options") or {}))


_READERS: dict[str, Reader] = {
    "labels": human.parse_pairs,
    "driver": parse_driver,
    "driver_opts": human.parse_pairs,
    "templating": parse_driver,
}


def secret_spec(name: str, data: bytes | str, options: SecretOptions) -> SecretSpec:
    """Read the keywords; one whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: The name is empty.
    """
    if not human.parse_text("name", name):
        human.wrong_value("name", name, "what to call the secret, such as 'password'")
    return SecretSpec(name=name, data=parse_data(data), **read_options("secrets.create()", options, _READERS))


def parse_data(data: object) -> bytes:
    """Take bytes, or text, which is kept as UTF-8."""
    if isinstance(data, str):
        return data.encode()
    if not isinstance(data, bytes):
        # What it is has to stay out of the message.
        raise TypeError(f"data is of type {type(data).__name__}, expected bytes or a string")
    return data


def docker_secret(spec: SecretSpec) -> Body:
    """The body of Docker's POST /secrets/create."""
    return without_none(
        {
            "Name": spec.name,
            "Data": base64.b64encode(spec.data).decode() if spec.data else None,
            "Labels": spec.labels,
            "Driver": _named(spec.driver, spec.driver_opts or {}),
            "Templating": _named(spec.templating, {}),
        }
    )


def _named(driver: Driver | None, options: Mapping[str, str]) -> Body | None:
    if driver is None:
        if options:
            raise ValueError("driver_opts is given without a driver, expected both")
        return None
    return {"Name": driver.name, "Options": {**driver.options, **options}}


def libpod_secret(spec: SecretSpec) -> dict[str, Any]:
    """The query of Podman's POST /libpod/secrets/create.

    Raises:
        NotSupported: Podman lacks something that was asked for.
    """
    if spec.templating is not None:
        raise NotSupported("the option 'templating' of secrets.create()", "Podman", "Docker")
    options = {**(spec.driver.options if spec.driver else {}), **(spec.driver_opts or {})}
    return {
        "name": spec.name,
        "driver": spec.driver.name if spec.driver else None,
        "driveropts": options or None,
        "labels": dict(spec.labels) if spec.labels else None,
    }

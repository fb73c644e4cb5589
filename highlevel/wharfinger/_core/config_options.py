"""The keywords of configs.create(), and what they are in Docker's request."""

from __future__ import annotations

import base64
from collections.abc import Mapping  # noqa: TC003 - so that users can resolve annotations at run time
from typing import Any, TypedDict

from wharfinger._core import human
from wharfinger._core.container_encoding import Body, without_none
from wharfinger._core.noun_options import Reader, read_options
from wharfinger._core.secret_options import parse_data, parse_driver


class ConfigOptions(TypedDict, total=False):
    """Keywords of configs.create(), named as in docker-py.

    Attributes:
        labels: Labels: a mapping, or a list of "name=value".
        templating: Its data is a template, filled in for each task: "golang", or {"Name": …, "Options": {…}}.
    """

    labels: Mapping[str, str] | list[str]
    templating: str | Mapping[str, Any]


_READERS: dict[str, Reader] = {"labels": human.parse_pairs, "templating": parse_driver}


def config_body(name: str, data: bytes | str, options: ConfigOptions) -> Body:
    """The body of Docker's POST /configs/create; a keyword whose value is None is not given.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
        ValueError: The name is empty.
    """
    if not human.parse_text("name", name):
        human.wrong_value("name", name, "what to call the config, such as 'settings'")
    found = read_options("configs.create()", options, _READERS)
    driver = found.get("templating")
    return without_none(
        {
            "Name": name,
            "Data": base64.b64encode(parse_data(data)).decode() or None,
            "Labels": found.get("labels"),
            "Templating": driver and {"Name": driver.name, "Options": dict(driver.options)},
        }
    )


def config_data(spec: Mapping[str, Any]) -> bytes:
    """What is kept, out of the engine's JSON."""
    return base64.b64decode(str(spec.get("Data") or ""))

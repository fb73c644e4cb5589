"""What the bindings put on the wire: what the caller gave, in the engines' spelling, and nothing else."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from tests.contracts.test_bindings_operations import EVERY, each_operation
from tests.engines.recorder.catalogue import BoundOperation, names
from wharfinger_api.docker.api.container import (
    container_create,
    container_inspect,
    container_list,
    container_stop,
)
from wharfinger_api.docker.api.image import image_build, image_create, image_get_all, image_push, image_tag
from wharfinger_api.docker.api.swarm import swarm_update
from wharfinger_api.docker.client import Client
from wharfinger_api.docker.models import AuthConfig, ContainerCreateRequest, Driver
from wharfinger_api.docker.types import Timestamp
from wharfinger_api.libpod.api.containers import container_top_libpod, play_kube_libpod
from wharfinger_api.libpod.api.images import image_pull_libpod
from wharfinger_api.libpod.api.networks import network_list_libpod

# Stand-ins for required arguments, by the start of their annotation.
_GIVEN: dict[str, object] = {
    "str": "given",
    "int": 7,
    "bool": True,
    "Sequence": ["given"],
    "Content": b"given",
    "Mapping": {},
}


def _required(operation: BoundOperation) -> dict[str, object]:
    """The least that the operation takes."""
    parameters = operation.signature("request_kwargs").parameters.values()
    return {p.name: _stand_in(operation, p.annotation) for p in parameters if p.default is p.empty}


def _stand_in(operation: BoundOperation, annotation: str) -> object:
    for start, value in _GIVEN.items():
        if annotation.startswith(start):
            return value
    assert annotation.split(" | ", maxsplit=1)[0] in names(operation.package), annotation
    return {"given": "yes"}


@each_operation
def test_nothing_is_sent_that_was_not_given(operation: BoundOperation) -> None:
    required = _required(operation)
    request = operation.request_kwargs(**required)
    sent: dict[str, Any] = {**request}
    assert sent.pop("method") in {"GET", "HEAD", "POST", "PUT", "DELETE"}
    assert str(sent.pop("url")).startswith("/")
    assert sent.pop("json", None) in (None, required.get("body"))
    assert sent.pop("content", None) in (None, required.get("body"))
    headers: dict[str, str] = sent.pop("headers", {})
    assert headers.keys() <= {"Content-Type"} | {n for n in headers if headers[n] == "given"}
    params: dict[str, Any] = sent.pop("params", {})
    assert all(value in ("given", 7, "true", ["given"], "{}") for value in params.values())
    assert len(params) + len(headers.keys() - {"Content-Type"}) <= len(required)
    assert not sent


def test_no_parameter_has_another_default_than_none() -> None:
    for operation in EVERY:
        for parameter in operation.signature("request_kwargs").parameters.values():
            assert parameter.default in (None, parameter.empty), operation.name


def _params(request: Any) -> Any:
    return request["params"]


def test_filters_are_json() -> None:
    request = container_list.request_kwargs(filters={"label": ["quay=north"], "status": ["exited", "dead"]})
    assert json.loads(_params(request)["filters"]) == {"label": ["quay=north"], "status": ["exited", "dead"]}
    old_form = network_list_libpod.request_kwargs(filters={"name": {"a": True}})
    assert json.loads(_params(old_form)["filters"]) == {"name": {"a": True}}
    encoded = '{"label":["a"]}'
    assert _params(container_list.request_kwargs(filters=encoded))["filters"] == encoded


def test_filters_take_any_iterable_of_values() -> None:
    request = container_list.request_kwargs(filters={"label": ("a", "b")})
    assert json.loads(_params(request)["filters"]) == {"label": ["a", "b"]}


def test_mappings_in_the_query_are_json() -> None:
    request = image_build.request_kwargs(buildargs={"TIDE": "high", "UNSET": None}, labels={"quay": "north"})
    assert json.loads(_params(request)["buildargs"]) == {"TIDE": "high", "UNSET": None}
    assert json.loads(_params(request)["labels"]) == {"quay": "north"}


@pytest.mark.parametrize(
    "auth", [{"username": "wharf", "password": "~~~???ÿ"}, AuthConfig(username="wharf", password="~~~???ÿ")]
)
def test_credentials_are_url_safe_base64_with_padding(auth: Any) -> None:
    request = image_push.request_kwargs("busybox", x_registry_auth=auth)
    header = request.get("headers", {})["X-Registry-Auth"]
    assert len(header) % 4 == 0
    assert not set("+/\n") & set(header)
    assert json.loads(base64.urlsafe_b64decode(header)) == {"username": "wharf", "password": "~~~???ÿ"}


def test_credentials_that_are_encoded_already_stay() -> None:
    request = image_pull_libpod.request_kwargs(reference="busybox", x_registry_auth="e30=")
    assert request.get("headers") == {"X-Registry-Auth": "e30="}


def test_lists_repeat_their_key() -> None:
    request = image_get_all.request_kwargs(names=["a:1", "b:2"])
    assert _params(request) == {"names": ["a:1", "b:2"]}
    assert (
        str(httpx.Request("GET", "http://engine", params=_params(request)).url)
        == "http://engine?names=a%3A1&names=b%3A2"
    )
    assert _params(container_top_libpod.request_kwargs("web", ps_args=["pid", "args"])) == {
        "ps_args": ["pid", "args"]
    }


def test_booleans_numbers_and_empty_texts_are_spelt_as_the_engines_read_them() -> None:
    request = container_list.request_kwargs(all_=True, size=False, limit=0)
    assert _params(request) == {"all": "true", "size": "false", "limit": 0}
    assert _params(container_stop.request_kwargs("web", t=0, signal="")) == {"t": 0, "signal": ""}
    rotate = swarm_update.request_kwargs(body={}, version=2**63, rotate_worker_token=True)
    assert _params(rotate) == {"version": 2**63, "rotateWorkerToken": "true"}


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("web", "/containers/web/json"),
        ("a/b c?d#e%f", "/containers/a%2Fb%20c%3Fd%23e%25f/json"),
        ("sha256:0a@1", "/containers/sha256:0a@1/json"),
        ("hâvre", "/containers/h%C3%A2vre/json"),
    ],
)
def test_names_in_the_path_are_percent_encoded(name: str, path: str) -> None:
    request = container_inspect.request_kwargs(name)
    assert request == {"method": "GET", "url": path}
    with Client("http://engine/v1.41", transport=_Echo()) as client:
        assert container_inspect.sync(name, client=client).name == f"/v1.41{path}"


class _Echo(httpx.BaseTransport):
    """A peer that answers with the path it was asked for."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"Name": request.url.raw_path.decode()})


def test_image_references_keep_together() -> None:
    request = image_tag.request_kwargs("127.0.0.1:5000/wharf/web:1", repo="wharf/web", tag="2")
    assert request == {
        "method": "POST",
        "url": "/images/127.0.0.1:5000%2Fwharf%2Fweb:1/tag",
        "params": {"repo": "wharf/web", "tag": "2"},
    }


def test_an_empty_name_is_refused_before_it_becomes_another_path() -> None:
    with pytest.raises(ValueError, match="expected the object's id or name"):
        container_inspect.request_kwargs("")


def test_an_unknown_keyword_is_refused() -> None:
    unknown: Any = {"colour": "blue"}
    with pytest.raises(TypeError, match="colour"):
        container_list.request_kwargs(**unknown)
    with pytest.raises(TypeError, match=r"ContainerCreateRequest has no field 'colour'; it has: .*image"):
        ContainerCreateRequest(image="busybox", **unknown)


def test_a_missing_required_keyword_is_refused() -> None:
    nothing: Any = {}
    with pytest.raises(TypeError, match="body"):
        container_create.request_kwargs(**nothing)
    with pytest.raises(TypeError, match=r"Driver lacks name"):
        Driver(**nothing)


def test_a_body_is_a_model_or_a_mapping() -> None:
    typed = container_create.request_kwargs(
        name="web", body=ContainerCreateRequest(image="busybox", cmd=["sh"])
    )
    plain = container_create.request_kwargs(name="web", body={"Image": "busybox", "Cmd": ("sh",)})
    assert (
        typed
        == plain
        == {
            "method": "POST",
            "url": "/containers/create",
            "params": {"name": "web"},
            "json": {"Image": "busybox", "Cmd": ["sh"]},
        }
    )


def test_a_body_that_is_no_json_says_what_is_expected() -> None:
    with pytest.raises(TypeError, match=r"bytes cannot be sent as JSON; expected a model, mapping"):
        container_create.request_kwargs(body={"Image": b"busybox"})


def test_a_body_of_bytes_has_one_content_type() -> None:
    request = image_build.request_kwargs(body=b"tar")
    assert (request.get("content"), request.get("headers")) == (b"tar", {"Content-Type": "application/x-tar"})
    assert "headers" not in image_create.request_kwargs(from_image="busybox")
    assert play_kube_libpod.request_kwargs(body=b"kind: Pod").get("headers") == {
        "Content-Type": "application/yaml"
    }


def test_times_are_sent_as_they_came_or_in_utc() -> None:
    came = Timestamp.parse("2026-01-02T03:04:05.123456789+01:00")
    body = {"a": came, "b": datetime(2026, 1, 2, tzinfo=UTC), "c": datetime(2026, 1, 2)}
    sent = container_create.request_kwargs(body=body).get("json")
    assert sent == {
        "a": "2026-01-02T03:04:05.123456789+01:00",
        "b": "2026-01-02T00:00:00+00:00",
        "c": "2026-01-02T00:00:00+00:00",
    }

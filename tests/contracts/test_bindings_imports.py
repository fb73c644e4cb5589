"""What an import loads: what it names, and no more."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_GENERATED = Path(__file__).parents[2] / "generated"
_TELL = """
import json, sys
print(json.dumps(sorted(sys.modules)))
"""


def _loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after `code`."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(_GENERATED)!r})\n{code}\n{_TELL}"],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def _models(loaded: set[str]) -> set[str]:
    return {name.rpartition(".")[2] for name in loaded if ".models." in name}


@pytest.mark.parametrize("package", ["docker", "libpod"])
def test_a_package_loads_next_to_nothing(package: str) -> None:
    loaded = _loaded(f"import wharfinger_api.{package}")
    assert {name for name in loaded if name.startswith("wharfinger_api")} == {
        "wharfinger_api",
        f"wharfinger_api.{package}",
    }
    assert not {"httpx", "dateutil", "asyncio"} & loaded


@pytest.mark.parametrize(
    "module",
    ["docker.api.container.container_inspect", "libpod.api.containers.container_create_libpod"],
)
def test_an_operation_loads_no_model_and_no_http_library(module: str) -> None:
    loaded = _loaded(f"import wharfinger_api.{module}")
    assert not _models(loaded)
    assert not {"httpx", "dateutil", "asyncio"} & loaded


def test_a_request_without_a_model_loads_none() -> None:
    code = """
from wharfinger_api.docker.api.container import container_create
container_create.request_kwargs(name="web", body={"Image": "busybox"})
"""
    assert not _models(_loaded(code))


def test_a_reply_loads_only_the_models_that_are_touched() -> None:
    code = """
from types import SimpleNamespace
from wharfinger_api.docker.api.container import container_inspect
content = b'{"State": {"Status": "running", "Health": {"Status": "healthy"}}, "HostConfig": {"Memory": 1}}'
read = container_inspect.parse_response(SimpleNamespace(status_code=200, headers={}, content=content))
assert read.state.status == "running"
"""
    loaded = _loaded(code)
    assert _models(loaded) == {"container_inspect_response", "container_state"}
    assert "httpx" not in loaded


def test_the_package_of_models_loads_each_when_it_is_named() -> None:
    loaded = _loaded("from wharfinger_api.libpod import models\nmodels.Namespace(nsmode='host')")
    assert _models(loaded) == {"namespace"}


def test_a_date_in_the_engines_spelling_loads_no_date_library() -> None:
    code = """
from wharfinger_api.docker.models import ContainerInspectResponse
read = ContainerInspectResponse.from_dict({"Created": "2026-01-02T03:04:05.123456789Z"})
assert read.created.nanosecond == 123456789
"""
    assert "dateutil" not in _loaded(code)


def test_an_unknown_model_is_an_attribute_error() -> None:
    code = """
from wharfinger_api.docker import models
try:
    models.NoSuchThing
except AttributeError as error:
    assert "NoSuchThing" in str(error)
else:
    raise SystemExit("found what is not there")
"""
    assert not _models(_loaded(code))


def test_the_client_loads_httpx_and_the_package_does_not() -> None:
    assert "httpx" in _loaded("from wharfinger_api.docker import Client")

"""What a type checker tells a caller: mypy and pyright refuse what is wrong, and infer what is right."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_WRONG = "# wrong"

# Each line marked wrong must be refused, and no other.
_CALLS = """\
from typing import assert_type

from wharfinger_api.docker.api.container import container_inspect, container_list, container_wait, container_logs
from wharfinger_api.docker.api.container import container_stats
from wharfinger_api.docker.client import Client
from wharfinger_api.docker.models import ContainerInspectResponse, ContainerSummary, Driver, Mount, RestartPolicy
from wharfinger_api.docker.models import ContainerStatsResponse
from wharfinger_api.docker.types import Timestamp
from wharfinger_api.libpod.models import SpecGenerator


def right(client: Client) -> None:
    found = container_inspect.sync("web", client=client)
    assert_type(found, ContainerInspectResponse)
    assert_type(found.created, Timestamp | None)
    assert_type(found.id, str | None)
    assert_type(container_list.sync(client=client), list[ContainerSummary])
    if found.network_settings and found.network_settings.ports:
        for bindings in found.network_settings.ports.values():
            print([binding.host_port for binding in bindings or ()])
    RestartPolicy(name="on-failure", maximum_retry_count=3)
    container_list.request_kwargs(filters={"label": ["a"]})
    container_list.request_kwargs(filters={"label": {"a": True}})
    assert_type(container_logs.sync("web", client=client), bytes)
    detailed = container_inspect.sync_detailed("web", client=client)
    assert_type(detailed.parsed, ContainerInspectResponse | None)
    with container_stats.stream("web", client=client) as readings:
        for reading in readings:
            assert_type(reading, ContainerStatsResponse)


async def right_too(client: Client) -> None:
    assert_type(await container_inspect.asyncio("web", client=client), ContainerInspectResponse)
    async with container_stats.astream("web", client=client) as readings:
        async for reading in readings:
            assert_type(reading, ContainerStatsResponse)


def wrong(client: Client) -> None:
    RestartPolicy(name="sometimes")  # wrong
    Mount(type_="floppy")  # wrong
    SpecGenerator(image=7)  # wrong
    SpecGenerator(colour="blue")  # wrong
    Driver()  # wrong
    container_wait.request_kwargs("web", condition="asleep")  # wrong
    container_list.request_kwargs(filters=["label"])  # wrong
    container_list.request_kwargs(colour="blue")  # wrong
    container_inspect.request_kwargs()  # wrong
    container_inspect.sync("web")  # wrong
    container_inspect.sync("web", client=client).colour  # wrong
    container_inspect.sync("web", client=client).state.status  # wrong
"""


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("typing")
    (folder / "calls.py").write_text(_CALLS, encoding="utf-8")
    return folder / "calls.py"


def _wrong_lines() -> set[int]:
    return {number for number, line in enumerate(_CALLS.splitlines(), 1) if line.endswith(_WRONG)}


def test_mypy_refuses_what_is_wrong_and_nothing_else(calls: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--hide-error-context"]
    configured = ["--config-file", "", "--cache-dir", str(_ROOT / ".mypy_cache" / "contracts"), str(calls)]
    done = subprocess.run(
        [*command, *configured],
        capture_output=True,
        text=True,
        check=False,
        cwd=calls.parent,
        env={"MYPYPATH": str(_ROOT / "generated"), "PATH": ""},
    )
    found = {int(number) for number in re.findall(r"calls\.py:(\d+): error:", done.stdout)}
    assert found == _wrong_lines(), done.stdout + done.stderr


def test_pyright_refuses_what_is_wrong_and_nothing_else(calls: Path) -> None:
    configuration = {
        "include": ["calls.py"],
        "extraPaths": [str(_ROOT / "generated")],
        "typeCheckingMode": "strict",
        "pythonVersion": "3.11",
    }
    (calls.parent / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=calls.parent)
    told = json.loads(done.stdout)["generalDiagnostics"]
    found = {item["range"]["start"]["line"] + 1 for item in told if item["severity"] == "error"}
    assert found == _wrong_lines(), json.dumps(told, indent=1)

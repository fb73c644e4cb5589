"""Proxies of Docker's config.json in the environments of new containers, on real engines."""

import json
from pathlib import Path

import pytest

from tests._async._live import client_of
from tests.engines.harness import Engine
from tests.live import Scope, of_engine

PROXIES = {"default": {"httpProxy": "http://user:hunter2@proxy:3128", "noProxy": "quay"}}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that tells of them; not there yet."""
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    return tmp_path / "config.json"


def tell(config: Path, proxies: object) -> None:
    config.write_text(json.dumps({"proxies": proxies}))


def told(scope: Scope, id: str) -> dict[str, str]:
    """Variables that the engine's own program shows."""
    pairs = [pair.partition("=") for pair in scope.inspect(id)["Config"]["Env"]]
    return {name: value for name, _, value in pairs if "proxy" in name.lower()}


async def test_proxies_of_the_file(engine: Engine, image: str, scope: Scope, config: Path) -> None:
    all_of_them = {
        "HTTP_PROXY": "http://user:hunter2@proxy:3128",
        "http_proxy": "http://user:hunter2@proxy:3128",
        "NO_PROXY": "quay",
        "no_proxy": "quay",
    }
    async with client_of(engine) as client:
        make = client.containers.create
        without = await make(image, "true", labels=scope.labels, use_config_proxy=True)
        tell(config, PROXIES)
        asked = await make(image, "true", labels=scope.labels, use_config_proxy=True)
        unasked = await make(image, "true", labels=scope.labels)
        refused = await make(image, "true", labels=scope.labels, use_config_proxy=False)
        own = await make(
            image, "true", labels=scope.labels, use_config_proxy=True, environment={"NO_PROXY": "mine"}
        )
    assert told(scope, without.id) == told(scope, refused.id) == {}
    assert told(scope, asked.id) == all_of_them
    assert told(scope, unasked.id) == of_engine(engine, all_of_them, {})
    assert told(scope, own.id) == {**all_of_them, "NO_PROXY": "mine"}
    assert "hunter2" not in repr(own)


async def test_proxies_that_cannot_be_read(engine: Engine, image: str, scope: Scope, config: Path) -> None:
    tell(config, {"default": "hunter2"})
    async with client_of(engine) as client:
        with pytest.raises(ValueError, match="use_config_proxy=False") as caught:
            await client.containers.create(image, "true", labels=scope.labels, use_config_proxy=True)
        assert "hunter2" not in str(caught.value)
        await client.containers.create(image, "true", labels=scope.labels, use_config_proxy=False)
    assert len(scope.containers()) == 1

"""Proxies of Docker's config.json, as containers get them."""

import json
from typing import Any, cast

import pytest

from wharfinger._core.container_options import ContainerOptions
from wharfinger._core.options import container_spec
from wharfinger._core.proxies import proxies_file, proxy_variables, with_variables

PATH = "/home/ada/.docker/config.json"


def read(told: object, url: str = "unix:///x") -> dict[str, str]:
    return proxy_variables(json.dumps(told).encode(), path=PATH, url=url)


def test_where_they_are_told() -> None:
    assert proxies_file({}, "/home/ada") == PATH
    assert proxies_file({"HOME": "/root"}, "/home/ada") == "/root/.docker/config.json"
    assert proxies_file({"DOCKER_CONFIG": "/etc/d", "HOME": "/root"}, "/x") == "/etc/d/config.json"


def test_in_both_cases() -> None:
    given = {
        "httpProxy": "http://p:1",
        "httpsProxy": "http://q:2",
        "noProxy": "a,b",
        "ftpProxy": "",
        "allProxy": "x",
    }
    assert read({"proxies": {"default": given}}) == {
        "HTTP_PROXY": "http://p:1",
        "http_proxy": "http://p:1",
        "HTTPS_PROXY": "http://q:2",
        "https_proxy": "http://q:2",
        "NO_PROXY": "a,b",
        "no_proxy": "a,b",
        "ALL_PROXY": "x",
        "all_proxy": "x",
    }


def test_an_engine_with_proxies_of_its_own() -> None:
    told = {"proxies": {"default": {"httpProxy": "a"}, "tcp://host:2375": {"httpProxy": "b"}}}
    assert read(told)["HTTP_PROXY"] == "a"
    assert read(told, "tcp://host:2375")["HTTP_PROXY"] == "b"
    assert read({}) == read({"proxies": {}}) == read({"proxies": {"tcp://other": {"httpProxy": "c"}}}) == {}


@pytest.mark.parametrize("told", [[], {"proxies": 5}, {"proxies": {"default": "http://user:secret@p"}}])
def test_what_cannot_be_read(told: Any) -> None:
    with pytest.raises(ValueError, match="use_config_proxy=False") as caught:
        read(told)
    assert PATH in str(caught.value)
    assert "secret" not in str(caught.value)
    with pytest.raises(ValueError, match="expected a JSON object"):
        proxy_variables(b"{", path=PATH, url="")


def test_what_the_caller_says_is_left_as_it_is() -> None:
    options = cast("ContainerOptions", {"environment": {"HTTP_PROXY": "mine", "A": None}})
    proxies = {"HTTP_PROXY": "theirs", "http_proxy": "theirs"}
    found = with_variables(container_spec("img", options), proxies)
    assert found == {"HTTP_PROXY": "mine", "http_proxy": "theirs", "A": None}
    assert with_variables(container_spec("img", {}), {}) is None

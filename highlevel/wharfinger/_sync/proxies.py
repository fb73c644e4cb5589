# Derived from highlevel/wharfinger/_async/proxies.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Proxies for containers, out of Docker's config.json when one is made."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from wharfinger._core.proxies import proxies_file, proxy_variables, with_variables
from wharfinger._sync._primitives import run_blocking

if TYPE_CHECKING:
    from wharfinger._core.container_spec import ContainerSpec
    from wharfinger._sync.engine import EngineSession


def with_proxies(engine: EngineSession, spec: ContainerSpec) -> ContainerSpec:
    """The same container, with the proxies in its environment where that is wanted.

    Raises:
        ValueError: The file is no JSON.
        OSError: It cannot be opened.
    """
    wanted = spec.use_config_proxy
    if wanted is None:
        # As both engines' command lines have it; Podman passes on its own machine's.
        wanted = (engine.dialect()).engine == "docker"
    if not wanted:
        return spec
    path = proxies_file(engine.variables, str(Path.home()))
    data = run_blocking(partial(_content, path))
    if data is None:
        return spec
    # Looked for by now: the engine has been asked what it is.
    url = engine.address.url if engine.address else ""
    found = proxy_variables(data, path=path, url=url)
    return attrs.evolve(spec, environment=with_variables(spec, found)) if found else spec


def _content(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None

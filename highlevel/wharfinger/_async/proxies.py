"""Proxies for containers, out of Docker's config.json when one is made."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from wharfinger._async._primitives import run_blocking
from wharfinger._core.proxies import proxies_file, proxy_variables, with_variables

if TYPE_CHECKING:
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.container_spec import ContainerSpec


async def with_proxies(engine: AsyncEngineSession, spec: ContainerSpec) -> ContainerSpec:
    """The same container, with the proxies in its environment where that is wanted.

    Raises:
        ValueError: The file is no JSON.
        OSError: It cannot be opened.
    """
    wanted = spec.use_config_proxy
    if wanted is None:
        # As both engines' command lines have it; Podman passes on its own machine's.
        wanted = (await engine.dialect()).engine == "docker"
    if not wanted:
        return spec
    path = proxies_file(engine.variables, str(Path.home()))
    data = await run_blocking(partial(_content, path))
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

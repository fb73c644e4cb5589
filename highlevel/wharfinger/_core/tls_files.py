"""Docker's conventions for TLS material: ca.pem, cert.pem and key.pem in one folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wharfinger.address import TLSConfig

if TYPE_CHECKING:
    from wharfinger._core.discovery_search import Search

_NAMES = ("ca.pem", "cert.pem", "key.pem")


def docker_env_tls(search: Search, config_folder: str) -> TLSConfig | None:
    """TLS as DOCKER_TLS_VERIFY and DOCKER_CERT_PATH say; None when neither is set to anything.

    An empty DOCKER_TLS_VERIFY is off. DOCKER_CERT_PATH without it is TLS that accepts any certificate of
    the engine. DOCKER_TLS_VERIFY without a path takes the files of Docker's settings folder.
    """
    verify = search.environment.variable("DOCKER_TLS_VERIFY") is not None
    folder = search.environment.variable("DOCKER_CERT_PATH")
    if not verify and folder is None:
        return None
    cause = "DOCKER_CERT_PATH" if folder is not None else "DOCKER_TLS_VERIFY"
    folder = (folder or config_folder).rstrip("/")
    ca, cert, key = (f"{folder}/{name}" for name in _NAMES)
    needed = [ca, cert, key] if verify else [cert, key]
    missing = [path for path in needed if not search.environment.exists(path)]
    if missing:
        search.fail(
            "DOCKER_HOST",
            f"{cause} asks for TLS with the files {', '.join(needed)}; missing: {', '.join(missing)}",
            "Put them there, point DOCKER_CERT_PATH to their folder, or unset DOCKER_TLS_VERIFY and "
            "DOCKER_CERT_PATH for an engine without TLS.",
        )
    return TLSConfig(ca if verify else None, cert, key, verify=verify)


def context_tls(search: Search, rule: str, folder: str, *, verify: bool) -> TLSConfig | None:
    """The TLS material of a docker context; None when it has none and asks for the ordinary checks."""
    ca, cert, key = (f"{folder}/{name}" for name in _NAMES)
    has_ca, has_cert, has_key = (search.environment.exists(path) for path in (ca, cert, key))
    if has_cert != has_key:
        missing = key if has_cert else cert
        search.fail(rule, f"its TLS material lacks {missing}", "Create the context anew with cert= and key=.")
    if verify and not has_ca and not has_cert:
        return None
    return TLSConfig(ca if has_ca else None, cert if has_cert else None, key if has_key else None, verify)

"""Where an engine is, as values: nothing here reads a file, the environment or a socket."""

from __future__ import annotations

import os
import re
from typing import Literal, TypeAlias

import attrs

Engine: TypeAlias = Literal["docker", "podman"]
Scheme: TypeAlias = Literal["unix", "tcp", "http", "https", "ssh", "npipe"]

_EXAMPLES = "unix:///run/docker.sock, tcp://host:2376 or ssh://user@host"

# docker-py and podman-py name the way the bytes are carried in front; the address is the same.
_SPELLINGS = {"http+unix": "unix", "http+ssh": "ssh"}
_SCHEMES: dict[str, Scheme] = {
    "unix": "unix",
    "tcp": "tcp",
    "http": "http",
    "https": "https",
    "ssh": "ssh",
    "npipe": "npipe",
}
# Without TLS and with it.
_DEFAULT_PORTS: dict[Scheme, tuple[int, int]] = {"tcp": (2375, 2376), "http": (80, 443), "https": (443, 443)}
_SCHEME_PREFIX = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_HOST_NAME = re.compile(r"[\w.-]*")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+(%[\w.-]+)?")


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    # Rarely needed, and among the slowest to import of what a client needs.
    from urllib.parse import unquote

    return unquote(text)


def _path_text(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.fspath(path)


@attrs.frozen
class TLSConfig:
    """TLS material for tcp:// and https:// engines, as paths to PEM files.

    Nothing is read before a connection is made.

    Attributes:
        ca_cert: Certificates that the engine's own must descend from; None means the system's.
        client_cert: The certificate we show to the engine; needs client_key.
        client_key: Its private key; needs client_cert.
        verify: False accepts any certificate of the engine.
        assert_hostname: A name that the engine's certificate must bear instead of the URL's host;
            False compares no names; None compares the URL's host.

    Raises:
        ValueError: One of client_cert and client_key was given without the other.
    """

    ca_cert: str | None = attrs.field(default=None, converter=_path_text)
    client_cert: str | None = attrs.field(default=None, converter=_path_text)
    client_key: str | None = attrs.field(default=None, converter=_path_text)
    verify: bool = True
    assert_hostname: bool | str | None = None

    def __attrs_post_init__(self) -> None:
        if (self.client_cert is None) == (self.client_key is None):
            return
        given, missing = ("client_cert", "client_key") if self.client_cert else ("client_key", "client_cert")
        raise ValueError(
            f"TLSConfig got {given}={getattr(self, given)!r} without {missing}; a certificate and its key go "
            f"together. Give both, for example client_cert='cert.pem', client_key='key.pem'."
        )


@attrs.frozen
class _Parts:
    """What an engine URL consists of."""

    scheme: Scheme
    host: str | None = None
    port: int | None = None
    path: str = ""
    username: str | None = None


def unix_url(path: str) -> str:
    """The unix:// URL of a socket file, with the characters escaped that mean something in a URL."""
    from urllib.parse import quote

    return "unix://" + quote(path, safe="/~@:+,=")


def normalise_url(url: str) -> str:
    """The one spelling of an engine URL; rewriting it again changes nothing.

    Raises:
        ValueError: It is not the URL of an engine.
    """
    scheme, rest = _split_scheme(url.strip(), url)
    if scheme == "unix":
        # docker-py's unix://run/x.sock and podman-py's http+unix://%2Frun%2Fx.sock mean absolute paths.
        rest = re.sub("%2f", "/", rest, flags=re.IGNORECASE)
        rest = "/" + rest.lstrip("/")
    elif scheme == "ssh":
        # Podman's old ?secure= is about checking host keys, which ssh's own configuration decides here.
        rest = re.sub(r"\?secure=\w*$", "", rest, flags=re.IGNORECASE)
    normal = f"{scheme}://{rest}"
    _parse(normal)
    return normal


def _split_scheme(url: str, given: str) -> tuple[Scheme, str]:
    prefix = _SCHEME_PREFIX.match(url)
    if prefix is None:
        if url.startswith("unix:/"):
            return "unix", url.removeprefix("unix:")
        if re.fullmatch(r"[^/]*:\d+/?", url):
            return "tcp", url
        raise _bad_url(given, "has no scheme", _hint_for_path(url))
    word = prefix[1].lower()
    if word == "fd":
        raise _bad_url(given, "asks for an inherited descriptor, which only an engine can listen on")
    scheme = _SCHEMES.get(_SPELLINGS.get(word, word))
    if scheme is None:
        raise _bad_url(given, f"has the unknown scheme {word!r}")
    return scheme, url[prefix.end() :]


def _hint_for_path(url: str) -> str:
    return f"For a socket file write {unix_url(url)}." if url.startswith("/") else ""


def _parse(url: str) -> _Parts:
    word, _, rest = url.partition("://")
    scheme = _SCHEMES[word]
    if scheme != "npipe" and (mark := re.search(r"[?#]", rest)):
        raise _bad_url(
            url, f"has a part after {mark[0]!r}, which no engine reads (in a path, write %{ord(mark[0]):X})"
        )
    if scheme == "npipe":
        return _Parts(scheme, path=rest)
    if scheme == "unix":
        return _Parts(scheme, path=_socket_path(rest, url))
    return _network_parts(scheme, rest, url)


def _socket_path(escaped: str, url: str) -> str:
    path = _decoded(escaped)
    if path.endswith("/") or "\0" in path:
        raise _bad_url(url, "does not name a socket file")
    return path


def _network_parts(scheme: Scheme, rest: str, url: str) -> _Parts:
    authority, slash, path = rest.partition("/")
    credentials, _, host_and_port = authority.rpartition("@")
    host, port = _host_and_port(host_and_port, url)
    decoded = _decoded(slash + path).rstrip("/")
    return _Parts(
        scheme=scheme,
        host=host or _loopback_or_fault(scheme, port, url),
        port=port,
        path=_printable(decoded, url),
        username=_username(scheme, credentials, url) if credentials else None,
    )


def _username(scheme: Scheme, credentials: str, url: str) -> str:
    name, colon, _ = credentials.partition(":")
    if colon:
        raise _bad_url(
            url, "holds a password", "Leave it out: use a key or an agent for ssh, TLSConfig for tcp."
        )
    if scheme != "ssh":
        raise _bad_url(url, "holds a user name, which only ssh:// takes", "Leave it out.")
    name = _decoded(name)
    if name.startswith("-") or re.search(r"[\s\0/]", name):
        raise _bad_url(url, "has a user name that ssh would not read as one")
    return name


def _host_and_port(authority: str, url: str) -> tuple[str, int | None]:
    match = re.fullmatch(r"(?:\[(?P<six>[^\]]*)\]|(?P<name>[^:\[\]]*))(?::(?P<port>[^:]*))?", authority)
    if match is None:
        hint = "Put an IPv6 address in brackets: tcp://[::1]:2375." if authority.count(":") > 1 else ""
        raise _bad_url(url, "has a host that cannot be told from its port", hint)
    bracketed = match["six"] is not None
    host = _decoded(match["six"] if bracketed else match["name"])
    if host.startswith("-") or not (_IPV6 if bracketed else _HOST_NAME).fullmatch(host):
        raise _bad_url(url, "has a host that is neither a name nor an IP address")
    return host, _port(match["port"], url)


def _port(text: str | None, url: str) -> int | None:
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{1,5}", text) and 0 < int(text) < 65536:
        return int(text)
    raise _bad_url(url, "has a port that is not a number from 1 to 65535")


def _loopback_or_fault(scheme: Scheme, port: int | None, url: str) -> str:
    if scheme != "ssh" and port is not None:
        return "127.0.0.1"
    raise _bad_url(url, "names no host")


def _printable(path: str, url: str) -> str:
    if re.search(r"[\0\r\n]", path):
        raise _bad_url(url, "has a control character in its path")
    return path


def _bad_url(given: str, fault: str, hint: str = "") -> ValueError:
    next_step = hint or f"For example {_EXAMPLES}."
    return ValueError(
        f"The engine URL {redacted(given)!r} {fault}; expected unix://, tcp://, http://, https://, ssh:// or "
        f"npipe:// and where the engine is. {next_step}"
    )


def redacted(url: str) -> str:
    """The URL as an error may show it: without a password, and without what follows `?` or `#`."""
    prefix = _SCHEME_PREFIX.match(url)
    start = prefix.end() if prefix else 0
    # Up to the last at-sign: a password may hold any character, rightly escaped or not.
    credentials, at, rest = url[start:].rpartition("@")
    name, colon, _ = credentials.partition(":")
    shown = url[:start] + name + (":***" if colon else "") + at + rest
    return re.sub(r"[?#].*", "?...", shown, flags=re.DOTALL)


def _parts_of(address: EngineAddress) -> _Parts:
    return _parse(address.url)


@attrs.frozen
class EngineAddress:
    """One engine, and the rule that chose it.

    Attributes:
        url: unix:///path, tcp://host[:port], http(s)://host[:port], ssh://[user@]host[:port][/socket] or
            npipe:////./pipe/name. `host:port`, http+unix:// and http+ssh:// are rewritten to these.
        rule: Which rule chose the engine, in words: "argument base_url", "DOCKER_HOST", "docker context 'x'".
        engine: Which engine the rule says it is; None when only asking it can tell.
        tls: TLS material of a tcp:// or https:// engine. tcp:// is TLS exactly when this is set.
        identity: Private key file for ssh://; None leaves the choice to ssh.

    Raises:
        ValueError: The URL is none of these, or holds a password; the message never shows the password.
    """

    url: str = attrs.field(converter=normalise_url)
    rule: str
    engine: Engine | None = None
    tls: TLSConfig | None = None
    identity: str | None = attrs.field(default=None, converter=_path_text)
    _parts: _Parts = attrs.field(
        init=False, eq=False, repr=False, default=attrs.Factory(_parts_of, takes_self=True)
    )

    @property
    def scheme(self) -> Scheme:
        """How the engine is reached."""
        return self._parts.scheme

    @property
    def host(self) -> str | None:
        """Host name or IP address, without the brackets of IPv6; None for unix:// and npipe://."""
        return self._parts.host

    @property
    def port(self) -> int | None:
        """TCP port: the URL's, else the scheme's own. None for ssh:// without one: ssh's config decides."""
        if self._parts.port is not None:
            return self._parts.port
        plain, tls = _DEFAULT_PORTS.get(self.scheme, (None, None))
        return tls if self.secure else plain

    @property
    def path(self) -> str:
        """Decoded path: a socket's for unix:// and ssh:// ("" when not given), a prefix for the others."""
        return self._parts.path

    @property
    def username(self) -> str | None:
        """User to log in as, for ssh://."""
        return self._parts.username

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken."""
        return self.scheme == "https" or (self.scheme in ("tcp", "http") and self.tls is not None)

    def __str__(self) -> str:
        return f"{self.url} (chosen by {self.rule})"

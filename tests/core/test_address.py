"""Engine URLs: every spelling that is taken, every one that is refused, and no password is ever shown."""

import pickle
from pathlib import Path

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger.address import EngineAddress, TLSConfig, normalise_url, redacted, unix_url


def parts(url: str, tls: TLSConfig | None = None) -> tuple[str, str | None, int | None, str, str | None]:
    address = EngineAddress(url, "test", tls=tls)
    return address.scheme, address.host, address.port, address.path, address.username


@pytest.mark.parametrize(
    "url",
    [
        "unix:///run/x.sock",
        "unix://run/x.sock",
        "unix:/run/x.sock",
        "http+unix:///run/x.sock",
        "http+unix://run/x.sock",
        "http+unix://%2Frun%2Fx.sock",
        "UNIX:///run/x.sock",
        "  unix:///run/x.sock\n",
    ],
)
def test_every_spelling_of_a_socket_file_is_one_url(url: str) -> None:
    assert EngineAddress(url, "test").url == "unix:///run/x.sock"
    assert parts(url) == ("unix", None, None, "/run/x.sock", None)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("tcp://box", ("tcp", "box", 2375, "", None)),
        ("tcp://box:99/", ("tcp", "box", 99, "", None)),
        ("tcp://box:99/engine/", ("tcp", "box", 99, "/engine", None)),
        ("tcp://:99", ("tcp", "127.0.0.1", 99, "", None)),
        ("box:99", ("tcp", "box", 99, "", None)),
        ("10.0.0.7:99", ("tcp", "10.0.0.7", 99, "", None)),
        ("tcp://[::1]:99", ("tcp", "::1", 99, "", None)),
        ("[::1]:99", ("tcp", "::1", 99, "", None)),
        ("tcp://[fe80::1%25eth0]:99", ("tcp", "fe80::1%eth0", 99, "", None)),
        ("http://box", ("http", "box", 80, "", None)),
        ("https://box", ("https", "box", 443, "", None)),
        ("https://box:2376", ("https", "box", 2376, "", None)),
        ("ssh://box", ("ssh", "box", None, "", None)),
        ("ssh://me@box:22/", ("ssh", "box", 22, "", "me")),
        ("ssh://me@box/run/a@b.sock", ("ssh", "box", None, "/run/a@b.sock", "me")),
        ("ssh://dom%5Cme@box/run/a%20b.sock", ("ssh", "box", None, "/run/a b.sock", "dom\\me")),
        ("http+ssh://me@box/run/x.sock", ("ssh", "box", None, "/run/x.sock", "me")),
        ("ssh://me@box/run/x.sock?secure=True", ("ssh", "box", None, "/run/x.sock", "me")),
        ("npipe:////./pipe/docker_engine", ("npipe", None, None, "//./pipe/docker_engine", None)),
    ],
)
def test_parts(url: str, expected: tuple[str, str | None, int | None, str, str | None]) -> None:
    assert parts(url) == expected


def test_tls_decides_the_default_port_and_whether_tls_is_spoken() -> None:
    tls = TLSConfig("ca.pem")
    assert parts("tcp://box", tls)[2] == 2376
    assert parts("tcp://box:5", tls)[2] == 5
    assert EngineAddress("tcp://box", "test", tls=tls).secure
    assert not EngineAddress("tcp://box", "test").secure
    assert EngineAddress("https://box", "test").secure
    assert not EngineAddress("unix:///x.sock", "test", tls=tls).secure


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "has no scheme"),
        ("box", "has no scheme"),
        ("ftp://box", "unknown scheme 'ftp'"),
        ("fd://", "inherited descriptor"),
        ("unix://", "does not name a socket file"),
        ("unix:///run/", "does not name a socket file"),
        ("unix:///run/a%00b", "does not name a socket file"),
        ("unix:///run/a?b", "after '?'"),
        ("tcp://box:1#x", "after '#'"),
        ("tcp://", "names no host"),
        ("ssh://:22", "names no host"),
        ("tcp://box:0", "port"),
        ("tcp://box:65536", "port"),
        ("tcp://box:http", "port"),
        ("tcp://box:", "port"),
        ("tcp://bo x:1", "neither a name nor an IP address"),
        ("tcp://[box]:1", "neither a name nor an IP address"),
        ("ssh://-oProxyCommand=x", "neither a name nor an IP address"),
        ("ssh://-l@box", "user name"),
        ("ssh://a%20b@box", "user name"),
        ("tcp://me@box:1", "only ssh:// takes"),
        ("ssh://box/run/a%0Ab", "control character"),
    ],
)
def test_what_is_no_engine_url(url: str, fault: str) -> None:
    with pytest.raises(ValueError, match="engine URL") as caught:
        EngineAddress(url, "test")
    message = str(caught.value)
    assert fault in message
    assert "expected unix://, tcp://" in message
    assert message.endswith((".", "Leave it out."))


def test_next_steps_fit_the_fault() -> None:
    with pytest.raises(ValueError, match=r"write unix:///run/docker\.sock\."):
        EngineAddress("/run/docker.sock", "test")
    with pytest.raises(ValueError, match=r"in brackets: tcp://\[::1\]:2375"):
        EngineAddress("tcp://::1:2375", "test")
    with pytest.raises(ValueError, match="For example unix:///"):
        EngineAddress("box", "test")


@pytest.mark.parametrize("scheme", ["ssh://", "http://", "https://", "tcp://", "ftp://", ""])
@pytest.mark.parametrize("password", ["hush", "hu@sh", "hu?sh", "hu/sh", "hu#sh", "hu:sh"])
def test_a_password_is_refused_and_never_shown(scheme: str, password: str) -> None:
    with pytest.raises(ValueError, match="engine URL") as caught:
        EngineAddress(f"{scheme}me:{password}@box:22", "test")
    assert "hu" not in str(caught.value)
    assert "sh@" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


@given(st.text(min_size=1))
def test_no_credential_survives_redaction(secret: str) -> None:
    assert redacted(f"ssh://me:{secret}@box") == "ssh://me:***@box"
    assert redacted(f"tcp://box?token={secret}") in ("tcp://box?...", redacted(f"tcp://box?{secret}"))


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_any_socket_path_survives_its_url(name: str) -> None:
    path = "/tmp/" + name.strip("/") + "x"
    url = unix_url(path)
    assert EngineAddress(url, "test").path == path
    assert normalise_url(url) == url


@given(st.text())
def test_any_text_is_an_address_or_a_value_error_and_normal_form_is_stable(text: str) -> None:
    try:
        normal = normalise_url(text)
    except ValueError:
        return
    assert normalise_url(normal) == normal


def test_an_address_is_a_value() -> None:
    address = EngineAddress("ssh://me@box:22", "CONTAINER_HOST", "podman", identity="/k")
    assert address == EngineAddress("http+ssh://me@box:22", "CONTAINER_HOST", "podman", identity="/k")
    assert pickle.loads(pickle.dumps(address)) == address
    assert attrs.evolve(address, url="tcp://other:1").host == "other"
    assert str(address) == "ssh://me@box:22 (chosen by CONTAINER_HOST)"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        address.rule = "another"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]  # that is the test


def test_tls_files_are_taken_as_paths() -> None:
    tls = TLSConfig(Path("/ca.pem"), "/cert.pem", Path("/key.pem"))
    assert tls == TLSConfig("/ca.pem", "/cert.pem", "/key.pem")


@pytest.mark.parametrize(
    ("tls", "given_", "missing"),
    [
        ({"client_cert": "c.pem"}, "client_cert='c.pem'", "client_key"),
        ({"client_key": "k.pem"}, "client_key='k.pem'", "client_cert"),
    ],
)
def test_half_a_client_certificate_is_refused(tls: dict[str, str], given_: str, missing: str) -> None:
    with pytest.raises(ValueError, match="go together") as caught:
        TLSConfig(client_cert=tls.get("client_cert"), client_key=tls.get("client_key"))
    assert given_ in str(caught.value)
    assert f"without {missing}" in str(caught.value)
    assert "for example" in str(caught.value)

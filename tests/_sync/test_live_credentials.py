# Derived from tests/_async/test_live_credentials.py
# by `python -m codegen.unasync`: change that file, not this one.
"""Credentials for a registry that asks for them: from login, files and helper programs, on real engines."""

import base64
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests._sync._live import AnyClient, client_of
from tests.engines.harness import Engine, Registry
from tests.live import Scope
from wharfinger.errors import APIError, CredentialsError, PullError, PushError, Unauthorized

WRONG = "not-the-pass-word"


class Keeper:
    """A machine's folders for credentials, empty at first; the process's environment points to them."""

    def __init__(self, folder: Path, registry: Registry) -> None:
        self.registry = registry
        self.name, self.password = str(registry.username), str(registry.password)
        self.home = folder / "home"
        self.docker = folder / "docker" / "config.json"
        self.podman = folder / "run" / "containers" / "auth.json"
        self.config = self.home / ".config" / "containers" / "auth.json"
        self.programs = folder / "programs"
        for path in (self.docker, self.podman, self.config):
            path.parent.mkdir(parents=True)
        self.programs.mkdir()

    def entry(self, password: str | None = None) -> dict[str, str]:
        """What a file keeps for the registry."""
        said = f"{self.name}:{password or self.password}"
        return {"auth": base64.b64encode(said.encode()).decode()}

    def keep(self, path: Path, **content: Any) -> Path:
        """Write a file; without content it has the good credentials."""
        path.write_text(json.dumps(content or {"auths": {self.registry.host: self.entry()}}))
        return path

    def helper(self, name: str, *lines: str) -> Path:
        """Write a helper program that notes what it is asked for; the path of its notes."""
        program = self.programs / f"docker-credential-{name}"
        notes = self.programs / f"{name}.asked"
        program.write_text("\n".join(["#!/bin/sh", f'echo "$1 $(cat)" >> {notes}', *lines]))
        program.chmod(0o755)
        return notes

    def answer(self, name: str, password: str) -> str:
        """The line of a helper program that gives these."""
        said = {"ServerURL": self.registry.host, "Username": name, "Secret": password}
        return f"echo '{json.dumps(said)}'"


@pytest.fixture
def keeper(tmp_path: Path, login_registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Keeper:
    made = Keeper(tmp_path, login_registry)
    monkeypatch.setenv("HOME", str(made.home))
    monkeypatch.setenv("DOCKER_CONFIG", str(made.docker.parent))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(made.podman.parent.parent))
    monkeypatch.setenv("PATH", f"{made.programs}{os.pathsep}{os.environ['PATH']}")
    for name in ("REGISTRY_AUTH_FILE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    return made


def texts(error: BaseException | None) -> Iterator[str]:
    """All that an error and its causes could show."""
    while error is not None:
        yield f"{error} {error!r} {error.__dict__}"
        error = error.__cause__ or error.__context__


def is_let_in(client: AnyClient, keeper: Keeper) -> bool:
    """Whether an image of the registry can be got."""
    fault: PullError | None = None
    try:
        client.images.pull(keeper.registry.image)
    except PullError as error:
        fault = error
    assert not any(keeper.password in text or WRONG in text for text in texts(fault))
    return fault is None


def test_without_any(engine: Engine, keeper: Keeper) -> None:
    with client_of(engine) as client:
        assert not is_let_in(client, keeper)


@pytest.mark.parametrize("kept", ["docker", "podman", "config"])
def test_from_each_file(engine: Engine, keeper: Keeper, kept: str) -> None:
    with client_of(engine) as client:
        # They are read when they are needed, and not kept.
        assert not is_let_in(client, keeper)
        path = keeper.keep(getattr(keeper, kept))
        assert is_let_in(client, keeper)
        path.unlink()
        assert not is_let_in(client, keeper)


def test_from_a_file_that_is_named(
    engine: Engine, keeper: Keeper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_AUTH_FILE", str(keeper.keep(tmp_path / "named.json")))
    with client_of(engine) as client:
        assert is_let_in(client, keeper)


def test_the_engines_own_file_goes_first(engine: Engine, keeper: Keeper) -> None:
    own, other = keeper.docker, keeper.podman
    if engine.name == "podman":
        own, other = other, own
    wrong = {"auths": {keeper.registry.host: keeper.entry(WRONG)}}
    with client_of(engine) as client:
        keeper.keep(own, **wrong)
        keeper.keep(other)
        assert not is_let_in(client, keeper)
        keeper.keep(own)
        keeper.keep(other, **wrong)
        assert is_let_in(client, keeper)


def test_for_another_registry(engine: Engine, keeper: Keeper, registry: Registry) -> None:
    keeper.keep(keeper.docker, auths={"elsewhere.example": keeper.entry()})
    with client_of(engine) as client:
        assert not is_let_in(client, keeper)
        client.images.pull(registry.image)


@pytest.mark.parametrize("place", ["credHelpers", "credsStore"])
def test_from_a_helper(engine: Engine, keeper: Keeper, place: str) -> None:
    asked = keeper.helper("good", keeper.answer(keeper.name, keeper.password))
    named: Any = "good" if place == "credsStore" else {keeper.registry.host: "good"}
    keeper.keep(keeper.docker, **{place: named, "auths": {keeper.registry.host: {}}})
    with client_of(engine) as client:
        assert is_let_in(client, keeper)
        assert asked.read_text() == f"get {keeper.registry.host}\n"


def test_a_helper_of_one_registry_goes_before_the_store(engine: Engine, keeper: Keeper) -> None:
    asked = keeper.helper("all", keeper.answer(keeper.name, WRONG))
    keeper.helper("one", keeper.answer(keeper.name, keeper.password))
    keeper.keep(keeper.docker, credHelpers={keeper.registry.host: "one"}, credsStore="all")
    with client_of(engine) as client:
        assert is_let_in(client, keeper)
        assert not asked.exists()


def test_a_helper_that_keeps_nothing(engine: Engine, keeper: Keeper) -> None:
    keeper.helper("empty", "echo 'credentials not found in native keychain'", "exit 1")
    with client_of(engine) as client:
        keeper.keep(keeper.docker, credsStore="empty")
        assert not is_let_in(client, keeper)
        keeper.keep(keeper.docker, credsStore="empty", auths={keeper.registry.host: keeper.entry()})
        assert is_let_in(client, keeper)


def test_helpers_that_fail(engine: Engine, keeper: Keeper, registry: Registry) -> None:
    keeper.helper("broken", f"echo {WRONG}", f"echo {WRONG} >&2", "exit 3")
    keeper.helper("babbling", f"echo {WRONG}")
    keeper.helper("half", f"""echo '{{"Secret": "{WRONG}"}}'""")
    told = {"broken": "exit code 3", "babbling": "JSON", "half": "Username", "absent": "install it"}
    with client_of(engine) as client:
        for name, words in told.items():
            keeper.keep(keeper.docker, credHelpers={keeper.registry.host: name})
            with pytest.raises(CredentialsError, match=words) as caught:
                client.images.pull(keeper.registry.image)
            assert caught.value.source == f"docker-credential-{name}"
            assert not any(WRONG in text for text in texts(caught.value))
            # Nobody needs it for another registry.
            client.images.pull(registry.image)
        keeper.keep(keeper.docker, credHelpers={keeper.registry.host: "../../bin/sh"})
        with pytest.raises(CredentialsError, match="not the name of a credential helper"):
            client.images.pull(keeper.registry.image)


def test_a_helper_that_says_nothing(engine: Engine, keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wharfinger._sync.keyring.HELPER_DEADLINE", 0.3)
    keeper.helper("slow", f"echo {WRONG}", "exec sleep 60")
    keeper.keep(keeper.docker, credsStore="slow")
    with client_of(engine) as client:
        with pytest.raises(CredentialsError, match=r"said nothing for 0\.3 s") as caught:
            client.images.pull(keeper.registry.image)
        assert not any(WRONG in text for text in texts(caught.value))


def test_a_broken_file(engine: Engine, keeper: Keeper) -> None:
    good = {"username": keeper.name, "password": keeper.password}
    with client_of(engine) as client:
        for content in (f'{{"auths": "{WRONG}', f'{{"auths": {{"a.example": {{"auth": "{WRONG}"}}}}}}'):
            keeper.docker.write_text(content)
            for action in (client.images.pull, client.images.push):
                with pytest.raises(CredentialsError, match=r"config\.json") as caught:
                    action(keeper.registry.image)
                assert caught.value.source == str(keeper.docker)
                assert str(keeper.docker) in str(caught.value)
                assert not any(WRONG in text for text in texts(caught.value))
            # What needs no credentials of the file goes on.
            assert client.images.list()
            client.images.pull(keeper.registry.image, auth_config=good)
        keeper.docker.unlink()
        keeper.docker.mkdir()
        with pytest.raises(CredentialsError, match="cannot be read: Is a directory"):
            client.images.pull(keeper.registry.image)


def test_those_given_win(engine: Engine, keeper: Keeper) -> None:
    keeper.keep(keeper.docker)
    image = keeper.registry.image
    with client_of(engine) as client:
        for given in ({"username": keeper.name, "password": WRONG}, {}):
            with pytest.raises(PullError) as caught:
                client.images.pull(image, auth_config=given)
            assert not any(WRONG in text or keeper.password in text for text in texts(caught.value))
        client.images.pull(image)


def test_an_image_that_run_needs(engine: Engine, keeper: Keeper, scope: Scope) -> None:
    keeper.keep(keeper.docker)
    with client_of(engine) as client:
        if client.images.exists(keeper.registry.image):
            client.images.remove(keeper.registry.image)
        said = client.containers.run(keeper.registry.image, "echo here", remove=True, labels=scope.labels)
        assert said == b"here\n"
        client.images.remove(keeper.registry.image)


def test_logged_in(engine: Engine, keeper: Keeper, image: str, scope: Scope) -> None:
    host = keeper.registry.host
    with client_of(engine) as client, client_of(engine) as other:
        told = client.login(keeper.name, keeper.password, registry=host)
        assert told["Status"] == "Login Succeeded"
        assert client.login(keeper.name, keeper.password, registry=f"http://{host}/v2/") == told
        assert is_let_in(client, keeper)
        assert keeper.password not in f"{client!r} {client.images!r} {vars(client)!r} {vars(client.images)!r}"
        name = scope.also_remove(f"{host}/{scope.token}/mine:1")
        client.images.tag(image, name.removesuffix(":1"), "1")
        client.images.push(name)
        assert keeper.registry.request("GET", f"/v2/{scope.token}/mine/tags/list")[0] == 200
        # It is this client's alone, and goes before files.
        assert not is_let_in(other, keeper)
        with pytest.raises(PushError):
            other.images.push(name)
        keeper.keep(keeper.docker, auths={host: keeper.entry(WRONG)})
        assert is_let_in(client, keeper)


def test_logins_that_fail(engine: Engine, keeper: Keeper) -> None:
    host = keeper.registry.host
    with client_of(engine) as client:
        client.login(keeper.name, keeper.password, registry=host, reauth=True)
        with pytest.raises(Unauthorized) as caught:
            client.login(keeper.name, WRONG, "me@example.com", host)
        assert not any(WRONG in text for text in texts(caught.value))
        # What was good before is kept.
        assert is_let_in(client, keeper)
        with pytest.raises(APIError):
            client.login(keeper.name, keeper.password, registry="127.0.0.1:9")


def test_a_login_by_localhost(engine: Engine, keeper: Keeper) -> None:
    """What Podman asks by the login itself, for it knows that this name has no TLS."""
    host = f"localhost:{keeper.registry.host.rpartition(':')[2]}"
    with client_of(engine) as client:
        told = client.login(keeper.name, keeper.password, registry=host)
        assert told["Status"] == "Login Succeeded"
        with pytest.raises(Unauthorized):
            client.login(keeper.name, WRONG, registry=host)

"""What a build sends: rules, names, faults; the engines' own command lines are asked in tests/engines."""

from __future__ import annotations

import io
import tarfile
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from tests.live_builds import tree
from wharfinger._core.build_context import BuildContext, BuildSource, build_context, named_images
from wharfinger._core.build_keywords import BuildSecret
from wharfinger._core.build_options import build_request
from wharfinger._core.config_proxies import config_proxies
from wharfinger._core.dockerignore import IgnoreRules
from wharfinger.errors import FileChangedError

MIB = 1024 * 1024


def request(path: Any = None, variables: dict[str, str] | None = None, **options: Any) -> Any:
    given: Any = options
    return build_request(path, given, variables or {})


@pytest.mark.parametrize(
    ("lines", "left_out", "kept"),
    [
        ("*.txt", ["a.txt"], ["d/a.txt", "a.txt2"]),
        ("d", ["d", "d/a", "d/e/f"], ["dd", "e/d"]),
        ("**/d", ["d", "a/d", "a/b/d/e"], ["ad", "a/dd"]),
        ("a/**/z", ["a/z", "a/b/z", "a/b/c/z/y"], ["z", "a", "b/z"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b"]),
        ("**", ["a", "a/b"], []),
        ("**.js", ["a.js", "d/a.js"], ["js", "a.jsx"]),
        ("a?c", ["abc"], ["ac", "a/c"]),
        ("[a-c]x", ["ax", "cx"], ["dx", "[a-c]x"]),
        ("[^a]x", ["bx"], ["ax"]),
        (r"\*", ["*"], ["a"]),
        (r"[\]\-[&&]", ["]", "-", "[", "&"], ["a"]),
        ("a.b", ["a.b"], ["axb"]),
        ("(a|b)+$^", ["(a|b)+$^"], ["a"]),
        ("d\n!d/keep", ["d/x"], ["d/keep", "d/keep/all"]),
        ("!a\na", ["a"], []),
        ("a\n!a\na/b", ["a/b"], ["a", "a/c"]),
        ("line\nname\n", ["line", "name"], ["line\nname"]),
    ],
)
def test_rules(lines: str, left_out: list[str], kept: list[str]) -> None:
    rules = IgnoreRules.parse(lines.encode())
    assert [path for path in left_out if not rules.excludes(path)] == []
    assert [path for path in kept if rules.excludes(path)] == []


@pytest.mark.parametrize("line", ["[", "[]", "[a", "a\\", "[-a]", "[a-]", "!", "a[b-]c", "[^]"])
def test_wrong_rules(line: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="ignore pattern"):
        IgnoreRules.parse(f"fine\n{line}\n".encode())
    tree(tmp_path, "Dockerfile")
    (tmp_path / ".dockerignore").write_text(line)
    with pytest.raises(ValueError, match=r"\.dockerignore"):
        build_context(BuildSource(path=tmp_path), "docker")


def test_rules_as_they_are_told() -> None:
    rules = IgnoreRules.parse(b"\xef\xbb\xbf # no comment\n# comment\n\n /a/../b/ \n! c\n")
    assert rules.lines == ("# no comment", "b", "!c")
    assert IgnoreRules.of(["*"]).sparing("x", "y").lines == ("*", "!x", "!y")
    assert IgnoreRules.of(["z"]).sparing("x").lines == ("z",)


def names(context: BuildContext) -> list[str]:
    data = b"".join(context.content)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return archive.getnames()


def test_a_file_that_changes(tmp_path: Path) -> None:
    tree(tmp_path, "Dockerfile", "a", "z")
    content = iter(build_context(BuildSource(path=tmp_path), "docker").content)
    (tmp_path / "a").write_bytes(b"x" * 10)
    sent = [next(piece for piece in content if b"x" in piece)]
    with (tmp_path / "a").open("ab") as file:
        file.write(b"more")
    with pytest.raises(FileChangedError, match=str(tmp_path / "a")):
        sent.extend(content)
    # Without its end, no engine takes it for a whole one.
    assert not sent[-1].endswith(bytes(1024))


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    tree(tmp_path, "Dockerfile", "a", "b")
    content = iter(build_context(BuildSource(path=tmp_path), "docker").content)
    next(content)
    (tmp_path / "b").unlink()
    with pytest.raises(FileNotFoundError, match=str(tmp_path / "b")):
        b"".join(content)


def test_memory_stays_flat(tmp_path: Path) -> None:
    tree(tmp_path, "Dockerfile")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(256 * MIB)
    context = build_context(BuildSource(path=tmp_path), "docker")
    tracemalloc.start()
    try:
        size = sum(len(piece) for piece in context.content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert size > 256 * MIB
    assert peak < 8 * MIB


def test_files_in_memory_have_no_time_of_their_own() -> None:
    source = BuildSource(context={"Dockerfile": "FROM scratch", "ä": b"x"})
    first, second = (b"".join(build_context(source, "docker").content) for _ in range(2))
    assert first == second
    with tarfile.open(fileobj=io.BytesIO(first)) as archive:
        assert {(one.mtime, one.uid, one.mode) for one in archive} == {(0, 0, 0o644)}


@pytest.mark.parametrize(
    ("source", "fault", "words"),
    [
        (BuildSource(), TypeError, "nothing"),
        (BuildSource(path=".", remote="x"), TypeError, "path and remote are given"),
        (BuildSource(path=".", custom_context=True), TypeError, "custom_context=True with path"),
        (BuildSource(context={"a": b""}), ValueError, "'Dockerfile'"),
        (BuildSource(context={"Dockerfile": 1}), TypeError, r"context\['Dockerfile'\] is a int"),
        (BuildSource(context={"../x": b"", "Dockerfile": b""}), ValueError, r"\.\./x"),
        (BuildSource(context={"/x": b"", "Dockerfile": b""}), ValueError, "beneath"),
        (BuildSource(context="folder"), TypeError, "given as path"),
        (BuildSource(fileobj=1), TypeError, "fileobj"),
        (BuildSource(fileobj=b"", dockerfile="x"), TypeError, "dockerfile"),
        (BuildSource(remote="http://x", secrets=(BuildSecret("a", b"b"),)), ValueError, "secrets"),
    ],
)
def test_what_is_no_context(source: BuildSource, fault: type[Exception], words: str) -> None:
    with pytest.raises(fault, match=words):
        build_context(source, "docker")


@pytest.mark.parametrize(
    "path", ["http://h/x.tar", "https://h/x.git", "git://h/x", "github.com/a/b", "git@h:x"]
)
def test_addresses(path: str) -> None:
    context = build_context(BuildSource(path=path), "podman")
    assert (context.remote, context.content) == (path, None)


def test_a_link_to_the_folder(tmp_path: Path) -> None:
    folder = tree(tmp_path / "real", "sub/Dockerfile", "a")
    (tmp_path / "link").symlink_to(folder)
    for given in (
        "sub/Dockerfile",
        str(tmp_path / "link" / "sub" / "Dockerfile"),
        str(folder / "sub/Dockerfile"),
    ):
        context = build_context(BuildSource(path=tmp_path / "link", dockerfile=given), "docker")
        assert context.dockerfile == "sub/Dockerfile"
        assert names(context) == ["a", "sub", "sub/Dockerfile"]


def test_secrets_are_in_it_once_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("hidden-2")
    asked = request(
        context={"Dockerfile": ""},
        secrets={"one": b"hidden-1", "two": tmp_path / "file"},
        buildargs={"P": "hidden-3"},
    )
    context = build_context(asked.source, "podman")
    assert "hidden" not in f"{asked} {context}"
    data = b"".join(context.content)
    assert (data.count(b"hidden-1"), data.count(b"hidden-2")) == (1, 1)
    assert [id for id, _ in context.secrets] == ["one", "two"]
    for wrong in ({"one": "hidden"}, ["one=hidden"], ["id=one,hidden=x"], [b"hidden"]):
        with pytest.raises((TypeError, ValueError)) as caught:
            request(secrets=wrong)
        assert "hidden" not in str(caught.value)
    with pytest.raises(ValueError, match="'NAME'"):
        request(secrets=["id=one,env=NAME"])
    (one,) = request(secrets=["type=env,id=one,src=NAME"], variables={"NAME": "value"}).source.secrets
    assert one.read() == b"value"


def test_options() -> None:
    asked = request(
        "folder",
        tag="team/app:1",
        shmsize="64m",
        buildargs=["A=1", "B"],
        labels=["x"],
        pull=True,
        container_limits={"memory": "1g", "cpusetcpus": "0-1"},
        platform="linux/arm64",
        timeout=3,
        nocache=None,
    )
    assert asked.spec.tags == ("team/app:1",)
    assert asked.timeout == 3
    assert asked.spec.values == {
        "shmsize": 64 * MIB,
        "buildargs": {"A": "1", "B": None},
        "labels": {"x": ""},
        "pull": "always",
        "container_limits": {"memory": 1024 * MIB, "cpusetcpus": "0-1"},
        "platform": ("linux/arm64",),
    }
    assert asked.spec.with_buildargs({"A": "other", "C": "3"}).values["buildargs"] == {
        "A": "1",
        "B": None,
        "C": "3",
    }


@pytest.mark.parametrize(
    ("options", "fault", "words"),
    [
        ({"nocahce": True}, TypeError, "did you mean 'nocache'"),
        ({"nocache": 1}, TypeError, "nocache"),
        ({"tag": "A B"}, ValueError, "A B"),
        ({"tag": 1}, TypeError, "tag"),
        ({"pull": "often"}, ValueError, "missing"),
        ({"encoding": "rar"}, ValueError, "gzip"),
        ({"container_limits": {"disk": 1}}, ValueError, "cpushares"),
        ({"shmsize": "much"}, ValueError, "shmsize"),
        ({"dockerfile": "a", "path_dockerfile": "b"}, TypeError, "path_dockerfile"),
        ({"dockerfile": 1}, TypeError, "dockerfile"),
        ({"additional_contexts": {"a": 1}}, TypeError, "contexts"),
        ({"extra_hosts": ["name"]}, ValueError, "extra_hosts"),
        ({"bulider": "buildkit"}, TypeError, "did you mean 'builder'"),
    ],
)
def test_wrong_options(options: dict[str, Any], fault: type[Exception], words: str) -> None:
    with pytest.raises(fault, match=words):
        request("folder", **options)


def test_images_that_are_named() -> None:
    text = """
ARG V=1
from --platform=linux/amd64 quay.io/a/b:1 AS First
FROM scratch
COPY --from=first /x /y
COPY --chown=1 --from=ghcr.io/c/d /x /y
COPY --from=0 /x /y
RUN --mount=type=bind,from=e/f,target=/x true
FROM \\
  g
"""
    assert named_images(text.encode()) == ["quay.io/a/b:1", "g", "ghcr.io/c/d", "e/f"]
    assert named_images(b"FROM $BASE\n") is None


def test_proxies() -> None:
    config = (
        b'{"proxies": {"default": {"httpProxy": "http://p", "noProxy": "a"}, "tcp://h": {"ftpProxy": "f"}}}'
    )
    assert config_proxies(config, "unix:///x", "config.json") == {
        "HTTP_PROXY": "http://p",
        "http_proxy": "http://p",
        "NO_PROXY": "a",
        "no_proxy": "a",
    }
    assert config_proxies(config, "tcp://h", "config.json") == {"FTP_PROXY": "f", "ftp_proxy": "f"}
    assert config_proxies(b"", "x", "config.json") == config_proxies(b"{}", "x", "config.json") == {}
    for wrong in (b"secret", b"[]", b'{"proxies": "secret"}'):
        with pytest.raises(ValueError, match=r"config\.json") as caught:
            config_proxies(wrong, "x", "config.json")
        assert "secret" not in str(caught.value)

"""Names of images and containers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.references import ImageReference, container_name

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("text", "parts", "full", "familiar"),
    [
        ("nginx", ("nginx", None, None, None), "docker.io/library/nginx:latest", "nginx:latest"),
        ("nginx:1.27", ("nginx", None, "1.27", None), "docker.io/library/nginx:1.27", "nginx:1.27"),
        ("team/app", ("team/app", None, None, None), "docker.io/team/app:latest", "team/app:latest"),
        (
            "docker.io/nginx",
            ("nginx", "docker.io", None, None),
            "docker.io/library/nginx:latest",
            "nginx:latest",
        ),
        (
            "index.docker.io/library/nginx",
            ("library/nginx", "index.docker.io", None, None),
            "docker.io/library/nginx:latest",
            "nginx:latest",
        ),
        (
            "localhost:5000/a/b/c:x@" + DIGEST,
            ("a/b/c", "localhost:5000", "x", DIGEST),
            "localhost:5000/a/b/c:x@" + DIGEST,
            "localhost:5000/a/b/c:x@" + DIGEST,
        ),
        ("quay.io/a@" + DIGEST, ("a", "quay.io", None, DIGEST), "quay.io/a@" + DIGEST, "quay.io/a@" + DIGEST),
        ("localhost/a", ("a", "localhost", None, None), "localhost/a:latest", "localhost/a:latest"),
        ("Host/a", ("a", "Host", None, None), "Host/a:latest", "Host/a:latest"),
        ("[::1]:5000/a", ("a", "[::1]:5000", None, None), "[::1]:5000/a:latest", "[::1]:5000/a:latest"),
        (
            "a__b/c--d.e",
            ("a__b/c--d.e", None, None, None),
            "docker.io/a__b/c--d.e:latest",
            "a__b/c--d.e:latest",
        ),
    ],
)
def test_image_names(text: str, parts: tuple[str | None, ...], full: str, familiar: str) -> None:
    found = ImageReference.parse(text)
    assert (found.repository, found.registry, found.tag, found.digest) == parts
    assert str(found) == text
    assert str(found.normalized()) == full
    assert found.familiar() == familiar
    assert found.is_short is (parts[1] is None)


@pytest.mark.parametrize(
    "text",
    [
        *("", ":tag", "Nginx", "a:", "a:b c", "a@", "a@sha256:12", "a//b", "/a", "a/", "-a", "a..b", "a_"),
        *("-.io/a", "a:b:c", "ab" * 32, "x" * 256, "a@b@" + DIGEST, "a\n", "a b"),
    ],
)
def test_what_is_no_image_name(text: str) -> None:
    with pytest.raises(ValueError, match="expected a name such as"):
        ImageReference.parse(text)


@given(st.text(alphabet="aA0.:/@-_[] ", max_size=20))
def test_what_is_taken_is_kept_and_stays_itself(text: str) -> None:
    try:
        found = ImageReference.parse(text)
    except ValueError:
        return
    assert str(found) == text
    assert found.normalized().normalized() == found.normalized()
    assert ImageReference.parse(found.familiar()).normalized() == found.normalized()


def test_another_tag_drops_the_digest() -> None:
    assert str(ImageReference.parse("quay.io/a:1@" + DIGEST).with_tag("2")) == "quay.io/a:2"
    with pytest.raises(ValueError, match="tag"):
        ImageReference.parse("a").with_tag("no tag")


@pytest.mark.parametrize("name", ["web-1", "a.b", "A_", "0x", "/web"])
def test_container_names(name: str) -> None:
    assert container_name(name) == name.removeprefix("/")


@pytest.mark.parametrize("name", ["", "a", "-ab", "a b", "a/b", "ä1", "_ab", "ab\n", "//ab"])
def test_what_is_no_container_name(name: str) -> None:
    with pytest.raises(ValueError, match="such as 'web-1'"):
        container_name(name)

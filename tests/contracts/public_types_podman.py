"""What a type checker knows of the nouns that only Podman has; see public_types.py."""

from collections.abc import Mapping
from typing import assert_type

from wharfinger import (
    Artifact,
    AsyncManifest,
    AsyncPodmanClient,
    AsyncStream,
    DockerClient,
    Manifest,
    PodmanClient,
    Quadlet,
    Stream,
)
from wharfinger.types import ArtifactFile, ManifestEntry, PushProgress


def lists(client: PodmanClient) -> None:
    made = client.manifests.create("a", ["b", client.images.get("c")], amend=True)
    assert_type(made, Manifest)
    assert_type(client.manifests.list(), list[Manifest])
    assert_type(made.entries, tuple[ManifestEntry, ...])
    assert_type(made.push(), tuple[PushProgress, ...])
    assert_type(made.push("a", stream=True), Stream[PushProgress])
    made.add("a", ach="arm64")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    made.push("a", stream=True, progress_bar=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def artifacts(client: PodmanClient) -> None:
    made = client.artifacts.add("a", b"b", file_name="c")
    assert_type(made, Artifact)
    assert_type(made.files, tuple[ArtifactFile, ...])
    assert_type(made.extract(), Stream[bytes])
    assert_type(made.read(), bytes)
    assert_type(made.push(), str)
    assert_type(client.artifacts.remove([made, "b"]), list[str])


def quadlets(client: PodmanClient) -> None:
    assert_type(client.quadlets.install({"a.container": "b"}), Mapping[str, str])
    assert_type(client.quadlets.get("a.container"), Quadlet)
    assert_type(client.quadlets.list(), list[Quadlet])


def only_podman_has_them(client: DockerClient) -> None:
    client.manifests  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]  # noqa: B018 - the claim is that it is not there


async def lists_async(client: AsyncPodmanClient) -> None:
    made = await client.manifests.get("a")
    assert_type(made, AsyncManifest)
    assert_type(await made.push(), tuple[PushProgress, ...])
    assert_type(await made.push("a", stream=True), AsyncStream[PushProgress])

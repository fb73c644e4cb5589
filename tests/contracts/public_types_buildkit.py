"""What a type checker knows of builds by one builder or the other; see public_types.py."""

from datetime import datetime
from pathlib import Path
from typing import assert_type

from wharfinger import (
    AsyncDockerClient,
    AsyncImage,
    AsyncStream,
    DockerClient,
    FromEnv,
    Image,
    PodmanClient,
    Stream,
)
from wharfinger.types import BuildEvent, BuildOutput, BuildStatus, BuildVertex, BuildWarning


def built(client: DockerClient | PodmanClient) -> None:
    assert_type(
        client.images.build("folder", builder="buildkit", progress="auto"),
        tuple[Image, tuple[BuildEvent, ...]],
    )
    assert_type(client.images.build("folder", builder="classic", stream=True), Stream[BuildEvent])
    client.images.build(".", secrets={"a": b"", "b": Path("c"), "d": FromEnv("E")}, ssh=True)
    client.images.build(
        ".", ssh={"default": Path("socket")}, contexts={"a": "docker-image://b", "c": Path("d")}
    )
    client.images.build(".", builder="kaniko")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.images.build(".", stream=True, progress="tty")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


async def built_async(client: AsyncDockerClient) -> None:
    assert_type(await client.images.build(".", builder="buildkit"), tuple[AsyncImage, tuple[BuildEvent, ...]])
    assert_type(await client.images.build(".", builder="buildkit", stream=True), AsyncStream[BuildEvent])


def told(event: BuildEvent) -> None:
    assert_type(event.vertices, tuple[BuildVertex, ...])
    assert_type(event.vertices[0].started, datetime | None)
    assert_type(event.statuses, tuple[BuildStatus, ...])
    assert_type(event.outputs, tuple[BuildOutput, ...])
    assert_type(event.outputs[0].data, bytes)
    assert_type(event.warnings, tuple[BuildWarning, ...])
    assert_type(event.warnings[0].lines, tuple[tuple[int, int], ...])

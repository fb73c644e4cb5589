"""What a type checker has to know about the public interface: read by mypy and pyright, never run.

A line with `type: ignore` is one that has to be an error: the checkers complain when it is none.
"""

from typing import assert_type

import wharfinger
from wharfinger import (
    AsyncContainer,
    AsyncDockerClient,
    AsyncImage,
    AsyncPodmanClient,
    AsyncStream,
    Container,
    DockerClient,
    Image,
    PodmanClient,
    Stream,
)
from wharfinger.types import ExecResult, FileStat, LogFrame, PullProgress, WaitResult
from wharfinger_api.docker import Client as DockerAPI
from wharfinger_api.libpod import Client as LibpodAPI


def connected() -> None:
    assert_type(wharfinger.connect(), DockerClient | PodmanClient)
    with DockerClient() as docker, PodmanClient.from_env() as podman:
        assert_type(docker, DockerClient)
        assert_type(podman, PodmanClient)
        assert_type(docker.api, DockerAPI)
        assert_type(podman.api, LibpodAPI)
        assert_type(podman.compat_api, DockerAPI)
        print(docker.compat_api)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]


def made(client: DockerClient | PodmanClient) -> None:
    assert_type(client.containers.run("a"), bytes)
    assert_type(client.containers.run("a", ["b"], detach=False, stderr=True, name="c"), bytes)
    assert_type(client.containers.run("a", detach=True, ports={"80/tcp": 8080}), Container)
    assert_type(client.containers.create("a", mem_limit="1g"), Container)
    assert_type(client.containers.get("a"), Container)
    assert_type(client.containers.list(all=True), list[Container])
    client.containers.run("a", detach=True, memory="1g")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportUnknownMemberType]
    client.containers.create("a", mem_limit=[])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def used(container: Container) -> None:
    assert_type(container.logs(), bytes)
    assert_type(container.logs(tail=1, timestamps=True), bytes)
    assert_type(container.logs(stream=True), Stream[bytes])
    assert_type(container.logs(stream=True, follow=False), Stream[bytes])
    assert_type(container.logs(stream=True, lines=True), Stream[LogFrame])
    assert_type([frame.data for frame in container.logs(stream=True, lines=True)], list[bytes])
    assert_type(container.exec_run("a"), ExecResult)
    assert_type(container.exec_run("a").exit_code, int | None)
    assert_type(container.wait(), WaitResult)
    assert_type(container.get_archive("/"), tuple[Stream[bytes], FileStat])
    container.logs(lines=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def pulled(client: DockerClient | PodmanClient) -> None:
    assert_type(client.images.pull("a"), Image)
    assert_type(client.images.pull("a", stream=True), Stream[PullProgress])
    assert_type(client.images.list(), list[Image])
    assert_type(client.images.load(b""), list[Image])


async def asynchronously(client: AsyncDockerClient | AsyncPodmanClient, container: AsyncContainer) -> None:
    assert_type(await wharfinger.connect_async(), AsyncDockerClient | AsyncPodmanClient)
    assert_type(await client.containers.run("a"), bytes)
    assert_type(await client.containers.run("a", detach=True), AsyncContainer)
    assert_type(await client.containers.list(), list[AsyncContainer])
    assert_type(await container.logs(), bytes)
    assert_type(await container.logs(stream=True), AsyncStream[bytes])
    assert_type([f async for f in await container.logs(stream=True, lines=True)], list[LogFrame])
    assert_type(await container.exec_run("a", input=b""), ExecResult)
    assert_type(await client.images.pull("a"), AsyncImage)
    assert_type(await client.images.pull("a", stream=True), AsyncStream[PullProgress])

"""What a type checker knows of calls whose result depends on their arguments; see public_types.py.

Each of them for every way to call it, sync and async.
"""

from typing import assert_type

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
from wharfinger.types import ContainerStats, ExecResult, LogFrame, PullProgress, PushProgress

Pair = tuple[bytes | None, bytes | None]


def ran(client: DockerClient | PodmanClient) -> None:
    run = client.containers.run
    assert_type(run("a", detach=False), bytes)
    assert_type(run("a", "b", stdout=False, stderr=True, remove=True, pull="never"), bytes)
    assert_type(run("a", detach=True), Container)
    assert_type(run("a", ["b"], detach=True, remove=True, pull="always", name="c"), Container)
    run("a", pull="often")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def logged(container: Container) -> None:
    assert_type(container.logs(stream=False), bytes)
    assert_type(container.logs(stream=False, lines=False, tail="all"), bytes)
    assert_type(container.logs(stream=True, lines=False, follow=True), Stream[bytes])
    assert_type(container.logs(stream=True, lines=True, follow=False, timestamps=True), Stream[LogFrame])
    container.logs(follow=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    container.logs(tail="few")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def attached(container: Container) -> None:
    assert_type(container.attach(), bytes)
    assert_type(container.attach(stream=False, demux=False, logs=True), bytes)
    assert_type(container.attach(demux=True), Pair)
    assert_type(container.attach(stream=True), Stream[bytes])
    assert_type(container.attach(stream=True, demux=True), Stream[Pair])


def executed(container: Container) -> None:
    assert_type(container.exec_run("a"), ExecResult[bytes])
    assert_type(container.exec_run(["a"], demux=True).output, Pair)
    assert_type(container.exec_run("a", detach=True).exit_code, int | None)
    code, output = container.exec_run("a", input=[b"b"], tty=True)
    assert_type(code, int | None)
    assert_type(output, bytes)
    container.exec_run("a", input=1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def measured(container: Container) -> None:
    assert_type(container.stats(), Stream[ContainerStats])
    assert_type(container.stats(stream=True), Stream[ContainerStats])
    assert_type(container.stats(stream=False), ContainerStats)
    assert_type(container.stats(stream=False, one_shot=True), ContainerStats)
    container.stats(one_shot=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


def exchanged(client: DockerClient | PodmanClient, found: bool) -> None:
    images = client.images
    assert_type(images.pull("a", "b", platform="linux/arm64"), Image)
    assert_type(images.pull("a", all_tags=False, stream=False), Image)
    assert_type(images.pull("a", all_tags=True), list[Image])
    assert_type(images.pull("a", stream=True, all_tags=True), Stream[PullProgress])
    assert_type(images.pull("a", stream=True, all_tags=found), Stream[PullProgress])
    assert_type([event.status for event in images.pull("a", stream=True)], list[str])
    assert_type(images.push("a"), tuple[PushProgress, ...])
    assert_type(images.push("a", "b", stream=True), Stream[PushProgress])
    images.pull("a", stream=found)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


async def ran_async(client: AsyncDockerClient | AsyncPodmanClient) -> None:
    run = client.containers.run
    assert_type(await run("a", detach=False), bytes)
    assert_type(await run("a", "b", stdout=False, stderr=True, remove=True, pull="never"), bytes)
    assert_type(await run("a", detach=True), AsyncContainer)
    assert_type(await run("a", ["b"], detach=True, remove=True, pull="always", name="c"), AsyncContainer)
    await run("a", pull="often")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


async def logged_async(container: AsyncContainer) -> None:
    assert_type(await container.logs(stream=False), bytes)
    assert_type(await container.logs(stream=False, lines=False, tail="all"), bytes)
    assert_type(await container.logs(stream=True, lines=False, follow=True), AsyncStream[bytes])
    assert_type(
        await container.logs(stream=True, lines=True, follow=False, timestamps=True), AsyncStream[LogFrame]
    )
    await container.logs(follow=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    await container.logs(tail="few")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


async def attached_async(container: AsyncContainer) -> None:
    assert_type(await container.attach(), bytes)
    assert_type(await container.attach(stream=False, demux=False, logs=True), bytes)
    assert_type(await container.attach(demux=True), Pair)
    assert_type(await container.attach(stream=True), AsyncStream[bytes])
    assert_type(await container.attach(stream=True, demux=True), AsyncStream[Pair])


async def executed_async(container: AsyncContainer) -> None:
    assert_type(await container.exec_run("a"), ExecResult[bytes])
    assert_type((await container.exec_run(["a"], demux=True)).output, Pair)
    assert_type((await container.exec_run("a", detach=True)).exit_code, int | None)
    code, output = await container.exec_run("a", input=[b"b"], tty=True)
    assert_type(code, int | None)
    assert_type(output, bytes)
    await container.exec_run("a", input=1)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


async def measured_async(container: AsyncContainer) -> None:
    assert_type(await container.stats(), AsyncStream[ContainerStats])
    assert_type(await container.stats(stream=True), AsyncStream[ContainerStats])
    assert_type(await container.stats(stream=False), ContainerStats)
    assert_type(await container.stats(stream=False, one_shot=True), ContainerStats)
    await container.stats(one_shot=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


async def exchanged_async(client: AsyncDockerClient | AsyncPodmanClient, found: bool) -> None:
    images = client.images
    assert_type(await images.pull("a", "b", platform="linux/arm64"), AsyncImage)
    assert_type(await images.pull("a", all_tags=False, stream=False), AsyncImage)
    assert_type(await images.pull("a", all_tags=True), list[AsyncImage])
    assert_type(await images.pull("a", stream=True, all_tags=True), AsyncStream[PullProgress])
    assert_type(await images.pull("a", stream=True, all_tags=found), AsyncStream[PullProgress])
    assert_type([event.status async for event in await images.pull("a", stream=True)], list[str])
    assert_type(await images.push("a"), tuple[PushProgress, ...])
    assert_type(await images.push("a", "b", stream=True), AsyncStream[PushProgress])
    await images.pull("a", stream=found)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]

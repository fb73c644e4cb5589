"""What a type checker has to know about the public interface: read by mypy and pyright, never run.

A line with `type: ignore` is one that has to be an error: the checkers complain when it is none.
"""

import re
from datetime import datetime
from typing import Any, assert_type

import wharfinger
from wharfinger import (
    AsyncContainer,
    AsyncDockerClient,
    AsyncDuplex,
    AsyncExec,
    AsyncExecRun,
    AsyncImage,
    AsyncNetwork,
    AsyncPodmanClient,
    AsyncSecret,
    AsyncStream,
    AsyncVolume,
    Container,
    DockerClient,
    Duplex,
    DuplexSocket,
    Exec,
    ExecRun,
    Image,
    Network,
    PodmanClient,
    Secret,
    Stream,
    SystemPruneReport,
    Volume,
)
from wharfinger.types import (
    BuildEvent,
    ContainerStats,
    DiskUsage,
    Event,
    ExecResult,
    FileStat,
    IPAMConfig,
    IPAMPool,
    LoadProgress,
    LogFrame,
    Progress,
    PullProgress,
    PushProgress,
    WaitResult,
)
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
    assert_type(client.containers.run("a", stream=True), Stream[bytes])
    assert_type(client.containers.run("a", stream=True, stderr=True, remove=True), Stream[bytes])
    assert_type(client.containers.run("a", input=b"", pull="newer", auth_config={}), bytes)
    assert_type(client.containers.create("a", mem_limit="1g"), Container)
    assert_type(client.containers.restore(b"", name="a"), Container)
    client.containers.run("a", stream=True, detach=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportUnknownMemberType]
    assert_type(client.containers.get("a"), Container)
    assert_type(client.containers.list(all=True), list[Container])
    assert_type(client.containers.stats(), Stream[ContainerStats])
    assert_type(client.containers.stats(["a"], stream=False), list[ContainerStats])
    client.containers.run("a", detach=True, memory="1g")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportUnknownMemberType]
    client.containers.create("a", mem_limit=[])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def used(container: Container) -> None:
    assert_type(container.logs(), bytes)
    assert_type(container.logs(tail=1, timestamps=True), bytes)
    assert_type(container.logs(stream=True), Stream[bytes])
    assert_type(container.logs(stream=True, follow=False), Stream[bytes])
    assert_type(container.logs(stream=True, lines=True), Stream[LogFrame])
    assert_type([frame.data for frame in container.logs(stream=True, lines=True)], list[bytes])
    assert_type(container.exec_run("a"), ExecResult[bytes])
    assert_type(container.exec_run("a").exit_code, int | None)
    assert_type(container.exec_run("a", demux=True), ExecResult[tuple[bytes | None, bytes | None]])
    assert_type(container.exec_run("a", stream=True), ExecRun[Stream[bytes]])
    assert_type(
        container.exec_run("a", stream=True, demux=True), ExecRun[Stream[tuple[bytes | None, bytes | None]]]
    )
    assert_type(container.exec_run("a", socket=True, tty=True).output, DuplexSocket)
    assert_type(container.exec_run("a", detach=True).exec, Exec)
    assert_type(container.exec_create("a", user="b").start(), Duplex)
    assert_type(container.exec_create("a").start(socket=True), DuplexSocket)
    assert_type(container.exec_create("a").wait(), int)
    assert_type(container.attach(stdin=True), Duplex)
    assert_type(container.attach(stdin=True).read(), bytes)
    assert_type([frame.data for frame in container.attach(stdin=True)], list[bytes])
    assert_type(container.attach_socket(ws=True), DuplexSocket)
    assert_type(container.interact("a"), int | None)
    container.exec_run("a", detach=True, stream=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    container.exec_create("a", name="b")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    assert_type(container.wait(), WaitResult)
    assert_type(container.get_archive("/"), tuple[Stream[bytes], FileStat])
    assert_type(container.get_archive("/", chunk_size=1, encode_stream=True), tuple[Stream[bytes], FileStat])
    assert_type(container.export(chunk_size=1), Stream[bytes])
    assert_type(container.checkpoint(keep=True), dict[str, Any])
    assert_type(container.checkpoint(export=True, leave_running=True), Stream[bytes])
    assert_type(container.restore(), dict[str, Any])
    assert_type(container.mount(), str)
    assert_type(container.init(), bool)
    assert_type(container.get_image(), Image)
    container.checkpoint(import_=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    container.update(mem_limit=[])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(container.stats(), Stream[ContainerStats])
    assert_type(container.stats(stream=False, one_shot=True), ContainerStats)
    assert_type(container.stats(stream=False).cpu_percent, float | None)
    assert_type(container.top(), dict[str, Any])
    assert_type(container.top(stream=True, delay=1), Stream[dict[str, Any]])
    container.logs(lines=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def happened(client: DockerClient | PodmanClient, container: Container) -> None:
    assert_type(client.events(), Stream[Event])
    assert_type(client.events(since=1.5, filters={"event": ["die"]}, resume=True, decode=True), Stream[Event])
    assert_type(client.events(stream=False), list[Event])
    assert_type([event.exit_code for event in client.events()], list[int | None])
    assert_type(Stream.merge(client.events(), client.events()), Stream[Event])
    assert_type(Stream.merge_named({"a": client.events()}), Stream[tuple[str, Event]])
    assert_type(container.logs(stream=True, resume=True), Stream[bytes])
    assert_type(container.logs(stream=True, lines=True, resume=True), Stream[LogFrame])
    assert_type(container.wait(condition=["exited", "stopped"], interval="250ms"), WaitResult)
    assert_type(container.wait_for_log(re.compile("ready")), LogFrame)
    container.wait_for_log(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.events(stream=False, resume=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.events(decode=False)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def pulled(client: DockerClient | PodmanClient) -> None:
    assert_type(client.images.pull("a"), Image)
    assert_type(client.images.pull("a", all_tags=True), list[Image])
    assert_type(client.images.pull("a", progress=print, progress_bar=True), Image)
    assert_type(client.images.pull("a", policy="newer", tls_verify=False), Image)
    assert_type(client.images.pull("a", stream=True), Stream[PullProgress])
    assert_type(client.images.pull("a", stream=True, all_tags=True), Stream[PullProgress])
    assert_type(client.images.pull("a", stream=True, decode=True), Stream[dict[str, Any]])
    assert_type(client.images.pull("a", stream=True, decode=False), Stream[bytes])
    assert_type(client.images.list(), list[Image])
    assert_type(client.images.load(b""), list[Image])
    assert_type(client.images.load(file_path="a.tar", progress=print), list[Image])
    assert_type(client.images.save("a", chunk_size=1), Stream[bytes])
    assert_type(client.images.scp("a", "b::"), str)
    client.images.pull("a", decode=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
    client.images.pull("a", stream=True, progress=print)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]
    client.images.pull("a", policy="sometimes")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def pushed(client: DockerClient | PodmanClient) -> None:
    assert_type(client.images.push("a", format="oci"), tuple[PushProgress, ...])
    assert_type(client.images.push("a", progress=print, progress_bar=True), tuple[PushProgress, ...])
    assert_type(client.images.push("a", stream=True), Stream[PushProgress])
    assert_type(client.images.push("a", stream=True, decode=True), Stream[dict[str, Any]])
    assert_type(client.images.push("a", stream=True, decode=False), Stream[bytes])
    client.images.push("a", decode=False)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


def listened(client: DockerClient | PodmanClient) -> None:
    pulled: list[PullProgress] = []
    loaded: list[LoadProgress] = []
    client.images.pull("a", progress=pulled.append)
    client.images.load(b"", progress=loaded.append)
    client.images.load(b"", progress=pulled.append)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def kept(client: DockerClient | PodmanClient) -> None:
    volume = client.volumes.create("a", driver="local", labels={"a": "b"})
    assert_type(volume, Volume)
    assert_type(client.volumes.list({"name": "a"}), list[Volume])
    assert_type(volume.created_at, datetime | None)
    assert_type(volume.export_archive(), Stream[bytes])
    assert_type(client.volumes.prune(all=True)["VolumesDeleted"], list[str])
    client.volumes.create("a", lable={})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    volume.update(availability="gone")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def joined(client: DockerClient | PodmanClient, container: Container) -> None:
    network = client.networks.create("a", ipam=IPAMConfig(pool_configs=[IPAMPool("10.1.0.0/16")]))
    assert_type(network, Network)
    client.networks.create("a", ipam=["10.1.0.0/16", {"Subnet": "fd00:1::/64"}], enable_ipv6=True)
    assert_type(client.networks.list(["a"], greedy=True), list[Network])
    assert_type(network.containers, list[Container])
    assert_type(network.ipam.pool_configs[0], IPAMPool)
    assert_type(client.networks.prune()["NetworksDeleted"], list[str])
    network.connect(container, aliases=["b"], ipv4_address="10.1.0.9", links={"c": "d"})
    network.connect(container, alias=["b"])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.networks.create("a", internal="yes")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def used_up(client: DockerClient | PodmanClient) -> None:
    assert_type(client.df(), DiskUsage)
    assert_type(client.df().images.reclaimable, int)
    assert_type(client.prune(volumes=True), SystemPruneReport)
    assert_type(client.prune(filters={"label": ["a"]})["SpaceReclaimed"], int)


def hidden(client: DockerClient | PodmanClient) -> None:
    assert_type(client.secrets.create("a", b"b", labels={"c": "d"}), Secret)
    assert_type(client.secrets.list({"name": "a"}), list[Secret])
    assert_type(client.secrets.get("a", show_secret=True).data, str | None)
    client.secrets.create("a")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def built(client: DockerClient | PodmanClient) -> None:
    assert_type(client.images.build("folder", tag="a:1", nocache=True), tuple[Image, tuple[BuildEvent, ...]])
    assert_type(client.images.build(fileobj="FROM a", stream=True), Stream[BuildEvent])
    assert_type(client.images.build(context={"Dockerfile": b""})[1][0].exit_code, int | None)
    assert_type(client.images.prune_builds(keep_storage="1g"), dict[str, Any])
    client.images.build("folder", nocahce=True)  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportUnknownMemberType]


async def asynchronously(client: AsyncDockerClient | AsyncPodmanClient, container: AsyncContainer) -> None:
    assert_type(await wharfinger.connect_async(), AsyncDockerClient | AsyncPodmanClient)
    assert_type(await client.containers.run("a"), bytes)
    assert_type(await client.containers.run("a", detach=True), AsyncContainer)
    assert_type(await client.containers.run("a", stream=True), AsyncStream[bytes])
    assert_type(await container.checkpoint(export=True), AsyncStream[bytes])
    assert_type(await client.containers.list(), list[AsyncContainer])
    assert_type(await container.logs(), bytes)
    assert_type(await container.stats(), AsyncStream[ContainerStats])
    assert_type(await client.containers.stats([container], interval=2), AsyncStream[ContainerStats])
    assert_type(await container.logs(stream=True), AsyncStream[bytes])
    assert_type([f async for f in await container.logs(stream=True, lines=True)], list[LogFrame])
    assert_type(await container.exec_run("a", input=b""), ExecResult[bytes])
    assert_type(await container.exec_run("a", stream=True), AsyncExecRun[AsyncStream[bytes]])
    assert_type(await container.attach(stdin=True), AsyncDuplex)
    assert_type(await (await container.exec_create("a")).start(), AsyncDuplex)
    assert_type(client.containers.exec("a"), AsyncExec)
    assert_type(await client.events(), AsyncStream[Event])
    assert_type(await client.events(stream=False), list[Event])
    assert_type(AsyncStream.merge(await client.events()), AsyncStream[Event])
    assert_type(await container.wait_for_log(b"x"), LogFrame)
    assert_type(await client.images.pull("a"), AsyncImage)
    assert_type(await client.images.pull("a", stream=True), AsyncStream[PullProgress])
    assert_type(await client.images.pull("a", stream=True, decode=False), AsyncStream[bytes])
    assert_type(await client.images.push("a", progress=heard), tuple[PushProgress, ...])
    assert_type(await client.images.load(b"", progress=heard), list[AsyncImage])


async def heard(event: Progress) -> None:
    """What an async client may call, too."""


async def nouns(client: AsyncDockerClient | AsyncPodmanClient) -> None:
    assert_type(await client.volumes.create(), AsyncVolume)
    assert_type(await client.volumes.list(), list[AsyncVolume])
    assert_type(await client.networks.create("a"), AsyncNetwork)
    assert_type(await client.networks.list(), list[AsyncNetwork])
    assert_type(await client.secrets.create("a", "b"), AsyncSecret)
    assert_type(await client.df(), DiskUsage)


async def building(client: AsyncDockerClient | AsyncPodmanClient) -> None:
    assert_type(await client.images.build("folder"), tuple[AsyncImage, tuple[BuildEvent, ...]])
    assert_type(await client.images.build(remote="https://a", stream=True), AsyncStream[BuildEvent])

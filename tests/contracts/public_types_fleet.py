"""What a type checker knows of fleets and of the pytest plugin's fixtures; see public_types.py."""

from typing import assert_type

from wharfinger import (
    AsyncContainer,
    AsyncDockerClient,
    AsyncPodmanClient,
    AsyncStream,
    Container,
    ContainerStats,
    EngineAddress,
    Event,
    Fleet,
    FleetResults,
    HostError,
    HostValue,
    Image,
    LogFrame,
    Network,
)
from wharfinger.pytest_plugin.factories import ContainerFactory, ImageFactory, NetworkFactory
from wharfinger.types import HostResult


def made(client: AsyncDockerClient, other: AsyncPodmanClient, address: EngineAddress) -> None:
    Fleet({"a": "ssh://a", "b": address, "c": client, "d": other})
    Fleet(["ssh://a", address])
    assert_type(Fleet.from_contexts(["a"]), Fleet)
    Fleet({"a": 1})  # type: ignore[dict-item]  # pyright: ignore[reportArgumentType]
    Fleet([client])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


async def asked(fleet: Fleet) -> None:
    assert_type(await fleet.client("a"), AsyncDockerClient | AsyncPodmanClient)
    assert_type(await fleet.ping(), FleetResults[bool])
    found = await fleet.containers()
    assert_type(found, FleetResults[list[AsyncContainer]])
    assert_type(found["a"], HostValue[list[AsyncContainer]] | HostError)
    assert_type(found.succeeded, dict[str, list[AsyncContainer]])
    assert_type(found.failed, dict[str, Exception])
    assert_type((await fleet.map(lambda client: client.images.exists("a"))).succeeded, dict[str, bool])


async def streamed(fleet: Fleet) -> None:
    assert_type(await fleet.events(), AsyncStream[HostResult[Event]])
    assert_type(await fleet.stats(), AsyncStream[HostValue[ContainerStats] | HostError])
    async for one in await fleet.logs():
        if isinstance(one, HostValue):
            assert_type(one.value, tuple[AsyncContainer, LogFrame])
        else:
            assert_type(one.error, Exception)


def given(containers: ContainerFactory, networks: NetworkFactory, images: ImageFactory) -> None:
    assert_type(containers.run("a", "b", wait_for_port=80, labels={"a": "b"}), Container)
    assert_type(containers.create("a"), Container)
    assert_type(networks.create(internal=True), Network)
    assert_type(images.build(".", target="a"), Image)
    containers.run("a", speed=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

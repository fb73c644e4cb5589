"""What a type checker knows of swarms and of what engines tell of themselves; see public_types.py."""

from typing import Any, assert_type

from wharfinger import (
    AsyncConfig,
    AsyncDockerClient,
    AsyncNode,
    AsyncPodmanClient,
    AsyncSwarm,
    Config,
    DockerClient,
    EngineInfo,
    EngineVersion,
    Node,
    PodmanClient,
    Swarm,
)
from wharfinger.types import JoinTokens, SwarmState


def told(client: DockerClient | PodmanClient) -> None:
    assert_type(client.info(), EngineInfo)
    assert_type(client.info().swarm, SwarmState)
    assert_type(client.info()["Name"], Any)
    assert_type(client.version(), EngineVersion)
    assert_type(client.version()["ApiVersion"], Any)


def managed(client: DockerClient) -> None:
    assert_type(client.swarm, Swarm)
    assert_type(client.swarm.init("10.0.0.1", autolock_managers=True, labels=["a=b"]), str)
    assert_type(client.swarm.join_tokens, JoinTokens)
    assert_type(client.swarm.get_unlock_key(), dict[str, str])
    assert_type(client.nodes.get("a"), Node)
    assert_type(client.nodes.list({"role": "manager"}), list[Node])
    assert_type(client.configs.create("a", "b", templating="golang"), Config)
    assert_type(client.configs.list(), list[Config])
    assert_type(client.configs.get("a").data, bytes)
    client.swarm.init(autolock=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.nodes.get("a").update(availability="away")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def lacking(client: PodmanClient) -> None:
    client.swarm  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]
    client.nodes  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]
    client.configs  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]


async def told_async(client: AsyncDockerClient | AsyncPodmanClient) -> None:
    assert_type(await client.info(), EngineInfo)
    assert_type(await client.version(), EngineVersion)


async def managed_async(client: AsyncDockerClient) -> None:
    assert_type(client.swarm, AsyncSwarm)
    assert_type(await client.swarm.init(), str)
    assert_type(await client.nodes.list(), list[AsyncNode])
    assert_type(await client.configs.get("a"), AsyncConfig)
    await client.nodes.get("a").update()  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]

"""What a type checker knows of services, tasks, stacks and plugins; see public_types.py."""

from typing import Any, assert_type

from wharfinger import (
    AsyncDockerClient,
    AsyncService,
    AsyncStream,
    DockerClient,
    Plugin,
    PodmanClient,
    Service,
    Stack,
    Stream,
    Task,
)
from wharfinger.types import LogFrame, PullProgress, PushProgress, Resources, ServiceMode, UpdateConfig


def served(client: DockerClient, podman: PodmanClient) -> None:
    made = client.services.create("a", ["b"], name="c", mode=ServiceMode("global"), env={"d": "e"})
    assert_type(made, Service)
    client.services.create(
        "a",
        resources=Resources(mem_limit="512m"),
        update_config=UpdateConfig(delay="5s"),
        secrets=[client.secrets.get("a"), "b"],
        configs=[client.configs.get("a")],
        networks=[client.networks.get("a")],
    )
    assert_type(client.services.list(status=True), list[Service])
    assert_type(made.update(image="b", replicas=2), list[str])
    assert_type(made.tasks(), list[Task])
    assert_type(made.version, int)
    assert_type(made.replicas, int | None)
    assert_type(client.tasks.get("a"), Task)
    assert_type(client.stacks.list(), list[Stack])
    client.services.create("a", enw={})  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    client.services.create("a", replicas="2")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    client.services.create("a", force_update=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    podman.services  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]  # noqa: B018 - that it is not there


def logged(service: Service, task: Task) -> None:
    assert_type(service.logs(), bytes)
    assert_type(service.logs(stream=True), Stream[bytes])
    assert_type(service.logs(stream=True, lines=True, details=True), Stream[LogFrame])
    assert_type(task.logs(stream=True, lines=True), Stream[LogFrame])


def plugged(client: DockerClient) -> None:
    plugin = client.plugins.install("a", "b")
    assert_type(plugin, Plugin)
    assert_type(plugin.push(), tuple[PushProgress, ...])
    assert_type(plugin.upgrade(), tuple[PullProgress, ...])
    assert_type(client.plugins.privileges("a"), list[dict[str, Any]])


async def served_async(client: AsyncDockerClient) -> None:
    made = await client.services.create("a", labels=["b=c"])
    assert_type(made, AsyncService)
    assert_type(await made.logs(stream=True), AsyncStream[bytes])

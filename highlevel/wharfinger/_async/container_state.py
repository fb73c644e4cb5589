"""What is known of one container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wharfinger._core import container_facts as facts

if TYPE_CHECKING:
    from datetime import datetime

    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._core.container_facts import PortList, PortMap


class AsyncContainerState:
    """What is known of a container.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

    def __init__(self, engine: AsyncEngineSession, attrs: dict[str, Any], *, summary: bool = False) -> None:
        self._engine = engine
        self._attrs = attrs
        self._summary = summary

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.short_id} {self.name or '?'} {self.status or '?'}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AsyncContainerState) and other.id == self.id

    def __hash__(self) -> int:
        return hash((AsyncContainerState, self.id))

    @property
    def attrs(self) -> dict[str, Any]:
        """The engine's own JSON: of inspect, or of a list where `is_summary` says so."""
        return self._attrs

    @property
    def is_summary(self) -> bool:
        """Whether `attrs` is an entry of a list, which tells less than inspect; `reload` gets the rest."""
        return self._summary

    @property
    def id(self) -> str:
        """The full id, 64 hexadecimal digits."""
        return facts.container_id(self._attrs)

    @property
    def short_id(self) -> str:
        """The first 12 digits of the id."""
        return self.id[:12]

    @property
    def name(self) -> str:
        """The name, without a slash before it."""
        return facts.name(self._attrs)

    @property
    def status(self) -> str:
        """created, running, paused, restarting, removing, exited or dead; Podman has more."""
        return facts.status(self._attrs)

    @property
    def health(self) -> str | None:
        """starting, healthy or unhealthy; None without a health check."""
        return facts.health(self._attrs)

    @property
    def image(self) -> str:
        """The image as it was asked for."""
        return facts.image(self._attrs)

    @property
    def image_id(self) -> str:
        """The image's full id; empty before the engine told it."""
        return facts.image_id(self._attrs)

    @property
    def labels(self) -> dict[str, str]:
        """Labels of the container and of its image."""
        return facts.labels(self._attrs)

    @property
    def ports(self) -> PortMap:
        """Where ports are published: {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "8080"}]}.

        None for a port that is only exposed.
        """
        return facts.ports(self._attrs)

    @property
    def exit_code(self) -> int | None:
        """The exit code of a container that has ended, else None."""
        return facts.exit_code(self._attrs)

    @property
    def created(self) -> datetime | None:
        """When it was made, in UTC."""
        return facts.created(self._attrs)

    @property
    def started_at(self) -> datetime | None:
        """When it was last started, in UTC; None if never."""
        return facts.started_at(self._attrs)

    async def reload(self) -> None:
        """Asks the engine for the facts of now.

        Raises:
            ContainerNotFound: It is gone.
        """
        self._attrs = await self._engine.call(lambda say: say.containers.inspect(self.id))
        self._summary = False

    async def inspect(self) -> dict[str, Any]:
        """Asks the engine for the facts of now, as `reload` does, and gives them: its own JSON.

        Raises:
            ContainerNotFound: It is gone.
        """
        await self.reload()
        return self._attrs

    async def port(self, private_port: int | str) -> PortList | None:
        """Where one of its ports is published now; asks the engine.

        Args:
            private_port: Its number, or with a protocol such as "53/udp". Without one: tcp, then udp, then sctp.

        Returns:
            Such as [{"HostIp": "0.0.0.0", "HostPort": "8080"}]; None where it is not published.

        Raises:
            ContainerNotFound: It is gone.
            ValueError: private_port is none.
        """
        names = facts.port_names(private_port)
        await self.reload()
        return next((found for found in map(self.ports.get, names) if found), None)

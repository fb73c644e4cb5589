"""The session of a build: a connection over which the engine asks this side for what the build needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from wharfinger._core.build_session import new_id, session_headers

if TYPE_CHECKING:
    from types import TracebackType

    from wharfinger._async.build_services import AsyncBuildServices
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.rpc import AsyncRPC
    from wharfinger._core.build_session import SessionOffer


class AsyncBuildSession:
    """Serves one build, from `async with` to its end; leaving it ends whatever is still asked for.

        async with AsyncBuildSession(engine, keyring, offer) as session:
            …  # a build that is told session.id

    Args:
        engine: Where the build goes on.
        keyring: Where credentials come from.
        offer: What the build may ask for.
        name: What the build is called in the engine's words.
    """

    def __init__(
        self, engine: AsyncEngineSession, keyring: AsyncKeyring, offer: SessionOffer, name: str = "build"
    ) -> None:
        self.id = new_id()
        self._engine = engine
        self._keyring = keyring
        self._offer = offer
        self._name = name
        self._rpc: AsyncRPC | None = None

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}, {'closed' if self.over else 'open'}>"

    @property
    def fault(self) -> Exception | None:
        """Why this side could not give what it was asked for: the first fault of all."""
        return self._rpc.fault if self._rpc else None

    @property
    def over(self) -> bool:
        """Whether there is nothing to end: it was not opened, or is closed."""
        return self._rpc is None or self._rpc.closed

    async def open(self) -> None:
        """Begins to serve.

        Raises:
            ImportError: What it needs is not installed.
            WharfingerError: The engine does not want it.
        """
        services, rpc = needed()
        headers = session_headers(self.id, self._name, self._offer)
        duplex = await self._engine.upgrade(lambda say: say.builds.session(headers))
        self._rpc = rpc(duplex, services(self._offer, self._keyring).handlers())

    async def close(self) -> None:
        """Ends it."""
        if self._rpc is not None:
            await self._rpc.close()

    def drop(self) -> None:
        """As close(), for finalizers, which cannot wait; only where the session is at home."""
        if self._rpc is not None:
            self._rpc.drop()

    def abandon(self) -> None:
        """Let go of it without a word: in the child of a fork, whose parent still uses it."""
        if self._rpc is not None:
            self._rpc.abandon()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()


def needed() -> tuple[type[AsyncBuildServices], type[AsyncRPC]]:
    """What needs packages that not everybody has.

    Raises:
        ImportError: They are not installed.
    """
    try:
        from wharfinger._async.build_services import AsyncBuildServices
        from wharfinger._async.rpc import AsyncRPC
    except ImportError as fault:
        raise ImportError(
            "builds by BuildKit need the packages h2 and protobuf; install them as wharfinger[buildkit]"
        ) from fault
    return AsyncBuildServices, AsyncRPC

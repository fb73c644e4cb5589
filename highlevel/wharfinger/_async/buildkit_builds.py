"""Builds by BuildKit: what the engine is asked, together with the session that it asks back over."""

from __future__ import annotations

import warnings
from functools import partial
from typing import TYPE_CHECKING, Any

from wharfinger._async._primitives import home
from wharfinger._async._primitives_streams import let_go
from wharfinger._async.build_session import AsyncBuildSession, needed
from wharfinger._core.build_solving import outputs, solving
from wharfinger.errors import BuildError

if TYPE_CHECKING:
    from wharfinger._async.build_control import AsyncSolve
    from wharfinger._async.engine import AsyncEngineSession
    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.raw_streams import AsyncByteStream
    from wharfinger._core.build_log import BuildLog
    from wharfinger._core.build_options import BuildSpec
    from wharfinger._core.build_plan import BuildPlan
    from wharfinger._core.build_solving import Solving
    from wharfinger._core.operation import Operation
    from wharfinger._core.timeouts import Timeout
    from wharfinger.types import BuildEvent


class AsyncBuildKit:
    """Begins builds.

    Args:
        engine: Where.
        keyring: Where credentials come from.
    """

    def __init__(self, engine: AsyncEngineSession, keyring: AsyncKeyring) -> None:
        self._engine = engine
        self._keyring = keyring

    async def begin(
        self, plan: BuildPlan, spec: BuildSpec, encoding: str | None, timeout: Timeout
    ) -> AsyncBuildRun:
        """Begins one; what it gives are the lines of the engine's own call for builds.

        Raises:
            ImportError: What it needs is not installed.
            APIError: The engine said no.
            ValueError: What was asked for does not go together.
        """
        session = AsyncBuildSession(self._engine, self._keyring, plan.offer)
        say = (await self._engine.dialect()).builds
        # Refused, if it is, before anything is sent.
        op = say.build(
            plan.context, spec, encoding=encoding, auths={}, session=session.id, outputs=outputs(plan, spec)
        )
        asked, control = (solving(plan, spec), say.control()) if plan.named else (None, op)
        if plan.offer.export is not None and plan.offer.export.kind in ("oci", "docker"):
            facts = await self._engine.call(lambda say: say.system.info())
            say.check_exports(facts)
        await session.open()
        try:
            source: AsyncByteStream | AsyncSolve = await (
                self._engine.open(lambda _: op, timeout=timeout)
                if asked is None
                else self._solve(asked, control, session.id, timeout)
            )
        except BaseException:
            await session.close()
            raise
        return AsyncBuildRun(source, session)

    async def _solve(self, asked: Solving, op: Operation[Any], session: str, timeout: Timeout) -> AsyncSolve:
        from wharfinger._async.build_control import AsyncSolve

        _, rpc = needed()
        duplex = await self._engine.upgrade(lambda _: op, timeout=timeout)
        solve = AsyncSolve(rpc(duplex, client=True), asked, session)
        try:
            await solve.begin()
        except BaseException:
            await solve.close()
            raise
        return solve


class AsyncBuildRun:
    """A build that goes on: the lines that it tells, and the session that it lives on.

    Args:
        source: The lines.
        session: Ended with them.
    """

    def __init__(self, source: AsyncByteStream | AsyncSolve, session: AsyncBuildSession) -> None:
        self._source = source
        self._session = session
        self._home = home()

    def __del__(self) -> None:
        if self._session.over:
            return
        let_go(self._home, partial(_drop, self._source, self._session), self._session.abandon)
        warnings.warn(
            f"{self!r} was dropped without being closed", ResourceWarning, source=self, stacklevel=1
        )

    def check(self, log: BuildLog, event: BuildEvent) -> None:
        """Keeps an event; a fault of this side is what raises where it made the build fail.

        Raises:
            BuildError: The build failed.
            OSError: It did for something here cannot be read or written.
            CredentialsError: Credentials for a registry are kept where they cannot be read.
        """
        try:
            log.add(event)
        except BuildError as error:
            if self._session.fault is not None:
                raise self._session.fault from error
            raise

    async def __anext__(self) -> bytes:
        try:
            line: bytes = await self._source.__anext__()
        except StopAsyncIteration:
            await self._session.close()
            raise
        return line

    async def close(self) -> None:
        """Ends it at once, wherever its reader is."""
        await self._source.close()
        await self._session.close()


def _drop(source: AsyncByteStream | AsyncSolve, session: AsyncBuildSession) -> None:
    source.drop()
    session.drop()

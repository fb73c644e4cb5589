"""Builds that are asked of BuildKit itself, for what the engine's own call for builds has no words for."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from wharfinger._core.build_session import new_id
from wharfinger._core.buildkit_pb import control_pb2
from wharfinger._core.grpc import RPCError

if TYPE_CHECKING:
    from wharfinger._async.rpc import AsyncRPC
    from wharfinger._core.build_solving import Solving

_SOLVE = "/moby.buildkit.v1.Control/Solve"
_STATUS = "/moby.buildkit.v1.Control/Status"


class AsyncSolve:
    """One build; gives the lines that the engine's own call would give.

    Args:
        rpc: The connection to BuildKit; closed with this.
        solving: What to do.
        session: Where it gets what it needs.
    """

    def __init__(self, rpc: AsyncRPC, solving: Solving, session: str) -> None:
        self._rpc = rpc
        self._solving = solving
        self._request = control_pb2.SolveRequest(
            ref=new_id(),
            exporter=solving.exporter,
            exporter_attrs=solving.exporter_attrs,
            session=session,
            frontend="dockerfile.v0",
            frontend_attrs=solving.frontend,
            entitlements=solving.entitlements,
        )

    async def begin(self) -> None:
        """Starts it.

        Raises:
            WharfingerError: The connection is over.
        """
        self._solve = await self._rpc.call(_SOLVE, self._request.SerializeToString())
        asking = control_pb2.StatusRequest(ref=self._request.ref)
        self._status = await self._rpc.call(_STATUS, asking.SerializeToString())
        self._told = False

    async def __anext__(self) -> bytes:
        if self._told:
            raise StopAsyncIteration
        try:
            told = await self._status.receive()
        except RPCError:
            # It knows of no build that failed at once; why it did is what the build itself says.
            told = None
        if told is not None:
            return _line({"id": "moby.buildkit.trace", "aux": base64.b64encode(told).decode()})
        self._told = True
        return await self._end()

    async def close(self) -> None:
        """Ends the build, wherever its reader is."""
        await self._rpc.close()

    def drop(self) -> None:
        """As close(), for finalizers, which cannot wait; only where the connection is at home."""
        self._rpc.drop()

    async def _end(self) -> bytes:
        try:
            answer = await self._solve.receive()
        except RPCError as fault:
            return _line({"errorDetail": {"message": fault.message}, "error": fault.message})
        finally:
            await self._rpc.close()
        made = control_pb2.SolveResponse.FromString(answer or b"").exporter_response
        id = made.get("containerimage.digest")
        return _line({"id": "moby.image.id", "aux": {"ID": id}}) if id else b"\n"


def _line(told: object) -> bytes:
    return json.dumps(told).encode() + b"\n"

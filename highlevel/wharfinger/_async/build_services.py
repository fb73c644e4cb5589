"""What this machine does for a build that goes on: files, secrets, credentials, ssh agents, and what comes out."""

from __future__ import annotations

import socket
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from wharfinger._async._primitives import run_blocking
from wharfinger._async._primitives_socket import connect
from wharfinger._async.channel import AsyncPlainChannel
from wharfinger._core.build_exports import FileExport, FolderExport
from wharfinger._core.build_folders import Entry, FolderFilter
from wharfinger._core.build_session import (
    CHECK_AGENT,
    CREDENTIALS,
    FILE_SEND,
    FILE_SYNC,
    FORWARD_AGENT,
    GET_SECRET,
    HEALTH,
)
from wharfinger._core.buildkit_pb import files_pb2, session_pb2
from wharfinger._core.grpc import RPCError, Status, told_values
from wharfinger._core.ssh_agent import REFUSED, AgentMessages, may_pass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.message import Message

    from wharfinger._async.keyring import AsyncKeyring
    from wharfinger._async.rpc import AsyncCall, Handler
    from wharfinger._core.build_folders import Folder
    from wharfinger._core.build_session import SessionOffer

_AT_ONCE = 256
_PACKET = 128 * 1024
_AGENT_PATIENCE = 10.0
_SSH_ID = "buildkit.ssh.id"
_DEFAULT_AGENT = "default"


class AsyncBuildServices:
    """Answers what the engine asks for.

    Args:
        offer: What there is.
        keyring: Where credentials come from.
    """

    def __init__(self, offer: SessionOffer, keyring: AsyncKeyring) -> None:
        self._offer = offer
        self._keyring = keyring

    def handlers(self) -> Mapping[str, Handler]:
        """What answers each call that was offered."""
        known: dict[str, Handler] = {
            HEALTH: self._health,
            CREDENTIALS: self._credentials,
            FILE_SYNC: self._files,
            FILE_SEND: self._export,
            GET_SECRET: self._secret,
            CHECK_AGENT: self._check_agent,
            FORWARD_AGENT: self._agent,
        }
        return {path: known[path] for path in self._offer.calls()}

    async def _health(self, call: AsyncCall) -> None:
        await call.receive()
        serving = session_pb2.HealthCheckResponse.SERVING
        await call.send(session_pb2.HealthCheckResponse(status=serving).SerializeToString())

    async def _credentials(self, call: AsyncCall) -> None:
        asked = session_pb2.CredentialsRequest.FromString(await call.receive() or b"")
        kept = await self._keyring.of_registry(asked.host)
        answer = session_pb2.CredentialsResponse()
        if kept is not None and kept.auth.identitytoken:
            answer.secret = kept.auth.identitytoken
        elif kept is not None:
            answer.username = kept.auth.username or ""
            answer.secret = kept.auth.password or ""
        await call.send(answer.SerializeToString())

    async def _secret(self, call: AsyncCall) -> None:
        asked = session_pb2.GetSecretRequest.FromString(await call.receive() or b"")
        value = self._offer.secrets.get(asked.id)
        if value is None:
            raise RPCError(Status.NOT_FOUND, f"secret {asked.id} not found")
        await call.send(session_pb2.GetSecretResponse(data=value).SerializeToString())

    async def _files(self, call: AsyncCall) -> None:
        name = (told_values(call.headers, "dir-name") or ("",))[0]
        folder = self._offer.folders.get(name)
        if folder is None:
            raise RPCError(Status.NOT_FOUND, f"no folder is offered as {name!r}")
        wanted = FolderFilter(
            excludes=told_values(call.headers, "exclude-patterns"),
            includes=told_values(call.headers, "include-patterns"),
            follow=told_values(call.headers, "followpaths"),
        )
        await AsyncFileSync(call, folder, wanted).run()

    async def _export(self, call: AsyncCall) -> None:
        export = self._offer.export
        if export is None:
            raise RPCError(Status.UNIMPLEMENTED, "nothing is taken from this build")
        if export.kind == "local":
            await _take_folder(call, await run_blocking(partial(FolderExport, export.path)))
        else:
            await _take_file(call, await run_blocking(partial(FileExport, export.path)))

    async def _check_agent(self, call: AsyncCall) -> None:
        asked = session_pb2.CheckAgentRequest.FromString(await call.receive() or b"")
        self._socket(asked.id)
        await call.send(session_pb2.CheckAgentResponse().SerializeToString())

    async def _agent(self, call: AsyncCall) -> None:
        path = self._socket((call.headers.get(_SSH_ID) or ("",))[0])
        agent = await connect(AsyncPlainChannel, socket.AF_UNIX, path, _AGENT_PATIENCE)
        try:
            await _talk(call, agent)
        finally:
            agent.close()

    def _socket(self, id: str) -> str:
        path = self._offer.agents.get(id or _DEFAULT_AGENT)
        if path is None:
            raise RPCError(Status.NOT_FOUND, f"no ssh agent is offered as {id or _DEFAULT_AGENT!r}")
        return path


class AsyncFileSync:
    """Tells the engine what is in a folder, and sends what it has not got.

    Args:
        call: The engine's.
        folder: What it asks for.
        wanted: What of it.
    """

    def __init__(self, call: AsyncCall, folder: Folder, wanted: FolderFilter) -> None:
        self._call = call
        self._folder = folder
        self._wanted = wanted
        self._files: dict[int, Entry] = {}
        self._asked: list[int] = []

    async def run(self) -> None:
        """Does all of it.

        Raises:
            OSError: Something in the folder cannot be read, or changed while it was sent.
            RPCError: The engine gave up.
        """
        self._call.hold_everything()
        await self._tell()
        while True:
            while self._asked:
                await self._send_file(self._asked.pop(0))
            if await self._take_request():
                break
        await self._send(files_pb2.Packet(type=files_pb2.Packet.FIN))

    async def _tell(self) -> None:
        entries = await run_blocking(partial(self._folder.entries, self._wanted))
        number = 0
        while some := await run_blocking(lambda: list(islice(entries, _AT_ONCE))):
            for entry in some:
                if entry.has_data:
                    self._files[number] = entry
                number += 1
                await self._send(files_pb2.Packet(type=files_pb2.Packet.STAT, stat=_stat(entry)))
        await self._send(files_pb2.Packet(type=files_pb2.Packet.STAT))

    async def _take_request(self) -> bool:
        """Whether it was the last."""
        message = await self._call.receive()
        if message is None:
            raise RPCError(Status.CANCELLED, "the engine stopped asking for files")
        packet = files_pb2.Packet.FromString(message)
        if packet.type == files_pb2.Packet.ERR:
            raise RPCError(Status.UNKNOWN, packet.data.decode("utf-8", "replace"))
        if packet.type == files_pb2.Packet.REQ:
            self._asked.append(packet.id)
        return packet.type == files_pb2.Packet.FIN

    async def _send_file(self, number: int) -> None:
        entry = self._files.pop(number, None)
        if entry is None:
            raise RPCError(Status.INVALID_ARGUMENT, f"there is no file {number} to send")
        content = await run_blocking(partial(self._folder.content, entry))
        while data := await run_blocking(partial(next, content, b"")):
            for start in range(0, len(data), _PACKET):
                part = data[start : start + _PACKET]
                await self._send(files_pb2.Packet(type=files_pb2.Packet.DATA, id=number, data=part))
        await self._send(files_pb2.Packet(type=files_pb2.Packet.DATA, id=number))

    async def _send(self, packet: Message) -> None:
        await self._call.send(packet.SerializeToString())


def _stat(entry: Entry) -> files_pb2.Stat:
    return files_pb2.Stat(
        path=entry.path.encode(),
        mode=entry.mode,
        size=entry.size,
        mod_time=entry.mtime,
        linkname=entry.link.encode("utf-8", "surrogateescape"),
        devmajor=entry.device[0],
        devminor=entry.device[1],
        xattrs=entry.xattrs,
    )


def _entry(told: files_pb2.Stat) -> Entry:
    return Entry(
        path=told.path.decode("utf-8", "surrogateescape"),
        mode=told.mode,
        size=told.size,
        mtime=told.mod_time,
        link=told.linkname.decode("utf-8", "surrogateescape"),
    )


async def _take_folder(call: AsyncCall, export: FolderExport) -> None:
    try:
        told_all = False
        while (message := await call.receive()) is not None:
            packet = files_pb2.Packet.FromString(message)
            if packet.type == files_pb2.Packet.FIN:
                return
            if packet.type == files_pb2.Packet.ERR:
                raise RPCError(Status.UNKNOWN, packet.data.decode("utf-8", "replace"))
            if packet.type == files_pb2.Packet.DATA:
                await run_blocking(partial(export.write, packet.id, packet.data))
            elif packet.HasField("stat"):
                number = await run_blocking(partial(export.add, _entry(packet.stat)))
                if number is not None:
                    asking = files_pb2.Packet(type=files_pb2.Packet.REQ, id=number)
                    await call.send(asking.SerializeToString())
            else:
                told_all = True
            if told_all and export.idle:
                await run_blocking(export.finish)
                await call.send(files_pb2.Packet(type=files_pb2.Packet.FIN).SerializeToString())
    finally:
        export.abandon()


async def _take_file(call: AsyncCall, export: FileExport) -> None:
    try:
        while (message := await call.receive()) is not None:
            data = session_pb2.BytesMessage.FromString(message).data
            await run_blocking(partial(export.write, data))
        await run_blocking(export.finish)
    finally:
        export.abandon()


async def _talk(call: AsyncCall, agent: AsyncPlainChannel) -> None:
    """Hands on what a build may ask of an agent, one question and answer after the other."""
    asked, answered = AgentMessages(), AgentMessages()
    while (message := await call.receive()) is not None:
        asked.feed(session_pb2.BytesMessage.FromString(message).data)
        while asked:
            question = asked.take()
            answer = REFUSED
            if may_pass(question):
                await agent.send_all(question, None)
                while not answered:
                    data = await agent.receive(65536, None)
                    if not data:
                        raise RPCError(Status.UNAVAILABLE, "the ssh agent ended the connection")
                    answered.feed(data)
                answer = answered.take()
            await call.send(session_pb2.BytesMessage(data=answer).SerializeToString())

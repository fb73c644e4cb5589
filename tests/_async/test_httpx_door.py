"""The same transport beneath httpx."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.fake_engine import FakeEngine, Peer, Request, answering, chunked, get, reply, saying
from wharfinger._async.httpx_door import AsyncHTTPXTransport
from wharfinger._async.transport import AsyncTransport
from wharfinger.errors import EngineTimeout, EngineUnreachable, ProtocolError


async def test_requests_of_every_kind() -> None:
    seen: list[Request] = []

    def answer(request: Request) -> bytes:
        seen.append(request)
        return reply(request.body or b'{"a": 1}', Content_Type="application/json", X_Twice="1")

    async def pieces() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    with FakeEngine(answering(answer)) as engine:
        async with (
            AsyncTransport(engine.address) as transport,
            httpx.AsyncClient(
                transport=AsyncHTTPXTransport(transport), base_url="http://engine/v1.51"
            ) as client,
        ):
            found = await client.get("/containers/json", params={"all": "true"})
            assert found.json() == {"a": 1}
            assert found.headers["x-twice"] == "1"
            assert (await client.post("/a", json={"b": 2})).json() == {"b": 2}
            assert (await client.post("/a", content=b"x" * 1_000_000)).content == b"x" * 1_000_000
            assert (await client.post("/a", content=pieces())).content == b"onetwo"
            assert (await client.post("/a")).json() == {"a": 1}
            # The pool is the transport's own.
            assert (await transport.call(get())).status_code == 200
    assert engine.connections == 1
    assert seen[0].target == "/v1.51/containers/json?all=true"
    assert seen[0].headers["host"] == "localhost"
    assert seen[3].headers["transfer-encoding"] == "chunked"
    assert "content-length" not in seen[3].headers
    assert seen[4].headers["content-length"] == "0"


async def test_bodies_that_are_read_as_they_come() -> None:
    with FakeEngine(answering(lambda _: chunked(*[b"x" * 10_000] * 50))) as engine:
        async with (
            AsyncTransport(engine.address) as transport,
            httpx.AsyncClient(transport=AsyncHTTPXTransport(transport), base_url="http://engine") as client,
        ):
            async with client.stream("GET", "/logs") as response:
                total = 0
                async for chunk in response.aiter_raw():
                    total += len(chunk)
            assert total == 500_000
            async with client.stream("GET", "/logs") as response:
                assert response.status_code == 200
            # Not read to its end: that connection is gone, and was counted.
            assert "0 in use, 0 idle" in repr(transport)


async def test_errors_are_ours() -> None:
    def serve(peer: Peer) -> None:
        request = peer.request()
        if request is not None and request.target == "/slow":
            peer.until_end()
        peer.send(b"garbage\r\n\r\n")

    with FakeEngine(serve) as engine:
        async with (
            AsyncTransport(engine.address) as transport,
            httpx.AsyncClient(transport=AsyncHTTPXTransport(transport), base_url="http://engine") as client,
        ):
            with pytest.raises(ProtocolError):
                await client.get("/x")
            with pytest.raises(EngineTimeout):
                await client.get("/slow", timeout=0.1)
    async with (
        AsyncTransport(engine.address) as transport,
        httpx.AsyncClient(transport=AsyncHTTPXTransport(transport), base_url="http://engine") as client,
    ):
        with pytest.raises(EngineUnreachable):
            await client.get("/x")


async def test_a_body_cut_short_beneath_httpx() -> None:
    with FakeEngine(saying(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")) as engine:
        async with (
            AsyncTransport(engine.address) as transport,
            httpx.AsyncClient(transport=AsyncHTTPXTransport(transport), base_url="http://engine") as client,
        ):
            with pytest.raises(ProtocolError, match="cut short"):
                await client.get("/x")

"""TLS 1.2 and 1.3: certificates, the half-close, and all that sockets do without it."""

import ssl
import threading
import time
from collections.abc import Iterator

import attrs
import pytest

from tests._async._primitives import AsyncTask, pause
from tests.fake_engine import FakeEngine, Peer, answering, chunked, get, operation, reply
from tests.tls_material import TLSMaterial, tls_material
from wharfinger._async.transport import AsyncTransport
from wharfinger._core.timeouts import Timeout
from wharfinger.address import EngineAddress, TLSConfig
from wharfinger.errors import ClosedError, EngineTimeout, EngineUnreachable, ProtocolError

UPGRADED = b"HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"
MIB = 1024 * 1024


@pytest.fixture(scope="module")
def material() -> Iterator[TLSMaterial]:
    with tls_material() as made:
        yield made


@pytest.fixture(params=[ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])
def version(request: pytest.FixtureRequest) -> ssl.TLSVersion:
    found: ssl.TLSVersion = request.param
    return found


async def test_requests_with_client_certificates(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    context = material.engine(version, ask_client=True)
    big = b"x" * (3 * MIB)
    with FakeEngine(
        answering(lambda request: reply(request.body) if request.body else chunked(b"y", big)),
        tls=context,
        client_tls=material.client(),
    ) as engine:
        async with AsyncTransport(engine.address) as transport:
            for _ in range(3):
                assert (await transport.call(get())).content == b"y" + big
                assert (await transport.call(operation("POST", "/x", content=big))).content == big
            async with await transport.open(get()) as stream:
                assert await stream.read() == b"y" + big
    assert engine.connections == 1


async def test_a_half_close_on_which_reading_goes_on(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    data = b"0123456789" * 500_000
    ended = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED + b"early")
        got = peer.until_end()
        ended.set()
        # Long after our close_notify, the engine goes on.
        for start in range(0, len(got), 100_000):
            peer.send(got[start : start + 100_000])
        peer.send(b"bye")

    with FakeEngine(serve, tls=material.engine(version), client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport, await transport.upgrade(get()) as duplex:
            assert await duplex.receive() == b"early"
            await duplex.send(data)
            await duplex.close_write()
            assert ended.wait(5)
            parts: list[bytes] = []
            while part := await duplex.receive():
                parts.append(part)
            assert b"".join(parts) == data + b"bye"


async def test_what_came_before_the_half_close_is_kept(
    material: TLSMaterial, version: ssl.TLSVersion
) -> None:
    sent = threading.Event()

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED)
        for _ in range(10):
            peer.send(b"x" * 1000)
        sent.set()
        peer.send(peer.until_end())

    with FakeEngine(serve, tls=material.engine(version), client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport, await transport.upgrade(get()) as duplex:
            assert sent.wait(5)
            got = await duplex.receive(10)
            await duplex.send(b"end")
            await duplex.close_write()
            while part := await duplex.receive(777):
                got += part
            assert got == b"x" * 10_000 + b"end"


async def test_both_ways_at_once(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    data = b"0123456789" * 500_000

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED)
        while got := peer.sock.recv(65536):
            peer.send(got)

    with FakeEngine(serve, tls=material.engine(version), client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport, await transport.upgrade(get()) as duplex:

            async def send() -> None:
                for start in range(0, len(data), 50_000):
                    await duplex.send(data[start : start + 50_000])
                await duplex.close_write()

            sending = AsyncTask(send)
            parts: list[bytes] = []
            while part := await duplex.receive():
                parts.append(part)
            await sending.result()
            assert b"".join(parts) == data


async def test_closing_from_elsewhere(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(UPGRADED)
        peer.until_end()

    with FakeEngine(serve, tls=material.engine(version), client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport:
            duplex = await transport.upgrade(get())
            receiving = AsyncTask(duplex.receive)
            await pause(0.05)
            await duplex.close()
            with pytest.raises(ClosedError):
                await receiving.result()


async def test_an_early_refusal_is_heard(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    stop = threading.Event()

    def serve(peer: Peer) -> None:
        peer.head()
        peer.send(reply(b"no such image", "404 Not Found"))
        stop.wait(5)

    with FakeEngine(serve, tls=material.engine(version), client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address, timeout=Timeout(write=3)) as transport:
            for content in (b"x" * (50 * MIB), (b"x" * MIB for _ in range(50))):
                found = await transport.call(operation("POST", "/load", content=content))
                assert (found.status_code, found.content) == (404, b"no such image")
        stop.set()


async def test_an_early_go_ahead_is_no_refusal(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    def serve(peer: Peer) -> None:
        while peer.head() is not None:
            # By then the client is stuck in the middle of a record.
            time.sleep(0.2)
            peer.send(b"HTTP/1.1 100 Continue\r\n\r\n")
            peer.send(reply(b"%d" % len(peer.take(20 * MIB))))

    with FakeEngine(serve, tls=material.engine(version), client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport:
            for content in (
                b"x" * (20 * MIB),
                [b"x" * (20 * MIB - 100_000), b"x" * 100_000],
                [b"x" * MIB] * 20,
            ):
                headers = {"Content-Length": str(20 * MIB)}
                found = await transport.call(operation("POST", "/load", content=content, headers=headers))
                assert found.content == b"%d" % (20 * MIB)


async def test_a_connection_cut_off_is_no_end(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    """Without close_notify anybody on the way could have ended a body that has no length."""

    def serve(peer: Peer) -> None:
        peer.request()
        peer.send(b"HTTP/1.1 200 OK\r\n\r\nhalf of it")
        peer.sock.shutdown(2)

    with FakeEngine(serve, tls=material.engine(version), client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(ProtocolError, match="broke within"):
                await transport.call(get())


async def test_an_unknown_authority(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    with FakeEngine(answering(lambda _: reply()), tls=material.engine(version)) as engine:
        address = EngineAddress(f"https://127.0.0.1:{engine.address.port}", "a test")
        async with AsyncTransport(address) as transport:
            with pytest.raises(EngineUnreachable, match=r"certificate was not accepted.*ca_cert"):
                await transport.call(get())
        async with AsyncTransport(address, tls=TLSConfig(verify=False)) as transport:
            assert (await transport.call(get())).content == b"OK"


async def test_the_name_in_the_certificate(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    context = material.engine(version, name="elsewhere")
    with FakeEngine(answering(lambda _: reply()), tls=context, client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(EngineUnreachable, match=r"127.0.0.1"):
                await transport.call(get())
        for allowed in (False, "elsewhere.example"):
            config = attrs.evolve(material.client(), assert_hostname=allowed)
            async with AsyncTransport(engine.address, tls=config) as transport:
                assert (await transport.call(get())).content == b"OK"


async def test_a_client_certificate_that_is_missing(material: TLSMaterial, version: ssl.TLSVersion) -> None:
    context = material.engine(version, ask_client=True)
    config = TLSConfig(material.path("ca.pem"))
    with FakeEngine(answering(lambda _: reply()), tls=context, client_tls=config) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(EngineUnreachable, match=r"(?i)tls|certificate|handshake"):
                await transport.call(get())


@pytest.mark.parametrize("file", ["absent.pem", "ca-key.pem"])
async def test_material_that_cannot_be_used(material: TLSMaterial, file: str) -> None:
    config = TLSConfig(material.path(file))
    async with AsyncTransport(EngineAddress("tcp://127.0.0.1:1", "a test", tls=config)) as transport:
        with pytest.raises(EngineUnreachable, match=f"{file}.*PEM"):
            await transport.call(get())


async def test_an_engine_that_speaks_no_tls(material: TLSMaterial) -> None:
    config = material.client()
    with FakeEngine(lambda peer: peer.send(peer.sock.recv(10)), tcp=True, client_tls=config) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(EngineUnreachable, match=r"TLS is spoken at this port|cut|TLS failed"):
                await transport.call(get())


async def test_an_engine_that_never_finishes_the_handshake(material: TLSMaterial) -> None:
    stop = threading.Event()
    with FakeEngine(lambda _: print(stop.wait(5)), tcp=True, client_tls=material.client()) as engine:
        async with AsyncTransport(engine.address) as transport:
            with pytest.raises(EngineTimeout, match="TLS with") as caught:
                await transport.call(get(), timeout=Timeout(connect=0.2))
        stop.set()
    assert caught.value.phase == "connect"

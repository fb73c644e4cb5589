"""Archives of checkpoints to and from an engine whose CRIU works, which none of the real ones here has."""

import json

from tests.fake_engine import FakeEngine, Request, answering, chunked, reply
from wharfinger import AsyncPodmanClient

ID = "a" * 64
ARCHIVE = [b"\x28\xb5\x2f\xfd", b"pages" * 20_000, b"end"]


def told(value: object) -> bytes:
    return reply(json.dumps(value).encode(), Content_Type="application/json")


class Engine:
    """Answers as Podman 5.8.2 does; keeps what it was asked."""

    def __init__(self, archive: bytes, report: object) -> None:
        self.archive, self.report = archive, report
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> bytes:
        self.asked.append(request)
        if request.target.endswith("/_ping"):
            return reply(b"OK", Libpod_API_Version="5.8.2", Api_Version="1.41")
        if "/checkpoint" in request.target:
            return self.archive if "export" in request.target else told(self.report)
        if "/restore" in request.target:
            return told(self.report)
        return told({"Id": ID, "Name": "tide", "State": {"Status": "running"}})


async def test_from_one_engine_to_another() -> None:
    serve = Engine(chunked(*ARCHIVE), {"Id": ID, "criu_statistics": {"dump_time": 3}})
    with FakeEngine(answering(serve)) as fake:
        async with AsyncPodmanClient(fake.address.url) as client:
            container = client.containers.container("tide")
            stream = await container.checkpoint(export=True, leave_running=True, file_locks=True)
            pieces = [piece async for piece in stream]
            assert b"".join(pieces) == b"".join(ARCHIVE)
            report = await container.checkpoint(print_stats=True)
            assert report["criu_statistics"] == {"dump_time": 3}
            assert (await container.restore(keep=True))["Id"] == ID
            made = await client.containers.restore(iter(pieces), name="ebb", ignore_static_ip=True)
            assert (made.id, made.name, made.status) == (ID, "tide", "running")
    _, first, _, thawed, imported, _ = serve.asked
    assert (first.method, first.target) == (
        "POST",
        "/v5.8.2/libpod/containers/tide/checkpoint?leaveRunning=true&export=true&fileLocks=true",
    )
    assert thawed.target.endswith("/containers/tide/restore?keep=true")
    assert imported.body == b"".join(ARCHIVE)
    assert sorted(imported.target.partition("?")[2].split("&")) == [
        "ignoreStaticIP=true",
        "import=true",
        "name=ebb",
    ]

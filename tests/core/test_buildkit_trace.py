"""What BuildKit tells of a build: streams that Docker 20.10 and 28.5 have sent, read; and what a log says of them."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from wharfinger._build_bars import LiveBuild
from wharfinger._build_display import PlainDisplay, build_display
from wharfinger._core.build_log import BuildLog
from wharfinger._core.build_progress import BuildLines
from wharfinger._core.buildkit_pb import trace_pb2
from wharfinger._core.buildkit_trace import trace_event
from wharfinger._core.progress_lines import INTERVAL
from wharfinger._core.stream_decoders import JSONValues
from wharfinger.errors import BuildError, ProtocolError
from wharfinger.types import BuildEvent, BuildVertex

RECORDED = Path(__file__).with_name("recorded_builds")
VERSIONS = ["20.10", "28.5"]


def recorded(name: str, version: str, size: int = 1 << 20) -> list[BuildEvent]:
    data = (RECORDED / f"{name}-{version}.jsonl").read_bytes()
    decoder = JSONValues(trace_event)
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return [event for piece in pieces for event in decoder.feed(piece)] + decoder.finish()


def last_of(events: list[BuildEvent]) -> dict[str, BuildVertex]:
    return {vertex.name: vertex for event in events for vertex in event.vertices}


def told(response: trace_pb2.StatusResponse) -> BuildEvent:
    aux = base64.b64encode(response.SerializeToString()).decode()
    return trace_event({"id": "moby.buildkit.trace", "aux": aux})


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("size", [1, 1000, 1 << 20])
def test_a_build(version: str, size: int) -> None:
    events = recorded("built", version, size)
    steps = last_of(events)
    step = steps["[base 2/2] RUN echo from the step; echo to stderr >&2; printf 'without an end'"]
    assert step.inputs == (steps["[base 1/2] FROM localhost/wharfinger/busybox:1"].digest,)
    assert step.started is not None
    assert step.completed is not None
    assert step.started < step.completed
    assert (step.cached, step.error) == (False, None)
    outputs = [output for event in events for output in event.outputs]
    assert {output.vertex for output in outputs} == {step.digest}
    written = {
        kind: "".join(one.text for one in outputs if one.stream == kind) for kind in ("stdout", "stderr")
    }
    assert written == {"stdout": "from the step\nwithout an end", "stderr": "to stderr\n"}
    assert all(step.started <= output.time <= step.completed for output in outputs)
    done = {status.id for event in events for status in event.statuses if status.completed}
    assert "exporting layers" in done
    assert "from the step\n" in "".join(event.stream for event in events)
    assert {event.id for event in events} == {None}
    (image,) = {event.image_id for event in events} - {None}
    log = BuildLog()
    for event in events:
        log.add(event)
    assert (log.image_id(), len(log.events)) == (image, len(events))


def test_warnings() -> None:
    # Docker 20.10 has none.
    assert [event.warnings for event in recorded("built", "20.10") if event.warnings] == []
    ((warning,),) = [event.warnings for event in recorded("built", "28.5") if event.warnings]
    assert warning.message.startswith("MaintainerDeprecated: ")
    assert (warning.filename, warning.lines, warning.level) == ("Dockerfile", ((5, 5),), 1)
    assert warning.url.startswith("https://")
    assert warning.detail


@pytest.mark.parametrize("version", VERSIONS)
def test_what_is_kept_from_another_build(version: str) -> None:
    cached = {name for name, step in last_of(recorded("again", version)).items() if step.cached}
    assert "[stage-1 1/1] COPY motd /etc/motd" in cached
    assert any(name.startswith("[base 2/2] RUN") for name in cached)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_build_that_fails(version: str) -> None:
    log = BuildLog()
    *events, last = recorded("failed", version)
    for event in events:
        log.add(event)
    with pytest.raises(BuildError) as caught:
        log.add(last)
    assert caught.value.exit_code == 3
    assert "before\n" in "".join(event.stream for event in caught.value.build_log)
    assert "before\n" in "".join(caught.value.log)
    (error,) = {step.error for event in caught.value.build_log for step in event.vertices if step.error}
    assert error == caught.value.message


@pytest.mark.parametrize(
    "aux", [None, {"ID": "x"}, "not base64!", "AAAA", base64.b64encode(b"\x0a\x05a").decode()]
)
def test_what_cannot_be_read(aux: object) -> None:
    with pytest.raises(ProtocolError, match="cannot be read"):
        trace_event({"id": "moby.buildkit.trace", "aux": aux})


def test_text_that_is_no_utf_8() -> None:
    event = told(
        trace_pb2.StatusResponse(
            vertexes=[trace_pb2.Vertex(digest="d", name=b"RUN \xff", error=b"\xfe")],
            logs=[trace_pb2.VertexLog(vertex="d", stream=1, msg=b"\xff\n")],
        )
    )
    assert (event.vertices[0].name, event.vertices[0].error) == ("RUN \ufffd", "\ufffd")
    assert (event.outputs[0].data, event.outputs[0].text) == (b"\xff\n", "\ufffd\n")


def lines_of(events: list[BuildEvent]) -> list[str]:
    lines = BuildLines()
    return [line for event in events for line in lines.of(event, 0.0)]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_log_of_it(version: str) -> None:
    lines = lines_of(recorded("built", version))
    assert lines[:2] == ["#1 [internal] load remote build context", "#1 DONE 0.0s"]
    assert "#5 [base 2/2] RUN echo from the step; echo to stderr >&2; printf 'without an end'" in lines
    step = [line.split(" ", 2) for line in lines if line.startswith("#5 ") and "RUN" not in line]
    assert sorted(line[2] for line in step[:-1]) == ["from the step", "to stderr", "without an end"]
    assert step[-1][1] == "DONE"
    assert lines[-1].startswith("#7 DONE ") or lines[-1].startswith("Successfully tagged")
    assert ("WARN: MaintainerDeprecated" in "\n".join(lines)) == (version != "20.10")
    again = lines_of(recorded("again", version))
    assert sum(line.endswith(" CACHED") for line in again) >= 3
    failed = lines_of(recorded("failed", version))
    assert "#5 ERROR: " in "\n".join(failed)


def test_steps_that_go_on_at_once() -> None:
    """Each change of the step has its head again, and a step that is never begun has none."""
    lines = BuildLines()
    begun = [trace_pb2.Vertex(digest=name, name=name.encode()) for name in ("a", "b")]
    for one in begun:
        one.started.FromSeconds(10)
    said = lines.of(
        told(trace_pb2.StatusResponse(vertexes=[*begun, trace_pb2.Vertex(digest="c", name=b"c")])), 0.0
    )
    assert said == ["#1 a", "", "#2 b"]
    log = trace_pb2.VertexLog(vertex="a", stream=1, msg=b"10%\r90%\x1b[2K\nrest")
    log.timestamp.FromSeconds(12)
    assert lines.of(told(trace_pb2.StatusResponse(logs=[log])), 0.0) == ["", "#1 a", "#1 2.000 90%"]
    for one in begun:
        one.completed.FromSeconds(13)
    begun[1].error = b"process: context canceled"
    said = lines.of(told(trace_pb2.StatusResponse(vertexes=begun)), 0.0)
    assert said == ["#1 2.000 rest", "#1 DONE 3.0s", "", "#2 b", "#2 CANCELED"]
    assert lines.of(told(trace_pb2.StatusResponse(vertexes=begun)), 0.0) == []


def test_what_is_counted_is_told_now_and_then() -> None:
    lines = BuildLines()
    begun = trace_pb2.Vertex(digest="a", name=b"a")
    begun.started.FromSeconds(10)
    lines.of(told(trace_pb2.StatusResponse(vertexes=[begun])), 0.0)
    said: list[str] = []
    for done in range(101):
        status = trace_pb2.VertexStatus(vertex="a", id=b"layer", current=done * 1000, total=100_000)
        status.started.FromSeconds(10)
        if done == 100:
            status.completed.FromSeconds(20)
        event = told(trace_pb2.StatusResponse(statuses=[status]))
        said += lines.of(event, done * INTERVAL / 50)
        said += lines.of(event, done * INTERVAL / 50)
    assert said == [
        "#1 layer 0 B / 100.0 kB",
        "#1 layer 50.0 kB / 100.0 kB",
        "#1 layer 100.0 kB / 100.0 kB 10.0s done",
    ]


def test_builders_that_tell_no_steps() -> None:
    events = [BuildEvent({"stream": text}) for text in ("Step 1/1 : FROM a", "\n", "one\ntwo\n")]
    assert lines_of(events) == ["Step 1/1 : FROM a", "one", "two"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("name", ["built", "failed"])
def test_a_terminal(version: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    screen = io.StringIO()
    screen.isatty = lambda: True  # type: ignore[method-assign] # it stands for a terminal
    with build_display("tty", screen) as display:
        assert isinstance(display, LiveBuild)
        for event in recorded(name, version):
            display.show(event)
    seen = screen.getvalue()
    assert "[+] Building" in seen
    assert "[internal] load remote build context" in seen
    assert ("=> => # before" in seen) == (name == "failed")


def test_which_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    file = io.StringIO()
    assert isinstance(build_display("auto", file), PlainDisplay)
    assert isinstance(build_display("plain", file), PlainDisplay)
    assert Console(file=file).is_terminal is False
    file.isatty = lambda: True  # type: ignore[method-assign] # it stands for a terminal
    assert isinstance(build_display("auto", file), LiveBuild)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(build_display("auto", file), PlainDisplay)
    with build_display(None, file) as nothing:
        nothing.show(BuildEvent({"stream": "a"}))
    assert file.getvalue() == ""


def test_only_builds_by_buildkit_load_what_they_need() -> None:
    code = (
        "import sys, wharfinger\n"
        "wharfinger.DockerClient('tcp://127.0.0.1:1').images\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'google', 'h2', 'rich'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"

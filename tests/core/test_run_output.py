"""What run(stream=True) gives of a container's output, and what it keeps for an error."""

import pytest

from wharfinger._core.run_output import WantedOutput
from wharfinger.errors import ProtocolError
from wharfinger.types import StreamName


def frame(stream: int, data: bytes) -> bytes:
    return bytes([stream, 0, 0, 0]) + len(data).to_bytes(4, "big") + data


@pytest.mark.parametrize(
    ("streams", "found"),
    [
        (("stdout",), [b"a", b"c"]),
        (("stderr",), [b"b"]),
        (("stdout", "stderr"), [b"a", b"b", b"c"]),
        ((), []),
    ],
)
def test_only_what_was_asked_for(streams: tuple[StreamName, ...], found: list[bytes]) -> None:
    output = WantedOutput(streams, tty=False)
    assert output.feed(frame(1, b"a") + frame(2, b"b") + frame(1, b"c")) == found
    assert output.errors == b"b"
    output.check_whole()
    assert output.finish() == []


def test_of_much_the_end_is_kept() -> None:
    output = WantedOutput((), tty=False)
    for number in range(100):
        output.feed(frame(2, bytes([number]) * 4096))
    assert len(output.errors) == 64 * 1024
    assert output.errors.endswith(bytes([99]) * 4096)


def test_cut_short() -> None:
    output = WantedOutput(("stdout",), tty=False)
    output.feed(frame(1, b"abc")[:-1])
    with pytest.raises(ProtocolError):
        output.check_whole()


def test_of_a_terminal() -> None:
    output = WantedOutput(("stdout",), tty=True)
    assert output.feed(b"\1\0\0\0raw") == [b"\1\0\0\0raw"]
    output.check_whole()

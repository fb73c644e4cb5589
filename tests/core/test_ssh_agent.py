"""What a build may ask of an ssh agent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wharfinger._core.ssh_agent import REFUSED, AgentMessages, may_pass
from wharfinger.errors import ProtocolError


def message(kind: int, rest: bytes = b"") -> bytes:
    return (1 + len(rest)).to_bytes(4, "big") + bytes([kind]) + rest


@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(1, 9))
def test_messages_in_pieces_of_any_size(bodies: list[bytes], size: int) -> None:
    messages = [message(11, body) for body in bodies]
    data = b"".join(messages)
    reader = AgentMessages()
    found: list[bytes] = []
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])
        while reader:
            found.append(reader.take())
    assert found == messages


def test_what_is_no_message() -> None:
    with pytest.raises(ProtocolError, match="ssh agent"):
        AgentMessages().feed(b"\xff\xff\xff\xff")


def test_keys_may_be_used_and_not_changed() -> None:
    assert [kind for kind in range(1, 64) if may_pass(message(kind))] == [11, 13]
    assert not may_pass(b"\0\0\0\0")
    assert message(5) == REFUSED

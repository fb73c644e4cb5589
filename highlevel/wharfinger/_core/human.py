"""Forms that people write (sizes, times, lists, pairs) into plain values, with errors that show the way."""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable, Mapping
from datetime import timedelta
from os import PathLike
from typing import Any, NoReturn, cast

_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgtp]?)i?b?\s*", re.IGNORECASE)
_SIZE_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40, "p": 2**50}

_DURATION_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h|d)")
_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,
    "μs": 1e-6,
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
    "d": 86400.0,
}

# Numbers of Linux on every architecture that containers run on but MIPS; the client may run elsewhere.
_SIGNALS = (
    *(
        "HUP",
        "INT",
        "QUIT",
        "ILL",
        "TRAP",
        "ABRT",
        "BUS",
        "FPE",
        "KILL",
        "USR1",
        "SEGV",
        "USR2",
        "PIPE",
        "ALRM",
    ),
    *("TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM"),
    *("PROF", "WINCH", "IO", "PWR", "SYS"),
)
_SIGNAL_NUMBERS = {name: number for number, name in enumerate(_SIGNALS, 1)} | {
    "IOT": 6,
    "CLD": 17,
    "POLL": 29,
}
_SIGRTMIN, _SIGRTMAX = 34, 64


def wrong_type(name: str, value: object, expected: str) -> NoReturn:
    """Refuse a value whose type is wrong."""
    raise TypeError(f"{name} is {value!r} of type {type(value).__name__}, expected {expected}")


def wrong_value(name: str, value: object, expected: str) -> NoReturn:
    """Refuse a value of the right type."""
    raise ValueError(f"{name} is {value!r}, expected {expected}")


def nearest(word: str, known: Iterable[str]) -> str:
    """Give a sentence's end that names the nearest known word, or nothing."""
    found = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def parse_flag(name: str, value: object) -> bool:
    """Take true or false, and nothing that is merely like it."""
    if not isinstance(value, bool):
        wrong_type(name, value, "True or False")
    return value


def parse_int(name: str, value: object) -> int:
    """Take a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        wrong_type(name, value, "a whole number")
    return value


def check_terminal_size(height: object, width: object) -> None:
    """Refuse what is no number of lines and of characters in each."""
    if parse_int("height", height) < 0 or parse_int("width", width) < 0:
        raise ValueError(f"height={height}, width={width}: expected numbers of lines and characters")


def parse_text(name: str, value: object) -> str:
    """Take a string."""
    if not isinstance(value, str):
        wrong_type(name, value, "a string")
    return value


def parse_size(name: str, value: object) -> int:
    """Take bytes, as a number or in words; -1 where an engine takes it for "no limit".

    Units are powers of 1024, however they are spelled, as engines have it: 512m, 512MB, 512MiB, "1.5g".
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        wrong_type(name, value, "bytes as a number, or a string such as '512m'")
    if value.strip() == "-1":
        return -1
    match = _SIZE.fullmatch(value)
    if match is None:
        wrong_value(name, value, "a number with one of the units b, k, m, g, t, such as '512m'")
    return int(float(match[1]) * _SIZE_UNITS[match[2].lower()])


def parse_seconds(name: str, value: object) -> float:
    """Take a time span in seconds, as a timedelta, or in words such as "1m30s"."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        wrong_type(name, value, "seconds as a number, a timedelta, or a string such as '1m30s'")
    parts = _DURATION_PART.findall(value)
    if not parts or "".join(number + unit for number, unit in parts) != value:
        wrong_value(name, value, "numbers with the units ns, us, ms, s, m, h, such as '1m30s'")
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)


def to_nanoseconds(seconds: float) -> int:
    """Give the unit in which both engines count time spans."""
    return round(seconds * 1_000_000_000)


def signal_number(name: str, value: str | int) -> int:
    """Give a signal's number on Linux, from its number or its name with or without SIG."""
    if isinstance(value, int) or value.isdecimal():
        number = int(value)
    else:
        word = value.upper().removeprefix("SIG")
        number = _SIGNAL_NUMBERS.get(word) or _realtime_signal(word)
    if not 1 <= number <= _SIGRTMAX:
        wrong_value(name, value, "a signal such as 'SIGTERM', 'HUP' or 9")
    return number


def _realtime_signal(word: str) -> int:
    match = re.fullmatch(r"RTMIN(?:\+(\d{1,2}))?|RTMAX(?:-(\d{1,2}))?", word)
    if match is None:
        return 0
    number = _SIGRTMIN + int(match[1] or 0) if word.startswith("RTMIN") else _SIGRTMAX - int(match[2] or 0)
    return number if _SIGRTMIN <= number <= _SIGRTMAX else 0


def parse_mapping(name: str, value: object, example: str) -> Mapping[str, Any]:
    """Take a mapping with strings as keys."""
    if not isinstance(value, Mapping):
        wrong_type(name, value, f"a mapping such as {example}")
    keyed = cast("Mapping[object, Any]", value)
    for key in keyed:
        if not isinstance(key, str):
            wrong_type(f"a key of {name}", key, "a string")
    return cast("Mapping[str, Any]", value)


def parse_list(name: str, value: object, example: str) -> list[Any]:
    """Take any iterable of items but a string, a mapping or bytes."""
    plain: Any = value
    if isinstance(plain, str | bytes | Mapping) or not isinstance(plain, Iterable):
        wrong_type(name, value, f"a list such as {example}")
    return list(cast("Iterable[Any]", value))


def parse_words(name: str, value: object) -> tuple[str, ...]:
    """Take a list of strings or whole numbers; one string stands for a list of one."""
    items = [value] if isinstance(value, str) else parse_list(name, value, "['a', 'b']")
    return tuple(parse_word(f"an item of {name}", item) for item in items)


def parse_word(name: str, value: object) -> str:
    """Take a string, or a number for one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        wrong_type(name, value, "a string")
    return str(value)


def parse_command(name: str, value: object) -> tuple[str, ...]:
    """Take a command as a list, or as a line that is split as a shell does."""
    if isinstance(value, str):
        try:
            return tuple(shlex.split(value))
        except ValueError as fault:
            raise ValueError(f"{name} is {value!r}, which cannot be split ({fault}); give a list") from fault
    return tuple(parse_word(f"an item of {name}", item) for item in parse_list(name, value, "['sleep', '1']"))


def parse_pairs(name: str, value: object, *, separator: str = "=") -> dict[str, str]:
    """Take a mapping, or a list of "name=value"; one without a value gets an empty one."""
    found: dict[str, str] = {}
    for key, text in parse_optional_pairs(name, value, separator=separator).items():
        found[key] = "" if text is None else text
    return found


def parse_optional_pairs(name: str, value: object, *, separator: str = "=") -> dict[str, str | None]:
    """Take a mapping, or a list of "name=value"; one without a value gets None.

    Errors name the entry but not its value, which may be a secret.
    """
    if is_mapping(value):
        entries = parse_mapping(name, value, "{'NAME': 'value'}")
        return {key: _pair_value(name, key, item) for key, item in entries.items()}
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError(
            f"{name} is a {type(value).__name__}, expected {{'NAME': 'value'}} or ['NAME{separator}value']"
        )
    return dict(_split_pair(name, item, separator) for item in cast("Iterable[object]", value))


def is_mapping(value: object) -> bool:
    """Tell a mapping without making a type checker doubt what is in it."""
    return isinstance(value, Mapping)


def is_path(value: object) -> bool:
    """Tell a path, as text or otherwise, likewise."""
    return isinstance(value, str | PathLike)


def _split_pair(name: str, item: object, separator: str) -> tuple[str, str | None]:
    if not isinstance(item, str):
        raise TypeError(
            f"an item of {name} is a {type(item).__name__}, expected a string 'NAME{separator}value'"
        )
    key, found, text = item.partition(separator)
    if not key:
        raise ValueError(
            f"an item of {name} has no name before {separator!r}, expected 'NAME{separator}value'"
        )
    return key, text if found else None


def _pair_value(name: str, key: str, value: object) -> str | None:
    if not key:
        raise ValueError(f"{name} has an empty name, expected {{'NAME': 'value'}}")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"{name}[{key!r}] is a {type(value).__name__}, expected a string, a number or None")
    return str(value)

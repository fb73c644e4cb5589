"""Derives `_sync` from `_async`, and tests/_sync from tests/_async, by rewriting tokens.

    python -m codegen.unasync

A rule that matches nothing is an error: it would hide that a name was changed. What differs by more than its
names is in `_primitives.py`, which is written twice, by hand.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
import tokenize
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
COMMAND = "python -m codegen.unasync"
# The order of imports, and what only `async` made longer: [x for x in y], for x in y: yield x, A | A.
SHORTENED = "I,C416,UP028,PYI016"
NESTED = "# ruff: noqa: SIM117 - an `async with` and a `with` had to be nested there"
TREES = (
    (Path("highlevel/wharfinger/_async"), Path("highlevel/wharfinger/_sync")),
    (Path("tests/_async"), Path("tests/_sync")),
)
# Written by hand on both sides, or only needed on one.
BY_HAND = frozenset(
    {
        "_primitives.py",
        "_primitives_gate.py",
        "_primitives_progress.py",
        "_primitives_socket.py",
        "_primitives_streams.py",
        "_primitives_terminal.py",
        "conftest.py",
        "fleet.py",
        "fleet_hosts.py",
        "fleet_streams.py",
        "test_live_fleet.py",
        "test_transport_cancellation.py",
        "test_transport_threads.py",
    }
)


class UnasyncError(Exception):
    """The sources cannot be derived from."""


class Rule(NamedTuple):
    """What becomes of a name, wherever it stands: in code, comments and strings."""

    pattern: re.Pattern[str]
    replacement: str


def _word(pattern: str, replacement: str) -> Rule:
    return Rule(re.compile(rf"\b{pattern}\b"), replacement)


# The first rule that matches decides. `httpx` calls its synchronous twin otherwise than ours.
RULES = (
    _word(r"httpx\.AsyncByteStream", "httpx.SyncByteStream"),
    _word(r"httpx\.AsyncClient", "httpx.Client"),
    _word("StopAsyncIteration", "StopIteration"),
    _word("Async([A-Z]\\w*)", r"\1"),
    _word("_async", "_sync"),
    _word("__aenter__", "__enter__"),
    _word("__aexit__", "__exit__"),
    _word("__aiter__", "__iter__"),
    _word("__anext__", "__next__"),
    _word("connect_async", "connect"),
    _word("async_transport", "transport"),
    _word("aclosing", "closing"),
    _word("aclose", "close"),
    _word("aiter_raw", "iter_raw"),
    _word("handle_async_request", "handle_request"),
)
# In comments and strings `async def` and `await` are words like others.
TEXT_RULES = (
    Rule(re.compile(r"\b[Aa]sync (?=def |with |for )"), ""),
    Rule(re.compile(r"\bawait "), ""),
)
_FORBIDDEN = frozenset({"async", "await", "asyncio", "anyio"})
_TEXT_TOKENS = frozenset(
    {tokenize.STRING, tokenize.COMMENT} | {getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
)


def derive(root: Path = ROOT) -> dict[Path, str]:
    """Give the text of every derived file by its path from the root.

    Raises:
        UnasyncError: A source cannot be read, holds what cannot be derived, or a rule matches nothing.
    """
    used: Counter[Rule] = Counter()
    derived: dict[Path, str] = {}
    for source_tree, target_tree in TREES:
        for source in sorted((root / source_tree).rglob("*.py")):
            if source.name in BY_HAND:
                continue
            inner = source.relative_to(root / source_tree)
            text = rewrite(source.read_text(encoding="utf-8"), source_tree / inner, used)
            derived[target_tree / inner] = text
    unused = [rule.pattern.pattern for rule in (*RULES, *TEXT_RULES) if not used[rule]]
    if unused:
        raise UnasyncError(f"rules that match nothing in _async: {', '.join(unused)}; remove them")
    return {path: _format(root, path, text) for path, text in derived.items()}


def write(root: Path = ROOT) -> list[Path]:
    """Bring the derived files up to date, and give those that changed.

    Raises:
        UnasyncError: They cannot be derived; nothing was written.
    """
    wanted = derive(root)
    changed = list(stale(root, wanted))
    for path in changed:
        (root / path).unlink()
    for path, text in wanted.items():
        target = root / path
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def stale(root: Path, wanted: Iterable[Path]) -> Iterator[Path]:
    """Give derived files whose source is gone."""
    keep = set(wanted)
    for _, target_tree in TREES:
        for path in sorted((root / target_tree).rglob("*.py")):
            inner = path.relative_to(root)
            if inner not in keep and path.name not in BY_HAND:
                yield inner


def rewrite(text: str, path: Path, used: Counter[Rule]) -> str:
    """Give what becomes of one source, before it is laid out; counts the rules that matched.

    Raises:
        UnasyncError: It is not Python, or holds what cannot be derived.
    """
    try:
        edits = list(_edits(text, used))
    except (SyntaxError, tokenize.TokenError) as fault:
        raise UnasyncError(f"{path}: cannot be read as Python: {fault}") from fault
    lines = text.splitlines(keepends=True)
    for (row, start), (end_row, end), replacement in reversed(edits):
        rest = lines[end_row - 1][end:]
        lines[row - 1 : end_row] = [lines[row - 1][:start] + replacement + rest]
    body = "".join(lines)
    left = _FORBIDDEN & {token.string for token in _tokens(body) if token.type == tokenize.NAME}
    if left:
        raise UnasyncError(
            f"{path}: {', '.join(sorted(left))} cannot be derived; it belongs in _primitives.py"
        )
    if not body.strip():
        return body
    return f"# Derived from {path.as_posix()}\n# by `{COMMAND}`: change that file, not this one.\n{body}"


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    return list(tokenize.generate_tokens(io.StringIO(text).readline))


Edit = tuple[tuple[int, int], tuple[int, int], str]


def _edits(text: str, used: Counter[Rule]) -> Iterator[Edit]:
    tokens = _tokens(text)
    for index, token in enumerate(tokens):
        if token.type == tokenize.NAME and token.string in ("async", "await"):
            # Together with the space behind it.
            yield token.start, tokens[index + 1].start, ""
        elif token.type == tokenize.NAME:
            # A dotted name is judged whole, so that a rule may tell whose name it is.
            prefix = _owner(tokens, index)
            renamed = _apply(RULES, prefix + token.string, used)
            if renamed != prefix + token.string:
                yield token.start, token.end, renamed.removeprefix(prefix)
        elif token.type in _TEXT_TOKENS:
            renamed = _apply((*TEXT_RULES, *RULES), token.string, used)
            if renamed != token.string:
                yield token.start, token.end, renamed


def _owner(tokens: list[tokenize.TokenInfo], index: int) -> str:
    if index >= 2 and tokens[index - 1].string == "." and tokens[index - 2].string == "httpx":
        return "httpx."
    return ""


def _apply(rules: Iterable[Rule], text: str, used: Counter[Rule]) -> str:
    for rule in rules:
        text, count = rule.pattern.subn(rule.replacement, text)
        used[rule] += count
    return text


def _format(root: Path, path: Path, text: str) -> str:
    """Lay it out as the rest of the project: shorter names change the order of imports and the lines."""
    for arguments in (["check", "--select", SHORTENED, "--fix", "--unsafe-fixes"], ["format"]):
        done = _ruff(root, path, text, *arguments)
        if done.returncode:
            raise UnasyncError(f"{path}: ruff {arguments[0]}: {done.stderr.strip() or done.stdout.strip()}")
        text = done.stdout
    if _ruff(root, path, text, "check", "--select", "SIM117").returncode:
        first, second, body = text.split("\n", 2)
        text = f"{first}\n{second}\n{NESTED}\n{body}"
    return text


def _ruff(root: Path, path: Path, text: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, "--quiet", "--stdin-filename", str(root / path), "-"],
        cwd=root,
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def main() -> int:
    """Write the derived files."""
    try:
        changed = write()
    except UnasyncError as fault:
        print(f"unasync: {fault}", file=sys.stderr)
        return 1
    for path in changed:
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())

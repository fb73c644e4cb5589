"""Deriving `_sync` from `_async`."""

from collections import Counter
from pathlib import Path

import pytest

from codegen import unasync


def derived(text: str) -> str:
    made = unasync.rewrite(text, Path("x.py"), Counter())
    return made.split("\n", 2)[2]


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("async def f(): pass\n", "def f(): pass\n"),
        ("x = await f(await g())\n", "x = f(g())\n"),
        ("async with a as b, c as d:\n    pass\n", "with a as b, c as d:\n    pass\n"),
        ("z = [x async for x in y]\n", "z = [x for x in y]\n"),
        ("class AsyncThing(AsyncBase): pass\n", "class Thing(Base): pass\n"),
        ("from a._async.b import AsyncC\n", "from a._sync.b import C\n"),
        ("def __aenter__(self): raise StopAsyncIteration\n", "def __enter__(self): raise StopIteration\n"),
        ("x: httpx.AsyncByteStream\n", "x: httpx.SyncByteStream\n"),
        ("x: AsyncByteStream = 'AsyncByteStream'\n", "x: ByteStream = 'ByteStream'\n"),
        ("# use `async with AsyncThing() as t: await t.f()`\n", "# use `with Thing() as t: t.f()`\n"),
        ("Asynchronous = not_Async = my_async = 1\n", "Asynchronous = not_Async = my_async = 1\n"),
        ("x = '''a\n   AsyncB\n c''' + await d\n", "x = '''a\n   B\n c''' + d\n"),
        ("async def f(\n    a: AsyncA,\n): await (\n    b)\n", "def f(\n    a: A,\n): (\n    b)\n"),
    ],
)
def test_rewriting(source: str, result: str) -> None:
    assert derived(source) == result


@pytest.mark.parametrize("source", ["import asyncio\n", "asyncio.sleep(1)\n"])
def test_what_cannot_be_derived_is_refused(source: str) -> None:
    with pytest.raises(
        unasync.UnasyncError, match=r"asyncio cannot be derived; it belongs in _primitives\.py"
    ):
        derived(source)


def test_a_source_that_is_not_python() -> None:
    with pytest.raises(unasync.UnasyncError, match=r"x\.py: cannot be read as Python"):
        derived("def (:\n  '''")


def _tree(root: Path, **files: str) -> None:
    for name, text in files.items():
        path = root / "highlevel/wharfinger/_async" / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_rule_that_matches_nothing_is_an_error(tmp_path: Path) -> None:
    _tree(tmp_path, one="class AsyncA: pass\n")
    with pytest.raises(unasync.UnasyncError, match=r"match nothing.*aclosing"):
        unasync.derive(tmp_path)


def test_files_without_a_source_go_and_hand_written_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unasync, "RULES", ())
    monkeypatch.setattr(unasync, "TEXT_RULES", ())
    _tree(tmp_path, one="async def f():\n    pass\n", _primitives="import asyncio\n")
    target = tmp_path / "highlevel/wharfinger/_sync"
    target.mkdir()
    (target / "gone.py").write_text("")
    (target / "_primitives.py").write_text("by_hand = 1\n")
    assert sorted(unasync.write(tmp_path)) == [
        Path("highlevel/wharfinger/_sync/gone.py"),
        Path("highlevel/wharfinger/_sync/one.py"),
    ]
    assert unasync.write(tmp_path) == []
    assert sorted(path.name for path in target.iterdir()) == ["_primitives.py", "one.py"]
    text = (target / "one.py").read_text()
    assert text.startswith("# Derived from highlevel/wharfinger/_async/one.py\n")
    assert (target / "_primitives.py").read_text() == "by_hand = 1\n"

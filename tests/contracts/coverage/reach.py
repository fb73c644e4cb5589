"""Which operations of the engines' APIs each public method comes to, as the source tells.

A dialect's method uses bindings; a public method says something in a dialect, itself or by what it calls. Both are
read from the source: names that are used are followed, values are not. Objects of public classes are not followed
either: what a method does through them is theirs.
"""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

import wharfinger

ROOT = Path(__file__).resolve().parents[3]
HIGH = ROOT / "highlevel/wharfinger"
BINDINGS = ROOT / "generated/wharfinger_api"
ENGINES = {"docker": "DockerDialect", "libpod": "LibpodDialect"}

Function = ast.FunctionDef


class Operation(NamedTuple):
    """One operation of an API.

    Attributes:
        key: Such as "docker.ContainerStop".
        method: Of HTTP.
        path: Such as "/containers/{id}/stop".
        since: The oldest version that has it; empty where all do that the bindings speak.
        until: The newest version that has it; empty where the newest does.
        module: Of its binding.
    """

    key: str
    method: str
    path: str
    since: str
    until: str
    module: str


class Node(NamedTuple):
    """A function or method of the high level: its module and its name there."""

    module: str
    name: str


@cache
def operations() -> dict[str, Operation]:
    """All of both engines, by key, in the order of their groups."""
    found = [_operation(engine, path) for engine in ENGINES for path in _files(BINDINGS / engine / "api")]
    return {one.key: one for one in found}


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if path.name != "__init__.py")


def _operation(engine: str, path: Path) -> Operation:
    name = ".".join(path.relative_to(BINDINGS.parent).with_suffix("").parts)
    module = importlib.import_module(name)
    table = importlib.import_module(f"wharfinger_api.{engine}.availability").AVAILABILITY
    window = table.operation(module.OPERATION.name)
    method, place = str(module.__doc__).partition(":")[0].split(" ", 1)
    since = "" if window.since == table.oldest else window.since
    return Operation(f"{engine}.{module.OPERATION.name}", method, place, since, window.until or "", name)


class Dialects:
    """What the methods of the dialects use."""

    def __init__(self) -> None:
        self._by_module = {one.module: one.key for one in operations().values()}

    @cached_property
    def said(self) -> dict[tuple[str, str], frozenset[str]]:
        """By noun and method the operations, of both engines."""
        found: dict[tuple[str, str], set[str]] = {}
        for engine, dialect in ENGINES.items():
            modules = _Modules(f"wharfinger._dialects.{engine}", HIGH / "_dialects" / engine)
            package = importlib.import_module(f"wharfinger._dialects.{engine}")
            for noun, kind in _nouns(modules, package, dialect):
                for method in [name for name in dir(kind) if not name.startswith("_")]:
                    reached = modules.reached_by(kind, method)
                    bindings = {
                        self._by_module.get(name) for node in reached for name in modules.imports(node)
                    }
                    found.setdefault((noun, method), set()).update(key for key in bindings if key)
        return {key: frozenset(keys) for key, keys in found.items()}


def _nouns(modules: _Modules, package: Any, dialect: str) -> Iterator[tuple[str, Any]]:
    """The nouns of a dialect and their classes: fields with a type, and properties that give one."""
    for line in modules.classes[Node(package.__name__, dialect)].body:
        told = line.annotation if isinstance(line, ast.AnnAssign) else getattr(line, "returns", None)
        name = line.target if isinstance(line, ast.AnnAssign) else getattr(line, "name", "")
        kind = modules.found_class(told.id) if isinstance(told, ast.Name) else None
        if kind is not None:
            yield (name.id if isinstance(name, ast.Name) else str(name)), kind


class _Modules:
    """The functions of a package, and which of them uses which."""

    def __init__(self, package: str, folder: Path) -> None:
        self._package = package
        self.functions: dict[Node, Function] = {}
        self.classes: dict[Node, ast.ClassDef] = {}
        self._names: dict[str, dict[str, str]] = {}
        self._held: dict[str, set[str]] = {}
        for path in sorted(folder.glob("*.py")):
            module = package if path.stem == "__init__" else f"{package}.{path.stem}"
            self._read(module, ast.parse(path.read_text()))

    def _read(self, module: str, tree: ast.Module) -> None:
        names = self._names.setdefault(module, {})
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names.update({one.asname or one.name: f"{node.module}.{one.name}" for one in node.names})
        for line in tree.body:
            if isinstance(line, ast.FunctionDef):
                self.functions[Node(module, line.name)] = line
                names[line.name] = f"{module}.{line.name}"
            elif isinstance(line, ast.ClassDef):
                self.classes[Node(module, line.name)] = line
                names[line.name] = f"{module}.{line.name}"
                for member in line.body:
                    if isinstance(member, ast.FunctionDef):
                        self.functions[Node(module, f"{line.name}.{member.name}")] = member
                self._hold(line)

    def _hold(self, kind: ast.ClassDef) -> None:
        """Which classes the objects are of that others hold, by the name of the attribute."""
        for node in ast.walk(kind):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                for target in node.targets:
                    if isinstance(target, ast.Attribute) and isinstance(node.value.func, ast.Name):
                        self._held.setdefault(target.attr, set()).add(node.value.func.id)

    def found_class(self, name: str) -> Any:
        """A class of the package, by its name."""
        node = next((node for node in self.classes if node.name == name), None)
        return getattr(importlib.import_module(node.module), name) if node else None

    def imports(self, node: Node) -> set[str]:
        """The full names of what a function uses of other modules."""
        names = self._names[node.module]
        used = (one.id for one in _lines(self.functions[node]) if isinstance(one, ast.Name))
        return {names[name] for name in used if name in names}

    def reached_by(self, kind: Any, method: str) -> dict[Node, int]:
        """A method and all that it comes to, in how many steps."""
        found: dict[Node, int] = {}
        left = [(node, kind) for node in self._of(kind, method)]
        steps = 0
        while left:
            found.update({node: steps for node, _ in left})
            after = [one for node, owner in left for one in self._next(node, owner)]
            left = [*{one[0]: one for one in after if one[0] not in found}.values()]
            steps += 1
        return found

    def _of(self, kind: Any, method: str) -> list[Node]:
        member = inspect.getattr_static(kind, method, None)
        for layer in ("fget", "func", "__func__"):
            member = getattr(member, layer, member)
        node = Node(getattr(member, "__module__", ""), getattr(member, "__qualname__", ""))
        return [node] if node in self.functions else []

    def _next(self, node: Node, owner: Any) -> Iterator[tuple[Node, Any]]:
        made: set[ast.expr] = set()
        for used in _lines(self.functions[node]):
            if isinstance(used, ast.Attribute):
                if isinstance(used.value, ast.Call):
                    # Of an object that is made for one call, such as Images(api).prune(), that call alone.
                    kind = self._class_named(node.module, used.value.func)
                    if kind is not None:
                        made.add(used.value.func)
                        yield from ((one, kind) for one in self._of(kind, used.attr))
                yield from self._by_attribute(node.module, used, owner)
            elif isinstance(used, ast.Name) and used not in made:
                yield from self._named(node.module, used.id, owner)

    def _by_attribute(self, module: str, used: ast.Attribute, owner: Any) -> Iterator[tuple[Node, Any]]:
        if isinstance(used.value, ast.Name) and used.value.id in ("self", "cls"):
            yield from ((one, owner) for one in self._of(owner, used.attr))
        elif isinstance(used.value, ast.Name):
            # Perhaps of a module that was imported as a whole.
            yield from self._at(Node(self._names[module].get(used.value.id, ""), used.attr), owner)
        elif isinstance(used.value, ast.Attribute):
            for name in self._held.get(used.value.attr, ()):
                held = self.found_class(name)
                if held is not None and not _is_public(held):
                    yield from ((one, held) for one in self._of(held, used.attr))

    def _class_named(self, module: str, name: ast.expr) -> Any:
        full = self._names[module].get(name.id, "") if isinstance(name, ast.Name) else ""
        return self.found_class(full.rpartition(".")[2]) if full else None

    def _named(self, module: str, name: str, owner: Any) -> Iterator[tuple[Node, Any]]:
        full = self._names[module].get(name, "")
        yield from self._at(Node(*full.rpartition(".")[::2]), owner)

    def _at(self, place: Node, owner: Any) -> Iterator[tuple[Node, Any]]:
        if place in self.functions:
            yield place, owner
        elif place in self.classes:
            kind = getattr(importlib.import_module(place.module), place.name)
            if not _is_public(kind):
                yield from ((one, kind) for member in dir(kind) for one in self._of(kind, member))


def _is_public(kind: Any) -> bool:
    """Whether its objects are public ones: it is a public class, or what some of those are made of."""
    return any(kind in one.__mro__ for one in _public_classes().values())


@cache
def reached() -> dict[str, tuple[str, ...]]:
    """By the key of an operation the public methods that come to it, such as "Container.stop"; the nearest first."""
    said = Dialects().said
    modules = _Modules("wharfinger._sync", HIGH / "_sync")
    found: dict[str, list[tuple[int, str]]] = {}
    for name, kind in _public_classes().items():
        for method in [one for one in dir(kind) if not one.startswith("_")]:
            near: dict[str, int] = {}
            for node, steps in modules.reached_by(kind, method).items():
                for key in (key for words in _words(modules.functions[node], said) for key in said[words]):
                    near[key] = min(steps, near.get(key, steps))
            for key, steps in near.items():
                if key.partition(".")[0] in _engines(name):
                    found.setdefault(key, []).append((steps, f"{name}.{method}"))
    return {key: tuple(name for _, name in sorted(methods)) for key, methods in found.items()}


@cache
def _public_classes() -> dict[str, Any]:
    named = {name: getattr(wharfinger, name) for name in wharfinger.__all__}
    return {
        name: found
        for name, found in named.items()
        if inspect.isclass(found) and found.__module__.startswith("wharfinger._sync.")
    }


@cache
def _engines(name: str) -> tuple[str, ...]:
    """The engines that a public class is for: a noun that one client alone has is for its engine."""
    clients = {"docker": wharfinger.DockerClient, "libpod": wharfinger.PodmanClient}
    with_it = [
        engine
        for engine, client in clients.items()
        if client.__name__ == name or any(_is_of(name, getattr(client, noun)) for noun in _nouns_of(client))
    ]
    return (*with_it,) or (*clients,)


def _nouns_of(client: Any) -> list[str]:
    return [name for name in dir(client) if isinstance(getattr(client, name), cached_property)]


def _is_of(name: str, noun: Any) -> bool:
    """Whether a class is what a noun gives, or what that gives in its turn: Manifest of ManifestsManager."""
    manager = str(noun.func.__annotations__["return"])
    return manager in {name, f"{name}sManager"}


def _words(function: Function, said: dict[tuple[str, str], frozenset[str]]) -> Iterator[tuple[str, str]]:
    """What a function says in a dialect: say.noun.method, or by a variable that a noun was put into."""
    nouns = {noun for noun, _ in said}
    kept: dict[str, str] = {}
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr in nouns
        ):
            kept.update({one.id: node.value.attr for one in node.targets if isinstance(one, ast.Name)})
    for node in ast.walk(function):
        if isinstance(node, ast.Attribute):
            noun = node.value.attr if isinstance(node.value, ast.Attribute) else ""
            noun = kept.get(node.value.id, "") if isinstance(node.value, ast.Name) else noun
            if (noun, node.attr) in said and not _is_own(node.value):
                yield noun, node.attr


def _lines(function: Function) -> Iterator[ast.AST]:
    """What a function does; its annotations name classes that it need not use."""
    left: list[ast.AST] = [*function.body]
    while left:
        node = left.pop()
        yield node
        told = getattr(node, "annotation", None)
        left += [one for one in ast.iter_child_nodes(node) if one is not told]


def _is_own(value: ast.expr) -> bool:
    """Whether it is a noun of a client, such as self.images, and no dialect's."""
    return isinstance(value, ast.Attribute) and isinstance(value.value, ast.Name) and value.value.id == "self"

"""Models that are views of JSON.

A model keeps the mapping that the engine sent and decodes a field when it is read. So nothing is lost and
nothing is decoded for naught: `to_dict(from_dict(x))` is `x`, unknown keys included, and a list of a thousand
containers costs no more than its JSON.

Rules of reading:

- a field that the engine left out or sent as null reads as None;
- a value of another shape than documented is handed out as it came, and one value where a list is documented
  reads as a list of one, an empty string as none;
- an enum value of a newer engine is the plain string;
- lists and mappings of models are made anew on each reading; change them by assigning to the field.

A model **shares** its mapping: with the argument of `from_dict`, with what `to_dict` returns, and with the
models read from its fields. `copy.deepcopy(model)` is independent.
"""

# A field reads and writes the mapping of its model, which is nobody else's.
# pyright: reportPrivateUsage=false
# JSON is Any: what is found to be a mapping or a list in it has no known items.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, ClassVar, Self, dataclass_transform

from .timestamp import Timestamp, format_timestamp

Decode = Callable[[Any], Any]

# What may hold a secret, by its name on the wire: anywhere in the name, or at its end.
_SECRET = ("password", "passwd", "secret", "token", "auth", "credential")
_SECRET_END = ("key", "keys", "env")
_SHOWN = 80


class Field:
    """One property of a model: the key in the JSON, and how its value is decoded on reading."""

    __slots__ = ("decode", "key")

    def __init__(self, key: str, decode: Decode | None) -> None:
        self.key = key
        self.decode = decode

    def __get__(self, instance: Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = instance._raw.get(self.key)
        if value is None or self.decode is None:
            return value
        return self.decode(value)

    def __set__(self, instance: Model, value: object) -> None:
        instance._raw[self.key] = plain(value)

    def __delete__(self, instance: Model) -> None:
        instance._raw.pop(self.key, None)


def optional(key: str, decode: Decode | None = None, *, default: None = None) -> Any:  # noqa: ARG001 - type checkers read it
    """A field that a request may leave out; what is left out is not sent."""
    return Field(key, decode)


def required(key: str, decode: Decode | None = None) -> Any:
    """A field that must be given when a model is made by keyword."""
    return Field(key, decode)


class _Slotted(type):
    """Gives each model empty slots. Were they written in the class, mypy would refuse to assign to its fields."""

    def __new__(cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> _Slotted:
        namespace.setdefault("__slots__", ())
        return super().__new__(cls, name, bases, namespace)


@dataclass_transform(kw_only_default=True, eq_default=True, field_specifiers=(optional, required))
class Model(metaclass=_Slotted):
    """The base of all models: made by keyword for requests, by `from_dict` from replies."""

    __slots__ = ("_raw",)
    _raw: dict[str, Any]
    _required: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, **fields: Any) -> None:
        cls = type(self)
        raw: dict[str, Any] = {}
        for name, value in fields.items():
            field = cls.__dict__.get(name)
            if not isinstance(field, Field):
                raise TypeError(f"{cls.__name__} has no field {name!r}; it has: {', '.join(cls._names())}")
            raw[field.key] = plain(value)
        missing = cls._required - fields.keys()
        if missing:
            raise TypeError(
                f"{cls.__name__} lacks {', '.join(sorted(missing))}, without which no engine takes it"
            )
        self._raw = raw

    @classmethod
    def _names(cls) -> list[str]:
        return [name for name, value in cls.__dict__.items() if isinstance(value, Field)]

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """A view of `data`, which it shares and does not check."""
        self = object.__new__(cls)
        self._raw = data
        return self

    def to_dict(self) -> dict[str, Any]:
        """The JSON mapping that this is a view of: the same object, not a copy."""
        return self._raw

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._raw == other._raw

    __hash__ = None  # type: ignore[assignment]  # mutable: the way Python itself says so

    def __repr__(self) -> str:
        shown = (f"{name}={_show(field.key, self._raw[field.key])}" for name, field in self._present())
        return f"{type(self).__name__}({', '.join(shown)})"

    def _present(self) -> list[tuple[str, Field]]:
        fields = type(self).__dict__.items()
        return [(name, f) for name, f in fields if isinstance(f, Field) and self._raw.get(f.key) is not None]

    def __copy__(self) -> Self:
        return self.from_dict(dict(self._raw))

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self.from_dict(copy.deepcopy(self._raw, memo))

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self).from_dict, (self._raw,))


def _show(key: str, value: object) -> str:
    """A value for a repr: short, and nothing that may be a secret."""
    name = key.lower()
    if name == "data" or name.endswith(_SECRET_END) or any(word in name for word in _SECRET):
        return "<hidden>"
    if isinstance(value, Mapping):
        return f"{{{len(value)} keys}}"
    if isinstance(value, list):
        return f"[{len(value)} items]"
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def plain(value: object) -> Any:
    """A value as JSON has it: models and mappings become dicts, times RFC 3339."""
    if isinstance(value, Model):
        return value._raw
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return format_timestamp(value)
    if isinstance(value, Iterable) and not isinstance(value, bytes | bytearray | memoryview):
        return [plain(item) for item in value]
    raise TypeError(
        f"{type(value).__name__} cannot be sent as JSON; "
        "expected a model, mapping, list, string, number, datetime or None"
    )


class Ref:
    """Decodes to a model that is imported when it is first needed."""

    __slots__ = ("_class", "_name", "_package")

    def __init__(self, package: str, name: str) -> None:
        self._package = package
        self._name = name
        self._class: type[Model] | None = None

    def __call__(self, value: Any) -> Any:
        """The view of a mapping; what is none is handed out as it is."""
        if not isinstance(value, dict):
            return value
        found = self._class
        if found is None:
            found = self._class = self._load()
        return found.from_dict(value)

    def _load(self) -> type[Model]:
        # Imported here: a model that is never read is never loaded.
        from importlib import import_module

        loaded: type[Model] = getattr(import_module(self._package), self._name)
        return loaded


def many(decode: Decode | None = None) -> Decode:
    """Decodes a list item by item; a null item stays None."""

    def decode_list(value: Any) -> Any:
        if not isinstance(value, list):
            value = [] if value == "" else [value]
        if decode is None:
            return value
        return [None if item is None else decode(item) for item in value]

    return decode_list


def mapping(decode: Decode) -> Decode:
    """Decodes a mapping value by value; a null value stays None."""

    def decode_mapping(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: None if item is None else decode(item) for key, item in value.items()}

    return decode_mapping


def stamp(value: Any) -> Any:
    """Decodes a point in time; what is empty or no date reads as None (`to_dict` still has it)."""
    return Timestamp.parse(value) if isinstance(value, str) else value

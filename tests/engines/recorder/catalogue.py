"""The generated operations, found by walking the packages, as values that a type checker understands."""

import functools
import importlib
import inspect
import pkgutil
import typing
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from datetime import datetime
from types import ModuleType
from typing import Any, Literal

import attrs

from wharfinger_api.docker.types import Model, Reply, RequestKwargs

PackageName = Literal["docker", "libpod"]
PACKAGES: tuple[PackageName, ...] = ("docker", "libpod")


@attrs.frozen
class BoundOperation:
    """The module of one operation."""

    package: PackageName
    name: str
    module: ModuleType

    def request_kwargs(self, *arguments: object, **named: object) -> RequestKwargs:
        """The request, as the module makes it."""
        made: RequestKwargs = self.module.request_kwargs(*arguments, **named)
        return made

    def parse_response(self, reply: Reply) -> Any:
        """The success value, as the module reads it."""
        return self.module.parse_response(reply)

    def stream(self, *arguments: object, **named: object) -> AbstractContextManager[Any]:
        """The open stream."""
        opened: AbstractContextManager[Any] = self.module.stream(*arguments, **named)
        return opened

    def astream(self, *arguments: object, **named: object) -> AbstractAsyncContextManager[Any]:
        """The open stream, for `async with`."""
        opened: AbstractAsyncContextManager[Any] = self.module.astream(*arguments, **named)
        return opened

    def signature(self, function: str) -> inspect.Signature:
        """The signature of one of the module's functions, its annotations as they are written."""
        return inspect.signature(getattr(self.module, function))

    @property
    def result(self) -> Any:
        """The annotated type of a success."""
        hints = typing.get_type_hints(self.module.parse_response, localns=dict(names(self.package)))
        return hints["return"]

    @property
    def item(self) -> Any:
        """The annotated type of one item of the stream; None where the reply does not flow."""
        function: Callable[..., Any] | None = getattr(self.module, "stream", None)
        if function is None:
            return None
        scope = {**names(self.package), **typing_names()}
        return typing.get_args(typing.get_args(typing.get_type_hints(function, localns=scope)["return"])[0])[
            0
        ]


@functools.cache
def operations(package: PackageName) -> dict[str, BoundOperation]:
    """Every operation of a package, by its operationId."""
    api = importlib.import_module(f"wharfinger_api.{package}.api")
    found: dict[str, BoundOperation] = {}
    for info in pkgutil.walk_packages(api.__path__, f"{api.__name__}."):
        if not info.ispkg:
            module = importlib.import_module(info.name)
            name: str = module.OPERATION.name
            found[name] = BoundOperation(package, name, module)
    return found


@functools.cache
def names(package: PackageName) -> dict[str, Any]:
    """What annotations of a package may name: its models and the types they are made of."""
    models = importlib.import_module(f"wharfinger_api.{package}.models")
    types = importlib.import_module(f"wharfinger_api.{package}.types")
    client = importlib.import_module(f"wharfinger_api.{package}.client")
    scope: dict[str, Any] = {name: getattr(models, name) for name in dir(models)}
    shared = ("Auth", "Content", "Filters", "JSONText", "Reply", "RequestKwargs", "Response", "Timestamp")
    return {**scope, **{name: getattr(types, name) for name in shared}, "Client": client.Client, "Any": Any}


def typing_names() -> dict[str, Any]:
    """The names of the standard library that annotations of operations use."""
    return {
        "AbstractAsyncContextManager": AbstractAsyncContextManager,
        "AbstractContextManager": AbstractContextManager,
        "AsyncIterator": AsyncIterator,
        "Iterator": Iterator,
        "Mapping": Mapping,
        "Sequence": Sequence,
        "datetime": datetime,
    }


def field_types(model: type[Model]) -> Mapping[str, Any]:
    """The resolved annotations of a model's fields, by attribute."""
    if model not in _FIELD_TYPES:
        package: PackageName = "docker" if ".docker." in model.__module__ else "libpod"
        hints = typing.get_type_hints(model, localns=dict(names(package)))
        _FIELD_TYPES[model] = {name: hint for name, hint in hints.items() if not name.startswith("_")}
    return _FIELD_TYPES[model]


_FIELD_TYPES: dict[type[Model], dict[str, Any]] = {}


def field_keys(model: type[Model]) -> dict[str, str]:
    """The JSON keys of a model's fields, by attribute."""
    return {name: vars(model)[name].key for name in field_types(model)}

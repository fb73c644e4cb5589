"""Python for the generator's properties: the type a reader sees, and the decoder that makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import LiteralEnumProperty, ModelProperty, Property
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.parser.properties.union import UnionProperty

from codegen.errors import CodegenError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openapi_python_client.parser.properties.protocol import PropertyProtocol

_PLAIN: dict[type, str] = {
    AnyProperty: "Any",
    BooleanProperty: "bool",
    DateTimeProperty: "Timestamp",
    FileProperty: "bytes",
    FloatProperty: "float",
    IntProperty: "int",
    NoneProperty: "None",
    StringProperty: "str",
}


class Types:
    """The types of one package's properties.

    The generator hands out copies of a model that were made before its properties were known, so models are
    looked up by the name of their class.
    """

    def __init__(self, models: Iterable[ModelProperty]) -> None:
        self._models = {str(model.class_info.name): model for model in models}

    def model(self, name: str) -> ModelProperty | None:
        """The model of this name, unless it is a mere mapping."""
        found = self._models.get(name)
        return None if found is None or self.is_map(found) else found

    def is_map(self, prop: PropertyProtocol) -> bool:
        """Whether an object is a mapping of values and no model: it has no properties of its own."""
        if not isinstance(prop, ModelProperty):
            return False
        model = self._whole(prop)
        return not (model.required_properties or model.optional_properties)

    def _whole(self, prop: ModelProperty) -> ModelProperty:
        return self._models.get(str(prop.class_info.name), prop)

    def _values(self, prop: ModelProperty) -> Property | None:
        return self._whole(prop).additional_properties

    def annotation(self, prop: PropertyProtocol) -> str:
        """The type of a property, as Python source."""
        if isinstance(prop, ModelProperty):
            if not self.is_map(prop):
                return str(prop.class_info.name)
            values = self._values(prop)
            null = " | None" if (prop.data.model_extra or {}).get("x-nullable-values") else ""
            return f"dict[str, {self.annotation(values) if values else 'Any'}{null}]"
        if isinstance(prop, ListProperty):
            return f"list[{self.annotation(prop.inner_property)}]"
        if isinstance(prop, LiteralEnumProperty):
            return str(prop.class_info.name)
        if isinstance(prop, UnionProperty):
            return " | ".join(dict.fromkeys(self.annotation(inner) for inner in prop.inner_properties))
        return plain_type(prop)

    def decoder(self, prop: PropertyProtocol) -> str | None:
        """The expression that decodes a property's JSON, or None where JSON has it already."""
        if isinstance(prop, ModelProperty):
            if not self.is_map(prop):
                return f'_t.ref("{prop.class_info.name}")'
            values = self._values(prop)
            inner = self.decoder(values) if values else None
            return f"_t.mapping({inner})" if inner else None
        if isinstance(prop, ListProperty):
            return f"_t.many({self.decoder(prop.inner_property) or ''})"
        if isinstance(prop, DateTimeProperty):
            return "_t.stamp"
        if isinstance(prop, UnionProperty):
            return next((d for d in map(self.decoder, prop.inner_properties) if d), None)
        return None

    def classes(self, prop: PropertyProtocol) -> set[str]:
        """The names of models and enums that a property's type mentions."""
        if isinstance(prop, ModelProperty):
            if not self.is_map(prop):
                return {str(prop.class_info.name)}
            values = self._values(prop)
            return self.classes(values) if values else set()
        if isinstance(prop, ListProperty):
            return self.classes(prop.inner_property)
        if isinstance(prop, LiteralEnumProperty):
            return {str(prop.class_info.name)}
        if isinstance(prop, UnionProperty):
            return {name for inner in prop.inner_properties for name in self.classes(inner)}
        return set()


def plain_type(prop: PropertyProtocol) -> str:
    """The type of a scalar property."""
    try:
        return _PLAIN[type(prop)]
    except KeyError:
        raise CodegenError(
            f"no Python type is known for {type(prop).__name__} ({prop.python_name})"
        ) from None

"""YAML in and out: the C parser for reading, one deterministic form for writing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

import yaml

from codegen.errors import CodegenError

if TYPE_CHECKING:
    from pathlib import Path

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonMap: TypeAlias = dict[str, Json]

# A property may have one of these names; its key is written in quotes, so that a bare one can only be prose.
_QUOTED_KEYS = frozenset({"description", "summary", "externalDocs"})
_ONE_LINE = 1_000_000


class _Loader(yaml.CSafeLoader):
    """Leaves dates as the text that they are: the interface descriptions know no date type."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class _Dumper(yaml.CSafeDumper):
    """Writes no anchors, and puts keys that look like prose in quotes."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ANN401, ARG002 - the signature is PyYAML's
        return True

    def represent_mapping(self, tag: str, mapping: Any, flow_style: bool | None = None) -> yaml.MappingNode:  # noqa: ANN401 - as above
        node = super().represent_mapping(tag, mapping, flow_style)
        for key, _ in cast("list[tuple[yaml.ScalarNode, yaml.Node]]", node.value):
            if key.value in _QUOTED_KEYS:
                key.style = "'"
        return node


def parse(text: str, name: str) -> Json:
    """Return the data of a YAML (or JSON) text.

    Args:
        text: The document.
        name: What to call it in an error.

    Raises:
        CodegenError: The text is not one YAML document; says where it breaks.
    """
    try:
        data: object = yaml.load(text, Loader=_Loader)
        return _plain(data)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise CodegenError(
            f"{name} is not valid YAML{place}: {error.problem}. Expected one YAML or JSON document; "
            "fetch the file anew or mend that line."
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError, TypeError) as error:
        raise CodegenError(
            f"{name} is not valid YAML: {error}. Expected one YAML or JSON document; fetch the file anew."
        ) from error


def read(path: Path) -> Json:
    """Return the data of a YAML file in UTF-8."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise CodegenError(f"cannot read {path}: {error.strerror}. Expected a YAML file there.") from error
    except UnicodeDecodeError as error:
        raise CodegenError(
            f"{path} is not text in UTF-8 (byte {error.start}). Expected a YAML file."
        ) from error
    return parse(text, str(path))


def dump(data: Json) -> str:
    """Return data as YAML: keys sorted, lists as they are, no line folded; equal data gives equal text."""
    return yaml.dump(
        data, Dumper=_Dumper, sort_keys=True, allow_unicode=True, default_flow_style=False, width=_ONE_LINE
    )


def _plain(value: object) -> Json:
    """Return YAML data as JSON data: keys are strings (a bare 200 is the key "200")."""
    if isinstance(value, dict):
        mapping = cast("dict[object, object]", value)
        return {_key(key): _plain(item) for key, item in mapping.items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[object]", value)]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a value of type {type(value).__name__}")


def _key(key: object) -> str:
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise TypeError(f"the key {key!r}, which is neither text nor a number")
    return str(key)

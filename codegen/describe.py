"""From the vendored versions of one engine to the one description that its bindings are generated from."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from codegen import overlay, specs
from codegen.convert import convert, operations, pascal
from codegen.errors import CodegenError
from codegen.merge import merge
from codegen.schemas import ref_name, reference
from codegen.specs import Doc, as_list, as_map

if TYPE_CHECKING:
    from pathlib import Path

# Podman's compat endpoints are served by the docker bindings, which decode them better than libpod's own
# description.
PREFIX = {"docker": "/", "libpod": "/libpod/"}


class Description(NamedTuple):
    """The merged and corrected description, and what it was merged from (converted, oldest first)."""

    engine: str
    doc: Doc
    versions: dict[str, Doc]


def describe(engine: str, spec: Path = specs.SPEC) -> Description:
    """Loads, converts, merges and corrects everything vendored of one engine.

    Raises:
        CodegenError: A description or a correction says what cannot be done; names the file and the place.
    """
    converted = {version: _converted(engine, version, spec) for version in specs.versions(engine, spec)}
    doc = merge(list(converted.values()))
    for path in sorted((spec / "patches").glob(f"{engine}-*.yaml")):
        overlay.apply_file(doc, path)
    _check_ids(doc)
    _tidy_tags(doc)
    _prune(doc)
    _rename_doubles(doc)
    return Description(engine, doc, converted)


def _converted(engine: str, version: str, spec: Path) -> Doc:
    try:
        return convert(specs.load(engine, version, spec), prefix=PREFIX[engine])
    except CodegenError as error:
        raise CodegenError(f"{engine} {version}: {error}") from None


def _check_ids(doc: Doc) -> None:
    """Two operations of one id would be written to one module, and one of them lost."""
    counted = Counter(operation["operationId"] for _, _, operation in operations(doc))
    doubled = sorted(name for name, count in counted.items() if count > 1)
    if doubled:
        places = [f"{m.upper()} {p}" for p, m, op in operations(doc) if op["operationId"] in doubled]
        raise CodegenError(
            f"the operationId {', '.join(doubled)} is there more than once, at {', '.join(places)}; "
            "expected one for each operation: rename or remove one in spec/patches"
        )


def _tidy_tags(doc: Doc) -> None:
    for _, _, operation in operations(doc):
        operation["tags"] = [operation["tags"][0].replace(" (compat)", "").lower()]


def references(node: object) -> set[str]:
    """The components that anything below `node` refers to."""
    items = as_list(node)
    mapping = as_map(node)
    if items is not None:
        return {name for item in items for name in references(item)}
    if mapping is None:
        return set()
    found = {name for value in mapping.values() for name in references(value)}
    own = ref_name(mapping) if isinstance(mapping.get("$ref"), str) else None
    return found | {own} if own else found


def _prune(doc: Doc) -> None:
    """Drops the schemas that no operation reaches."""
    schemas = doc["components"]["schemas"]
    reached: set[str] = set()
    todo = references(doc["paths"])
    while todo:
        name = todo.pop()
        if name not in schemas:
            raise CodegenError(
                f"a schema {name!r} is referred to and not described; correct it in spec/patches"
            )
        if name not in reached:
            reached.add(name)
            todo |= references(schemas[name])
    doc["components"]["schemas"] = {name: schemas[name] for name in sorted(reached)}


def _rename_doubles(doc: Doc) -> None:
    """Gives its own name to a schema whose class would be called as another's (idResponse, IDResponse)."""
    schemas = doc["components"]["schemas"]
    classes: dict[str, str] = {}
    renamed: dict[str, str] = {}
    for name in sorted(schemas):
        key = pascal(name).lower()
        if key not in classes:
            classes[key] = name
        elif schemas[classes[key]] == schemas[name]:
            renamed[name] = classes[key]
        else:
            renamed[name] = f"{pascal(name)}Model"
    for old, new in renamed.items():
        schema = schemas.pop(old)
        if schemas.setdefault(new, schema) != schema:
            raise CodegenError(
                f"the schemas {old!r} and {new!r} would both be called {new!r}; rename one in spec/patches"
            )
    _redirect(doc, renamed)


def _redirect(node: object, renamed: dict[str, str]) -> None:
    mapping = as_map(node)
    for item in as_list(node) or ():
        _redirect(item, renamed)
    if mapping is not None:
        target = str(mapping.get("$ref", "")).rsplit("/", 1)[-1]
        if target in renamed:
            mapping.update(reference(renamed[target]))
        for value in mapping.values():
            _redirect(value, renamed)

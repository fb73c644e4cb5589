"""The vendored descriptions as they are committed: facts only, as the lock has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from codegen import sources, specs, yamlio
from codegen.vendor_normalise import normalise

if TYPE_CHECKING:
    from codegen.sources import Engine

PROSE = re.compile(r"^\s*-?\s*(description|summary|externalDocs):", re.MULTILINE)


class TestVendoredFiles:
    """The real files, as they are committed."""

    @pytest.mark.parametrize("engine", sources.ENGINES)
    def test_hold_no_prose(self, engine: Engine) -> None:
        for version in specs.versions(engine):
            text = (specs.SPEC / engine / f"v{version}.yaml").read_text(encoding="utf-8")
            assert not PROSE.search(text), version

    def test_agree_with_the_lock(self) -> None:
        assert sources.problems() == []
        lock = sources.read_lock()
        assert lock.render() == (specs.SPEC / sources.LOCK_NAME).read_text(encoding="utf-8")
        for engine in sources.ENGINES:
            assert lock.versions(engine) == specs.versions(engine)

    @pytest.mark.parametrize(("engine", "version"), [("docker", "1.51"), ("libpod", "5.8.2")])
    def test_are_normal_and_written_the_one_way(self, engine: Engine, version: str) -> None:
        path = specs.SPEC / engine / f"v{version}.yaml"
        data = yamlio.read(path)
        assert isinstance(data, dict)
        again = normalise(data)
        assert again.data == data
        assert again.unknown == []
        assert path.read_text(encoding="utf-8").endswith(yamlio.dump(data))

    def test_keep_a_property_called_description(self) -> None:
        text = (specs.SPEC / "docker" / "v1.51.yaml").read_text(encoding="utf-8")
        assert re.search(r"^ +'description':$", text, re.MULTILINE)

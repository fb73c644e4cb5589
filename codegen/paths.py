"""How one operation is known again in another version of the description."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"\{[^}]*\}")


def path_shape(path: str) -> str:
    """The path with every parameter called the same: versions rename them ({name}, {id}), the place stays."""
    return _PARAMETER.sub("{}", path)

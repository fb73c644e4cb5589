# Derived from highlevel/wharfinger/_async/container.py
# by `python -m codegen.unasync`: change that file, not this one.
"""One container."""

from __future__ import annotations

from wharfinger._sync.container_commands import ContainerCommands
from wharfinger._sync.container_copying import ContainerCopying
from wharfinger._sync.container_files import ContainerFiles
from wharfinger._sync.container_life import ContainerLife
from wharfinger._sync.container_logs import ContainerLogs
from wharfinger._sync.container_terminal import ContainerTerminal
from wharfinger._sync.container_units import ContainerUnits
from wharfinger._sync.container_usage import ContainerUsage
from wharfinger._sync.container_waiting import ContainerWaiting


class Container(
    ContainerLife,
    ContainerWaiting,
    ContainerLogs,
    ContainerUsage,
    ContainerCommands,
    ContainerTerminal,
    ContainerFiles,
    ContainerUnits,
    ContainerCopying,
):
    """A container on an engine.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

"""One container."""

from __future__ import annotations

from wharfinger._async.container_commands import AsyncContainerCommands
from wharfinger._async.container_copying import AsyncContainerCopying
from wharfinger._async.container_files import AsyncContainerFiles
from wharfinger._async.container_life import AsyncContainerLife
from wharfinger._async.container_logs import AsyncContainerLogs
from wharfinger._async.container_terminal import AsyncContainerTerminal
from wharfinger._async.container_units import AsyncContainerUnits
from wharfinger._async.container_usage import AsyncContainerUsage
from wharfinger._async.container_waiting import AsyncContainerWaiting


class AsyncContainer(
    AsyncContainerLife,
    AsyncContainerWaiting,
    AsyncContainerLogs,
    AsyncContainerUsage,
    AsyncContainerCommands,
    AsyncContainerTerminal,
    AsyncContainerFiles,
    AsyncContainerUnits,
    AsyncContainerCopying,
):
    """A container on an engine.

    Its properties tell what the engine told last, and ask nothing: call `reload` for newer facts. Two are equal
    when they have the same id.
    """

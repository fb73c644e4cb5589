"""The keywords of checkpoint() and restore(), for editors and type checkers, and their readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, cast

from wharfinger._core.human import nearest, parse_flag, parse_text

if TYPE_CHECKING:
    from collections.abc import Mapping


class CheckpointOptions(TypedDict, total=False):
    """Keywords of checkpoint(); each is off unless given.

    Attributes:
        keep: Leave CRIU's logs and statistics in the container's folder on the engine's machine.
        leave_running: Let it run on afterwards.
        tcp_established: Take along open TCP connections, which are an error otherwise.
        ignore_rootfs: With export: leave its changed files out.
        ignore_volumes: With export: leave the content of its volumes out (API 4.9.5).
        pre_checkpoint: Save memory pages alone, and let it run on (API 4.9.5).
        with_previous: Build on the pages of an earlier pre_checkpoint (API 4.9.5).
        file_locks: Take along file locks, which are an error otherwise (API 4.9.5).
        print_stats: Tell the times that it took.
    """

    keep: bool
    leave_running: bool
    tcp_established: bool
    ignore_rootfs: bool
    ignore_volumes: bool
    pre_checkpoint: bool
    with_previous: bool
    file_locks: bool
    print_stats: bool


class RestoreOptions(TypedDict, total=False):
    """Keywords of restore(); each is off unless given.

    Attributes:
        keep: Leave CRIU's logs and statistics in the container's folder on the engine's machine.
        tcp_established: Bring back open TCP connections.
        tcp_close: Close TCP connections that were open, instead (API 5.7.1).
        ignore_static_ip: Take another address than the fixed one that it had.
        ignore_static_mac: Take another hardware address than the fixed one that it had.
        file_locks: Bring back file locks (API 4.9.5).
        print_stats: Tell the times that it took.
    """

    keep: bool
    tcp_established: bool
    tcp_close: bool
    ignore_static_ip: bool
    ignore_static_mac: bool
    file_locks: bool
    print_stats: bool


class ImportOptions(RestoreOptions, total=False):
    """Keywords of a restore() that makes a container out of an archive: those of any other, and more.

    Attributes:
        keep: Leave CRIU's logs and statistics in the container's folder on the engine's machine.
        tcp_established: Bring back open TCP connections.
        tcp_close: Close TCP connections that were open, instead (API 5.7.1).
        ignore_static_ip: Take another address than the fixed one in the archive.
        ignore_static_mac: Take another hardware address than the fixed one in the archive.
        file_locks: Bring back file locks (API 4.9.5).
        print_stats: Tell the times that it took.
        ignore_rootfs: Leave out the changed files that the archive holds.
        ignore_volumes: Leave out the content of volumes that the archive holds (API 4.9.5).
        name: The new container's name; the one in the archive unless given.
        pod: A pod to put it in, which must be like the one that it was in.
    """

    ignore_rootfs: bool
    ignore_volumes: bool
    name: str
    pod: str


def checked_checkpoint(options: CheckpointOptions) -> CheckpointOptions:
    """The keywords that are switched on.

    Raises:
        TypeError: A keyword is unknown, or a value has the wrong type.
    """
    return cast("CheckpointOptions", _checked("checkpoint", options, CheckpointOptions))


def checked_restore(options: RestoreOptions) -> ImportOptions:
    """The keywords that are switched on; raises as `checked_checkpoint` does."""
    return cast("ImportOptions", _checked("restore", options, RestoreOptions))


def checked_import(options: ImportOptions) -> ImportOptions:
    """The keywords that are switched on; raises as `checked_checkpoint` does."""
    return cast("ImportOptions", _checked("restore", options, ImportOptions))


def _checked(verb: str, options: Mapping[str, object], kind: type) -> dict[str, object]:
    known = tuple(kind.__annotations__)
    for name in options:
        if name not in known:
            raise TypeError(f"unknown option {name!r} of {verb}(){nearest(name, known)}")
    readers = {name: parse_text if name in ("name", "pod") else parse_flag for name in options}
    read = {name: readers[name](name, value) for name, value in options.items() if value is not None}
    return {name: value for name, value in read.items() if value is not False}

"""How far a swarm has come with a service, told from the service and its tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from wharfinger._core.container_facts import section
from wharfinger._core.human import parse_seconds, wrong_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_GOING = ("updating", "rollback_started")
_STOPPED = ("paused", "rollback_paused")
_DONE = ("completed", "rollback_completed")
# What a swarm takes where a service says nothing.
_MONITOR = 5.0
_SECOND = 1_000_000_000


@attrs.frozen
class Convergence:
    """What one look at a service tells.

    Attributes:
        converged: Whether it is as it shall be.
        for_good: Whether there is no need to see that it stays so, for the swarm has, or the job is done.
        failure: Why it will not come to it by itself.
    """

    converged: bool = False
    for_good: bool = False
    failure: str | None = None


def convergence(
    service: Mapping[str, Any], tasks: Sequence[Mapping[str, Any]], asked: Mapping[str, Any]
) -> Convergence:
    """Judge a service.

    Args:
        service: What the engine tells of it.
        tasks: What it tells of its tasks.
        asked: The spec that it shall have.
    """
    change = section(service, "UpdateStatus")
    state = str(change.get("State") or "")
    if state in _STOPPED:
        return Convergence(failure=f"the swarm paused its change: {change.get('Message')}")
    if state == "rollback_completed" and service["Spec"] != asked:
        return Convergence(failure="its change failed, and the swarm took it back")
    if state in _GOING:
        return Convergence()
    current = [task for task in tasks if _is_current(service, task, changed=state in _DONE)]
    is_job = _is_job(service)
    if _is_complete(service, current) if is_job else _is_running(service, tasks, current):
        return Convergence(converged=True, for_good=is_job or state in _DONE)
    return Convergence(failure=_lost(service, current))


def span_seconds(name: str, value: object) -> float:
    """A time span in seconds, which may be none at all.

    Raises:
        TypeError, ValueError: It is no span, or below 0.
    """
    seconds = parse_seconds(name, value)
    if seconds < 0:
        wrong_value(name, value, "a time span from 0")
    return seconds


def monitor_seconds(service: Mapping[str, Any]) -> float:
    """How long the swarm itself looks at a task that it replaced."""
    return (section(service, "Spec", "UpdateConfig").get("Monitor") or _MONITOR * _SECOND) / _SECOND


def task_messages(service: Mapping[str, Any], tasks: Iterable[Mapping[str, Any]]) -> list[str]:
    """What went wrong with the tasks, the newest last, each fault of a task but once."""
    name = section(service, "Spec").get("Name")
    told: dict[str, None] = {}
    for task in sorted(tasks, key=_made):
        status = section(task, "Status")
        if status.get("Err"):
            line = f"{name}.{_place(service, task)}: {status.get('State')}: {status['Err']}"
            told.pop(line, None)
            told[line] = None
    return list(told)


def _is_current(service: Mapping[str, Any], task: Mapping[str, Any], *, changed: bool) -> bool:
    """Whether a task is of the service as it is now; between a change and its first step no status tells."""
    if _is_job(service):
        return _iteration(section(service, "JobStatus")) == _iteration(task)
    return changed or _template(section(service, "Spec", "TaskTemplate")) == _template(section(task, "Spec"))


def _template(spec: Mapping[str, Any]) -> dict[str, Any]:
    # A task stays where it is while its node fits new constraints, too; of the runtime only services tell.
    return {key: value for key, value in spec.items() if key not in ("Placement", "Runtime")}


def _iteration(told: Mapping[str, Any]) -> int:
    return int(section(told, "JobIteration").get("Index") or 0)


def _is_job(service: Mapping[str, Any]) -> bool:
    return not {"ReplicatedJob", "GlobalJob"}.isdisjoint(section(service, "Spec", "Mode"))


def _is_running(
    service: Mapping[str, Any], tasks: Iterable[Mapping[str, Any]], current: Sequence[Mapping[str, Any]]
) -> bool:
    wanted = [task for task in tasks if task.get("DesiredState") == "running"]
    if any(task not in current or _state(task) != "running" for task in wanted):
        return False
    replicated = section(service, "Spec", "Mode").get("Replicated")
    return bool(wanted) if replicated is None else len(wanted) == int(replicated.get("Replicas") or 0)


def _is_complete(service: Mapping[str, Any], current: Sequence[Mapping[str, Any]]) -> bool:
    done = [task for task in current if _state(task) == "complete"]
    counts = section(service, "Spec", "Mode").get("ReplicatedJob")
    if counts is None:
        return bool(done) and {task.get("NodeID") for task in done} == {one.get("NodeID") for one in current}
    return len(done) >= int(counts.get("TotalCompletions") or counts.get("MaxConcurrent") or 1)


def _lost(service: Mapping[str, Any], current: Sequence[Mapping[str, Any]]) -> str | None:
    """What is told of a task that has ended, and that the swarm will not start again."""
    policy = section(service, "Spec", "TaskTemplate", "RestartPolicy").get("Condition")
    newest = {_place(service, task): task for task in sorted(current, key=_made)}
    ended = ["failed", "rejected"] if policy == "none" else []
    if policy in ("none", "on-failure") and not _is_job(service):
        ended.append("complete")
    for task in newest.values():
        if _state(task) in ended:
            return f"a task of it ended ({_state(task)}), and its restart policy is {policy!r}"
    return None


def _state(task: Mapping[str, Any]) -> str:
    return str(section(task, "Status").get("State") or "")


def _place(service: Mapping[str, Any], task: Mapping[str, Any]) -> int | str:
    """Which of the replicas it is, or on which node; jobs count from 0, which is left out."""
    if {"Global", "GlobalJob"}.isdisjoint(section(service, "Spec", "Mode")):
        return int(task.get("Slot") or 0)
    return str(task.get("NodeID") or "")


def _made(task: Mapping[str, Any]) -> str:
    return str(task.get("CreatedAt") or "")

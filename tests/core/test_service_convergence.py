"""What is told of a service and its tasks at moments that a real swarm passes too fast to be caught at."""

from typing import Any

import pytest

from wharfinger._core.service_convergence import Convergence, convergence, monitor_seconds, task_messages

OLD, NEW = {"ContainerSpec": {"Image": "a"}}, {"ContainerSpec": {"Image": "b"}}
DONE = Convergence(converged=True)
FOR_GOOD = Convergence(converged=True, for_good=True)
NOT_YET = Convergence()


def a_service(mode: dict[str, Any], template: dict[str, Any] = NEW, **more: Any) -> dict[str, Any]:
    return {
        "Spec": {"Name": "web", "Mode": mode, "TaskTemplate": {**template, "Runtime": "container"}},
        **more,
    }


def a_task(
    state: str = "running", spec: dict[str, Any] = NEW, wanted: str = "running", **more: Any
) -> dict[str, Any]:
    return {"Spec": {**spec}, "Status": {"State": state}, "DesiredState": wanted, "CreatedAt": "1", **more}


TWO = {"Replicated": {"Replicas": 2}}
JOB = {"ReplicatedJob": {"MaxConcurrent": 1, "TotalCompletions": 2}}


@pytest.mark.parametrize(
    ("service", "tasks", "expected"),
    [
        # Between a change and its first step: no status yet, and the old tasks run.
        (a_service(TWO), [a_task(spec=OLD, Slot=1), a_task(spec=OLD, Slot=2)], NOT_YET),
        (a_service(TWO, UpdateStatus={"State": "updating"}), [a_task(Slot=1), a_task(Slot=2)], NOT_YET),
        (a_service(TWO, UpdateStatus={"State": "completed"}), [a_task(Slot=1), a_task(Slot=2)], FOR_GOOD),
        # New constraints alone replace no task.
        (a_service(TWO, {**NEW, "Placement": {"MaxReplicas": 2}}), [a_task(), a_task()], DONE),
        # One too many, as after a scaling down; and one that ends already.
        (a_service(TWO), [a_task(Slot=1), a_task(Slot=2), a_task(Slot=3)], NOT_YET),
        (a_service(TWO), [a_task(Slot=1), a_task(Slot=2), a_task(wanted="shutdown", Slot=3)], DONE),
        (a_service({"Global": {}}), [], NOT_YET),
        (a_service({"Global": {}}), [a_task(NodeID="a"), a_task("starting", NodeID="b")], NOT_YET),
        # What an earlier run of a job completed counts for nothing in the next.
        (
            a_service(JOB, JobStatus={"JobIteration": {"Index": 7}}),
            [a_task("complete"), a_task("complete")],
            NOT_YET,
        ),
        (a_service(JOB), [a_task("complete"), a_task("complete", Slot=1)], FOR_GOOD),
        (a_service({"GlobalJob": {}}), [a_task("complete", NodeID="a"), a_task(NodeID="b")], NOT_YET),
    ],
)
def test_one_look(service: dict[str, Any], tasks: list[dict[str, Any]], expected: Convergence) -> None:
    assert convergence(service, tasks, service["Spec"]) == expected


def test_what_was_taken_back_by_the_swarm_and_by_hand() -> None:
    service = a_service(TWO, OLD, UpdateStatus={"State": "rollback_completed"})
    tasks = [a_task(spec=OLD, Slot=1), a_task(spec=OLD, Slot=2)]
    assert convergence(service, tasks, service["Spec"]) == FOR_GOOD
    failed = convergence(service, tasks, a_service(TWO)["Spec"])
    assert failed.failure == "its change failed, and the swarm took it back"


def test_the_newest_task_of_a_place_counts() -> None:
    never: dict[str, Any] = {**NEW, "RestartPolicy": {"Condition": "none"}}
    service = a_service({"Global": {}}, never)
    ended = a_task("failed", never, "shutdown", NodeID="a")
    assert "restart policy is 'none'" in (convergence(service, [ended], service["Spec"]).failure or "")
    newer = a_task("starting", never, NodeID="a", CreatedAt="2")
    assert convergence(service, [newer, ended], service["Spec"]) == NOT_YET


def test_each_fault_is_told_once() -> None:
    def failed(error: str, made: str) -> dict[str, Any]:
        return a_task(Slot=1, CreatedAt=made) | {"Status": {"State": "failed", "Err": error}}

    tasks = [failed("one", "3"), failed("one", "1"), failed("two", "2")]
    assert task_messages(a_service(TWO), tasks) == ["web.1: failed: two", "web.1: failed: one"]


def test_how_long_it_is_looked_at() -> None:
    assert monitor_seconds(a_service(TWO)) == 5
    assert monitor_seconds({"Spec": {"UpdateConfig": {"Monitor": 20_000_000}}}) == 0.02

"""Every operation of both APIs has a public method that comes to it, or a reason why it has none."""

import ast
import re

import pytest

import wharfinger
from tests.contracts.coverage import page
from tests.contracts.coverage.page import Reason, Told, calls, faults, told
from tests.contracts.coverage.reach import Dialects, Operation, operations, reached


def test_every_operation_is_reached_or_there_is_a_reason() -> None:
    said = told()
    assert [*faults(operations(), said, calls(said.by_hand))] == []


def test_the_page_is_what_the_source_makes() -> None:
    assert page.PAGE.read_text() == page.page(), "run: python -m tests.contracts.coverage.page"


def test_all_of_both_engines_are_there() -> None:
    engines = [key.partition(".")[0] for key in operations()]
    assert (engines.count("docker"), engines.count("libpod")) == (108, 131)


def test_methods_that_are_named_are_there() -> None:
    said = told()
    words = [name for reason in said.reasons for name in re.findall(r"`(\w+\.\w+)`", reason.why)]
    for name in (*said.by_hand.values(), *words):
        kind, _, method = name.partition(".")
        if kind != "client":
            assert hasattr(getattr(wharfinger, kind), method), name


@pytest.mark.parametrize(
    ("key", "method"),
    [
        # Said by the method itself, in a part that the class is made of, and by an object that it holds.
        ("docker.ContainerKill", "Container.kill"),
        ("libpod.ContainerPruneLibpod", "ContainersManager.prune"),
        ("docker.SystemAuth", "DockerClient.login"),
        # By a helper beside it, by a stream that it makes, by steps that the dialect makes of others.
        ("libpod.ManifestModifyLibpod", "Manifest.add"),
        ("docker.ExecStart", "Exec.start"),
        ("libpod.PodPruneLibpod", "PodmanClient.prune"),
        ("docker.BuildPrune", "DockerClient.prune"),
        ("docker.ContainerPrune", "DockerClient.prune"),
    ],
)
def test_what_is_known_is_found(key: str, method: str) -> None:
    assert method in reached()[key]


@pytest.mark.parametrize(
    ("key", "method"),
    [
        ("docker.ContainerKill", "Container.stop"),
        ("docker.ImageInspect", "Manifest.add"),
        ("libpod.ArtifactAddLibpod", "DockerClient.login"),
        ("docker.ContainerCreate", "DockerClient.from_env"),
    ],
)
def test_what_is_not_so_is_not_found(key: str, method: str) -> None:
    assert method not in reached()[key]


def test_faults_say_what_to_change() -> None:
    known = {key: Operation(key, "GET", "/x", "", "", "m") for key in ("docker.A", "docker.B", "docker.C")}
    said = Told(
        {"docker.Z": "DockerClient.ping"},
        (
            Reason(("docker.B", "docker.Y"), "so", "[[absent]]"),
            Reason(("docker.B*",), "later", "[[pending]] of 'b'"),
        ),
    )
    assert [*faults(known, said, {"docker.B": ("Box.b",)})] == [
        "docker.A (GET /x): no public method comes to it; say why under [[absent]]",
        "docker.B: Box.b comes to it; delete 'docker.B' from [[absent]]",
        "docker.B: Box.b comes to it; delete 'docker.B*' from [[pending]] of 'b'",
        "docker.C (GET /x): no public method comes to it; say why under [[absent]]",
        "'docker.Y' is no operation; delete it from [[absent]]",
        "docker.Z: the source tells of it, or there is no such operation; delete it from [by_hand]",
    ]


def test_no_binding_is_used_that_is_not_followed() -> None:
    """Each binding that a dialect imports belongs to one of its methods: the reading of the source misses none."""
    modules = {one.module: one.key for one in operations().values()}
    used: set[str] = set()
    for path in (page.HERE.parents[2] / "highlevel/wharfinger/_dialects").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                names = {f"{node.module}.{one.name}" for one in node.names}
                used |= {modules[name] for name in names if name in modules}
    assert used - {key for keys in Dialects().said.values() for key in keys} == set()

"""Copies to and from containers of real engines."""

import shutil
from pathlib import Path

from tests import copy_table
from tests._async._live import client_of
from tests.engines.harness import TEST_IMAGE, Engine
from tests.live import Scope
from wharfinger import WharfingerError


def differing(engine: Engine, found: list[copy_table.Outcome], *, into: bool, wanted: Engine) -> object:
    """The rows that came to something else than with `docker cp`, by what they are."""
    theirs = copy_table.by_docker(wanted, into=into)
    rows = zip(copy_table.rows_for(engine), found, strict=True)
    return {
        str(copy_table.ROWS[number]): (one.refused, sorted(one.files.items() ^ theirs[number].files.items()))
        for number, one in rows
        if one != theirs[number]
    }


async def test_as_docker_copies_into_a_container(
    engine: Engine, docker_engine: Engine, scope: Scope, tmp_path: Path
) -> None:
    box = scope.run(TEST_IMAGE, "sleep", "600")
    copy_table.make_rows(engine, box)
    copy_table.make_here(tmp_path / "source", copy_table.MAKE_SOURCES)
    refused: list[bool] = []
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        for number in copy_table.rows_for(engine):
            (source, follow), target = copy_table.ROWS[number]
            try:
                await container.copy_to(
                    f"{tmp_path}/source/{source}", f"/rows/{number}/{target}", follow_link=follow
                )
                refused.append(False)
            except (WharfingerError, OSError):
                refused.append(True)
    files = copy_table.taken(engine, box, tmp_path / "taken")
    tried = zip(refused, (files[number] for number in copy_table.rows_for(engine)), strict=True)
    found = [copy_table.Outcome(*row) for row in tried]
    assert differing(engine, found, into=True, wanted=docker_engine) == {}


async def test_as_docker_copies_out_of_a_container(
    engine: Engine, docker_engine: Engine, scope: Scope, tmp_path: Path
) -> None:
    box = scope.run(TEST_IMAGE, "sleep", "600")
    engine.cli("exec", box, "sh", "-c", copy_table.commands("/source", copy_table.MAKE_SOURCES))
    copy_table.make_here(tmp_path / "first", copy_table.MAKE_TARGETS)
    found: list[copy_table.Outcome] = []
    async with client_of(engine) as client:
        container = await client.containers.get(box)
        for number in copy_table.rows_for(engine):
            (source, follow), target = copy_table.ROWS[number]
            here = tmp_path / str(number)
            shutil.copytree(tmp_path / "first", here, symlinks=True)
            try:
                await container.copy_from(f"/source/{source}", f"{here}/{target}", follow_link=follow)
                refused = False
            except (WharfingerError, OSError):
                refused = True
            found.append(copy_table.Outcome(refused, copy_table.listing(here)))
    assert differing(engine, found, into=False, wanted=docker_engine) == {}

"""`kill -9` at every point between a word and its answer: nothing lost, nothing twice; and wrong designs are caught."""

from pathlib import Path

import pytest

from tests.faults.crashing import MUTANTS, ON_A_LINE, POINTS
from tests.faults.staff import GREETED, GREETING, KILLED, Outcome, Staff, staff
from tests.support import postgres

PROGRAM = ("-m", "tests.faults.crashing")


async def lived_through(school: Staff, where: str, mutant: str = "", *, rounds: int = 1) -> Outcome:
    """One greets and one is greeted, again and again, until the server dies; then the real one takes over."""
    await school.start(*PROGRAM, where, mutant)
    died = False
    for greeting, greeted in list(zip(GREETING, GREETED, strict=True))[:rounds]:
        await school.say(greeting)
        await school.bring_near(greeted)
        if await school.settled() and await school.given_back():
            continue
        assert not died, school.server.log
        assert await school.server.wait() == KILLED, school.server.log
        died = True
        await school.a_minute_passes()
        await school.start()
        await school.tell_again()
        assert await school.settled()
    assert died, f"nobody passed {where}:\n{school.server.log}"
    return school.outcome()


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_loses_nothing_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    async with staff(tmp_path) as school:
        assert await lived_through(school, f"{point}:1") == Outcome()


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", ON_A_LINE)
async def test_a_kill_on_socket_mode_loses_nothing_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    async with staff(tmp_path, way="socket") as school:
        assert await lived_through(school, f"{point}:1") == Outcome()


@pytest.mark.req("KEEP-2")
@pytest.mark.parametrize(
    ("mutant", "point", "way"),
    [*((*one, "http") for one in MUTANTS.items()), ("answers first", MUTANTS["answers first"], "socket")],
)
async def test_a_wrong_design_is_caught(tmp_path: Path, mutant: str, point: str, way: str) -> None:
    async with staff(tmp_path, way=way) as school:
        outcome = await lived_through(school, f"{point}:1", mutant)
        assert outcome.lost
        assert set(outcome.lost) <= {GREETING[0], GREETED[0]}


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("number", [3, 5])
@pytest.mark.parametrize("point", POINTS)
async def test_a_later_kill_loses_nothing_and_doubles_nothing(tmp_path: Path, point: str, number: int) -> None:
    async with staff(tmp_path) as school:
        assert await lived_through(school, f"{point}:{number}", rounds=5) == Outcome()


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("number", [3, 5])
@pytest.mark.parametrize("point", ON_A_LINE)
async def test_a_later_kill_on_socket_mode_loses_nothing_and_doubles_nothing(
    tmp_path: Path, point: str, number: int
) -> None:
    async with staff(tmp_path, way="socket") as school:
        assert await lived_through(school, f"{point}:{number}", rounds=5) == Outcome()


@pytest.mark.slow
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_on_postgresql_loses_nothing_and_doubles_nothing(
    tmp_path: Path, postgres_server: postgres.Server, point: str, number: int
) -> None:
    async with staff(tmp_path, postgres_server) as school:
        assert await lived_through(school, f"{point}:{number}", rounds=number) == Outcome()

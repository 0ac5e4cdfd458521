"""`kill -9` at every point between what is due and what was sent, on both databases; wrong designs are caught."""

from pathlib import Path
from typing import Final

import pytest

from tests.faults.storming import MUTANTS, ONLY_POSTGRESQL, POINTS
from tests.faults.weather import Sky, Weather, weather
from tests.support import postgres

KILLED: Final = -9
FEW = ("planning", "planned", "leasing", "leased", "releasing", "released", "enqueueing", "enqueued")


async def lived_through(sky: Weather, where: str, mutant: str = "") -> Sky:
    """One process dies on the way, another does the rest."""
    assert await sky.blown(where, mutant) == KILLED, f"nobody passed {where}:\n{sky.log.read_text()}"
    await sky.a_minute_passes()
    assert await sky.blown() == 0, sky.log.read_text()
    return await sky.after()


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", ["taken", "accepted"])
async def test_a_kill_on_the_way_loses_nothing_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    async with weather(tmp_path) as sky:
        assert await lived_through(sky, f"{point}:2") == Sky()


@pytest.mark.req("KEEP-1")
async def test_a_kill_on_postgresql_loses_nothing_and_doubles_nothing(
    tmp_path: Path, postgres_server: postgres.Server
) -> None:
    async with weather(tmp_path, postgres_server) as sky:
        assert await lived_through(sky, "accepted:1") == Sky()


@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", ["writing", "accepted"])
async def test_a_nudge_cut_off_where_nobody_can_look_rests_and_is_not_sent_again(tmp_path: Path, point: str) -> None:
    async with weather(tmp_path, looks_up=False) as sky:
        after = await lived_through(sky, f"{point}:3")
        assert (after.lost, after.doubled) == ([], [])
        assert set(after.ambiguous.values()) <= {1}, "at most one of each lane held"


@pytest.mark.req("KEEP-2")
@pytest.mark.parametrize(("mutant", "point"), MUTANTS.items())
async def test_a_wrong_design_is_caught(tmp_path: Path, mutant: str, point: str) -> None:
    async with weather(tmp_path) as sky:
        after = await lived_through(sky, f"{point}:2", mutant)
        assert after.lost


def while_many_are_on_their_way(point: str) -> str:
    """In the middle, where a storm passes it often; what many lanes do in one commit, it passes once or twice."""
    return f"{point}:{1 if point in FEW else 7}"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", POINTS)
async def test_a_kill_in_a_storm_loses_nothing_and_doubles_nothing(tmp_path: Path, point: str) -> None:
    async with weather(tmp_path, lanes=20, each=11) as sky:
        assert await lived_through(sky, while_many_are_on_their_way(point)) == Sky()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", [*POINTS, *ONLY_POSTGRESQL])
async def test_a_kill_in_a_storm_on_postgresql_loses_nothing_and_doubles_nothing(
    tmp_path: Path, postgres_server: postgres.Server, point: str
) -> None:
    async with weather(tmp_path, postgres_server, lanes=20, each=11) as sky:
        assert await lived_through(sky, while_many_are_on_their_way(point)) == Sky()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.req("KEEP-1")
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_a_kill_in_a_storm_where_nobody_can_look_doubles_nothing(
    tmp_path: Path, request: pytest.FixtureRequest, kind: str, point: str
) -> None:
    server = request.getfixturevalue("postgres_server") if kind == "postgresql" else None
    async with weather(tmp_path, server, lanes=20, each=5, looks_up=False) as sky:
        after = await lived_through(sky, while_many_are_on_their_way(point))
        assert (after.lost, after.doubled) == ([], [])
        assert set(after.ambiguous.values()) <= {1}, "at most one of each lane held"

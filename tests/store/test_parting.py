"""Whoever removed us and did not come back: after thirty days nothing of theirs is left, and everything of others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.doctor.kept import look
from bot.installing import Installing
from bot.parting import KEPT, Parting
from bot.platform import Installed
from bot.records import School
from bot.store import Conflict, Store
from bot.timer import Timer
from tests.store.filled import AT, DAY, HOUR, House, fill, rows_of

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)]
pytestmark = pytest.mark.parametrize("database_url", BOTH, indirect=True)


async def removed(store: Store, house: House) -> None:
    async with store.begin(house.id) as tx:
        await tx.shut_out("slack", house.of("team"), "uninstalled", AT)


async def left(store: Store, organization: str) -> dict[str, list[str]]:
    return {name: rows for name, rows in (await rows_of(store, organization)).items() if rows and name != "audit"}


async def noted(store: Store) -> int:
    return sum("'erased'" in row for row in (await rows_of(store, "a"))["audit"])


def parting(store: Store, days: int, first: str = "first") -> Parting:
    return Parting(store, first, lambda: AT + days * DAY)


@pytest.mark.req("LIFE-6")
async def test_after_thirty_days_nothing_is_left_of_it_and_everything_of_the_others(store: Store) -> None:
    a, _ = await fill(store, "a"), await fill(store, "b")
    await removed(store, a)
    assert await store.token("a", "slack", a.of("team")) is None
    before, others = await left(store, "a"), await rows_of(store, "b")
    assert await parting(store, 29).tick() == 0
    assert await left(store, "a") == before
    assert await store.organization_of("slack", a.of("team")) == "a"
    assert await parting(store, 30).tick() == 1
    assert await left(store, "a") == {}
    assert await rows_of(store, "b") == others
    assert await store.organization_of("slack", a.of("team")) is None
    async with store.clock() as clock:
        assert await clock.erased() == ((AT + KEPT, f"slack:{a.of('team')} {AT.date()}"),)
    assert await parting(store, 31).tick() == 0
    assert await noted(store) == 1


@pytest.mark.req("LIFE-6")
async def test_it_is_unreadable_at_once_and_goes_on_where_it_was_stopped(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, _ = await fill(store, "a"), await fill(store, "b")
    await removed(store, a)
    others = await rows_of(store, "b")
    monkeypatch.setattr("bot.parting.ROWS", 3)
    monkeypatch.setattr("bot.parting.BATCHES", 2)
    assert await parting(store, 30).tick() == 0
    some = await left(store, "a")
    assert some
    assert await store.organization_of("slack", a.of("team")) is None
    async with store.begin("a") as tx:
        assert await tx.account_of(a.of("teacher")) is None
        assert {words.words.text for words in await tx.reflections(a.of("teacher"))} <= {""}
    with pytest.raises(Conflict):
        await store.install("a", "slack", a.of("team"), at=AT + KEPT)
    looks = 0
    while await left(store, "a"):
        before = sum(map(len, (await left(store, "a")).values()))
        await parting(store, 30).tick()
        assert before - sum(map(len, (await left(store, "a")).values())) <= 2 * 3 + 1
        looks += 1
    assert looks > 2
    assert await rows_of(store, "b") == others
    assert await noted(store) == 1


async def test_who_is_let_in_again_in_time_keeps_everything(store: Store) -> None:
    a = await fill(store, "a")
    await removed(store, a)
    await store.install("a", "slack", a.of("team"), "Slack", "xoxb-2", at=AT + 29 * DAY, by="U1")
    assert await parting(store, 400).tick() == 0
    async with store.begin("a") as tx:
        assert await tx.reflections(a.of("teacher")) == (a.reflection(),)


@pytest.mark.parametrize("full", [False, True])
async def test_who_is_let_in_again_while_it_goes_begins_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    await store.create_organization("first", "Beside")
    if full:  # then it is an organization of its own
        await store.install("first", "slack", "T0", at=AT)
    monkeypatch.setattr("bot.parting.ROWS", 1)
    monkeypatch.setattr("bot.parting.BATCHES", 1)
    installs = Installing(store, "first", lambda: AT)
    installed = Installed(platform="slack", team="T1", name="Lincoln", token="xoxb-1")
    await installs.keep(installed)
    home = await store.home_of("slack", "T1")
    assert home is not None
    assert (home == "first") is not full
    async with store.begin(home) as tx:
        await tx.save_school(School(id="s", organization=home, name="L", zone="UTC"))
        await tx.shut_out("slack", "T1", "uninstalled", AT + HOUR)
    assert await parting(store, 31).tick() == 0
    assert await store.home_of("slack", "T1") is None
    await installs.keep(installed)
    assert await store.home_of("slack", "T1") == home
    assert await store.token(home, "slack", "T1") == "xoxb-1"
    assert await parting(store, 400).tick() == 0
    async with store.begin(home) as tx:
        assert await tx.schools() == {}


async def test_an_organization_that_is_elsewhere_too_stays(store: Store) -> None:
    a = await fill(store, "a")
    await store.install("a", "web", "playground")
    await store.install("a", "teams", "*")
    await removed(store, a)
    assert await parting(store, 400).tick() == 0
    (told, *_) = [str(one) for one in await look(store) if "removed Beside" in one.what]
    assert "All of it stays, since the organization is elsewhere too." in told
    # The playground is nowhere.
    async with store.begin("a") as tx:
        await tx.let_out("teams", "*")
    assert await parting(store, 400).tick() == 1
    assert await left(store, "a") == {}


@pytest.mark.req("LIFE-6")
async def test_the_one_workspace_of_the_settings_goes_too_and_its_organization_begins_anew(store: Store) -> None:
    await store.create_organization("a", "Beside")
    await store.install("a", "slack", "*", "slack")
    async with store.begin("a") as tx:
        await tx.shut_out("slack", "T1", "uninstalled", AT)
    await store.install("a", "slack", "*", "slack")  # a restart alone lets nobody in
    (told, *_) = [str(one) for one in await look(store) if "removed Beside" in one.what]
    assert f"Slack removed Beside on {AT:%Y-%m-%d}" in told
    assert f"erased on {AT + KEPT:%Y-%m-%d}" in told
    async with store.begin("a") as tx:
        await tx.back("slack", "*", AT + DAY)
    assert await parting(store, 40, "a").tick() == 0
    async with store.begin("a") as tx:
        await tx.shut_out("slack", "T1", "uninstalled", AT + HOUR)  # late news of before
        assert (await tx.homes())[0].gone is None
        await tx.shut_out("slack", "T1", "uninstalled", AT + 2 * DAY)
    assert await parting(store, 32, "a").tick() == 1
    assert set(await left(store, "a")) == {"organization"}
    told = str(next(one for one in await look(store) if "Erased on" in one.what))
    assert f"Erased on {AT + 32 * DAY:%Y-%m-%d}" in told


async def test_the_doctor_says_what_goes_and_when_and_the_tick_does_it(store: Store) -> None:
    a = await fill(store, "a")
    await removed(store, a)
    (told,) = [str(one) for one in await look(store) if "removed Beside" in one.what]
    assert f"All that is kept of it is erased on {AT + KEPT:%Y-%m-%d}" in told
    assert "/slack/install" in told
    timer = Timer(store, None, lambda: AT + 30 * DAY, parting=parting(store, 30))  # type: ignore[arg-type]  # unused
    await timer._tidy()  # noqa: SLF001 - the tick without its ten minutes
    assert await left(store, "a") == {}
    async with store.clock() as clock:
        await clock.tidy(AT + KEPT + timedelta(days=401))
        assert await clock.erased() == ()

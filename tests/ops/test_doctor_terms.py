"""The doctor looks ahead: a school whose last known term ends is told of while there is time."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.doctor.kept import look
from bot.doctor.people import terms
from bot.records import School, Term
from bot.store import Store
from bot.vault import Keyring

TODAY = date(2026, 9, 22)
LAKESIDE = School(id="s", organization="o", name="Lakeside", zone="UTC")


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (date(2026, 9, 21), "warn   Lakeside's last term ended on 2026-09-21: no day after it is a school day."),
        (date(2026, 9, 22), "warn   Lakeside's last term ends on 2026-09-22: after it, no check-in is sent."),
        (date(2026, 10, 22), "warn   Lakeside's last term ends on 2026-10-22: after it, no check-in is sent."),
        (date(2026, 10, 23), "ok     Lakeside's terms are known until 2026-10-23."),
    ],
)
def test_the_end_of_the_last_term_is_told_a_month_before(last: date, told: str) -> None:
    earlier = Term(date(2026, 1, 12), date(2026, 6, 26))
    known = replace(LAKESIDE, terms=(earlier, Term(min(last, date(2026, 8, 31)), last)))
    (found,) = terms([known], TODAY)
    assert str(found).startswith(told)
    assert found.state == "ok" or "next school year" in found.mend


def test_a_school_without_terms_has_school_days_for_ever() -> None:
    assert terms([LAKESIDE], TODAY) == []


async def test_a_school_year_that_is_over_is_told_of_what_is_kept(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    await store.create_organization("o", "O")
    async with store.begin("o") as tx:
        await tx.save_school(replace(LAKESIDE, terms=(Term(date(2020, 1, 7), date(2020, 6, 26)),)))
    found = [str(one) for one in await look(store)]
    await store.close()
    assert any("Lakeside's last term ended on 2020-06-26" in line for line in found)


async def test_a_workspace_that_has_removed_beside_is_told_of(sqlite_url: str) -> None:
    store = await Store.open(sqlite_url, Keyring.of("k1"))
    await store.create_organization("o", "O")
    at = datetime(2026, 10, 13, tzinfo=UTC)
    await store.install("o", "slack", "T1", "Lincoln", "xoxb-1", at=at, by="U1")
    found = [str(one) for one in await look(store)]
    assert any("Lincoln (T1) has let Beside in." in line for line in found)
    async with store.begin("o") as tx:
        await tx.shut_out("slack", "T1", "uninstalled", at + timedelta(days=1))
    found = [str(one) for one in await look(store)]
    await store.close()
    assert any("Lincoln (T1) removed Beside on 2026-10-14: nobody there is written to." in line for line in found)


def test_a_sample_school_lives_by_a_clock_of_its_own() -> None:
    over = Term(date(2020, 1, 7), date(2020, 6, 26))
    assert terms([replace(LAKESIDE, sample=True, terms=(over,))], TODAY) == []

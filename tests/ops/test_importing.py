"""An import on both databases: all of it or nothing, the same twice, and only what was agreed to."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.demo import OPENS
from bot.events import Account
from bot.flow import derived
from bot.importing import Kind, bring, run
from bot.imports import person_id
from bot.records import Slot
from bot.settings import Settings
from bot.store import Store
from bot.vault import Keyring

KEYRING = Keyring.of("k1")
NOW = datetime(2026, 9, 22, 15, 0, tzinfo=UTC)
SCHOOLS = (
    "school,zone,hours,safeguarding contact,support contact,emergency number,crisis line\n"
    "Lakeside,America/New_York,08:00-14:40,Ms Rivera,Mr Okafor,911,988\n"
)
ROSTER = (
    "name,handle,role,school,platform,account,coach\n"
    "Cleo Park,cleo,coach,Lakeside,slack,U0CLEO,\n"
    "Dan Wu,dan,coach,Lakeside,,,\n"
    "Ana Ruiz,ana,teacher,Lakeside,slack,ana@lakeside.example,cleo\n"
    "Ana Ruiz,ana,,,web,,\n"
)
ANA, CLEO = (person_id("org-1", handle) for handle in ("ana", "cleo"))


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    opened = await Store.open(database_url, KEYRING)
    yield opened
    await opened.close()


async def kept(
    store: Store, kind: Kind, text: str, *, yes: bool = True, organization: str | None = None, now: datetime = NOW
) -> tuple[int, str]:
    said: list[str] = []
    code = await bring(
        store, kind, text.encode(), organization=organization, now=now, agreed=lambda: yes, say=said.append
    )
    return code, "\n".join(said)


async def both(store: Store) -> None:
    assert (await kept(store, "school", SCHOOLS))[0] == 0
    code, said = await kept(store, "roster", ROSTER)
    assert code == 0, said


async def test_makes_the_organization_the_school_the_people_and_who_is_beside_whom(store: Store) -> None:
    await both(store)
    assert await store.organizations() == ("org-1",)
    async with store.begin("org-1") as tx:
        assert [person.handle for person in await tx.everybody()] == ["ana", "cleo", "dan"]
        ana, cleo = await tx.person(ANA), await tx.person(CLEO)
        assert ana is not None
        assert cleo is not None
        assert (ana.zone, ana.weekday, ana.minute, ana.chat) == ("America/New_York", 3, 15 * 60, "new")
        assert await tx.partners(ana) == (cleo,)
        school = await tx.school(ana.school)
        assert school is not None
        assert school.contacts is not None
        assert school.contacts.crisis == "988"
        assert await tx.planned(ANA, "meeting") == NOW
        assert await tx.planned(CLEO, "meeting") is None


async def test_people_are_known_by_id_by_email_and_in_the_playground(store: Store) -> None:
    await both(store)
    async with store.begin("org-1") as tx:
        for account, who in (
            (Account(platform="slack", team="T1", user="U0CLEO"), CLEO),
            (Account(platform="slack", team="T1", user="U0ANA", email="Ana@lakeside.example"), ANA),
            (Account(platform="slack", team="T1", user="U0ANA"), ANA),
            (Account(platform="web", team="playground", user=ANA), ANA),
        ):
            found = await tx.person_of(account)
            assert found is not None
            assert found.id == who
        assert await tx.person_of(Account(platform="slack", team="T1", user="U0NOBODY")) is None


async def test_the_same_file_again_changes_nothing_even_after_the_account_was_used(store: Store) -> None:
    await both(store)
    async with store.begin("org-1") as tx:
        await tx.person_of(Account(platform="slack", team="T1", user="U0ANA", email="ana@lakeside.example"))
    again = (await kept(store, "school", SCHOOLS, yes=False), await kept(store, "roster", ROSTER, yes=False))
    assert again == ((0, "Unchanged: 1\nNothing changes."), (0, "Unchanged: 3\nNothing changes."))


async def test_a_calendar_comes_with_its_school_and_is_shown_first(store: Store) -> None:
    calendar = (
        b"date,until,kind,name,colour\n2026-11-26,2026-11-27,closed,Thanksgiving,red\n"
        b"2026-08-31,2026-12-18,term,Fall,\n"
    )
    said: list[str] = []
    code = await bring(
        store, "school", SCHOOLS.encode(), organization=None, now=NOW, agreed=lambda: True, say=said.append,
        calendar=calendar,
    )  # fmt: skip
    assert code == 0
    shown = "\n".join(said)
    for words in ("Not used of the calendar: “colour”.", "closed days: 2", "terms: 2026-08-31 to 2026-12-18"):
        assert words in shown
    async with store.begin("org-1") as tx:
        (school,) = (await tx.schools()).values()
    assert [closed.day.day for closed in school.closed] == [26, 27]
    assert (school.terms[0].name, school.half_days, school.country) == ("Fall", (), "")
    assert (await kept(store, "school", SCHOOLS))[1] == "Unchanged: 1\nNothing changes."


async def test_one_problem_anywhere_keeps_nothing(store: Store) -> None:
    await kept(store, "school", SCHOOLS)
    code, said = await kept(store, "roster", ROSTER + "Bo Lee,bo,principal,Elsewhere,,,\n")
    assert code == 1
    assert said.splitlines() == [
        "line 6, role: “principal” is neither teacher nor coach. Others are not in the roster.",
        "line 6, school: “Elsewhere” is not known. Import it first: beside school import FILE.",
        "Nothing was kept. Mend the file and import it again.",
    ]
    async with store.begin("org-1") as tx:
        assert await tx.everybody() == ()


async def test_a_no_keeps_nothing(store: Store) -> None:
    code, said = await kept(store, "school", SCHOOLS, yes=False)
    assert code == 1
    assert said.endswith("Nothing was kept.")
    assert await store.organizations() == ()


async def test_an_account_stays_with_whom_it_belongs_to(store: Store) -> None:
    await both(store)
    text = "name,handle,role,school,platform,account\nBo Lee,bo,teacher,Lakeside,slack,ANA@lakeside.example\n"
    code, said = await kept(store, "roster", text)
    assert code == 1
    assert said.startswith("line 2, email: “a…@lakeside.example” is ana's already.")


async def test_naming_another_coach_ends_one_partnership_and_begins_another(store: Store) -> None:
    await both(store)
    text = "name,handle,role,school,coach\nAna Ruiz,ana,teacher,Lakeside,dan\n"
    code, said = await kept(store, "roster", text, now=NOW + timedelta(days=1))
    assert code == 0
    assert "no longer with Cleo Park beside them" in said
    async with store.begin("org-1") as tx:
        ana = await tx.person(ANA)
        assert ana is not None
        assert [person.handle for person in await tx.partners(ana)] == ["dan"]
    text = text.replace("dan", "cleo")
    assert (await kept(store, "roster", text, now=NOW + timedelta(days=2)))[0] == 0
    async with store.begin("org-1") as tx:
        assert [person.handle for person in await tx.partners(ana)] == ["cleo"]


async def test_what_changed_while_somebody_was_reading_is_not_written_over(store: Store, database_url: str) -> None:
    await both(store)

    async def elsewhere() -> None:
        other = await Store.open(database_url, KEYRING)
        assert (await kept(other, "school", SCHOOLS.replace("14:40", "15:10")))[0] == 0
        await other.close()

    def agreed() -> bool:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, elsewhere()).result(30)
        return True

    said: list[str] = []
    text = SCHOOLS.replace("14:40", "16:00").encode()
    assert await bring(store, "school", text, organization=None, now=NOW, agreed=agreed, say=said.append) == 1
    assert said[-1].startswith("Something else changed while you were reading.")
    async with store.begin("org-1") as tx:
        (school,) = (await tx.schools()).values()
    assert school.closes == 15 * 60 + 10


async def test_the_sample_school_is_never_meant_unless_named(store: Store) -> None:
    await store.create_organization("demo", "Sample school")
    await both(store)
    assert await store.organizations() == ("demo", "org-1")
    await kept(store, "school", SCHOOLS, organization="demo")
    async with store.begin("demo") as tx:
        assert len(await tx.schools()) == 1


async def test_several_organizations_must_be_told_apart(store: Store) -> None:
    await both(store)
    code, said = await kept(store, "school", SCHOOLS, organization="North District")
    assert code == 0
    assert "New organization: North District" in said
    assert (await kept(store, "school", SCHOOLS, organization="north district"))[1].endswith("Nothing changes.")
    assert (await kept(store, "school", SCHOOLS, organization="Beside"))[1].endswith("Nothing changes.")
    code, said = await kept(store, "school", SCHOOLS)
    assert code == 1
    assert said == "There are several organizations. Say whose these are: --organization NAME."


async def test_problems_name_the_columns_as_the_file_does_and_one_slip_is_told_once(store: Store) -> None:
    assert (await kept(store, "school", SCHOOLS))[0] == 0
    code, said = await kept(
        store,
        "roster",
        "Full name,Nickname,role,school,app,member id,coach\n"
        "Cleo Park,cleo,coahc,Lakeside,slack,foo,\n"
        "Ana Ruiz,ana,teacher,Lakeside,web,,cleo\n",
    )
    assert code == 1
    assert said.splitlines()[:-1] == [
        "line 2, member id: “foo” is no Slack member id. It begins with U: profile, ⋮, Copy member ID.",
        "line 2, role: “coahc” is neither teacher nor coach. Others are not in the roster.",
    ]


async def test_in_the_playground_the_first_meeting_comes_by_its_clock(tmp_path: Path) -> None:
    settings = Settings(database_url=SecretStr(f"sqlite:///{tmp_path}/beside.sqlite3"))
    files: tuple[tuple[Kind, str], ...] = (("school", SCHOOLS), ("roster", ROSTER))
    for kind, text in files:
        told: list[str] = []
        brought = partial(run, settings, kind, text.encode(), organization=None, agreed=lambda: True, say=told.append)
        assert await asyncio.to_thread(brought) == 0, told
    opened = await Store.open(settings.database_url.get_secret_value(), Keyring.load(settings))
    async with opened.begin("org-1") as tx:
        assert await tx.planned(ANA, "meeting") == OPENS
    await opened.close()


async def test_bells_come_in_beside_the_schools_and_the_visits_they_touch_are_told_before_a_yes(store: Store) -> None:
    await both(store)
    bells = "day,block,from,to\nMon-Fri,3,{at},11:30\n"

    async def brought(at: str, *, yes: bool) -> str:
        said: list[str] = []
        await bring(
            store, "school", SCHOOLS.encode(), organization=None, now=NOW, agreed=lambda: yes, say=said.append,
            bells=bells.format(at=at).encode(),
        )  # fmt: skip
        return "\n".join(said)

    assert "bells: MO 1, TU 1, WE 1, TH 1, FR 1  (was: none)" in await brought("10:15", yes=True)
    start = datetime(2026, 9, 24, 14, 15, tzinfo=UTC)
    slot = Slot(
        id="5107", organization="org-1", thread="t", coach=CLEO, teacher=ANA, proposer=CLEO, start=start, minutes=45,
        status="confirmed",
    )  # fmt: skip
    async with store.begin("org-1") as tx:
        await tx.keep(slot)
    told = "Thursday 24 September, 10:15, Cleo Park and Ana Ruiz: block 3 begins at 10:30"
    assert told in await brought("10:30", yes=False)
    async with store.begin("org-1") as tx:
        assert await tx.planned(ANA, "bells", "t") is None
    assert told in await brought("10:30", yes=True)
    async with store.begin("org-1") as tx:
        assert [await tx.planned(who, "bells", "t") for who in (ANA, CLEO)] == [NOW, NOW]
        assert await tx.slots_booked([ANA], NOW) == (slot,)  # nothing moves by itself
    assert "Visits" not in await brought("10:30", yes=True)
    assert "“noon” is no time" in await brought("noon", yes=True)


async def test_a_workspace_may_be_named_before_it_lets_us_in(store: Store) -> None:
    async def brought(team: str, *, kind: Kind = "roster", organization: str | None = None) -> tuple[int, str]:
        said: list[str] = []
        text = SCHOOLS if kind == "school" else ROSTER
        code = await bring(
            store, kind, text.encode(), organization=organization, now=NOW, agreed=lambda: True, say=said.append,
            team=team,
        )  # fmt: skip
        return code, "\n".join(said)

    await kept(store, "school", SCHOOLS)
    code, said = await brought("T100")
    assert code == 0
    assert "For the Slack workspace T100, which has not let Beside in yet." in said
    assert await store.home_of("slack", "T100") == "org-1"
    async with store.begin("org-1") as tx:
        (home,) = await tx.homes()
        assert (home.team, home.expected) == ("T100", True)
        cleo = await tx.account_of(CLEO)
        assert cleo is not None
        assert cleo.team == "T100"
    # The same again, and the other way to say it, change nothing.
    assert (await brought("T100"))[1] == "Unchanged: 3\nNothing changes."
    assert (await kept(store, "roster", ROSTER, organization="T100"))[1] == "Unchanged: 3\nNothing changes."
    # Another workspace is another organization, the one that will be made when it lets us in.
    assert (await brought("T200", kind="school"))[0] == 0
    second = await store.home_of("slack", "T200")
    assert second not in (None, "org-1")
    assert second == "org-" + derived("organization", "slack", "T200")
    for team, organization, told in (
        ("t100", None, "“t100” is no Slack workspace's id. It begins with T, or with E for a whole Enterprise Grid."),
        ("T200", "org-1", "T200 belongs to another organization already. Leave --organization out."),
        ("T300", "org-1", "org-1 is in another Slack workspace already. Leave --organization out."),
    ):
        assert await brought(team, organization=organization) == (1, told)


async def test_whoever_was_imported_first_is_in_the_workspace_that_is_named_later(store: Store) -> None:
    await both(store)
    said: list[str] = []
    code = await bring(
        store, "roster", ROSTER.encode(), organization=None, now=NOW, agreed=lambda: True, say=said.append, team="E0009"
    )
    assert code == 0
    assert said[0].startswith("For the Slack workspace E0009")
    async with store.begin("org-1") as tx:
        cleo = await tx.account_of(CLEO)
        assert cleo is not None
        assert cleo.team == "E0009"

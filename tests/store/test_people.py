"""Who is meant, who is on the other side, and where people are."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace

from bot.events import Account
from bot.records import Partnership
from bot.store import Store
from tests.store.filled import AT, House, fill


async def people(store: Store, *names: str) -> dict[str, str]:
    """People of these names, whose handles are the last word of it; name by id."""
    await store.create_organization("a", "A")
    async with store.begin("a") as tx:
        for n, name in enumerate(names):
            who = House("a").person(f"p{n}", name=name)
            await tx.keep(replace(who, handle=name.split()[-1].casefold() + str(n)))
    return {House("a").of(f"p{n}"): name for n, name in enumerate(names)}


MEANT: list[tuple[set[str], list[str]]] = [
    ({"ana"}, ["Ana Ruiz"]),
    ({"ruiz", "tue"}, ["Ana Ruiz", "Eva Ruiz"]),
    ({"ruiz0"}, ["Ana Ruiz"]),
    ({"an", "uiz", "in", "tue"}, []),
    ({"élodie"}, ["Élodie Ňuňez"]),
    ({"ňuňez"}, ["Élodie Ňuňez"]),
    ({"ňuňez2"}, ["Élodie Ňuňez"]),
    ({"анна"}, ["Анна Ли"]),
    ({"%", "_", "___", "\\", "100%"}, []),
    ({"o'neil", "ana\x00", "\ud800"}, ["Jean O'Neil"]),
    ({"o'neil", "a" * 100_000}, ["Jean O'Neil"]),
    (set(), []),
]


async def test_a_name_is_a_handle_or_a_whole_word_of_a_name_in_any_script(store: Store) -> None:
    names = await people(store, "Ana Ruiz", "Eva Ruiz", "Élodie Ňuňez", "Анна Ли", "Jean O'Neil", "Martin Diana")
    for words, found in MEANT:
        async with store.begin("a") as tx:
            named, mentions = await tx.named(words, set(), "slack", "T")
        assert sorted(names[who] for who in named) == sorted(found), words
        assert mentions == {}


async def test_in_a_large_house_the_one_named_is_found_among_names_like_it(store: Store) -> None:
    await people(store, *(f"Martina{n} Colins{n}" for n in range(300)), "Tina Zed")
    async with store.begin("a") as tx:
        named, _ = await tx.named({"tina", "in", "a", "at"} | {f"word{n}" for n in range(60)}, set(), "slack", "T")
    assert [who.name for who in named.values()] == ["Tina Zed"]


async def test_a_mention_is_found_in_its_team_and_where_the_team_is_any(store: Store) -> None:
    house = await fill(store, "a")
    coach, teacher = house.of("coach"), house.of("teacher")
    await store.install("a", "slack", "T-second")  # with one workspace alone, no other can be meant
    async with store.begin("a") as tx:
        await tx.keep(house.person("mailed"))
        await tx.add_account(house.of("mailed"), Account(platform="slack", team="*", user=""), "m@a.example")
        await tx.add_account(coach, Account(platform="slack", team="*", user="U9"))
        users = {"U9", house.of("U-teacher")}
        named, mentions = await tx.named({house.of("mailed")}, users, "slack", house.of("team"))
        assert set(named) == {coach, teacher, house.of("mailed")}
        assert mentions == {coach: ("U9",), teacher: (house.of("U-teacher"),)}
        elsewhere, _ = await tx.named(set(), users, "slack", "T-else")
        assert set(elsewhere) == {coach}
        assert await tx.named(set(), users, "teams", house.of("team")) == ({}, {})


async def test_partners_are_the_other_side_of_open_partnerships_by_name(store: Store) -> None:
    house = await fill(store, "a")
    zoe, bo = house.person("zoe", name="Zoe"), house.person("bo", name="Bo")
    async with store.begin("a") as tx:
        for who, until in ((zoe, None), (bo, None), (house.person("gone"), AT)):
            await tx.keep(who)
            await tx.keep(
                Partnership(
                    id=f"pair-{who.id}",
                    organization="a",
                    coach=house.of("coach"),
                    teacher=who.id,
                    since=AT,
                    until=until,
                )
            )
        assert await tx.partners(house.coach) == (bo, house.teacher, zoe)
        assert await tx.partners(bo) == (house.coach,)
        assert await tx.partners(house.person("gone")) == ()


async def test_an_account_told_by_mail_is_completed_by_the_first_who_comes_with_that_mail(store: Store) -> None:
    house = House("a")
    await store.create_organization("a", "A")
    told = Account(platform="slack", team="*", user="")
    comes = Account(platform="slack", team="T1", user="U1", channel="D1", email="Ana@School.Example")
    async with store.begin("a") as tx:
        await tx.keep(house.teacher)
        await tx.add_account(house.teacher.id, told, "ana@school.example")
        assert await tx.account_of(house.teacher.id) is None
        assert await tx.person_of(replace(comes, email="")) is None
        assert await tx.person_of(replace(comes, user="")) is None
        assert await tx.person_of(replace(comes, platform="teams")) is None
        assert await tx.person_of(comes) == house.teacher
        await tx.touch_account(house.teacher.id, comes, AT)
        assert await tx.account_of(house.teacher.id) == replace(comes, email="")
        assert await tx.person_of(replace(comes, email="")) == house.teacher
        # The mail has done its work: nobody else comes in by it.
        assert await tx.person_of(replace(comes, user="U2")) is None


async def test_the_account_of_the_very_team_goes_before_that_of_any_team(store: Store) -> None:
    house = House("a")
    async with store.begin("a") as tx:
        for handle, team in (("any", "*"), ("exact", "T1")):
            await tx.keep(house.person(handle))
            await tx.add_account(house.of(handle), Account(platform="slack", team=team, user="U1"))
        found = await tx.person_of(Account(platform="slack", team="T1", user="U1"))
        assert found is not None
        assert found.id == house.of("exact")


async def test_people_are_answered_where_they_were_heard_last_and_can_be_reached(store: Store) -> None:
    house = await fill(store, "a")
    teacher, slack, web = house.teacher.id, house.account("teacher"), house.account("teacher", "web")
    async with store.begin("a") as tx:
        await tx.add_account(teacher, web)
        assert await tx.account_of(teacher) == slack
        await tx.touch_account(teacher, web, AT + timedelta(minutes=5))
        assert await tx.account_of(teacher) == web
        await tx.mark_account(teacher, "web", "blocked")
        assert await tx.account_of(teacher) == slack
        await tx.mark_account(teacher, "slack", "left")
        assert await tx.account_of(teacher) is None
        await tx.touch_account(teacher, slack, AT + timedelta(minutes=6))
        assert await tx.account_of(teacher) == slack


async def test_what_is_told_again_keeps_what_was_learned_of_an_account(store: Store) -> None:
    house = await fill(store, "a")
    async with store.begin("a") as tx:
        await tx.add_account(house.teacher.id, Account(platform="slack", team="*", user=house.of("U-teacher")))
        assert await tx.account_of(house.teacher.id) == house.account("teacher")
        await tx.add_account(house.teacher.id, Account(platform="slack", team="*", user="U-new"))
        new = Account(platform="slack", team=house.of("team"), user="U-new")
        assert await tx.account_of(house.teacher.id) == new


async def test_the_conversation_of_a_first_message_is_kept_once(store: Store) -> None:
    house = House("a")
    async with store.begin("a") as tx:
        await tx.keep(house.teacher)
        await tx.add_account(house.teacher.id, Account(platform="slack", team="T1", user="U1"))
        for channel in ("D1", "D2"):
            await tx.keep_channel(house.teacher.id, "slack", channel)
        account = await tx.account_of(house.teacher.id)
        assert account is not None
        assert account.channel == "D1"


async def test_schools_and_people_come_back_as_they_were_kept(store: Store) -> None:
    house = await fill(store, "a")
    away = replace(house.teacher, quiet_until=AT.date(), quiet_for="leave", light=True, weekday=0, chat="stopped")
    async with store.begin("a") as tx:
        await tx.keep(away)
        assert await tx.people((away.id, "nobody")) == {away.id: away}
        assert await tx.everybody() == (house.coach, away)
        assert await tx.handles() == {away.handle: away.id, house.coach.handle: house.coach.id}
        assert await tx.school(house.school.id) == house.school
        assert await tx.on_platform("slack") in {(house.coach, away), (away, house.coach)}
        assert await tx.on_platform("teams") == ()

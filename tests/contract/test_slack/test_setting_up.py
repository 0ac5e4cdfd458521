"""From the installation to the first meetings: an admin chooses coaches, a coach those teachers who were told."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.platform import Pace
from tests.contract.test_slack.lodging import Lodging, lodging
from tests.fakes.slack import Profile, Result, Slack, User
from tests.support.school import press, read, told, with_button

QUICK = Pace(start=100.0, most=100.0, conversation=0.0)  # this Slack takes whatever comes
SCHOOL = {
    "name": "Lincoln", "zone": "America/New_York", "opens": "07:00", "closes": "18:00",
    "safeguarding": "Ms Idris, room 12", "support": "Mr Otieno", "emergency": "911", "crisis": "988",
}  # fmt: skip


@pytest.fixture
async def host(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Lodging]:
    """The workspace has let us in with these features, and Kim did it."""
    async with Slack(echo=False) as slack:
        slack.pace.on = False
        kim = slack.team.user("kim", Profile("", "", "Kim Admin", tz="America/New_York"))
        for name, full in (("sam", "Sam Rivera"), ("ana", "Ana Ruiz"), ("ben", "Ben Okafor"), ("fay", "Ana Lee")):
            slack.team.user(name, Profile("", "", full, tz="America/New_York", email=f"{name}@school.example"))
        async with lodging(tmp_path, slack, features=getattr(request, "param", "")) as one:
            one.platform.pace = QUICK
            assert (await one.let_in(slack.team, kim)).status == 200
            await one.settle()
            yield one
        assert slack.state.complaints == []


def of(host: Lodging, *names: str) -> list[User]:
    return [host.slack.user(name) for name in names]


async def sends(host: Lodging, user: User, values: dict[str, object]) -> Result:
    result = await user.submit(None, values)  # type: ignore[arg-type]  # ids, or words
    assert result.ok, result.as_json()
    await host.settle()
    return result


async def coach(host: Lodging) -> User:
    """Sam, chosen by Kim, with a school."""
    kim, sam = of(host, "kim", "sam")
    await press(kim, "Choose coaches")
    await sends(host, kim, {"who": [sam.id]})
    assert (await sam.command("/beside", "setup")).ok
    view = sam.view()
    assert view is not None
    assert view.title == "About your school"
    await sends(host, sam, {**SCHOOL})
    view = sam.view()
    assert view is not None
    assert view.title == "Choose teachers"
    return sam


async def test_whoever_let_us_in_is_asked_who_coaches_and_nobody_else_is_written_to(host: Lodging) -> None:
    kim, sam, ana = of(host, "kim", "sam", "ana")
    (asked,) = read(kim)
    assert asked.startswith("Hi Kim, I'm Beside, a chat tool for teachers and their coaches. You let me in.")
    assert "Nobody coaches here yet." in asked
    assert host.slack.count("chat.postMessage") == 1
    await press(kim, "Choose coaches")
    wrong = await kim.submit(None, {"who": []})
    assert wrong.errors == {"who": "Choose somebody, or write a line with an e-mail."}
    await sends(host, kim, {"who": [sam.id]})
    (chosen,) = read(sam)
    assert chosen.startswith("Hi Sam, Kim chose you as a coach.")
    assert "“/beside setup” chooses the teachers you have told about me" in chosen
    assert read(kim)[-1].startswith("Chosen: Sam Rivera.")
    assert read(ana) == []
    # Changeable later, in whatever words; an admin is asked nothing.
    assert (await kim.say("hello?")).ok
    await host.settle()
    assert read(kim)[-1].startswith("Coaches here: Sam Rivera.")
    await press(kim, "Choose coaches")
    again = await kim.submit(None, {"who": [sam.id]})
    assert again.errors == {"who": "With you already: Sam Rivera"}


async def test_only_those_who_were_told_are_met_and_nothing_more_comes_before_their_yes(host: Lodging) -> None:
    sam = await coach(host)
    ana, fay, ben = of(host, "ana", "fay", "ben")
    await sends(host, sam, {"who": [ana.id, fay.id]})
    preview = told(sam)[-1]
    assert "I'd write to 2" in preview.shown
    assert "Ana Ruiz, Ana Lee" in preview.shown
    assert [read(one) for one in (ana, fay, ben)] == [[], [], []]
    async with host.store.begin("org-1") as tx:
        assert {person.role for person in await tx.everybody()} == {"admin", "coach"}
    await press(sam, "I have told them: say hello")
    await host.settle()
    assert preview.shown.startswith("I'll say hello to Ana Ruiz, Ana Lee, once each, in school hours.")
    for one in (ana, fay):
        (hello,) = read(one)
        assert hello.startswith("Hi Ana, I'm Beside, a chat tool that asks questions. Sam set me up")
    assert read(ben) == []
    async with host.store.begin("org-1") as tx:
        assert sorted(await tx.handles()) == ["ana", "anal", "kim", "sam"]
        teachers = [person for person in await tx.everybody() if person.role == "teacher"]
        assert [await tx.planned(one.id, "checkin") for one in teachers] == [None, None]
    await press(ana, "Sounds fine")
    async with host.store.begin("org-1") as tx:
        assert sorted([await tx.planned(one.id, "checkin") is not None for one in teachers]) == [False, True]


async def test_who_cannot_be_is_left_out_with_the_reason(host: Lodging) -> None:
    team = host.slack.team
    sam = await coach(host)
    ana, kim = of(host, "ana", "kim")
    await sends(host, sam, {"who": [ana.id]})
    await press(sam, "I have told them: say hello")
    guest = team.user("guest", Profile("", "", "Gus Guest", is_restricted=True))
    gone = team.user("gone", Profile("", "", "Lee Gone", deleted=True))
    robot = team.user("robot", Profile("", "", "Robo", is_bot=True))
    other = team.user("other", Profile("", "", "Zoe Other", home_team="T9999"))
    assert (await sam.command("/beside", "setup")).ok
    everybody = (ana, guest, gone, robot, other, sam, kim)
    await sends(host, sam, {"who": [one.id for one in everybody]})
    shown = told(sam)[-1].shown
    for line in (
        "With you already: Ana Ruiz", "Guests of the workspace: Gus Guest", "Accounts that are off: Lee Gone",
        "Apps: Robo", "From another workspace: Zoe Other", "You yourself: Sam Rivera", "Coaches here: Kim Admin",
    ):  # fmt: skip
        assert line.replace(": ", "") in shown.replace("\n", "").replace(": ", ""), (line, shown)
    assert shown.startswith("Nobody of these would hear from me.")
    assert told(sam)[-1].buttons == []
    assert all(read(one) == [] for one in (guest, gone, robot, other))


@pytest.mark.parametrize("host", ["email, groups, channels"], indirect=True)
async def test_a_channel_a_group_and_a_list_name_people_where_the_scopes_are_granted(host: Lodging) -> None:
    team = host.slack.team
    sam = await coach(host)
    ana, ben, fay = of(host, "ana", "ben", "fay")
    team.channel("grade5").members = [ana.id, sam.id]
    team.group("math", ben)
    await sam.close()
    shown = (await sam.command("/beside", "setup #grade5 @math")).shown
    assert shown is not None
    assert "Ana Ruiz, Ben Okafor" in shown.shown
    await sam.command("/beside", "setup")
    await sends(host, sam, {"who_list": "name, e-mail\nAnnie, FAY@school.example\nNo One, no.one@school.example"})
    assert "Ana Lee" in told(sam)[-1].shown
    assert "No One" in told(sam)[-1].shown.partition("Not found by e-mail")[2]
    await press(sam, "I have told them: say hello")
    await host.settle()
    assert read(fay)[0].startswith("Hi Ana, I'm Beside")


async def test_without_the_scopes_the_choice_is_explained_and_not_broken(host: Lodging) -> None:
    team = host.slack.team
    sam = await coach(host)
    ana, ben = of(host, "ana", "ben")
    team.channel("grade5").members = [ana.id]
    team.group("math", ben)
    await sam.close()
    shown = (await sam.command("/beside", "setup @ana #grade5 @math")).shown
    assert shown is not None
    assert "I could not read that channel" in shown.shown
    assert "I could not read that group" in shown.shown
    await press(sam, "I have told them: say hello")
    await host.settle()
    assert read(ana)[0].startswith("Hi Ana, I'm Beside")
    await sam.command("/beside", "setup")
    await sends(host, sam, {"who_list": "Ben Okafor, ben@school.example"})
    assert "I may not look people up by e-mail here" in told(sam)[-1].shown
    assert read(ben) == []


async def test_not_yet_keeps_nothing_and_a_school_needs_its_contacts(host: Lodging) -> None:
    kim, sam = of(host, "kim", "sam")
    await press(kim, "Choose coaches")
    await sends(host, kim, {"who": [sam.id]})
    await sam.command("/beside", "setup")
    wrong = await sam.submit(None, {**SCHOOL, "zone": "Mars/Base", "opens": "18:00", "closes": "07:00"})
    assert set(wrong.errors) == {"zone", "closes"}
    await sends(host, sam, {**SCHOOL})
    (ana,) = of(host, "ana")
    await sends(host, sam, {"who": [ana.id]})
    await press(sam, "Not yet")
    await host.settle()
    assert told(sam)[-1].shown == "Nothing was kept, and nobody was written to."
    assert read(ana) == []
    assert with_button(kim, "Choose coaches").shown.startswith("Hi Kim")


async def test_a_coach_who_was_taken_out_chooses_nobody_until_they_are_chosen_again(host: Lodging) -> None:
    sam = await coach(host)
    kim, ana, ben = of(host, "kim", "ana", "ben")
    await sends(host, sam, {"who": [ana.id]})
    await press(sam, "I have told them: say hello")
    await host.settle()
    waiting = told(sam)[-1]
    assert (await sam.command("/beside", "setup")).ok
    await sends(host, sam, {"who": [ben.id]})
    assert (await kim.say("coaches")).ok
    await host.settle()
    await press(kim, "Take one out")
    view = kim.view()
    assert view is not None
    assert view.title == "Who coaches no more?"
    async with host.store.begin("org-1") as tx:
        by_handle = await tx.handles()
    await sends(host, kim, {"leaver": by_handle["sam"]})
    preview = told(kim)[-1]
    assert "Ana Ruiz" in preview.shown
    await press(kim, "Take them out")
    await host.settle()
    assert preview.shown.startswith("Sam Rivera no longer coaches here.")
    assert read(sam)[-1].startswith("Kim Admin has taken you out as a coach here")
    assert waiting is not told(sam)[-1]
    # What stood open before is not gone through with.
    await press(sam, "I have told them: say hello")
    await host.settle()
    assert read(ben) == []
    said = read(ana)
    await press(kim, "Choose coaches")
    await sends(host, kim, {"who": [sam.id]})
    assert read(sam)[-1].startswith("Hi Sam, Kim chose you as a coach.")
    async with host.store.begin("org-1") as tx:
        assert await tx.handles() == by_handle
        sams = await tx.person(by_handle["sam"])
        assert sams is not None
        assert sams.coaching
        # Whom they are beside is theirs to choose, this time too.
        assert await tx.partners(sams) == ()
    assert read(ana) == said


async def test_an_admin_who_is_chosen_as_a_coach_stays_the_same_person(host: Lodging) -> None:
    kim, sam = of(host, "kim", "sam")
    assert (await host.let_in(host.slack.team, sam)).status == 200
    await host.settle()
    await press(kim, "Choose coaches")
    await sends(host, kim, {"who": [sam.id]})
    async with host.store.begin("org-1") as tx:
        assert sorted(await tx.handles()) == ["kim", "sam"]
        assert {person.role for person in await tx.everybody()} == {"admin", "coach"}

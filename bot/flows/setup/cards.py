"""The cards and forms of choosing people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.cards import Block, Button, Card, Details, Fact, Field, Form, Text, TextField, TimeField, WhoField
from bot.flow import Facts
from bot.flows.drawing import message, rows
from bot.flows.setup.states import Candidate, Previewing
from bot.spoken import clock

WHY = ("already", "me", "coach", "teacher", "guest", "stranger", "bot", "gone", "silent", "unknown")
MOST_NAMED = 40
UNREAD = ("channel", "group", "email", "many")


def button(facts: Facts, verb: str) -> Button:
    style = "confirm" if verb in ("welcome", "choose_coaches", "take_them_out") else "answer"
    return Button(verb, facts.say.button(f"setup.{verb}"), style)  # type: ignore[arg-type]  # one of two


def coaches(facts: Facts, *before: Text, takes_out: bool = False) -> Card:
    """Who coaches here, by name, and the way to more of them."""
    names = ", ".join(one.name for one in facts.coaches)
    said = facts.say("setup.coaches", names=names) if names else facts.say("setup.no_coaches")
    ways = ("choose_coaches", "take_one_out") if takes_out else ("choose_coaches",)
    return message(*before, said, answers=tuple(button(facts, verb) for verb in ways))


def coaches_form(facts: Facts) -> Form:
    say = facts.say
    return Form(
        verb="coaches", title=say.plain("setup.coaches_title"), intro=say.plain("setup.coaches_intro"),
        fields=_who(facts), submit=say.button("setup.keep_coaches"), cancel=say.button("setup.close"),
    )  # fmt: skip


def teachers_form(facts: Facts) -> Form:
    say = facts.say
    intro = say.plain("setup.teachers_intro")
    if facts.platform == "slack":
        intro += " " + say.plain("setup.teachers_typed")
    return Form(
        verb="teachers", title=say.plain("setup.teachers_title"), intro=intro, fields=_who(facts),
        submit=say.button("setup.look"), cancel=say.button("setup.close"),
    )  # fmt: skip


def _who(facts: Facts) -> tuple[Field, ...]:
    """People as the platform lets one choose them, and a list for everybody."""
    say = facts.say
    listed = TextField(
        "who_list", say.plain("setup.field_list"), optional=True, long=True, hint=say.plain("setup.hint_list")
    )
    return (WhoField("who", say.plain("setup.field_who"), optional=True), listed) if _picks(facts) else (listed,)


def _picks(facts: Facts) -> bool:
    """Whether the platform shows its own people to choose from."""
    return facts.platform == "slack"


def school_form(facts: Facts) -> Form:
    say, school = facts.say, facts.school
    return Form(
        verb="school", title=say.plain("setup.school_title"), intro=say.plain("setup.school_intro"),
        fields=(
            TextField("name", say.plain("setup.field_school"), school.name, max_length=120),
            TextField("zone", say.plain("setup.field_zone"), school.zone or _told(facts), max_length=60),
            TimeField("opens", say.plain("setup.field_opens"), _hhmm(school.opens)),
            TimeField("closes", say.plain("setup.field_closes"), _hhmm(school.closes)),
            *(
                TextField(name, say.plain(f"setup.field_{name}"), max_length=200)
                for name in ("safeguarding", "support", "emergency", "crisis")
            ),
        ),
        submit=say.button("setup.keep_school"), cancel=say.button("setup.close"),
    )  # fmt: skip


def _told(facts: Facts) -> str:
    """Where nobody has told it, an empty box says so; what is only presumed would be sent as it stands there."""
    return "" if facts.me.zone_by == "presumed" else facts.me.zone


def _hhmm(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def preview(state: Previewing, facts: Facts) -> Card:
    """Who would be written to, and who not and why; what could not be looked up is said."""
    say = facts.say
    going = [one for one in state.found if not one.why]
    shown = [Fact(say.plain("setup.would", count=str(len(going))), names(going, facts))] if going else []
    out = {why: [one for one in state.found if one.why == why] for why in WHY}
    shown += [Fact(left_out(why, facts), names(left, facts)) for why, left in out.items() if left]
    blocks: list[Block] = [say("setup.preview" if going else "setup.preview_nobody")]
    blocks += [Details(tuple(shown))] if shown else []
    many = {"count": f"{len(state.found):,}"}
    for one in UNREAD:
        if one in state.unread:
            blocks.append(say(f"setup.unread_{_there(one, facts)}", **many if one == "many" else {}))
    if going:
        at = clock(facts.school.opens), clock(facts.school.closes)
        blocks.append(say("setup.ask_told", opens=at[0], closes=at[1]))
    ways = (button(facts, "welcome"), button(facts, "not_yet")) if going else ()
    return Card(title=say.plain("setup.preview_title"), framed=True, blocks=(*blocks, *rows(ways)))


_ON_TEAMS = {"guest": "guest_teams", "stranger": "stranger_teams", "channel": "channel_teams"}


def left_out(why: str, facts: Facts) -> str:
    """Why somebody is not chosen, as a heading above their names."""
    return facts.say.plain(f"setup.left_{_there(why, facts)}")


def _there(what: str, facts: Facts) -> str:
    """Slack has workspaces and scopes, and Teams has neither."""
    return _ON_TEAMS.get(what, what) if facts.platform == "teams" else what


def names(people: Iterable[Candidate], facts: Facts) -> str:
    return listed([one.name for one in people], facts)


def listed(those: Sequence[str], facts: Facts) -> str:
    """By name, as far as anybody reads on."""
    more = len(those) - MOST_NAMED
    named = ", ".join(those[:MOST_NAMED] if more > 1 else those)
    return facts.say.plain("setup.and_more", names=named, count=str(more)) if more > 1 else named

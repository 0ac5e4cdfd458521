"""One person in two chats: a code typed in both, and a yes where they are known."""

from __future__ import annotations

from msgspec import Struct

from bot.cards import Button, Card, OnlyYou, Replace, Text
from bot.effects import Effect, Join, LetGo, Say
from bot.events import Account, AnyEvent, Commanded, Found, Pressed, Said
from bot.flow import Command, Facts, Flow, Turn
from bot.flows.drawing import message
from bot.linking import Linking, spelled
from bot.records import Own
from bot.words import Lines


class Asked(Struct, frozen=True, tag="asked"):
    """Whether that account is theirs too."""

    account: Account
    name: Own


class Told(Struct, frozen=True, tag="told"):
    """A code or a line stands there, and perhaps chats that can be let go."""


class Done(Struct, frozen=True, tag="done"):
    pass


State = Asked | Told | Done


def step(state: State | None, event: AnyEvent, facts: Facts) -> Turn:
    match state, event:
        case None, Found(by=by, on=on):
            now, card = _asking(by, facts)
            return Turn(now, (Say(to=facts.me.id, card=card, name="link", on=on),))
        case None, Said() | Commanded() if facts.linking is not None:
            return _typed(facts.linking, event, facts)
        case Asked(account), Pressed(verb="join"):
            return _join(account, facts)
        case Asked(), Pressed(verb="not_mine"):
            return Turn(Done(), (), Replace(message(facts.say("house.link_not_mine"))))
        case Told(), Pressed(verb="let_go", value=platform) if platform in _platforms(facts):
            return _let_go(platform, facts)
        case _:
            return Turn(state)


def _typed(linking: Linking, event: Said | Commanded, facts: Facts) -> Turn:
    state: State = Told()
    if linking.outcome == "found" and linking.account is not None:
        state, card = _asking(linking.account, facts)
    elif linking.outcome == "drawn":
        card = _code(linking, facts)
    else:
        card = line(linking.outcome, facts.say)
    if isinstance(event, Commanded):
        return Turn(state, (), OnlyYou(card))
    return Turn(state, (Say(to=facts.me.id, card=card, name="link"),))


def _code(linking: Linking, facts: Facts) -> Card:
    say, here = facts.say, _platforms(facts)
    text = say("house.link_code", line=Own(to_type(linking), facts.me.id))
    if len(here) < 2:
        return message(text)
    joined = say("house.link_here", platforms=_listed(here, say))
    buttons = (Button("let_go", say.button("house.link_let_go", platform=platform(p, say)), value=p) for p in here)
    return message(text, joined, answers=tuple(buttons))


def _asking(account: Account, facts: Facts) -> tuple[State, Card]:
    why = _hindrance(account, facts)
    if why is not None:
        return Done(), message(why)
    asked = Asked(
        Account(platform=account.platform, team=account.team, user=account.user, channel=account.channel),
        Own(account.name or account.user, facts.me.id),
    )
    return asked, _card(asked, facts)


def _card(asked: Asked, facts: Facts) -> Card:
    say = facts.say
    text = say("house.link_ask", name=asked.name, platform=platform(asked.account.platform, say))
    buttons = (Button("join", say.button("house.link_join")), Button("not_mine", say.button("house.link_not_mine")))
    return message(text, answers=buttons)


def _join(account: Account, facts: Facts) -> Turn:
    why = _hindrance(account, facts)
    if why is not None:
        return Turn(Done(), (), Replace(message(why)))
    say, me = facts.say, facts.me
    there = say("house.link_joined", platform=platform(facts.platform, say))
    effects = (
        Join(person=me.id, account=account),
        Say(to=me.id, card=message(there), on=account.platform),
    )
    return Turn(Done(), effects, Replace(message(say("house.link_joined", platform=platform(account.platform, say)))))


def _hindrance(account: Account, facts: Facts) -> Text | None:
    """What stands against joining that account to me, now."""
    if facts.holder == facts.me.id:
        return facts.say("house.link_already")
    if facts.holder:
        return facts.say("house.link_two")
    if account.platform in _platforms(facts):
        return facts.say("house.link_one_each", platform=platform(account.platform, facts.say))
    return None


def _let_go(gone: str, facts: Facts) -> Turn:
    say, left = facts.say, tuple(p for p in _platforms(facts) if p != gone)
    if not left:
        return Turn(Told(), (), Replace(message(say("house.link_last"))))
    card = message(say("house.link_gone", platform=platform(gone, say)))
    told = tuple[Effect, ...](Say(to=facts.me.id, card=card, on=p) for p in left if p != facts.platform)
    return Turn(Done(), (LetGo(person=facts.me.id, platform=gone), *told), Replace(card))


def line(outcome: str, say: Lines) -> Card:
    """One line about a code that was typed."""
    return message(say(f"house.link_{outcome}"))


def to_type(linking: Linking) -> str:
    return f"link {spelled(linking.code)}"


def platform(name: str, say: Lines) -> str:
    """A platform as it stands in a sentence."""
    return say.plain(f"house.on_{name}")


def _platforms(facts: Facts) -> tuple[str, ...]:
    return tuple(account.platform for account in facts.accounts)


def _listed(names: tuple[str, ...], say: Lines) -> str:
    return ", ".join(platform(name, say) for name in names)


def current(state: State | None, facts: Facts) -> Card | None:
    return _card(state, facts) if isinstance(state, Asked) else None


flow = Flow(
    name="link",
    states=State,
    step=step,
    current=current,
    commands=(Command("beside", "/beside link", word="link"),),
    typed=("link",),
    reads=("chats",),
)

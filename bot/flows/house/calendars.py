"""A person's calendars: an address to subscribe to, invitations, and calendars of theirs to keep free."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from msgspec.structs import replace

from bot.cards import Fact, Field, Form, Option, PickField, TextField, Wrong
from bot.effects import Drop, Effect, Keep, Say
from bot.flow import Facts, Turn, derived
from bot.flows.drawing import message
from bot.flows.house.shown import Shown
from bot.records import Calendar, Own, Subscription

MOST = 5
LONGEST = 2000
_MAIL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}")
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")


def known(facts: Facts) -> Calendar:
    return facts.calendar or Calendar(person=facts.me.id, organization=facts.me.organization)


def summary(facts: Facts) -> tuple[Fact, ...]:
    """What stands on the settings card: that there is an address, never the address."""
    say = facts.say
    found = []
    if known(facts).feed:
        found.append(Fact(say.plain("calendars.feed"), say.plain("calendars.feed_on")))
    found += [Fact(say.plain("calendars.yours"), _named(one, facts)) for one in facts.subscriptions]
    return tuple(found)


def _named(one: Subscription, facts: Facts) -> str:
    say = facts.say
    if one.fault == "partly":
        return say.plain("calendars.partly", host=one.host)
    if one.fault:
        return say.plain("calendars.not_read", host=one.host)
    return say.plain("calendars.odd_zone", host=one.host, zone=facts.me.zone) if one.odd_zone else one.host


def form(facts: Facts) -> Form:
    say, chosen = facts.say, known(facts)
    fields: list[Field] = []
    reachable = facts.platform == "web" or facts.public_url.startswith("http")
    if reachable and chosen.feed and facts.feed:
        address = f"{facts.public_url.rstrip('/')}/calendar/{facts.feed}.ics"
        hint = say.plain("calendars.feed_hint")
        fields.append(TextField("address", say.plain("calendars.feed"), Own(address, facts.me.id), True, hint=hint))
    if reachable:
        verbs = ("keep", "renew", "off") if chosen.feed else ("off", "on")
        options = tuple(Option(verb, say.plain(f"calendars.feed_{verb}_it")) for verb in verbs)
        fields.append(PickField("feed", say.plain("calendars.feed_want"), options, verbs[0]))
    if facts.me.role == "teacher":
        yes_no = tuple(Option(one, say.plain(f"calendars.question_{one}")) for one in ("no", "yes"))
        fields.append(PickField("question", say.plain("calendars.question_in"), yes_no, _yes(chosen.question)))
    if facts.mail:
        fields.append(TextField("mail", say.plain("calendars.mail"), chosen.mail or "", optional=True, max_length=254))
    if facts.subscriptions:
        none = Option("none", say.plain("calendars.remove_none"))
        options = (none, *(Option(one.id, _named(one, facts)) for one in facts.subscriptions))
        fields.append(PickField("remove", say.plain("calendars.remove"), options, "none", optional=True, many=True))
    hint = say.plain("calendars.add_hint")
    fields.append(TextField("add", say.plain("calendars.add"), optional=True, hint=hint, max_length=LONGEST))
    return Form(
        verb="calendars", title=say.plain("calendars.title"), fields=tuple(fields),
        submit=say.button("house.keep_settings"), cancel=say.button("house.close_form"),
        intro="" if reachable else say.plain("calendars.no_address"),
    )  # fmt: skip


def _yes(on: bool) -> str:
    return "yes" if on else "no"


def keep(fields: dict[str, str], facts: Facts) -> Turn:
    say, chosen, wrong = facts.say, known(facts), dict[str, str]()
    mail = fields.get("mail", "").strip() if facts.mail else ""
    if mail and not _MAIL.fullmatch(mail):
        wrong["mail"] = say.plain("calendars.bad_mail")
    added = fields.get("add", "").strip()
    host = host_of(added)
    if added and not host:
        wrong["add"] = say.plain("calendars.bad_address")
    elif added and len(facts.subscriptions) >= MOST:
        wrong["add"] = say.plain("calendars.enough", most=str(MOST))
    if wrong:
        return Turn(Shown("settings"), (), Wrong(wrong))
    feed = fields.get("feed", "")
    new = replace(
        chosen,
        feed=(chosen.feed or feed == "on") and feed != "off",
        # An address that is given up never comes back: the next one has another secret.
        turn=chosen.turn + (feed in ("on", "renew") or (feed == "off" and chosen.feed)),
        question=fields.get("question") == "yes" if facts.me.role == "teacher" else chosen.question,
        mail=(Own(mail, facts.me.id) if mail else None) if facts.mail else chosen.mail,
    )
    effects: list[Effect] = [] if new == chosen else [Keep(new)]
    gone = fields.get("remove", "")
    if gone in {one.id for one in facts.subscriptions}:
        effects.append(Drop(kind="subscription", id=gone))
    if added:
        effects.append(Keep(_subscription(added, host, facts)))
    lines = [say("house.settings_kept_coach")]
    if new.feed and new.turn != chosen.turn:
        lines.append(say("calendars.feed_made"))
    if added:
        lines.append(say("calendars.added", host=host))
    return Turn(Shown("settings"), (*effects, Say(to=facts.me.id, card=message(*lines))))


def _subscription(address: str, host: str, facts: Facts) -> Subscription:
    return Subscription(
        id=derived(facts.key, "subscription"), organization=facts.me.organization, person=facts.me.id,
        address=Own(address, facts.me.id), host=host,
    )  # fmt: skip


def host_of(address: str) -> str:
    """The name in an address that can be asked; nothing where it is none. Only encrypted lines are used."""
    if (
        len(address) > LONGEST
        or not re.match(r"(?:https|webcal)://", address, re.IGNORECASE)
        or re.search(r"\s", address)
    ):
        return ""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    fine = _HOST.fullmatch(host) and port in (None, 443) and parts.username is None
    return host if fine else ""

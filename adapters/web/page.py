"""The page itself: the clock, two people side by side, and their conversations as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec import Struct

from adapters.web.pane import hint
from adapters.web.render import attribute, message, shown
from bot.platform import Face, Remark

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_HANDS = (("hour", "+1 hour"), ("morning", "Next morning"), ("nudge", "Next nudge"), ("week", "+1 week"))

_SPRITE = (
    '<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">'
    '<symbol id="mark" viewBox="0 0 32 32"><circle class="dot-a" cx="14" cy="5" r="3.2"/>'
    '<path class="path-a" stroke-width="4.5" stroke-linecap="round" d="M14 13.5C14 20.5 7.5 20 7.5 28"/>'
    '<circle class="dot-b" cx="25" cy="5" r="3.2"/>'
    '<path class="path-b" stroke-width="4.5" stroke-linecap="round" d="M25 13.5C25 20.5 18.5 20 18.5 28"/></symbol>'
    '<symbol id="one-a" viewBox="0 0 18 18"><path class="path-a" d="M9 2c0 7-4 7-4 14"/></symbol>'
    '<symbol id="one-b" viewBox="0 0 18 18"><path class="path-b" d="M13 2c0 7-4 7-4 14"/></symbol>'
    '<symbol id="two" viewBox="0 0 18 18"><path class="path-a" d="M8 2c0 7-4 7-4 14"/>'
    '<path class="path-b" d="M14.5 2c0 7-4 7-4 14"/></symbol></svg>'
)
_LEFT_LINE = "M30 0C30 90 18 110 18 200S34 310 34 400 24 510 24 592"
_RIGHT_LINE = "M44 0C44 90 32 110 32 200S48 310 48 400 38 510 38 592"

Command = tuple[str, str, str]


class Pane(Struct, frozen=True):
    """One side of the page. `others` are the people who may be opened here instead, this one included."""

    side: str
    face: Face
    log: Sequence[Remark]
    commands: Sequence[Command]
    others: Sequence[Face]
    picks: str


def clock_text(at: datetime, zone: str) -> str:
    """Weekday, day, month and time, as on a wall in that zone."""
    here = at.astimezone(ZoneInfo(zone))
    return f"{_DAYS[here.weekday()]} {here.day} {_MONTHS[here.month - 1]}, {here:%H:%M}"


def zone_text(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ") + " time"


def day_of(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def commands_hint(face: Face, commands: Sequence[Command]) -> str:
    """What stands under the box while no question is open: for a coach a whole example, where a command has one."""
    example = next((fills for _, _, fills in commands if len(fills.split()) > 3), "")
    if example and face.role == "coach":
        return f"Try <code>{shown(example)}</code>"
    return "<code>help</code> lists what I can do."


def page(panes: Sequence[Pane], *, now: datetime, zone: str, csrf: str, key: str, cursor: str) -> str:
    """The whole document; `csrf` and `key` let its forms be sent once, also without script."""
    sides = [_pane(pane, panes, zone, csrf, key) for pane in panes]
    between = _between(panes) if len(panes) == 2 else ""
    left = panes[0].face.id if panes else ""
    here = now.astimezone(ZoneInfo(zone))
    hands = "".join(f'<button name="by" value="{by}" aria-label="{n}">{_short(n)}</button>' for by, n in _HANDS)
    hidden = _hidden(csrf, key, left)
    nobody = "" if panes else '<p class="empty">Nobody is here yet. Whoever joins is here, by name.</p>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="csrf" content="{attribute(csrf)}">
<title>Beside: playground</title>
<link rel="icon" href="/playground/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="/playground/style.css">
<script src="/playground/playground.js" defer></script>
</head>
<body data-after="{attribute(cursor)}">
{_SPRITE}
<a class="skip" href="#left-box">Skip to writing</a>
<div class="playground">
<header class="bar">
  <a class="brand" href="/" aria-label="Beside, playground"><svg class="mark" aria-hidden="true"><use href="#mark"/></svg><span>Beside</span></a>
  <p class="clock" aria-live="polite"><span class="unseen">Playground clock:</span> <time id="now" datetime="{here:%Y-%m-%dT%H:%M}">{clock_text(now, zone)}</time> <span class="zone">{shown(zone_text(zone))}</span></p>
  <form class="moves" method="post" action="/playground/move">{hidden}<div class="hands" role="group" aria-label="Move the clock">{hands}</div></form>
  <button type="button" class="quiet reset" data-open="d-reset">Reset</button>
  <p class="note" id="clock-note" role="status"></p>
</header>
<main>
<h1 class="unseen">Two people, side by side</h1>
{_tabs(panes)}
<div class="side-by-side">{between.join(sides)}{nobody}</div>
</main>
<footer class="foot">A playground shows both sides at once. In Slack or Teams each person sees only their own.</footer>
</div>
<dialog id="d-reset" aria-labelledby="d-reset-t"><form method="dialog">
  <h2 id="d-reset-t">Start the playground again?</h2>
  <p>Everything said here goes, and the clock returns to where it began.</p>
  <p class="wrong" role="alert"></p>
  <div class="end"><button class="quiet" value="no" autofocus>Keep it</button><button class="confirm" value="reset">Start again</button></div>
</form></dialog>
</body>
</html>
"""  # noqa: E501 - markup reads better unbroken


def log_html(pane: Pane, zone: str) -> str:
    """The messages, with a line where a day begins."""
    out, day = [], ""
    for remark in pane.log:
        if (this := day_of(remark.at, zone)) != day:
            day = this
            out.append(f'<p class="day" data-day="{day}">{clock_text(remark.at, zone)}</p>')
        out.append(message(remark, pane.face))
    first = shown(pane.face.first)
    return "".join(out) or f'<p class="empty">Nothing yet. What {first} writes is here, in {first}’s words.</p>'


def _pane(pane: Pane, panes: Sequence[Pane], zone: str, csrf: str, key: str) -> str:
    face, side = pane.face, pane.side
    first, role = shown(face.first), "coach" if face.role == "coach" else "teacher"
    front = " front" if side == "left" else ""
    plain = commands_hint(face, pane.commands)
    now = shown(hint(pane.log)) or plain
    return f"""
<section class="pane {role}{front}" id="{side}" aria-labelledby="{side}-name" data-person="{attribute(face.id)}" data-handle="{attribute(face.handle)}">
  <header>
    <span class="face" aria-hidden="true">{shown(face.first[:1])}</span>
    <div><h2 id="{side}-name">{first}</h2><p>{role.capitalize()}</p></div>
    <div class="end">{_chooser(pane, panes)}</div>
  </header>
  <div class="log" role="log" lang="{attribute(face.language)}" aria-live="polite" aria-label="{first} and Beside" tabindex="0">{log_html(pane, zone)}</div>
  <div class="writing">
    <button type="button" class="below" hidden>New message below</button>
    <p class="offline" role="status"></p>
    <form class="composer" method="post" action="/playground/say">{_hidden(csrf, key, face.id)}{_sides(panes)}
      <label class="unseen" for="{side}-box">Write as {first}</label>
      <ul class="slash" role="listbox" id="{side}-slash" aria-label="Commands" hidden>{_commands(pane)}</ul>
      <div class="box"><textarea id="{side}-box" name="text" dir="auto" rows="1" aria-describedby="{side}-hint" aria-autocomplete="list" aria-controls="{side}-slash" placeholder="Write as {first}"></textarea><button>Send</button></div>
      <p class="hint" id="{side}-hint"><span class="now">{now}</span><span class="plain" hidden>{plain}</span><span class="keys"><kbd>/</kbd> for commands</span></p>
    </form>
  </div>
</section>
"""  # noqa: E501 - markup reads better unbroken


def _chooser(pane: Pane, panes: Sequence[Pane]) -> str:
    """Another person on this side. Choosing on the left brings their coach along."""
    if len(pane.others) < 2:
        return ""
    left = attribute(panes[0].face.handle)
    keep = f'<input type="hidden" name="left" value="{left}">' if pane.side == "right" else ""
    options = "".join(
        f'<option value="{attribute(face.handle)}"{" selected" if face.id == pane.face.id else ""}>'
        f"{shown(face.first)}</option>"
        for face in pane.others
    )
    return (
        f'<form class="chooser" method="get" action="/">{keep}'
        f'<label class="unseen" for="{pane.side}-who">{pane.picks}</label>'
        f'<select id="{pane.side}-who" name="{pane.side}">{options}</select><button class="small">Show</button></form>'
    )


def _commands(pane: Pane) -> str:
    return "".join(
        f'<li role="option" id="{pane.side}-o{n}" aria-selected="false" data-fill="{attribute(fills)}">'
        f"<b>{shown(command)}</b><span>{shown(explains)}</span></li>"
        for n, (command, explains, fills) in enumerate(pane.commands)
    )


def _tabs(panes: Sequence[Pane]) -> str:
    if len(panes) < 2:
        return ""
    chosen, other = 'aria-selected="true"', 'aria-selected="false" tabindex="-1"'
    tabs = "".join(
        f'<button type="button" role="tab" id="{pane.side}-tab" class="{attribute(pane.face.role)}" '
        f'aria-controls="{pane.side}" {chosen if n == 0 else other}>'
        f"{shown(pane.face.first)}, {shown(pane.face.role)}</button>"
        for n, pane in enumerate(panes)
    )
    return f'<div class="tabs" role="tablist" aria-label="Whose side">{tabs}</div>'


def _between(panes: Sequence[Pane]) -> str:
    left, right = ("path-b" if pane.face.role == "coach" else "path-a" for pane in panes)
    return (
        '<svg class="between" viewBox="0 0 64 600" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<path class="{left}" d="{_LEFT_LINE}"/><path class="{right}" d="{_RIGHT_LINE}"/>'
        f'<path class="{left} walker" d="M24 592h.01"/><path class="{right} walker" d="M38 592h.01"/></svg>'
    )


def _hidden(csrf: str, key: str, person: str) -> str:
    fields = (("csrf", csrf), ("key", key), ("person", person))
    return "".join(f'<input type="hidden" name="{name}" value="{attribute(value)}">' for name, value in fields)


def _sides(panes: Sequence[Pane]) -> str:
    return "".join(f'<input type="hidden" name="{pane.side}" value="{attribute(pane.face.handle)}">' for pane in panes)


def _short(name: str) -> str:
    """On a phone "Next" steps aside; the accessible name keeps it."""
    if not name.startswith("Next "):
        return name
    return f'<span class="next">Next&nbsp;</span><span class="cap">{name.removeprefix("Next ")}</span>'

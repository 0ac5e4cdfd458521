"""Modals and home tabs: opened with a trigger, stacked up to three, updated by id."""

from typing import Final

from tests.fakes.slack import screen
from tests.fakes.slack.blocks import view_problems
from tests.fakes.slack.refusal import Refused
from tests.fakes.slack.shapes import Json, items, obj, text
from tests.fakes.slack.state import TRIGGER_LIVES, State, Team, Trigger, View

MOST_STACKED: Final = 3


def open_view(state: State, team: Team, fields: Json) -> Json:
    asked, trigger = _asked(team, fields["view"], "modal"), _use(state, team, text(fields["trigger_id"]))
    view = _make(state, team, trigger.user, asked)
    team.views[trigger.user] = [view]
    return {"view": view_json(team, view)}


def push_view(state: State, team: Team, fields: Json) -> Json:
    asked, trigger = _asked(team, fields["view"], "modal"), _use(state, team, text(fields["trigger_id"]))
    stack = team.views.get(trigger.user, [])
    if not stack or stack[-1].id != trigger.view:
        raise Refused("not_found")
    return {"view": view_json(team, push(state, team, trigger.user, asked))}


def update_view(state: State, team: Team, fields: Json) -> Json:
    wanted, outside = fields["view_id"], fields["external_id"]
    if not wanted and not outside:
        raise Refused("invalid_arguments", messages=["[ERROR] must provide view_id or external_id"])
    found = [
        one for one in team.all_views() if one.id == wanted or (not wanted and one.asked.get("external_id") == outside)
    ]
    if not found:
        raise Refused("not_found")
    _same(found[0], text(fields["hash"]))
    asked = _asked(team, fields["view"], text(found[0].asked.get("type")), instead_of=found[0])
    return {"view": view_json(team, replace(state, found[0], asked))}


def publish_view(state: State, team: Team, fields: Json) -> Json:
    user = text(fields["user_id"])
    if user not in team.profiles:
        raise Refused("user_not_found")
    asked, old = _asked(team, fields["view"], "home", instead_of=team.homes.get(user)), team.homes.get(user)
    if old is not None:
        _same(old, text(fields["hash"]))
        return {"view": view_json(team, replace(state, old, asked))}
    team.homes[user] = _make(state, team, user, asked)
    return {"view": view_json(team, team.homes[user])}


def push(state: State, team: Team, user: str, asked: Json) -> View:
    """One more view on this person's stack."""
    stack = team.views.setdefault(user, [])
    if len(stack) >= MOST_STACKED:
        raise Refused("push_limit_reached")
    view = _make(state, team, user, asked)
    if stack:
        view.root, view.previous = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def replace(state: State, view: View, asked: Json) -> View:
    """The same view, newly drawn. What was typed stays where block and action ids are the same."""
    view.asked = _with_ids(state, asked)
    here = {field.key for field in screen.fields(view.blocks)}
    view.draft = {key: entry for key, entry in view.draft.items() if key in here}
    view.hash = _hash(state)
    return view


def view_json(team: Team, view: View) -> Json:
    """A view as Slack writes it, with what is filled in at this moment."""
    asked = view.asked
    return {
        "id": view.id, "team_id": team.id, "type": asked["type"], "blocks": view.blocks, "title": asked.get("title"),
        "submit": asked.get("submit"), "close": asked.get("close"), "callback_id": asked.get("callback_id", ""),
        "private_metadata": asked.get("private_metadata", ""), "external_id": asked.get("external_id", ""),
        "state": {"values": screen.state_values(view.blocks, view.draft)}, "hash": view.hash,
        "clear_on_close": asked.get("clear_on_close", False), "notify_on_close": asked.get("notify_on_close", False),
        "previous_view_id": view.previous or None, "root_view_id": view.root or view.id, "app_id": team.app_id,
        "app_installed_team_id": team.id, "bot_id": team.bot_id,
    }  # fmt: skip


def view_of_answer(team: Team, asked: object) -> Json:
    """A view sent in answer to a submission, refused as Slack refuses it."""
    return _asked(team, asked, "modal")


def _asked(team: Team, given: object, kind: str, *, instead_of: View | None = None) -> Json:
    asked = obj(given)
    found = view_problems(asked)
    if asked.get("type") != kind:
        found = [f"must be a {kind} [json-pointer:/view/type]"]
    if found:
        raise Refused("invalid_arguments", messages=[f"[ERROR] {one}" for one in found])
    outside = asked.get("external_id")
    if outside and any(one.asked.get("external_id") == outside and one is not instead_of for one in team.all_views()):
        raise Refused("duplicate_external_id")
    return asked


def _use(state: State, team: Team, id: str) -> Trigger:
    trigger = state.triggers.get(id)
    if trigger is None or trigger.team != team.id:
        raise Refused("invalid_trigger_id")
    if state.now() - trigger.made_at > TRIGGER_LIVES:
        raise Refused("expired_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    trigger.used = True
    return trigger


def _make(state: State, team: Team, user: str, asked: Json) -> View:
    return View(state.make_id("V"), team.id, user, _with_ids(state, asked), _hash(state))


def _with_ids(state: State, asked: Json) -> Json:
    return {**asked, "blocks": screen.with_ids(items(asked.get("blocks")), f"{state.make_id('')[-4:].lower()}b")}


def _hash(state: State) -> str:
    return f"{int(state.now())}.{state.make_id('')[-8:].lower()}"


def _same(view: View, hash: str) -> None:
    if hash and hash != view.hash:
        raise Refused("hash_conflict")

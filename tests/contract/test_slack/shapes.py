"""What Slack sends to apps, in its own shapes: of what we listen to, and of what we do not.

Each is the name, how it comes (an event, an interaction, a command), its body, and what reaches the door of it.
"""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from bot.events import Commanded, Edited, FromPlatform, Joined, Left, Pressed, Removed, Said, Submitted

Json = dict[str, Any]
Comes = tuple[type[FromPlatform], ...]
TEAM, USER, APP, BOT = "T0001", "U0001ANA", "A0001", "U0001BOT"
OURS = '["thread",1,"keep","value"]'
USERS: Json = {"id": USER, "username": "ana", "name": "ana", "team_id": TEAM}
FILE: Json = {
    "id": "F1", "name": "board.png", "mimetype": "image/png", "filetype": "png", "mode": "hosted", "size": 77,
    "is_external": False, "url_private": "https://files.slack.test/F1/board.png", "file_access": "visible",
}  # fmt: skip
RICH: Json = {
    "type": "rich_text", "block_id": "Q1",
    "elements": [
        {"type": "rich_text_section", "elements": [
            {"type": "text", "text": "Halves "}, {"type": "emoji", "name": "wave", "unicode": "1f44b"},
            {"type": "user", "user_id": "U0002"}, {"type": "link", "url": "https://a.test", "text": "here"},
            {"type": "broadcast", "range": "here"}, {"type": "color", "value": "#fff"},
            {"type": "date", "timestamp": 1790000000, "format": "{date}", "fallback": "a day"},
            {"type": "usergroup", "usergroup_id": "S1"}, {"type": "channel", "channel_id": "C1"},
        ]},
        {"type": "rich_text_list", "style": "ordered", "indent": 0, "elements": [
            {"type": "rich_text_section", "elements": [{"type": "text", "text": "one", "style": {"bold": True}}]},
        ]},
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "two"}]},
        {"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": "three"}]},
    ],
}  # fmt: skip


class Shape(Struct, frozen=True):
    name: str
    way: str
    body: Json
    comes: Comes = ()


def envelope(event: Json, **more: object) -> Json:
    return {
        "token": "t", "team_id": TEAM, "api_app_id": APP, "type": "event_callback", "event_id": "Ev0",
        "event_time": 1790000000, "authed_users": [BOT], "event_context": "4-ev", "is_ext_shared_channel": False,
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        ],
        "event": event,
    } | more  # fmt: skip


def said(**more: object) -> Json:
    return {
        "type": "message", "channel": "D0001ANA", "channel_type": "im", "user": USER, "text": "We tried halves.",
        "ts": "1790000000.000100", "event_ts": "1790000000.000100", "team": TEAM, "client_msg_id": "c-1",
        "blocks": [RICH],
    } | more  # fmt: skip


def interaction(kind: str, **more: object) -> Json:
    return {
        "type": kind, "user": USERS, "api_app_id": APP, "token": "t", "team": {"id": TEAM, "domain": "lincoln"},
        "enterprise": None, "is_enterprise_install": False, "trigger_id": "1.2.abc",
    } | more  # fmt: skip


def pressed(action: Json, **more: object) -> Json:
    return interaction(
        "block_actions",
        container={"type": "message", "message_ts": "1790000000.0001", "channel_id": "D0001ANA", "is_ephemeral": False},
        channel={"id": "D0001ANA", "name": "directmessage"},
        message={"type": "message", "bot_id": "B0001", "user": BOT, "text": "x", "ts": "1790000000.0001", "blocks": []},
        state={"values": {}},
        response_url="https://hooks.slack.com/actions/T0001/1/x",
        actions=[{"block_id": "b1", "action_ts": "1790000001.1"} | action],
    ) | more  # fmt: skip


def view(kind: str = "modal", **more: object) -> Json:
    return {
        "id": "V0001", "team_id": TEAM, "type": kind, "blocks": [], "private_metadata": OURS, "callback_id": "beside",
        "state": {"values": {}}, "hash": "1790000000.abc", "title": {"type": "plain_text", "text": "T", "emoji": False},
        "clear_on_close": False, "notify_on_close": False, "close": None, "submit": None, "previous_view_id": None,
        "root_view_id": "V0001", "app_id": APP, "external_id": "", "app_installed_team_id": TEAM, "bot_id": "B0001",
    } | more  # fmt: skip


def shapes() -> Iterator[Shape]:
    yield from _messages()
    yield from _rewritten()
    yield from _people()
    yield from _unheard()
    yield from _where_from()
    yield from _presses()
    yield from _views()
    yield from _others()
    yield from _commands()


def _messages() -> Iterator[Shape]:
    def one(name: str, *comes: type[FromPlatform], **more: object) -> Shape:
        return Shape(f"message: {name}", "event", envelope(said(**more)), comes)

    yield one("plain", Said)
    yield one("without blocks", Said, blocks=None)
    yield one("from a client without an id", Said, client_msg_id=None)
    yield one("below another", Said, thread_ts="1789999999.0001", parent_user_id=BOT)
    yield one("an assistant's thread", Said, thread_ts="1789999999.0001", assistant_thread={"action_token": "1.2.a"})
    yield one("with a link unfolded", Said, attachments=[{"from_url": "https://a.test", "title": "A", "id": 1}])
    yield one("of an Enterprise user", Said, user="W0001ANA", user_team="E0001", source_team="E0001")
    yield one("a file", Said, subtype="file_share", files=[FILE], upload=False, display_as_bot=False)
    yield one("a file without a word", Said, subtype="file_share", files=[FILE], text="", blocks=None)
    yield one(
        "a file to be looked up", Said, subtype="file_share", files=[{"id": "F1", "file_access": "check_file_info"}]
    )
    yield one("a file that is gone", Said, subtype="file_share", files=[{"id": "F1", "mode": "tombstone"}])
    yield one("of a bot", subtype="bot_message", bot_id="B1", username="bot", user=None, icons={"emoji": ":x:"})
    yield one(
        "of an app", bot_id="B1", app_id="A1", bot_profile={"id": "B1", "name": "x", "deleted": False, "icons": {}}
    )
    yield one(
        "of our own", bot_id="B0001", app_id=APP, user=BOT, metadata={"event_type": "beside", "event_payload": {}}
    )
    yield one("me", subtype="me_message")
    yield one("also to the channel", subtype="thread_broadcast", thread_ts="1.1", root={"type": "message", "ts": "1.1"})
    yield one("an assistant's beginning", subtype="assistant_app_thread", assistant_app_thread={"title": "New"})
    yield one("a reminder", subtype="reminder_add")
    yield one("huddle", subtype="huddle_thread", room={"id": "R1", "name": ""}, no_notifications=True)
    yield one("with nothing said by nothing", Said, thread_ts="", user_team="", source_team="", subtype="", bot_id="")
    yield one("slackbot", user="USLACKBOT", subtype="slackbot_response")
    yield one("document mention", subtype="document_mention")
    for kind in (
        "channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive",
        "channel_unarchive", "channel_convert_to_private", "channel_posting_permissions", "group_join", "group_leave",
        "bot_add", "bot_remove", "ekm_access_denied", "file_comment", "file_mention", "pinned_item", "unpinned_item",
        "reply_broadcast", "sh_room_created", "joiner_notification", "tabbed_canvas_updated", "bot_disable",
    ):  # fmt: skip
        yield one(kind, subtype=kind, inviter="U0002", item_type="C")
    for kind, channel in (("channel", "C1"), ("group", "G1"), ("mpim", "G2"), ("app_home", "D1")):
        yield one(f"in a {kind}", channel_type=kind, channel=channel)
    replied = {"type": "message", "user": USER, "text": "x", "ts": "1.1", "reply_count": 1, "replies": [{"ts": "1.2"}]}
    yield one("replied", subtype="message_replied", message=replied, hidden=True, user=None, text=None)


def _rewritten() -> Iterator[Shape]:
    mine: Json = {"type": "message", "user": USER, "team": TEAM, "text": "Thirds.", "ts": "1790000000.000100"}
    edited = mine | {"edited": {"user": USER, "ts": "1790000009.0"}, "blocks": [RICH]}

    def one(name: str, *comes: type[FromPlatform], **more: object) -> Shape:
        about = {
            "type": "message", "channel": "D0001ANA", "channel_type": "im", "hidden": True, "ts": "1790000009.1",
            "event_ts": "1790000009.1",
        }  # fmt: skip
        return Shape(f"rewritten: {name}", "event", envelope(about | more), comes)

    changed: Json = {"subtype": "message_changed", "previous_message": mine | {"text": "Halves."}}
    yield one("edited", Edited, **changed, message=edited)
    yield one("unfolded", **changed | {"previous_message": mine}, message=mine | {"attachments": [{"id": 1}]})
    yield one("our own", **changed, message=mine | {"bot_id": "B0001", "user": BOT})
    yield one("of a bot without a user", **changed, message={"subtype": "bot_message", "bot_id": "B1", "ts": "1.1"})
    stone = mine | {"subtype": "tombstone", "text": "This message was deleted.", "user": USER, "hidden": True}
    yield one("deleted with replies below", Removed, **changed, message=stone)
    yield one("with a thread begun", **changed | {"previous_message": mine}, message=mine | {"thread_ts": "1.1"})
    yield one(
        "an assistant's title",
        **changed,
        message={
            "subtype": "assistant_app_thread",
            "ts": "1.1",
            "user": BOT,
            "bot_id": "B0001",
            "assistant_app_thread": {"title": "x"},
        },
    )
    yield one("deleted", Removed, subtype="message_deleted", previous_message=mine, deleted_ts="1790000000.000100")
    yield one(
        "our own deleted", subtype="message_deleted", previous_message=mine | {"bot_id": "B0001"}, deleted_ts="1.1"
    )


def _people() -> Iterator[Shape]:
    def one(name: str, event: Json, *comes: type[FromPlatform]) -> Shape:
        return Shape(f"people: {name}", "event", envelope(event | {"event_ts": "1790000000.2"}), comes)

    profile: Json = {
        "id": USER, "team_id": TEAM, "name": "ana", "deleted": False, "color": "9f69e7", "real_name": "Ana Ruiz",
        "tz": "America/New_York", "tz_label": "EST", "tz_offset": -18000, "is_admin": False, "is_bot": False,
        "is_app_user": False, "updated": 1790000000, "is_email_confirmed": True, "locale": "en-US",
        "profile": {"real_name": "Ana Ruiz", "display_name": "ana", "fields": {}, "status_text": "", "team": TEAM},
    }  # fmt: skip
    opened = {"type": "app_home_opened", "user": USER, "channel": "D0001ANA"}
    yield one("home, messages", opened | {"tab": "messages"}, Joined)
    yield one("home, never drawn", opened | {"tab": "home"}, Joined)
    yield one("home, drawn before", opened | {"tab": "home", "view": view("home")}, Joined)
    yield one("home, about", opened | {"tab": "about"}, Joined)
    yield one("home, without a tab", opened, Joined)
    yield one("joined", {"type": "team_join", "user": profile, "cache_ts": 1}, Joined)
    yield one("a bot joined", {"type": "team_join", "user": profile | {"is_bot": True}})
    yield one("a guest joined", {"type": "team_join", "user": profile | {"is_restricted": True}}, Joined)
    yield one(
        "a stranger joined", {"type": "team_join", "user": profile | {"team_id": "T9", "is_stranger": True}}, Joined
    )
    yield one("changed", {"type": "user_change", "user": profile, "cache_ts": 1})
    yield one("left", {"type": "user_change", "user": profile | {"deleted": True}}, Left)
    yield one("huddle", {"type": "user_huddle_changed", "user": profile})
    yield one("uninstalled", {"type": "app_uninstalled"}, Left)
    told_finely = envelope({"type": "app_uninstalled"}, event_time=1790000000000016)
    yield Shape("people: uninstalled, told in millionths", "event", told_finely, (Left,))
    yield one("bot token revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}}, Left)
    yield one("a person's token revoked", {"type": "tokens_revoked", "tokens": {"oauth": [USER], "bot": []}})
    yield one("tokens without a list", {"type": "tokens_revoked", "tokens": {"oauth": [USER]}})


def _unheard() -> Iterator[Shape]:
    """Events that nobody subscribed to."""
    item: Json = {"type": "message", "channel": "C1", "ts": "1.1"}
    for event in (
        {"type": "app_mention", "user": USER, "text": f"<@{BOT}> hi", "ts": "1.1", "channel": "C1", "blocks": [RICH]},
        {"type": "reaction_added", "user": USER, "reaction": "wave", "item": item, "item_user": "U2"},
        {"type": "reaction_removed", "user": USER, "reaction": "wave", "item": item},
        {"type": "channel_created", "channel": {"id": "C1", "name": "math", "created": 1, "creator": "U2"}},
        {"type": "channel_rename", "channel": {"id": "C1", "name": "maths", "created": 1}},
        {"type": "channel_deleted", "channel": "C1"},
        {"type": "channel_archive", "channel": "C1", "user": USER},
        {"type": "channel_id_changed", "old_channel_id": "G1", "new_channel_id": "C2"},
        {"type": "channel_shared", "connected_team_id": "E1", "channel": "C1"},
        {"type": "im_created", "user": USER, "channel": {"id": "D1", "user": "U2"}},
        {"type": "im_open", "user": USER, "channel": "D1"},
        {"type": "im_close", "user": USER, "channel": "D1"},
        {"type": "member_joined_channel", "user": USER, "channel": "C1", "channel_type": "C", "team": TEAM},
        {"type": "member_left_channel", "user": USER, "channel": "C1", "channel_type": "C", "team": TEAM},
        {"type": "file_shared", "file_id": "F1", "file": {"id": "F1"}, "user_id": USER, "channel_id": "D1"},
        {"type": "file_change", "file_id": "F1", "file": {"id": "F1"}},
        {"type": "file_deleted", "file_id": "F1"},
        {"type": "link_shared", "user": USER, "channel": "C1", "links": [{"domain": "a.test", "url": "https://a.test"}]},
        {"type": "pin_added", "user": USER, "channel_id": "C1", "item": {"type": "message", "message": {}}},
        {"type": "star_added", "user": USER, "item": item},
        {"type": "emoji_changed", "subtype": "add", "name": "x", "value": "https://a.test/x.png"},
        {"type": "dnd_updated_user", "user": USER, "dnd_status": {"dnd_enabled": True}},
        {"type": "subteam_created", "subteam": {"id": "S1", "team_id": TEAM, "handle": "coaches", "users": [USER]}},
        {"type": "subteam_members_changed", "subteam_id": "S1", "added_users": [USER], "removed_users": []},
        {"type": "team_rename", "name": "Lincoln"},
        {"type": "team_domain_change", "url": "https://l.slack.com", "domain": "l"},
        {"type": "team_access_granted", "team_ids": ["T0001", "T0002"]},
        {"type": "team_access_revoked", "team_ids": ["T0001"]},
        {"type": "scope_granted", "scopes": ["files:write"], "trigger_id": "1.2"},
        {"type": "user_profile_changed", "user": {"id": USER, "team_id": TEAM}},
        {"type": "user_status_changed", "user": {"id": USER, "team_id": TEAM}},
        {"type": "app_requested", "app_request": {"id": "1", "app": {"id": APP}}},
        {"type": "app_installed", "app_id": APP, "user_id": USER},
        {"type": "app_rate_limited"},
        {"type": "grid_migration_started", "enterprise_id": "E1"},
        {"type": "grid_migration_finished", "enterprise_id": "E1"},
        {"type": "workflow_step_execute", "callback_id": "x", "workflow_step": {"workflow_step_execute_id": "1"}},
        {"type": "workflow_published", "workflow_id": "1", "workflow_draft_configuration": {}},
        {"type": "function_executed", "function": {"id": "Fn1", "callback_id": "x", "type": "app"},
         "inputs": {"a": "b"}, "function_execution_id": "Fx1", "bot_access_token": "xwfp-x"},
        {"type": "assistant_thread_started", "assistant_thread": {"user_id": USER, "context": {"channel_id": "C1"},
                                                                  "channel_id": "D1", "thread_ts": "1.1"}},
        {"type": "assistant_thread_context_changed", "assistant_thread": {"user_id": USER, "context": {},
                                                                          "channel_id": "D1", "thread_ts": "1.1"}},
        {"type": "shared_channel_invite_received", "invite": {"id": "I1"}, "channel": {"id": "C1"}},
        {"type": "shared_channel_invite_accepted", "approval_required": False, "invite": {"id": "I1"}},
        {"type": "message_metadata_posted", "app_id": APP, "bot_id": "B1", "metadata": {"event_type": "x"}},
        {"type": "call_rejected", "call_id": "R1", "user_id": USER},
        {"type": "resources_added", "resources": []},
        {"type": "invite_requested", "invite_request": {"id": "1"}},
        {"type": "something_new", "whatever": [1, {"deep": None}]},
    ):  # fmt: skip
        yield Shape(f"unheard: {event['type']}", "event", envelope({**event, "event_ts": "1.3"}))


def _where_from() -> Iterator[Shape]:
    """The same words through every kind of envelope."""

    def one(name: str, **more: object) -> Shape:
        return Shape(f"envelope: {name}", "event", envelope(said(), **more), (Said,))

    org = {"enterprise_id": "E0001", "team_id": None, "user_id": "W1", "is_bot": True, "is_enterprise_install": True}
    yield one("of an organization's install", enterprise_id="E0001", authorizations=[org])
    yield one(
        "with no workspace", enterprise_id="E0001", team_id=None, authorizations=[org], is_enterprise_install=True
    )
    yield one("with no authorizations", authorizations=[])
    yield one("with authorizations of null", authorizations=None)
    yield one("of a shared channel", is_ext_shared_channel=True, context_team_id=TEAM, context_enterprise_id="E9")
    yield one("of years ago", authed_teams=[TEAM], authorizations=None)
    yield one("with a word more", something_new={"a": [1]})
    yield one("with nothing said by nothing", enterprise_id="", context_enterprise_id="", event_context="")
    elsewhere = said(channel="C1", channel_type="channel", subtype="file_share", files=[])
    yield Shape("envelope: of nothing of ours, with no id", "event", envelope(elsewhere, event_id=None))


def _presses() -> Iterator[Shape]:
    """Every element that can be touched; only a button of ours is heard."""
    ours: Json = {
        "type": "button",
        "action_id": "keep:0",
        "text": {"type": "plain_text", "text": "Keep"},
        "value": OURS,
    }
    option: Json = {"text": {"type": "plain_text", "text": "One", "emoji": True}, "value": "1"}

    def one(name: str, action: Json, *comes: type[FromPlatform], **more: object) -> Shape:
        return Shape(f"press: {name}", "interaction", pressed(action, **more), comes)

    yield one("a button of ours", ours, Pressed)
    yield one(
        "a primary one with a question first", ours | {"style": "primary", "confirm": {"style": "danger"}}, Pressed
    )
    yield one("a button of somebody else's", ours | {"value": "click_me_123", "action_id": "theirs"})
    yield one("a button with no value", {"type": "button", "action_id": "bare", "text": ours["text"]})
    yield one("a link", ours | {"url": "https://a.test", "value": None})
    yield one("a workflow's button", {"type": "workflow_button", "action_id": "w", "workflow": {"trigger": {}}})
    for kind, chosen in (
        ("overflow", {"selected_option": option}),
        ("radio_buttons", {"selected_option": option, "initial_option": option}),
        ("checkboxes", {"selected_options": [option]}),
        ("checkboxes", {"selected_options": []}),
        ("static_select", {"selected_option": option, "placeholder": {"type": "plain_text", "text": "p"}}),
        ("multi_static_select", {"selected_options": [option]}),
        ("external_select", {"selected_option": option}),
        ("multi_external_select", {"selected_options": []}),
        ("users_select", {"selected_user": USER}),
        ("multi_users_select", {"selected_users": [USER]}),
        ("conversations_select", {"selected_conversation": "C1"}),
        ("multi_conversations_select", {"selected_conversations": ["C1"]}),
        ("channels_select", {"selected_channel": "C1"}),
        ("multi_channels_select", {"selected_channels": ["C1"]}),
        ("datepicker", {"selected_date": "2026-10-13", "initial_date": "2026-10-12"}),
        ("timepicker", {"selected_time": "10:15", "timezone": "America/New_York"}),
        ("datetimepicker", {"selected_date_time": 1790000000}),
        ("plain_text_input", {"value": "typed"}),
        ("email_text_input", {"value": "a@b.example"}),
        ("url_text_input", {"value": "https://a.test"}),
        ("number_input", {"value": "7"}),
        ("rich_text_input", {"rich_text_value": RICH}),
        ("file_input", {"files": [FILE]}),
        ("feedback_buttons", {"value": "positive_feedback", "text": {"type": "plain_text", "text": "Good"}}),
        ("icon_button", {"value": "x", "icon": "trash"}),
    ):  # fmt: skip
        yield one(f"{kind} {str(chosen)[:40]}", {"type": kind, "action_id": kind, **chosen})
    everything = {
        "b1": {"a": {"type": "plain_text_input", "value": None}},
        "b0": {"b": {"type": "static_select", "selected_option": None}},
        "b2": {"c": {"type": "datepicker", "selected_date": None}, "d": {"type": "timepicker", "selected_time": None}},
        "b3": {"e": {"type": "checkboxes", "selected_options": [option]}, "f": {"type": "users_select",
                                                                                "selected_user": None}},
        "b4": {"g": {"type": "rich_text_input", "rich_text_value": RICH}, "h": {"type": "datetimepicker",
                                                                                "selected_date_time": 1790000000}},
        "b5": {"i": {"type": "radio_buttons", "selected_option": option}, "j": {"type": "file_input", "files": [FILE]}},
    }  # fmt: skip
    yield one("with all that can stand beside it", ours, Pressed, state={"values": everything})
    only_you = {"type": "message", "message_ts": "1.1", "channel_id": "C1", "is_ephemeral": True}
    yield one("on what only one sees", ours, Pressed, container=only_you, message=None)
    unfurl = {"type": "message_attachment", "message_ts": "1.1", "attachment_id": 1, "channel_id": "C1",
              "is_ephemeral": False, "is_app_unfurl": True, "app_unfurl_url": "https://a.test"}  # fmt: skip
    yield one("on a link unfolded", ours, Pressed, container=unfurl, app_unfurl={"id": 1, "blocks": []})
    below = {"type": "message", "message_ts": "1.1", "channel_id": "D1", "thread_ts": "1.0", "is_ephemeral": False}
    yield one("in a thread", ours, Pressed, container=below)
    for kind in ("modal", "home"):
        at = {"type": "view", "view_id": "V0001"}
        yield one(
            f"in a {kind}", ours, Pressed, container=at, view=view(kind), channel=None, message=None, response_url=None,
            state=None,
        )  # fmt: skip
    yield one("in a workflow's function", ours, Pressed, function_data={"execution_id": "Fx1"}, bot_access_token="x",
              interactivity={"interactor": {"id": USER}, "interactivity_pointer": "1.2"})  # fmt: skip
    org = {"enterprise": {"id": "E0001", "name": "District"}, "is_enterprise_install": True}
    yield one("in an organization", ours, Pressed, **org)
    yield one("in an organization with no workspace", ours, Pressed, **org, team=None)
    yield one("in an organization with no id", ours, Pressed, enterprise={"id": "", "name": ""})
    bare: Json = {"container": {}, "response_url": "", "message": None, "state": None, "trigger_id": ""}
    yield one("somebody else's, and hardly anything with it", {"type": "button", "action_id": "a"}, **bare)
    yield one("somebody else's, by nobody", {"type": "button", "action_id": "a"}, user={"id": "", "name": ""})


def _views() -> Iterator[Shape]:
    values = {"day": {"day": {"type": "datepicker", "selected_date": "2026-10-13"}},
              "who": {"who": {"type": "users_select", "selected_user": USER}},
              "all": {"all": {"type": "multi_static_select", "selected_options": []}}}  # fmt: skip

    def one(name: str, kind: str, /, *comes: type[FromPlatform], **more: object) -> Shape:
        body = interaction(kind, view=view(state={"values": values}), response_urls=[]) | more
        return Shape(f"view: {name}", "interaction", body, comes)

    yield one("sent", "view_submission", Submitted)
    yield one("of somebody else's", "view_submission", view=view(private_metadata="", callback_id="theirs"))
    theirs = view("view", private_metadata="", root_view_id=None, state={})
    yield one("of somebody else's, by nobody", "view_submission", view=theirs, user={}, trigger_id="")
    yield one("pushed", "view_submission", Submitted, view=view(previous_view_id="V0", root_view_id="V0"))
    urls = [{"block_id": "b", "action_id": "a", "channel_id": "C1", "response_url": "https://hooks.slack.com/app/x"}]
    yield one("with addresses", "view_submission", Submitted, response_urls=urls)
    yield one("of an organization", "view_submission", Submitted, enterprise={"id": "E1", "name": "x"}, team=None)
    yield one("without a trigger", "view_submission", Submitted, trigger_id=None)
    yield one("closed", "view_closed", is_cleared=False)
    yield one("all closed", "view_closed", is_cleared=True)
    yield one("of a workflow's function", "view_submission", Submitted, function_data={"execution_id": "Fx1"})


def _others() -> Iterator[Shape]:
    def one(name: str, kind: str, /, *comes: type[FromPlatform], **more: object) -> Shape:
        return Shape(f"other: {name}", "interaction", interaction(kind, **more), comes)

    wrote: Json = {
        "type": "message",
        "user": "U0002",
        "ts": "1.1",
        "text": "Tue 10:15?",
        "team": TEAM,
        "blocks": [RICH],
    }
    on = {"message_ts": "1.1", "channel": {"id": "C1", "name": "general"}, "action_ts": "1.2",
          "response_url": "https://hooks.slack.com/app/T0001/1/x"}  # fmt: skip
    yield one("shortcut", "shortcut", Commanded, callback_id="propose", action_ts="1.2")
    yield one("somebody else's shortcut", "shortcut", callback_id="theirs", action_ts="1.2")
    yield one("somebody else's shortcut, by nobody", "shortcut", callback_id="theirs", user={}, trigger_id="")
    yield one(
        "shortcut of an organization", "shortcut", Commanded, callback_id="propose", enterprise={"id": "E1"}, team=None
    )
    yield one("message shortcut", "message_action", Commanded, callback_id="propose", message=wrote, **on)
    robot = {"type": "message", "subtype": "bot_message", "bot_id": "B1", "text": "", "ts": "1.1", "attachments": [{}]}
    yield one("shortcut on a bot's message", "message_action", Commanded, callback_id="propose", message=robot, **on)
    yield one("somebody else's message shortcut", "message_action", callback_id="theirs", message=wrote, **on)
    yield one("suggestions", "block_suggestion", action_id="a", block_id="b", value="ha",
              container={"type": "view", "view_id": "V1"}, view=view())  # fmt: skip
    legacy = {"callback_id": "old", "action_ts": "1.2", "channel": {"id": "C1", "name": "x"}, "trigger_id": None}
    yield one("dialog sent", "dialog_submission", submission={"a": "b"}, state="s", **legacy)
    yield one("dialog cancelled", "dialog_cancellation", state="s", **legacy)
    yield one("dialog suggestions", "dialog_suggestion", name="types", value="ha", state="s", **legacy)
    for action in (
        {"name": "list", "type": "select", "selected_options": [{"value": "C1"}]},
        {"name": "game", "type": "button", "value": "chess", "text": "Chess"},
    ):
        yield one(
            f"attachment {action['type']}", "interactive_message", actions=[action], callback_id="old",
            message_ts="1.1", attachment_id="1", is_app_unfurl=True,
            original_message={"type": "message", "attachments": [{"id": 1}]},
        )  # fmt: skip
    yield one(
        "workflow step edited", "workflow_step_edit", callback_id="x", workflow_step={"step_id": "1"}, action_ts="1"
    )
    yield one("something new", "something_new", whatever=1)


def _commands() -> Iterator[Shape]:
    form = {
        "token": "t", "team_id": TEAM, "team_domain": "lincoln", "channel_id": "D0001ANA",
        "channel_name": "directmessage",
        "user_id": USER, "user_name": "ana", "command": "/coteach", "text": "<@U0002|sam> tue 10:15", "api_app_id": APP,
        "is_enterprise_install": "false", "response_url": "https://hooks.slack.com/commands/T0001/1/x",
        "trigger_id": "1.2.abc",
    }  # fmt: skip
    org = {"enterprise_id": "E0001", "enterprise_name": "District", "is_enterprise_install": "true"}
    for name, more in (
        ("in the chat", {}),
        ("in a channel", {"channel_id": "C1", "channel_name": "general"}),
        ("in a private group", {"channel_id": "G1", "channel_name": "privategroup"}),
        ("with nothing after it", {"text": ""}),
        ("with the word payload", {"text": "payload=1 & payload"}),
        ("of an organization", org),
        ("of an organization with no id", {"enterprise_id": "", "enterprise_name": ""}),
        ("in capitals", {"command": "/CoTeach"}),
        ("of nobody's", {"command": "/unknown"}),
    ):
        yield Shape(f"command: {name}", "command", form | more, (Commanded,))

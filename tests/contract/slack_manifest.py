"""What Slack's pages document of a manifest, as far as ours has it: every field, its kind and its limits."""

from typing import Any, Final

from jsonschema import Draft7Validator


def _object(needed: str = "", **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON Schema
    return {"type": "object", "additionalProperties": False, "required": needed.split(), "properties": fields}


def _text(most: int, least: int = 1, **more: str) -> dict[str, Any]:
    return {"type": "string", "minLength": least, "maxLength": most, **more}


def _list(of: dict[str, Any], most: int, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": of, "minItems": least, "maxItems": most, "uniqueItems": True}


_YES: Final = {"type": "boolean"}
_ADDRESS: Final = "^https?://"
_NAMES: Final = _list(_text(50, pattern="^[a-z_:.]+$"), 255)
_SCHEMA: Final = _object(
    "display_information",
    _metadata=_object(major_version={"type": "integer"}, minor_version={"type": "integer"}),
    display_information=_object(
        "name", name=_text(35), description=_text(140), background_color=_text(7, 4, pattern="^#[0-9a-fA-F]{6}$"),
        long_description=_text(4000, 175),
    ),
    features=_object(
        app_home=_object(home_tab_enabled=_YES, messages_tab_enabled=_YES, messages_tab_read_only_enabled=_YES),
        bot_user=_object("display_name", display_name=_text(80), always_online=_YES),
        shortcuts=_list(
            _object(
                "name type callback_id description", name=_text(24), type={"enum": ["message", "global"]},
                callback_id=_text(255), description=_text(150),
            ), 10, 1,
        ),
        slash_commands=_list(
            _object(
                "command description", command=_text(32, 2, pattern="^/[a-z]"), url=_text(3000, pattern=_ADDRESS),
                description=_text(2000), usage_hint=_text(1000), should_escape=_YES,
            ), 50, 1,
        ),
    ),
    oauth_config=_object(
        redirect_urls=_list(_text(2500, pattern=_ADDRESS), 1000),
        scopes=_object(bot=_NAMES, user=_NAMES, bot_optional=_NAMES, user_optional=_NAMES),
    ),
    settings=_object(
        event_subscriptions=_object(request_url=_text(3500, pattern=_ADDRESS), bot_events=_NAMES, user_events=_NAMES),
        interactivity=_object("is_enabled", is_enabled=_YES, request_url=_text(3500, pattern=_ADDRESS)),
        org_deploy_enabled=_YES, socket_mode_enabled=_YES, token_rotation_enabled=_YES,
    ),
)  # fmt: skip


def problems(manifest: object) -> list[str]:
    """What Slack would not take."""
    return [f"{one.json_path}: {one.message}" for one in Draft7Validator(_SCHEMA).iter_errors(manifest)]

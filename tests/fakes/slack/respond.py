"""What an app says back to one interaction: in the acknowledgement of a command, or to its response URL."""

from tests.fakes.slack.blocks import message_problems
from tests.fakes.slack.refusal import Refused
from tests.fakes.slack.shapes import Json, items, text
from tests.fakes.slack.state import RESPONSE_URL_LIVES, Channel, Message, ResponseUrl, State, Team
from tests.fakes.slack.webapi import changed, message_json


def acknowledge(state: State, team: Team, channel: Channel, user: str, answer: Json) -> Message:
    """The body of a command's acknowledgement, shown to the person; raises `Refused`."""
    words, blocks = _content(answer)
    return _post(state, team, channel, user, words, blocks, text(answer.get("response_type")))


def by_url(state: State, path: str, answer: Json) -> Message | None:
    """An answer to a response URL; returns what it changed or made. Raises `Refused`."""
    url = state.response_urls.get(path)
    if url is None or state.now() - url.made_at > RESPONSE_URL_LIVES:
        raise Refused("expired_url")
    if url.left == 0:
        raise Refused("used_url")
    url.left -= 1
    team = state.teams[url.team]
    channel = team.channels[url.channel]
    source = _source(state, channel, url, answer)
    says = bool(answer.get("text") or answer.get("blocks"))
    if _yes(answer, "delete_original") and source is not None:
        source.gone = True
        if not says:
            return source
        source = None
    words, blocks = _content(answer)
    if source is not None and answer.get("replace_original") not in (False, "false"):
        before = message_json(team, source)
        source.show(words, blocks, again=f"{source.ts[-6:]}r{source.edits}")
        if not source.only_for:
            state.tell(team, changed(state, team, channel, source, before))
        return source
    return _post(state, team, channel, url.user, words, blocks, text(answer.get("response_type")))


def _source(state: State, channel: Channel, url: ResponseUrl, answer: Json) -> Message | None:
    """The message the interaction came from, with a complaint where an app relies on what Slack leaves open."""
    if not url.ts:
        if _yes(answer, "replace_original") or _yes(answer, "delete_original"):
            state.complaints.append("a command's response URL has nothing to replace or delete: it posts anew")
        return None
    source = channel.find(url.ts)
    if source is None:
        raise Refused("message_not_found")
    if "replace_original" not in answer and "delete_original" not in answer:
        state.complaints.append("a response URL was used without replace_original: Slack replaces, say which you mean")
    return source


def _post(
    state: State, team: Team, channel: Channel, user: str, words: str, blocks: list[object], kind: str
) -> Message:
    only_for = "" if kind == "in_channel" else user
    message = Message(
        state.stamp(), channel.id, team.bot_user, words, blocks, from_bot=True, only_for=only_for, by_response_url=True
    )
    return state.post(team, channel, message)


def _content(answer: Json) -> tuple[str, list[object]]:
    words, given = text(answer.get("text")), answer.get("blocks")
    if given is not None and not isinstance(given, list):
        raise Refused("invalid_blocks_format")
    if text(answer.get("response_type", "ephemeral")) not in {"ephemeral", "in_channel"}:
        raise Refused("invalid_arguments", messages=["[ERROR] must be ephemeral or in_channel"])
    if not words and not given:
        raise Refused("no_text")
    if len(words) > 40_000:
        raise Refused("msg_too_long")
    if found := message_problems(words, items(given)):
        raise Refused("invalid_blocks", messages=[f"[ERROR] {one}" for one in found])
    return words, items(given)


def _yes(answer: Json, name: str) -> bool:
    return answer.get(name) in (True, "true")

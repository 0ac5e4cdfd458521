"""How Slack says no."""

from collections.abc import Sequence

from tests.fakes.slack.shapes import Json


class Refused(Exception):
    """Answered as `{"ok": false, "error": …}` with 200; `messages` say what is wrong with what was sent."""

    def __init__(self, error: str, *, messages: Sequence[str] = (), **more: str) -> None:
        super().__init__(error)
        self.error = error
        self.messages = list(messages)
        self.more = more

    def body(self) -> Json:
        found: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            found["errors"] = [one.removeprefix("[ERROR] ") for one in self.messages]
            found["response_metadata"] = {"messages": self.messages}
        return found

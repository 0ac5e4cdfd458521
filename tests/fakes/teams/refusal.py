"""How the Bot Connector says no."""

from tests.fakes.slack.shapes import Json


class Refused(Exception):
    """Answered as `{"error": {"code", "message"}}` with this status."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message

    def body(self) -> Json:
        return {"error": {"code": self.code, "message": self.message}}

"""botbuilder: all of it that we use. A successor is another file like this one, behind the same ports.

It gives us the turn (`process_activity` over an `Activity`) and the connector client with its addresses and verbs. It
is given no say in who comes in, no secret, no clock and no retries, and its serialiser sees an almost empty activity:
the body of what we send was encoded before, and goes along as it is.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from botbuilder.core import TurnContext
from botbuilder.core.cloud_adapter_base import CloudAdapterBase
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount, ConversationParameters
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import BotFrameworkAuthentication, ClaimsIdentity
from botframework.connector.auth.authenticate_request_result import AuthenticateRequestResult
from botframework.connector.auth.connector_factory import ConnectorFactory
from botframework.connector.bot_framework_sdk_client_async import BotFrameworkConnectorConfiguration
from msrest.pipeline import Response
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.universal_http.async_abc import AsyncClientResponse

from adapters.teams.ports import Json
from adapters.teams.wire import Wire
from bot.platform import Unsure

T = TypeVar("T")
EMPTY = b""


class _Told(AsyncClientResponse):
    """What the wire brought back, as msrest wants to see it."""

    def __init__(self, request: Any, status: int) -> None:  # noqa: ANN401 - msrest's own request
        super().__init__(request, None)
        self.status_code, self.headers, self.reason = status, {}, ""

    def body(self) -> bytes:
        return EMPTY


class _Sender(AsyncHTTPSender[Any, Any]):
    """Our wire at the end of the SDK's pipeline, with nothing else in it: its own would log bodies and retry."""

    def __init__(self, wire: Wire, service: str) -> None:
        self._wire = wire
        self._service = service

    async def __aexit__(self, *_: object) -> None:
        return None

    async def send(self, request: Any, body: bytes = EMPTY, **_: Any) -> Any:  # noqa: ANN401 - msrest's own
        asked = request.http_request
        status, told = await self._wire.ask(asked.method, self._service, asked.url, body)
        return Response(request, _Told(asked, status), context={"deserialized_data": told})


class _Factory(ConnectorFactory):  # type: ignore[misc]  # botframework ships no types
    def __init__(self, client: Callable[[str], Any]) -> None:
        self._client = client

    async def create(self, service_url: str, audience: str) -> Any:  # noqa: ANN401 - the SDK's client
        return self._client(service_url)


class _Judged(BotFrameworkAuthentication):  # type: ignore[misc]  # botframework ships no types
    """The SDK's own door stays shut: whoever gets here was let in by our gate."""

    async def authenticate_request(self, activity: Any, auth_header: str) -> Any:  # noqa: ANN401
        raise PermissionError("our own gate judges")

    async def authenticate_streaming_request(self, auth_header: str, channel_id_header: str) -> Any:  # noqa: ANN401
        raise PermissionError("our own gate judges")

    def create_connector_factory(self, claims_identity: Any) -> Any:  # noqa: ANN401
        raise PermissionError("the outbox writes")

    async def create_user_token_client(self, claims_identity: Any) -> None:  # noqa: ANN401
        return None


class Sdk:
    """The ports `decode`, `encode`, `send`, `member` and `members`, by botbuilder."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._adapter = CloudAdapterBase(_Judged())
        self._client = functools.lru_cache(maxsize=32)(functools.partial(_client, wire))

    async def decode(self, claims: Mapping[str, Any], body: Mapping[str, Any], logic: Callable[[], Awaitable[T]]) -> T:
        """Of the activity only what a turn needs is made into the SDK's model, which would drop or refuse the rest."""
        answers: list[T] = []

        async def turn(_: TurnContext) -> None:
            answers.append(await logic())

        judged = AuthenticateRequestResult()
        judged.claims_identity = ClaimsIdentity(dict(claims), True)
        judged.connector_factory = _Factory(self._client)
        await self._adapter.process_activity(judged, _activity(body), turn)
        return answers[0]

    @staticmethod
    def encode(activity: Json) -> bytes:
        return msgspec.json.encode(activity)

    async def create(self, service: str, body: bytes) -> str:
        told = await self._client(service).conversations.create_conversation(ConversationParameters(), body=body)
        return _id(told)

    async def post(self, service: str, conversation: str, body: bytes) -> str:
        empty = Activity(type="message")
        return _id(await self._client(service).conversations.send_to_conversation(conversation, empty, body=body))

    async def delete(self, service: str, conversation: str, message: str) -> None:
        await self._client(service).conversations.delete_activity(conversation, message)

    async def update(self, service: str, conversation: str, message: str, body: bytes) -> str:
        empty = Activity(type="message")
        client = self._client(service)
        await client.conversations.update_activity(conversation, message, empty, body=body)
        return message

    async def member(self, service: str, conversation: str, user: str) -> Json:
        """Past the SDK, whose model of a person has no address."""
        return await self._get(service, conversation, f"members/{quote(user, '')}")

    async def members(self, service: str, conversation: str, token: str) -> Json:
        """Past it for the same reason."""
        more = f"&continuationToken={quote(token, '')}" if token else ""
        return await self._get(service, conversation, f"pagedmembers?pageSize=100{more}")

    async def _get(self, service: str, conversation: str, what: str) -> Json:
        address = f"{service.rstrip('/')}/v3/conversations/{quote(conversation, '')}/{what}"
        _, told = await self._wire.ask("GET", service, address, EMPTY)
        return told


def _client(wire: Wire, service: str) -> Any:  # noqa: ANN401 - the SDK's client
    def pipeline(_: object) -> Any:  # noqa: ANN401 - the SDK's pipeline
        return AsyncPipeline([], _Sender(wire, service))

    # The SDK wants something that stands for credentials; the token is put on by the wire.
    config = BotFrameworkConnectorConfiguration(object(), service, pipeline_type=pipeline)
    return ConnectorClient(None, custom_configuration=config)


def _activity(body: Mapping[str, Any]) -> Any:  # noqa: ANN401 - the SDK's model
    return Activity(
        type=body["type"],
        id=body.get("id"),
        channel_id=body["channelId"],
        service_url=body["serviceUrl"],
        conversation=ConversationAccount(id=body["conversation"]["id"]),
        from_property=ChannelAccount(id=body["from"]["id"]),
        recipient=ChannelAccount(id=body["recipient"]["id"]),
    )


def _id(told: Any) -> str:  # noqa: ANN401 - the SDK's model
    """Taken, but where it stands was not said: nobody can tell that from a message that was lost."""
    if told is None or not isinstance(told.id, str) or not told.id:
        raise Unsure("unreadable_answer")
    return told.id

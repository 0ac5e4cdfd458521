"""The login cloud: documents, keys, tokens given and refused, and every sort of wrong token."""

import asyncio
import time
from collections.abc import Mapping

import aiohttp
import jwt
import pytest

from tests.fakes.slack.shapes import Json, obj
from tests.fakes.teams import WRONG, Kind, Teams, User
from tests.fakes.teams.tokens import ISSUER
from tests.fakes.test_teams.app import App, token


async def read(url: str) -> Json:
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return obj(await answer.json())


async def accept(teams: Teams, header: str | None, keys: Mapping[str, Json], service_url: str) -> bool:
    """Whether an app that looks at everything lets this header in."""
    scheme, _, bearer = (header or "").partition(" ")
    if scheme != "Bearer" or not bearer or " " in bearer:
        return False
    try:
        key = keys[jwt.get_unverified_header(bearer)["kid"]]
        if "msteams" not in str(key["endorsements"]):
            return False
        claims = jwt.decode(
            bearer,
            jwt.PyJWK(key).key,
            ["RS256"],
            audience=teams.app_id,
            issuer=ISSUER,
            leeway=300,
            options={"require": ["exp", "nbf", "iss", "aud", "serviceurl"]},
        )
    except (jwt.InvalidTokenError, KeyError, TypeError, AttributeError):
        return False
    return bool(claims["serviceurl"] == service_url)


async def published(teams: Teams) -> dict[str, Json]:
    document = await read(teams.openid_url)
    keys = await read(str(document["jwks_uri"]))
    return {str(one["kid"]): one for one in keys["keys"]}  # type: ignore[attr-defined]


async def test_describes_the_issuer_of_deliveries_and_its_keys(teams: Teams) -> None:
    document = await read(teams.openid_url)
    assert document["issuer"] == "https://api.botframework.com"
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]
    keys = await published(teams)
    key = keys[teams.mint.key.kid]
    assert (key["kty"], key["use"]) == ("RSA", "sig")
    assert {"x5t", "n", "e", "x5c"} <= key.keys()
    assert "msteams" in str(key["endorsements"])


async def test_a_delivery_carries_a_token_that_those_keys_open(teams: Teams, app: App, ana: User) -> None:
    await ana.say("hello")
    assert await accept(teams, app.tokens[0], await published(teams), str(app.heard[0]["serviceUrl"]))
    claims = jwt.decode(app.tokens[0].split()[1], options={"verify_signature": False})
    assert claims.keys() == {"serviceurl", "nbf", "exp", "iss", "aud"}
    assert claims["serviceurl"] == teams.team.service_url


@pytest.mark.parametrize("name", WRONG)
async def test_a_wrong_token_is_wrong(teams: Teams, app: App, ana: User, name: str) -> None:
    url = teams.team.service_url
    assert not await accept(teams, teams.mint.header(url, name), await published(teams), url)


def test_there_are_many_sorts_of_wrong_tokens() -> None:
    assert len(WRONG) >= 50


async def test_a_rotated_key_signs_and_the_old_one_stays_or_goes(teams: Teams) -> None:
    url, old = teams.team.service_url, teams.mint.key.kid
    before = teams.mint.header(url)
    teams.mint.rotate()
    keys = await published(teams)
    assert old in keys
    assert await accept(teams, before, keys, url)
    assert await accept(teams, teams.mint.header(url), keys, url)
    teams.mint.rotate(keep_old=False)
    keys = await published(teams)
    assert old not in keys
    assert not await accept(teams, before, keys, url)
    assert await accept(teams, teams.mint.header(url), keys, url)


async def test_gives_a_token_for_the_connector(teams: Teams) -> None:
    status, body = await token(teams)
    assert (status, body["token_type"], body["expires_in"]) == (200, "Bearer", 3599)
    claims = jwt.decode(str(body["access_token"]), options={"verify_signature": False})
    assert (claims["aud"], claims["appid"], claims["tid"]) == (ISSUER, teams.app_id, teams.team.id)


@pytest.mark.parametrize(
    ("changes", "status", "error", "number"),
    [
        ({"client_secret": "other"}, 401, "invalid_client", 7000215),
        ({"client_secret": ""}, 401, "invalid_client", 7000218),
        ({"client_id": "other"}, 400, "unauthorized_client", 700016),
        ({"client_id": ""}, 400, "invalid_request", 900144),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope", 70011),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"tenant": "nowhere"}, 400, "invalid_request", 90002),
        ({"tenant": "botframework.com"}, 400, "invalid_request", 90002),
    ],
)
async def test_refuses_as_entra_refuses(
    teams: Teams, changes: dict[str, str], status: int, error: str, number: int
) -> None:
    answered, body = await token(teams, **changes)
    assert (answered, body["error"], body["error_codes"]) == (status, error, [number])
    assert str(body["error_description"]).startswith(f"AADSTS{number}: ")
    assert teams.secret not in str(teams.state.calls)


async def test_an_app_of_all_tenants_asks_elsewhere(teams: Teams) -> None:
    other = teams.workspace("Garfield").id
    assert (await token(teams, tenant=other))[1]["error"] == "unauthorized_client"
    teams.login.multi_tenant = True
    for tenant in (other, "botframework.com", teams.team.id):
        assert (await token(teams, tenant=tenant))[0] == 200


async def test_describes_tenants_and_clouds_for_msal(teams: Teams) -> None:
    document = await read(f"{teams.login_url}/{teams.team.id}/v2.0/.well-known/openid-configuration")
    assert document["token_endpoint"] == f"{teams.login_url}/{teams.team.id}/oauth2/v2.0/token"
    asked = f"{teams.login_url}/{teams.team.id}/oauth2/v2.0/authorize"
    cloud = await read(f"{teams.login_url}/common/discovery/instance?api-version=1.1&authorization_endpoint={asked}")
    assert str(cloud["tenant_discovery_endpoint"]).endswith(f"/{teams.team.id}/v2.0/.well-known/openid-configuration")


@pytest.mark.parametrize(
    ("kind", "seen"),
    [("500", 500), ("502", 502), ("garbage", "JSON"), ("cut_before", "cut"), ("hang", "cut"), ("slow", 200)],
)
async def test_the_login_cloud_fails_too(teams: Teams, kind: Kind, seen: object) -> None:
    teams.fail(kind, "login.*", seconds=0.05)
    try:
        found: object = (await token(teams))[0]
    except aiohttp.ContentTypeError as error:
        found = error.status
    except ValueError:
        found = "JSON"
    except aiohttp.ClientError:
        found = "cut"
    assert found == seen
    assert (await token(teams))[0] == 200


async def test_every_answer_of_the_login_cloud_can_take_its_time(teams: Teams) -> None:
    teams.login.latency = 0.2
    started = time.monotonic()
    await asyncio.gather(token(teams), read(teams.openid_url))
    assert time.monotonic() - started >= 0.2

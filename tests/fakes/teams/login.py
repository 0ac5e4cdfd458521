"""The login cloud: the keys that deliveries are signed with, and the tokens that an app calls the connector with."""

import re
import uuid
from datetime import UTC, datetime
from typing import Final

import jwt

from tests.fakes.slack.shapes import Json, text
from tests.fakes.teams.keys import Key, private
from tests.fakes.teams.state import State
from tests.fakes.teams.tokens import ISSUER, Mint

SCOPE: Final = "https://api.botframework.com/.default"
MULTI: Final = ("botframework.com", "d6d49420-f39b-4df7-a1dc-d59a935871db")
_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Denied(Exception):
    """Entra's no: an OAuth error and one of its numbers."""

    def __init__(self, status: int, error: str, number: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.number = number
        self.message = message

    def body(self) -> Json:
        trace, now = str(uuid.uuid4()), datetime.now(UTC)
        said = f"AADSTS{self.number}: {self.message} Trace ID: {trace} Timestamp: {now:%Y-%m-%d %H:%M:%SZ}"
        return {
            "error": self.error,
            "error_description": said,
            "error_codes": [self.number],
            "timestamp": f"{now:%Y-%m-%d %H:%M:%SZ}",
            "trace_id": trace,
            "correlation_id": str(uuid.uuid4()),
            "error_uri": f"https://login.microsoftonline.com/error?code={self.number}",
        }


class Login:
    """Entra for one app, which lives in the first tenant, or in all of them with `multi_tenant`.

    `lives` is for how many seconds a token is good; `latency` how long every answer of the login cloud takes.
    """

    def __init__(self, state: State, mint: Mint) -> None:
        self.state = state
        self.mint = mint
        self.multi_tenant = False
        self.lives = 3599
        self.latency = 0.0
        self.key = Key(private(1), endorsements=())
        self.given: set[str] = set()

    def openid(self, url: str) -> Json:
        """The document of the Bot Framework's issuer."""
        return {
            "issuer": ISSUER,
            "authorization_endpoint": "https://invalid.botframework.com",
            "jwks_uri": f"{url}/v1/.well-known/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        }

    def keys(self) -> Json:
        return {"keys": [key.jwk() for key in self.mint.published]}

    def tenant(self, url: str, path: str) -> Json:
        """The document of one tenant, which MSAL asks for first."""
        tenant = path.partition("/")[0]
        self._known(tenant)
        return {
            "token_endpoint": f"{url}/{path}/oauth2/v2.0/token",
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "jwks_uri": f"{url}/{path}/discovery/v2.0/keys",
            "issuer": f"{url}/{tenant}/v2.0",
            "authorization_endpoint": f"{url}/{path}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{url}/{path}/oauth2/v2.0/devicecode",
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        }

    def instance(self, url: str, asked: str) -> Json:
        """Which login clouds there are, for who asks before it trusts one."""
        host = url.partition("//")[2]
        alias = {"preferred_network": host, "preferred_cache": host, "aliases": [host, host.partition(":")[0]]}
        tenant = asked.partition("//")[2].partition("/")[2].partition("/oauth2")[0] or "common"
        return {
            "tenant_discovery_endpoint": f"{url}/{tenant}/v2.0/.well-known/openid-configuration",
            "api-version": "1.1",
            "metadata": [alias],
        }

    def token(self, path: str, form: Json) -> Json:
        """A token for the connector. Raises `Denied`."""
        tenant = path.partition("/")[0]
        self._known(tenant)
        for name in ("grant_type", "client_id", "scope"):
            if not text(form.get(name)):
                why = f"The request body must contain the following parameter: '{name}'."
                raise Denied(400, "invalid_request", 900144, why)
        if form["grant_type"] != "client_credentials":
            raise Denied(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
        if text(form["client_id"]) != self.state.app:
            why = f"Application with identifier '{text(form['client_id'])}' was not found in the directory '{tenant}'."
            raise Denied(400, "unauthorized_client", 700016, why)
        if not text(form.get("client_secret")):
            why = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
            raise Denied(401, "invalid_client", 7000218, why)
        if form["client_secret"] != self.state.secret:
            why = f"Invalid client secret provided for app '{self.state.app}'."
            raise Denied(401, "invalid_client", 7000215, why)
        if SCOPE not in text(form["scope"]).split():
            why = f"The provided value for the input parameter 'scope' is not valid: {text(form['scope'])}"
            raise Denied(400, "invalid_scope", 70011, why)
        lives = self.lives
        return {"token_type": "Bearer", "expires_in": lives, "ext_expires_in": lives, "access_token": self.sign(tenant)}

    def sign(self, tenant: str, **changes: object) -> str:
        """A token for the connector, good now."""
        now, name = int(self.state.now()), str(uuid.uuid4())
        self.given.add(name)
        claims: Json = {
            "aud": ISSUER,
            "iss": f"https://sts.windows.net/{tenant}/",
            "iat": now,
            "nbf": now,
            "exp": now + self.lives,
            "appid": self.state.app,
            "appidacr": "1",
            "idp": f"https://sts.windows.net/{tenant}/",
            "tid": tenant,
            "uti": name,
            "ver": "1.0",
            **changes,
        }
        return jwt.encode(claims, self.key.private, "RS256", headers={"kid": self.key.kid, "x5t": self.key.kid})

    def lets(self, header: str) -> bool:
        """Whether this Authorization header opens the connector, now."""
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer":
            return False
        try:
            found = jwt.decode(
                token,
                self.key.pem,
                ["RS256"],
                audience=ISSUER,
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.InvalidTokenError:
            return False
        now = self.state.now()
        fresh = found["nbf"] - 300 <= now < found["exp"]
        return bool(fresh and found["uti"] in self.given and found["appid"] == self.state.app)

    def revoke(self) -> None:
        """No token given so far is good any more."""
        self.given.clear()

    def _known(self, tenant: str) -> None:
        home = next(iter(self.state.tenants.values()))
        if tenant == home.id or (self.multi_tenant and (tenant in MULTI or tenant in self.state.tenants)):
            return
        if _GUID.fullmatch(tenant) and tenant in self.state.tenants:
            why = f"Application with identifier '{self.state.app}' was not found in the directory '{tenant}'."
            raise Denied(400, "unauthorized_client", 700016, why)
        raise Denied(400, "invalid_request", 90002, f"Tenant '{tenant}' not found. Check to make sure it is right.")

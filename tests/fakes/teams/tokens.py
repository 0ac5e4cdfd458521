"""The tokens of deliveries: the real one, and every sort of wrong one by name."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Final

import jwt

from tests.fakes.slack.shapes import Json
from tests.fakes.teams.keys import Key, private

ISSUER: Final = "https://api.botframework.com"
OTHER_APP: Final = "99999999-9999-4999-8999-999999999999"
_EMULATOR: Final = "d6d49420-f39b-4df7-a1dc-d59a935871db"
_EMULATOR_TOO: Final = "f8cdef31-a31e-4b4a-93e4-5f571e91255a"
_AZURE: Final = "72f988bf-86f1-41af-91ab-2d7cd011db47"


class Mint:
    """Signs tokens for deliveries to one app, with the newest of its keys.

    The first key signs until `rotate`; `published` is what the document of keys lists. One more key is published
    that Teams is not endorsed for.
    """

    def __init__(self, audience: str) -> None:
        self.audience = audience
        self.key = Key(private(0))
        self.unendorsed = Key(private(2), endorsements=("webchat",))
        self.foreign = Key(private(1))
        self.published = [self.key, self.unendorsed]
        self._turns = 0

    def rotate(self, *, keep_old: bool = True) -> Key:
        """A new key signs from now on; the old one stays published, or is gone."""
        self._turns += 1
        self.key = Key(private(4 + self._turns % 2))
        kept = [key for key in self.published if keep_old or key is self.unendorsed]
        self.published = [self.key, *kept]
        return self.key

    def claims(self, service_url: str) -> Json:
        now = int(time.time())
        return {
            "serviceurl": service_url,
            "nbf": now - 300,
            "exp": now + 3600,
            "iss": ISSUER,
            "aud": self.audience,
        }

    def sign(self, claims: Json, key: Key | None = None, headers: Mapping[str, object] | None = None) -> str:
        """A signed token; a header that is None is left out."""
        with_key = key or self.key
        marks = {"kid": with_key.kid, "x5t": with_key.kid, **(headers or {})}
        kept = {name: value for name, value in marks.items() if value is not None}
        return jwt.encode(claims, with_key.private, "RS256", headers=kept)

    def header(self, service_url: str, wrong: str = "") -> str | None:
        """The Authorization header, genuine or wrong in the way of that name; None where there is none."""
        if wrong:
            return WRONG[wrong](self, service_url)
        return f"Bearer {self.sign(self.claims(service_url))}"


Maker = Callable[[Mint, str], str | None]


def _with(**changes: object) -> Maker:
    """Properly signed, with these claims changed; None leaves one out, and a number is seconds from now."""

    def make(mint: Mint, service_url: str) -> str:
        claims = mint.claims(service_url)
        for name, value in changes.items():
            if value is None:
                del claims[name]
            elif isinstance(value, int) and name in {"exp", "nbf"}:
                claims[name] = int(time.time()) + value
            else:
                claims[name] = value
        return f"Bearer {_encode(mint, claims)}"

    return make


def _encode(mint: Mint, claims: Json) -> str:
    """Signed by hand, since a library would not write claims of the wrong shape."""
    return _by_hand({"alg": "RS256", "typ": "JWT", "kid": mint.key.kid}, claims, mint)


def _by_hand(header: Json, claims: object, mint: Mint) -> str:
    said = f"{_part(json.dumps(header).encode())}.{_part(json.dumps(claims).encode())}"
    return f"{said}.{_part(jwt.get_algorithm_by_name('RS256').sign(said.encode(), mint.key.private))}"


def _none(name: str) -> Maker:
    def make(mint: Mint, service_url: str) -> str:
        head = _part(json.dumps({"alg": name, "typ": "JWT", "kid": mint.key.kid}).encode())
        return f"Bearer {head}.{_part(json.dumps(mint.claims(service_url)).encode())}."

    return make


def _hmac_with_public_key(mint: Mint, service_url: str) -> str:
    head = _part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": mint.key.kid}).encode())
    said = f"{head}.{_part(json.dumps(mint.claims(service_url)).encode())}"
    return f"Bearer {said}.{_part(hmac.new(mint.key.pem, said.encode(), hashlib.sha256).digest())}"


def _alg(name: str) -> Maker:
    """Signed with the right key, by another algorithm."""

    def make(mint: Mint, service_url: str) -> str:
        kid = {"kid": mint.key.kid}
        return f"Bearer {jwt.encode(mint.claims(service_url), mint.key.private, name, headers=kid)}"

    return make


def _headers(**marks: object) -> Maker:
    return lambda mint, service_url: f"Bearer {mint.sign(mint.claims(service_url), headers=marks)}"


def _foreign(mint: Mint, service_url: str) -> str:
    return f"Bearer {mint.sign(mint.claims(service_url), mint.foreign, {'kid': mint.key.kid})}"


def _key_in_header(mint: Mint, service_url: str) -> str:
    jwk = {name: value for name, value in mint.foreign.jwk().items() if name in {"kty", "n", "e"}}
    return f"Bearer {mint.sign(mint.claims(service_url), mint.foreign, {'kid': mint.key.kid, 'jwk': jwk})}"


def _unendorsed(mint: Mint, service_url: str) -> str:
    return f"Bearer {mint.sign(mint.claims(service_url), mint.unendorsed)}"


def _good(mint: Mint, service_url: str) -> str:
    return mint.sign(mint.claims(service_url))


def _emulator(issuer: str, version: str) -> Maker:
    """As the Bot Framework Emulator's tokens are: the app itself asked for them."""

    def make(mint: Mint, service_url: str) -> str:
        party = {"appid": mint.audience} if version == "1.0" else {"azp": mint.audience}
        return f"Bearer {mint.sign({**mint.claims(service_url), 'iss': issuer, 'ver': version, **party})}"

    return make


def _changed_after(mint: Mint, service_url: str) -> str:
    head, _, sign = _good(mint, service_url).split(".")
    claims = {**mint.claims(service_url), "exp": int(time.time()) + 86_400}
    return f"Bearer {head}.{_part(json.dumps(claims).encode())}.{sign}"


def _bit_turned(mint: Mint, service_url: str) -> str:
    head, claims, sign = _good(mint, service_url).split(".")
    return f"Bearer {head}.{claims}.{'B' if sign[0] == 'A' else 'A'}{sign[1:]}"


WRONG: Final[Mapping[str, Maker]] = {
    "no header": lambda mint, service_url: None,
    "empty header": lambda mint, service_url: "",
    "Bearer and nothing": lambda mint, service_url: "Bearer",
    "Bearer and a blank": lambda mint, service_url: "Bearer ",
    "Basic": lambda mint, service_url: "Basic " + base64.b64encode(b"beside:secret").decode(),
    "no scheme": _good,
    "another scheme": lambda mint, service_url: f"Token {_good(mint, service_url)}",
    "three words": lambda mint, service_url: f"Bearer {_good(mint, service_url)} more",
    "junk": lambda mint, service_url: "Bearer nonsense",
    "a.b.c": lambda mint, service_url: "Bearer a.b.c",
    "bytes that are no text": lambda mint, service_url: "Bearer " + ".".join([_part(b"\xff\xfe\x00")] * 3),
    "a header that is a list": lambda mint, service_url: f"Bearer {_part(b'[]')}.{_part(b'{}')}.{_part(b'x')}",
    "claims that are a list": lambda mint, service_url: (
        "Bearer " + _by_hand({"alg": "RS256", "typ": "JWT", "kid": mint.key.kid}, [1], mint)
    ),
    "cut": lambda mint, service_url: f"Bearer {_good(mint, service_url)[:-40]}",
    "no signature": lambda mint, service_url: f"Bearer {_good(mint, service_url).rpartition('.')[0]}.",
    "two parts": lambda mint, service_url: f"Bearer {_good(mint, service_url).rpartition('.')[0]}",
    "five parts": lambda mint, service_url: f"Bearer {_good(mint, service_url)}.e30.e30",
    "enormous": lambda mint, service_url: "Bearer " + "A" * 6000,
    "claims changed after signing": _changed_after,
    "one letter of the signature changed": _bit_turned,
    "foreign key": _foreign,
    "foreign key in its own header": _key_in_header,
    "unknown kid": _headers(kid="nobody-knows-this-key"),
    "no kid": _headers(kid=None, x5t=None),
    "a kid that climbs": _headers(kid="../../etc/passwd"),
    "endorsement missing": _unendorsed,
    "alg none": _none("none"),
    "alg NONE": _none("nOnE"),
    "HS256 with the public key": _hmac_with_public_key,
    "RS512": _alg("RS512"),
    "PS256": _alg("PS256"),
    "other issuer": _with(iss="https://api.botframework.example"),
    "issuer with a slash": _with(iss=f"{ISSUER}/"),
    "issuer of the US government cloud": _with(iss="https://api.botframework.us"),
    "issuers in a list": _with(iss=[ISSUER]),
    "no issuer": _with(iss=None),
    "other audience": _with(aud=OTHER_APP),
    "audience of the connector": _with(aud=ISSUER),
    "empty audience": _with(aud=""),
    "no audience": _with(aud=None),
    "no expiry": _with(exp=None),
    "expiry that is a word": _with(exp="tomorrow"),
    "expired": _with(exp=-301, nbf=-4000),
    "long expired": _with(exp=-86_400, nbf=-90_000),
    "no not-before": _with(nbf=None),
    "not-before that is a word": _with(nbf="now"),
    "not yet": _with(nbf=900, exp=4500),
    "no serviceurl": _with(serviceurl=None),
    "empty serviceurl": _with(serviceurl=""),
    "wrong serviceurl": _with(serviceurl="https://smba.trafficmanager.example/teams/"),
    "serviceurl in other letters": _with(serviceUrl="https://127.0.0.1/", serviceurl=None),
    "emulator, version 1": _emulator(f"https://sts.windows.net/{_EMULATOR}/", "1.0"),
    "emulator, version 2": _emulator(f"https://login.microsoftonline.com/{_EMULATOR}/v2.0", "2.0"),
    "emulator, later, version 1": _emulator(f"https://sts.windows.net/{_EMULATOR_TOO}/", "1.0"),
    "emulator, later, version 2": _emulator(f"https://login.microsoftonline.com/{_EMULATOR_TOO}/v2.0", "2.0"),
    "a token of another Microsoft tenant": _emulator(f"https://sts.windows.net/{_AZURE}/", "1.0"),
}


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

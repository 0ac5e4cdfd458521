"""Environment to one frozen Settings; nobody else reads the environment."""

from __future__ import annotations

import base64
import difflib
import ipaddress
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ModelWrapValidatorHandler, SecretStr, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

_SCHEMES = ("sqlite", "sqlite+aiosqlite", "postgresql", "postgres", "postgresql+asyncpg")
_WANTED = (("int", "a whole number"), ("bool", "1 or 0"), ("path", "a file's path"), ("", "a port from 0 to 65535"))


class WrongSettings(Exception):
    """The environment cannot be used; `lines` names every fault with its mend, and no value of a secret."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


class Settings(BaseSettings):
    """Every setting has a default that serves the playground; each secret may also come as `…_FILE`."""

    model_config = SettingsConfigDict(
        env_prefix="BESIDE_", env_ignore_empty=True, frozen=True, extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr = Field(default=SecretStr("sqlite:///beside.sqlite3"), description="Where all is kept.")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on.")
    public_url: str = Field(default="", description="The address people reach Beside at, for links.")
    keys: SecretStr | None = Field(default=None, description="Master keys, `id:base64,…`, the first is active.")
    keys_file: Path | None = Field(default=None, description="The same, in a file.")
    playground: bool | None = Field(default=None, description="The browser playground; on by default with no platform.")
    migrate: bool = Field(default=True, description="Bring the database to head at the start.")
    slack_signing_secret: SecretStr | None = Field(default=None, description="Slack's signing secret, or two.")
    slack_bot_token: SecretStr | None = Field(default=None, description="Slack's bot token for one workspace.")
    slack_app_token: SecretStr | None = Field(default=None, description="Slack's app token, for Socket Mode.")
    slack_client_id: str | None = Field(default=None, description="Slack's client id, for installs in many workspaces.")
    slack_client_secret: SecretStr | None = Field(default=None, description="Slack's client secret.")
    slack_features: str = Field(default="", description="Ways to choose teachers: email, groups, channels.")
    slack_api_url: str = Field(default="https://slack.com/api/", description="Slack's Web API, for tests and proxies.")
    teams_app_id: str | None = Field(default=None, description="The Teams app id.")
    teams_app_password: SecretStr | None = Field(default=None, description="The Teams app's secret.")
    teams_tenants: str = Field(default="", description="Tenant ids that may reach Beside, separated by commas.")
    teams_openid_url: str = Field(default="", description="Where Teams' signing keys are described.")
    teams_login_url: str = Field(default="", description="Where Teams tokens are had.")
    smtp_host: str = Field(default="", description="The mail server for calendar invitations; none are sent without.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Its port.")
    smtp_security: str = Field(default="starttls", description="starttls, tls, or none on this machine.")
    smtp_user: str = Field(default="", description="Who signs in there.")
    smtp_password: SecretStr | None = Field(default=None, description="Their password.")
    smtp_from: str = Field(default="", description="The address that invitations come from.")
    calendar_loopback: bool = Field(default=False, description="Calendars of this machine may be read: for tests.")

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, values: dict[str, Any], handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Fields, files and what must fit together are judged in one go, so that nobody mends one fault at a time."""
        values, lines = _with_files(values, os.environ)
        try:
            made = handler(values)
        except ValidationError as error:
            wrong = {str(found["loc"][0]): found["type"] for found in error.errors(include_input=False)}
            for field, kind in wrong.items():
                lines.append(
                    f"{_name(field)} takes {next(words for start, words in _WANTED if kind.startswith(start))}."
                )
            made = handler({name: value for name, value in values.items() if name not in wrong})
        lines += [*_misshapen(made), *_unfit(made)]
        if lines:
            told = [PydanticCustomError("fault", "{line}", {"line": line}) for line in lines]
            all_ = [InitErrorDetails(type=one, input=None) for one in told]
            raise ValidationError.from_exception_data(cls.__name__, all_, hide_input=True)
        return made

    @property
    def slack(self) -> bool:
        """Whether it can speak, and hear by at least one of the two ways."""
        speaks = self.slack_bot_token or self.slack_installs
        return bool(speaks and (self.slack_signing_secret or self.slack_app_token))

    @property
    def slack_installs(self) -> bool:
        """Whether workspaces let us in by themselves, each with a token of its own."""
        return bool(self.slack_client_id and self.slack_client_secret)

    @property
    def with_playground(self) -> bool:
        return self.playground if self.playground is not None else not (self.slack or self.teams_app_id)

    @property
    def mapped(self) -> str:
        """The database address in the words of SQLAlchemy's async drivers. It may hold a password: never show it."""
        scheme, _, rest = self.database_url.get_secret_value().partition("://")
        rest = re.sub(r"([?&])sslmode=", r"\1ssl=", rest)  # asyncpg's own name for what libpq calls sslmode
        return f"{'sqlite+aiosqlite' if scheme.lower().startswith('sqlite') else 'postgresql+asyncpg'}://{rest}"


SECRETS = tuple(name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation))


def load() -> Settings:
    """The settings of this process, or `WrongSettings` with every fault."""
    try:
        return Settings()
    except ValidationError as error:
        raise WrongSettings(faults(error)) from None


def faults(error: ValidationError) -> list[str]:
    """Every fault in plain words, one line each, each with its mend; never a value."""
    return [found["msg"] for found in error.errors(include_input=False, include_url=False)]


def strangers(names: Iterable[str]) -> dict[str, str]:
    """Variables that look like ours and are not, each with the one that may have been meant, or empty."""
    known = {_name(field) for field in Settings.model_fields} | {_name(secret) + "_FILE" for secret in SECRETS}
    odd = sorted(name for name in names if name.upper().startswith("BESIDE_") and name.upper() not in known)
    short = {name.removeprefix("BESIDE_"): name for name in sorted(known)}
    near = ((name, difflib.get_close_matches(name.upper().removeprefix("BESIDE_"), short, 1, 0.7)) for name in odd)
    return {name: short[found[0]] if found else "" for name, found in near}


def secret_files(environ: Mapping[str, str]) -> dict[str, Path]:
    """The files secrets are read from, by the variable that names them."""
    return {name: Path(environ[name]) for name in (_name(one) + "_FILE" for one in SECRETS) if environ.get(name)}


def loopback(host: str) -> bool:
    """Whether only this machine can reach that address."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _name(field: str) -> str:
    return "BESIDE_" + field.upper()


def _with_files(values: Mapping[str, Any], environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The values with every `…_FILE` read. The key file stays a path: the vault reads it when it is needed."""
    values, lines = dict(values), []
    for name, path in secret_files(environ).items():
        plain = name.removesuffix("_FILE")
        field = plain.removeprefix("BESIDE_").lower()
        if environ.get(plain):
            lines.append(f"{plain} and {name} are both set. Keep one of them.")
        try:
            words = path.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            lines.append(f"{name} names a file that cannot be read. Check that it is there, and who may read it.")
            words = "" if field in ("keys", "database_url") else "unread"  # so that it is not called missing as well
        else:
            lines += [] if words else [f"{name} names an empty file. Put the secret in it."]
        if words and field != "keys":
            values.setdefault(field, words)
    return values, lines


def _misshapen(made: Settings) -> Iterable[str]:
    """Faults one value has by itself."""
    scheme, mark, rest = made.database_url.get_secret_value().partition("://")
    if not mark or scheme.lower() not in _SCHEMES:
        yield "BESIDE_DATABASE_URL takes sqlite:///file.sqlite3 or postgresql://name@host/database."
    elif scheme.lower().startswith("sqlite") and (not rest.startswith("/") or rest in ("/", "/:memory:")):
        yield "BESIDE_DATABASE_URL names no file. Write sqlite:///beside.sqlite3, or four slashes for a full path."
    if not re.fullmatch(r"[\w.:%\[\]-]+", made.host):
        yield "BESIDE_HOST takes an address to listen on, such as 127.0.0.1, without http:// and without a port."
    if made.keys is not None and not all(_is_key(part) for part in made.keys.get_secret_value().split(",")):
        yield "BESIDE_KEYS takes id:base64 with 32 bytes in each key, several with commas between, the active first."
    if made.teams_tenants and not made.teams_tenants.replace(",", " ").split():
        yield "BESIDE_TEAMS_TENANTS names no tenant. Write the tenant ids, separated by commas."
    if odd := sorted(set(made.slack_features.replace(",", " ").split()) - {"email", "groups", "channels"}):
        yield f"BESIDE_SLACK_FEATURES takes email, groups and channels, and not {odd[0][:20]}."
    for field in ("public_url", "slack_api_url", "teams_openid_url", "teams_login_url"):
        at = re.match(r"(https?)://([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?(/|$)", value := getattr(made, field))
        if value and not at:
            yield f"{_name(field)} takes a whole address that begins with https://."
        elif at and field != "public_url" and at[1] == "http" and not loopback(at[2]):
            yield f"{_name(field)} would send a secret in clear. Begin it with https://."


def _unfit(made: Settings) -> Iterable[str]:
    """Faults that show only when settings are seen together."""
    parts = ("slack_signing_secret", "slack_bot_token", "slack_app_token", "slack_client_id", "slack_client_secret")
    if any(getattr(made, part) for part in parts):
        if not (made.slack_bot_token or made.slack_client_id or made.slack_client_secret):
            lacks = "BESIDE_SLACK_BOT_TOKEN is missing. Set it,"
            yield f"Slack is half set up: {lacks} or drop the other BESIDE_SLACK_ ones."
        if not (made.slack_signing_secret or made.slack_app_token):
            lacks = "BESIDE_SLACK_SIGNING_SECRET is missing. Set it, or BESIDE_SLACK_APP_TOKEN for Socket Mode,"
            yield f"Slack is half set up: {lacks} or drop the other BESIDE_SLACK_ ones."
        if bool(made.slack_client_id) != bool(made.slack_client_secret):
            yield "BESIDE_SLACK_CLIENT_ID and BESIDE_SLACK_CLIENT_SECRET belong together. Set both or neither."
        if made.slack_installs and not _reached(made.public_url):
            yield "BESIDE_PUBLIC_URL has to begin with https://: Slack sends whoever installs Beside back to it."
    if made.teams_app_id or made.teams_app_password or made.teams_tenants:
        for part in ("teams_app_id", "teams_app_password", "teams_tenants"):
            if not getattr(made, part):
                yield f"Teams is half set up: {_name(part)} is missing. Set it, or drop the other BESIDE_TEAMS_ ones."
    yield from _unfit_mail(made)
    if made.with_playground and not loopback(made.host):
        yield "BESIDE_HOST lets others in, the playground must not. Set BESIDE_PLAYGROUND=0, or BESIDE_HOST=127.0.0.1."
    if made.database_url.get_secret_value().lower().startswith("postgres") and not (made.keys or made.keys_file):
        yield "BESIDE_KEYS or BESIDE_KEYS_FILE is missing: on PostgreSQL, Beside makes no key by itself."


def _reached(url: str) -> bool:
    """Whether a browser may be sent there: by https, or on this machine."""
    at = re.match(r"(https?)://([\w.-]+|\[[\da-fA-F:.]+\])", url)
    return bool(at and (at[1] == "https" or loopback(at[2])))


def _unfit_mail(made: Settings) -> Iterable[str]:
    """A letter needs a server, a sender and a line that nobody else reads."""
    if made.smtp_security not in ("starttls", "tls", "none"):
        yield "BESIDE_SMTP_SECURITY takes starttls, tls or none."
    if not made.smtp_host:
        if made.smtp_from or made.smtp_user or made.smtp_password:
            yield "E-mail is half set up: BESIDE_SMTP_HOST is missing. Set it, or drop the other BESIDE_SMTP_ ones."
        return
    if not re.fullmatch(r"[^@\s<>\"]+@[\w.-]+", made.smtp_from):
        yield "BESIDE_SMTP_FROM takes the address that invitations come from, such as beside@school.example."
    if bool(made.smtp_user) != bool(made.smtp_password):
        yield "BESIDE_SMTP_USER and BESIDE_SMTP_PASSWORD belong together. Set both or neither."
    if made.smtp_security == "none" and not loopback(made.smtp_host):
        yield "BESIDE_SMTP_SECURITY would send letters in clear. Set it to starttls or tls."


def _is_key(part: str) -> bool:
    ident, _, key = part.strip().partition(":")
    try:
        return bool(ident) and len(base64.b64decode(key, b"-_" if set("-_") & set(key) else None, validate=True)) == 32
    except ValueError:
        return False

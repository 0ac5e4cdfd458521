"""Settings: every fault at once, each with its mend, and no secret in any of them."""

import base64
import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.settings import Settings, WrongSettings, load, loopback, secret_files, strangers

KEY = base64.b64encode(bytes(32)).decode()
OTHER = base64.urlsafe_b64encode(bytes([255] * 32)).decode()
CANARY = "canary-9f31"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - it is what the playground refuses


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("BESIDE_")]:
        monkeypatch.delenv(name)


def lines(monkeypatch: pytest.MonkeyPatch, **given: str) -> tuple[str, ...]:
    for name, value in given.items():
        monkeypatch.setenv(f"BESIDE_{name.upper()}", value)
    try:
        load()
    except WrongSettings as wrong:
        return wrong.lines
    return ()


def test_nothing_set_serves_the_playground_here() -> None:
    settings = load()
    assert settings.with_playground
    assert not settings.slack
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)


def test_an_empty_variable_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(monkeypatch, port="", keys="", slack_bot_token="", playground="", database_url_file="") == ()


MAIL = {"smtp_host": "mail.example", "smtp_from": "beside@school.example"}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"port": "soon"}, "BESIDE_PORT takes a whole number."),
        ({"port": "70000"}, "BESIDE_PORT takes a port from 0 to 65535."),
        ({"port": "-1"}, "BESIDE_PORT takes a port from 0 to 65535."),
        ({"playground": "maybe"}, "BESIDE_PLAYGROUND takes 1 or 0."),
        ({"migrate": "later"}, "BESIDE_MIGRATE takes 1 or 0."),
        ({"host": "http://127.0.0.1", "playground": "0"}, "BESIDE_HOST takes an address to listen on"),
        ({"host": EVERYWHERE}, "BESIDE_HOST lets others in, the playground must not."),
        ({"host": "::", "playground": "1"}, "BESIDE_HOST lets others in, the playground must not."),
        ({"database_url": "mysql://ana@host/db"}, "BESIDE_DATABASE_URL takes sqlite:///"),
        ({"database_url": "beside.sqlite3"}, "BESIDE_DATABASE_URL takes sqlite:///"),
        ({"database_url": "sqlite://"}, "BESIDE_DATABASE_URL names no file."),
        ({"database_url": "sqlite:///:memory:"}, "BESIDE_DATABASE_URL names no file."),
        ({"database_url": "postgresql://ana@host/db"}, "BESIDE_KEYS or BESIDE_KEYS_FILE is missing"),
        ({"keys": "only-a-word"}, "BESIDE_KEYS takes id:base64"),
        ({"keys": f"a:{KEY},b:c2hvcnQ="}, "BESIDE_KEYS takes id:base64"),
        ({"keys": f":{KEY}"}, "BESIDE_KEYS takes id:base64"),
        ({"public_url": "beside.school.org"}, "BESIDE_PUBLIC_URL takes a whole address"),
        ({"slack_api_url": "http://slack.test/api/"}, "BESIDE_SLACK_API_URL would send a secret in clear."),
        ({"teams_login_url": "ftp://login.test"}, "BESIDE_TEAMS_LOGIN_URL takes a whole address"),
        ({"slack_bot_token": "xoxb-1"}, "Slack is half set up: BESIDE_SLACK_SIGNING_SECRET is missing."),
        ({"slack_signing_secret": "s"}, "Slack is half set up: BESIDE_SLACK_BOT_TOKEN is missing."),
        ({"slack_bot_token": "xoxb-1"}, "Set it, or BESIDE_SLACK_APP_TOKEN for Socket Mode,"),
        ({"slack_app_token": "xapp-1"}, "Slack is half set up: BESIDE_SLACK_BOT_TOKEN is missing."),
        ({"slack_client_id": "1.2"}, "BESIDE_SLACK_CLIENT_ID and BESIDE_SLACK_CLIENT_SECRET belong together."),
        (
            {"slack_client_id": "1.2", "slack_client_secret": "x", "slack_signing_secret": "y"},
            "BESIDE_PUBLIC_URL has to begin with https://: Slack sends whoever installs Beside back to it.",
        ),
        ({"slack_features": "email, magic"}, "BESIDE_SLACK_FEATURES takes email, groups and channels, and not magic."),
        ({"teams_app_id": "id"}, "Teams is half set up: BESIDE_TEAMS_APP_PASSWORD is missing."),
        ({"teams_app_id": "id", "teams_app_password": "p"}, "Teams is half set up: BESIDE_TEAMS_TENANTS is missing."),
        ({"teams_tenants": "t"}, "Teams is half set up: BESIDE_TEAMS_APP_ID is missing."),
        ({"smtp_from": "a@b.example"}, "E-mail is half set up: BESIDE_SMTP_HOST is missing."),
        ({"smtp_host": "mail.example"}, "BESIDE_SMTP_FROM takes the address that invitations come from"),
        (MAIL | {"smtp_user": "me"}, "BESIDE_SMTP_USER and BESIDE_SMTP_PASSWORD belong together."),
        (MAIL | {"smtp_security": "ssl"}, "BESIDE_SMTP_SECURITY takes starttls, tls or none."),
        (MAIL | {"smtp_security": "none"}, "BESIDE_SMTP_SECURITY would send letters in clear."),
        ({"slack_bot_token_file": "no/such/file"}, "BESIDE_SLACK_BOT_TOKEN_FILE names a file that cannot be read."),
        ({"keys_file": "no/such/file"}, "BESIDE_KEYS_FILE names a file that cannot be read."),
    ],
)
def test_names_the_fault_and_its_mend(monkeypatch: pytest.MonkeyPatch, given: dict[str, str], fault: str) -> None:
    assert any(fault in line for line in lines(monkeypatch, **given))


def test_names_all_faults_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    found = lines(
        monkeypatch,
        port="x", playground="maybe", host=EVERYWHERE, database_url=f"mysql://u:{CANARY}@h/d", keys=CANARY,
        slack_bot_token=CANARY, teams_app_password=CANARY, public_url="nowhere", slack_client_secret_file="none",
    )  # fmt: skip
    told = "\n".join(found)
    for name in (
        "PORT", "PLAYGROUND", "DATABASE_URL", "KEYS", "SLACK_SIGNING_SECRET", "TEAMS_APP_ID", "TEAMS_TENANTS",
        "PUBLIC_URL", "SLACK_CLIENT_SECRET_FILE",
    ):  # fmt: skip
        assert f"BESIDE_{name}" in told
    assert CANARY not in told
    assert all(line.endswith(".") and "\n" not in line for line in found)


def test_an_unread_file_is_not_called_missing_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    found = lines(monkeypatch, slack_signing_secret="s", slack_bot_token_file="no/such/file")
    assert len(found) == 1


def test_a_secret_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("slack_bot_token", "slack_signing_secret", "database_url"):
        (tmp_path / name).write_text(
            "sqlite:///x.sqlite3\n" if name == "database_url" else f"{CANARY}-{name}\n", "utf-8"
        )
        monkeypatch.setenv(f"BESIDE_{name.upper()}_FILE", str(tmp_path / name))
    settings = load()
    assert settings.slack_bot_token == SecretStr(f"{CANARY}-slack_bot_token")
    assert settings.database_url == SecretStr("sqlite:///x.sqlite3")
    assert settings.slack
    assert CANARY not in repr(settings) + str(settings)
    assert set(secret_files(os.environ)) == {
        "BESIDE_SLACK_BOT_TOKEN_FILE", "BESIDE_SLACK_SIGNING_SECRET_FILE", "BESIDE_DATABASE_URL_FILE",
    }  # fmt: skip


def test_a_secret_comes_from_one_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(CANARY, "utf-8")
    found = lines(
        monkeypatch, slack_bot_token="x", slack_signing_secret="y", slack_bot_token_file=str(tmp_path / "token")
    )
    assert found == ("BESIDE_SLACK_BOT_TOKEN and BESIDE_SLACK_BOT_TOKEN_FILE are both set. Keep one of them.",)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\xff"])
def test_an_empty_or_garbled_file_is_a_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "token").write_bytes(content)
    found = lines(monkeypatch, teams_app_password_file=str(tmp_path / "token"))
    assert any(line.startswith("BESIDE_TEAMS_APP_PASSWORD_FILE names a") for line in found)


def test_the_key_file_stays_a_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"a:{KEY}", "utf-8")
    monkeypatch.setenv("BESIDE_KEYS_FILE", str(tmp_path / "keys"))
    settings = load()
    assert settings.keys is None
    assert settings.keys_file == tmp_path / "keys"


def test_keys_are_taken_in_both_alphabets(monkeypatch: pytest.MonkeyPatch) -> None:
    assert lines(monkeypatch, keys=f"a:{KEY}, b:{OTHER}") == ()


@pytest.mark.parametrize(
    ("url", "mapped"),
    [
        ("sqlite:///beside.sqlite3", "sqlite+aiosqlite:///beside.sqlite3"),
        ("sqlite+aiosqlite:////data/beside.sqlite3", "sqlite+aiosqlite:////data/beside.sqlite3"),
        ("postgresql://ana:p%40ss@host:5432/db", "postgresql+asyncpg://ana:p%40ss@host:5432/db"),
        ("postgres://host/db?sslmode=require", "postgresql+asyncpg://host/db?ssl=require"),
        ("postgresql+asyncpg://host/db", "postgresql+asyncpg://host/db"),
    ],
)
def test_the_database_address_is_mapped_to_its_driver(url: str, mapped: str) -> None:
    assert Settings(database_url=SecretStr(url), keys=SecretStr(f"a:{KEY}")).mapped == mapped


def test_a_platform_turns_the_playground_off_unless_asked_for() -> None:
    slack = {"slack_bot_token": SecretStr("x"), "slack_signing_secret": SecretStr("y")}
    assert not Settings.model_validate({**slack, "host": EVERYWHERE}).with_playground
    assert Settings.model_validate({**slack, "playground": True}).with_playground


@pytest.mark.parametrize(
    ("host", "here"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("[::1]", True), ("localhost", True)]
    + [(host, False) for host in (EVERYWHERE, "::", "192.168.1.2", "beside.school.org", "")],
)
def test_knows_which_addresses_are_this_machine_only(host: str, here: bool) -> None:
    assert loopback(host) is here


def test_a_mistyped_variable_is_named_with_the_one_meant() -> None:
    names = ("BESIDE_PORT", "BESIDE_DATABSE_URL", "BESIDE_SLACK_BOT_TOKEN_FILE", "BESIDE_COFFEE", "HOME")
    assert strangers(names) == {"BESIDE_DATABSE_URL": "BESIDE_DATABASE_URL", "BESIDE_COFFEE": ""}

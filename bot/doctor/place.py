"""The machine and its settings: variables, files and who may read them, room on the disk."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path

from bot.doctor.finding import Finding
from bot.settings import Settings, loopback, strangers

_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_LITTLE, _NONE = 500 * 1024 * 1024, 50 * 1024 * 1024


def environment(names: Iterable[str]) -> list[Finding]:
    """Variables that look like ours and are read by nobody."""
    return [
        Finding("warn", f"{name} is read by nobody.", f"Did you mean {meant}?" if meant else "Take it out.")
        for name, meant in strangers(names).items()
    ]


def shapes(settings: Settings) -> list[Finding]:
    """Settings that can be used and still do not look right."""
    found: list[Finding] = []
    for name, secret, shape, told in (
        ("BESIDE_SLACK_BOT_TOKEN", settings.slack_bot_token, r"xoxb-[\w-]+", "It begins with xoxb-"),
        ("BESIDE_SLACK_APP_TOKEN", settings.slack_app_token, r"xapp-[\w-]+", "It begins with xapp-"),
        (
            "BESIDE_SLACK_SIGNING_SECRET", settings.slack_signing_secret,
            r"[0-9a-f]{32}(\s*,\s*[0-9a-f]{32})?", "It is 32 letters and digits",
        ),
    ):  # fmt: skip
        if secret is not None and not re.fullmatch(shape, secret.get_secret_value()):
            found.append(Finding("warn", f"{name} has an unusual form.", f"{told}; copy it again from Slack's pages."))
    found += _teams(settings)
    if settings.with_playground and (settings.slack or settings.teams_app_id):
        what = "The playground is on beside a platform: who sits at this machine can write as anybody."
        found.append(Finding("warn", what, "Set BESIDE_PLAYGROUND=0."))
    if settings.public_url.startswith("http://") and not loopback(_host(settings.public_url)):
        found.append(Finding("warn", "BESIDE_PUBLIC_URL is not encrypted.", "Begin it with https://."))
    platforms = [name for name, on in (("Slack", settings.slack), ("Teams", settings.teams_app_id)) if on]
    told = " and ".join(platforms) or ("the playground" if settings.with_playground else "")
    if told:
        return [Finding("ok", f"The settings are whole, for {told}."), *found]
    mend = "Set up Slack or Teams, or BESIDE_PLAYGROUND=1."
    return [Finding("wrong", "Nobody can reach Beside: no platform is set up and the playground is off.", mend), *found]


def _teams(settings: Settings) -> Iterable[Finding]:
    """Ids are of one form; what is of that form and called a secret is the secret's id, a common slip."""
    if not settings.teams_app_id:
        return
    if not _GUID.fullmatch(settings.teams_app_id):
        yield Finding("warn", "BESIDE_TEAMS_APP_ID has an unusual form.", "Copy the application id again.")
    secret = settings.teams_app_password.get_secret_value() if settings.teams_app_password else ""
    if _GUID.fullmatch(secret):
        mend = "Copy the secret's value; it is shown only once, so make a new one."
        yield Finding("wrong", "BESIDE_TEAMS_APP_PASSWORD looks like the id of a secret.", mend)
    tenants = [one.strip() for one in settings.teams_tenants.split(",") if one.strip()]
    if not all(_GUID.fullmatch(one) for one in tenants):
        mend = "Write the directory (tenant) ids, separated by commas, the app's own first."
        yield Finding("warn", "BESIDE_TEAMS_TENANTS has an unusual form.", mend)


def readable(files: Mapping[str, Path]) -> list[Finding]:
    """Files that hold secrets, and who may read them, by what they are called."""
    found = []
    for name, path in files.items():
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            what = f"{name}: others on this machine may read {path.name} ({stat.S_IMODE(mode):04o})."
            found.append(Finding("warn", what, f"chmod 600 {path}"))
        else:
            found.append(Finding("ok", f"{name}: only its owner may read {path.name}."))
    return found


def disk(folder: Path) -> Finding:
    """Room for what is kept."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("wrong", f"The disk under {folder} cannot be looked at: {error.strerror}.", "Check the path.")
    what = f"{free // 1024 // 1024:,} MiB are free where the database is."
    if free >= _LITTLE:
        return Finding("ok", what)
    return Finding("wrong" if free < _NONE else "warn", what, "Make room: with none, nothing more can be kept.")


def sqlite_file(settings: Settings) -> Path | None:
    """The file of a SQLite database, or None on PostgreSQL."""
    scheme, _, rest = settings.mapped.partition(":///")
    return Path(rest.partition("?")[0]) if scheme == "sqlite+aiosqlite" else None


def _host(address: str) -> str:
    found = re.match(r"https?://(\[[^\]]*\]|[^:/]*)", address)
    return found[1] if found else ""

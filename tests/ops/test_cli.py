"""The command line: what it shows, what it answers the shell, and what it never does without being asked."""

import base64
import os
import pty
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main

ROOT = Path(__file__).parents[2]
CANARY = "canary-9f31"
HEAVY = "pydantic sqlalchemy alembic aiohttp aiosqlite asyncpg slack_bolt slack_sdk botbuilder msgspec yaml".split()
PLACES = ("schools.csv", "calendar.csv", "bells.csv", "people.csv")
EXAMPLES = re.findall(r"```csv\n(.*?)```", (ROOT / "docs/imports.md").read_text("utf-8"), re.DOTALL)


@pytest.fixture(autouse=True)
def _empty_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("BESIDE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("BESIDE_DATABASE_URL", f"sqlite:///{tmp_path / 'beside.sqlite3'}")
    for name, text in zip(PLACES, EXAMPLES, strict=True):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)


def typed(*arguments: str, keys: str = "") -> subprocess.CompletedProcess[str]:
    """The command as the shell runs it; with `keys`, on a terminal where a person types them."""
    command = [sys.executable, "-m", "bot", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    if not keys:
        return subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=200, check=False
        )
    ours, theirs = pty.openpty()
    os.write(ours, keys.encode())
    try:
        return subprocess.run(
            command, env=environment, stdin=theirs, capture_output=True, text=True, timeout=200, check=False
        )
    finally:
        os.close(ours)
        os.close(theirs)


# ── What it shows ──


@pytest.mark.req("RUN-6")
@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["roster", "import", "--help"], ["fly"]])
def test_asking_for_help_imports_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom bot.__main__ import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        f"sys.exit(' '.join(name for name in {HEAVY!r} if name in sys.modules) or None)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr


def test_help_shows_these_verbs_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    verbs = re.findall(r"^    (\w+) ", capsys.readouterr().out, re.MULTILINE)
    assert verbs == [
        "serve", "migrate", "doctor", "guard", "when", "demo", "manifest", "school", "roster", "stems", "words",
            "export", "outbox",
    ]  # fmt: skip


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    assert re.fullmatch(r"beside \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["school"], ["school", "export"], ["roster", "import"], ["serve", "x"]]
)
def test_what_is_no_verb_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    told = capsys.readouterr().err
    assert "usage: beside" in told
    assert arguments or "Serve the platforms that are set up" in told


@pytest.mark.parametrize("arguments", [["serve"], ["demo"], ["roster", "import", "people.csv", "--yes"]])
def test_a_slip_in_the_path_begins_no_school_elsewhere(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("BESIDE_DATABASE_URL", f"sqlite:///{tmp_path}/nowhere/at/all.sqlite3")
    (tmp_path / "people.csv").write_text("name,handle,role,school\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    assert "names a folder that is not there" in capsys.readouterr().err
    assert not (tmp_path / "nowhere").exists()


def test_a_port_that_is_taken_is_told_before_anything_is_made(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("BESIDE_PORT", str(port))
        monkeypatch.setenv("BESIDE_DATABASE_URL", f"sqlite:///{tmp_path}/beside.sqlite3")
        assert main(["serve"]) == 2
    told = f"Port {port} of 127.0.0.1 is taken by another program. Set BESIDE_PORT to a free one.\n"
    assert capsys.readouterr().err == told
    assert not (tmp_path / "beside.sqlite3").exists()


def test_a_database_server_that_is_not_there_is_asked_after(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    monkeypatch.setenv("BESIDE_DATABASE_URL", f"postgresql://ana@127.0.0.1:{unused_tcp_port}/school")
    monkeypatch.setenv("BESIDE_KEYS", "k1:" + base64.b64encode(bytes(32)).decode())
    monkeypatch.setenv("BESIDE_PORT", "0")
    assert main(["serve"]) == 2
    assert "is PostgreSQL running?" in capsys.readouterr().err


# ── Wrong settings ──


@pytest.mark.req("RUN-5")
@pytest.mark.parametrize(
    "arguments",
    [
        ["serve"],
        ["migrate"],
        ["demo"],
        ["school", "import", "schools.csv"],
        ["roster", "import", "people.csv", "--yes"],
    ],
)
def test_wrong_settings_stop_every_verb_with_all_faults_at_once(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("BESIDE_PORT", "soon")
    monkeypatch.setenv("BESIDE_SLACK_BOT_TOKEN", CANARY)
    monkeypatch.setenv("BESIDE_KEYS", CANARY)
    assert main(arguments) == 2
    told = capsys.readouterr().err
    assert [line.split()[0] for line in told.splitlines()] == ["BESIDE_PORT", "BESIDE_KEYS", "Slack"]
    assert CANARY not in told
    assert not (tmp_path / "beside.sqlite3").exists()


def test_wrong_settings_leave_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BESIDE_DATABASE_URL", f"mysql://ana:{CANARY}@host/db")
    done = typed("serve")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "BESIDE_DATABASE_URL takes sqlite:///file.sqlite3 or postgresql://name@host/database.\n"


def test_the_doctor_tells_wrong_settings_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BESIDE_PORT", "soon")
    monkeypatch.setenv("BESIDE_PROT", CANARY)
    assert main(["doctor"]) == 2
    assert capsys.readouterr().out.splitlines() == [
        "warn   BESIDE_PROT is read by nobody. Did you mean BESIDE_PORT?",
        "wrong  BESIDE_PORT takes a whole number.",
    ]


# ── Imports ──


def test_without_a_terminal_nothing_is_kept_until_yes_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    done = typed("school", "import", "schools.csv")
    assert done.returncode == 1
    assert "crisis line: 988" in done.stdout
    assert done.stdout.endswith("There is no terminal to ask on. Add --yes to keep these.\nNothing was kept.\n")
    assert main(["school", "import", "schools.csv", "--yes"]) == 0
    shown = capsys.readouterr().out
    assert "New: 1" in shown
    assert shown.endswith("Kept.\n")


@pytest.mark.parametrize(("keys", "code", "end"), [("y\n", 0, "Kept.\n"), ("n\n", 1, "kept.\n"), ("\n", 1, "kept.\n")])
def test_on_a_terminal_a_person_is_asked(keys: str, code: int, end: str) -> None:
    done = typed("school", "import", "schools.csv", keys=keys)
    assert done.returncode == code
    assert "Keep these? [y/N]" in done.stdout
    assert done.stdout.endswith(end)


def test_the_examples_in_the_manual_can_be_kept_and_a_second_time_change_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for verb, file in (("school", "schools.csv"), ("roster", "people.csv")):
        assert main([verb, "import", file, "--yes"]) == 0
    shown = capsys.readouterr().out
    assert "First meetings to be offered: 1" in shown
    assert "ana.ruiz@" not in shown
    for verb, file in (("school", "schools.csv"), ("roster", "people.csv")):
        assert main([verb, "import", file]) == 0
    assert capsys.readouterr().out.count("Nothing changes.") == 2
    assert main(["doctor"]) == 0


def test_a_file_that_is_not_there_is_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["roster", "import", "nowhere.csv"]) == 2
    assert capsys.readouterr().err == "nowhere.csv cannot be read: No such file or directory.\n"


def test_a_database_that_cannot_be_opened_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "none.sqlite3").write_text("this is no database, it only looks like one from outside", "utf-8")
    monkeypatch.setenv("BESIDE_DATABASE_URL", f"sqlite:///{tmp_path / 'none.sqlite3'}")
    assert main(["school", "import", "schools.csv", "--yes"]) == 1
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 1
    assert "BESIDE_DATABASE_URL" in shown.out

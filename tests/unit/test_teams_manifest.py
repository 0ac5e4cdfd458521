"""The package for Teams: every command, no rights beyond the chats, and pictures of the sizes that Teams takes."""

from __future__ import annotations

import json
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from adapters.teams.manifest import AMONG, manifest, package, translation
from adapters.teams.payloads import PROPOSE
from bot.__main__ import main
from bot.data import languages
from bot.flows import FLOWS, LISTED, introduced, typed

APP = "11111111-2222-3333-4444-555555555555"
ADDRESS = "https://beside.school.example"
OTHERS = languages()[1:]
MADE = manifest(typed(), introduced("en"), APP, f"{ADDRESS}/", "0.1.0", OTHERS)
TOLD = {one: translation(MADE, typed(one), introduced(one)) for one in OTHERS}
SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"


def faults(name: str, tree: object) -> list[str]:
    schema = json.loads((SCHEMAS / f"{name}-1.19.json").read_text("utf-8"))
    found = Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER).iter_errors(tree)
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in found]


def test_is_what_microsoft_publishes_as_a_manifest() -> None:
    assert faults("teams-manifest", MADE) == []
    wrong = MADE | {"bots": [{"botId": "not an id", "scopes": ["everywhere"]}], "more": 1}
    assert len(faults("teams-manifest", wrong)) >= 3


@pytest.mark.parametrize("language", OTHERS)
def test_says_all_of_it_in_every_language_and_what_is_typed_stays(language: str) -> None:
    told = TOLD[language]
    assert faults("teams-localization", told) == []
    assert faults("teams-localization", told | {"bots[0].commandLists[0].commands[0].title": "x" * 40}) != []
    (bot,) = MADE["bots"]
    for n, group in enumerate(bot["commandLists"]):
        for m, one in enumerate(group["commands"]):
            assert told[f"bots[0].commandLists[{n}].commands[{m}].description"] != one["description"]
    assert told["composeExtensions[0].commands[0].title"] != MADE["composeExtensions"][0]["commands"][0]["title"]
    assert [one for one in told if one.endswith("commands[0].title") and one.startswith("bots")] == []
    languages_told = MADE["localizationInfo"]["additionalLanguages"]
    assert {"languageTag": language, "file": f"{language}.json"} in languages_told


def test_lists_the_commands_of_the_first_conversations_once_and_within_the_limits() -> None:
    (bot,) = MADE["bots"]
    alone, among = bot["commandLists"]
    assert (alone["scopes"], among["scopes"]) == (["personal"], ["team", "groupChat"])
    assert {one["title"] for one in among["commands"]} == set(AMONG.values())
    commands = alone["commands"]
    titles = [one["title"] for one in commands]
    every = {f"{one.name} {one.word}".rstrip(): one.roles for flow in FLOWS for one in flow.commands}
    teachers = [title for title, roles in every.items() if "teacher" in roles]
    assert set(titles) == set(teachers[:LISTED]), "what comes after ten is in the help, as all of them are"
    assert len(titles) == len(set(titles)) == min(len(teachers), LISTED)
    assert {"coteach", "beside help", "beside now", "beside mine"} <= set(titles)
    assert [one for one in commands if len(one["title"]) > 32 or len(one["description"]) > 128] == []
    assert "{" not in json.dumps([one["description"] for one in commands])


def test_can_be_called_wherever_people_write_and_asks_for_no_rights() -> None:
    assert [bot["scopes"] for bot in MADE["bots"]] == [["personal", "team", "groupChat"]]
    (extension,) = MADE["composeExtensions"]
    (command,) = extension["commands"]
    assert (command["id"], command["type"], command["fetchTask"]) == (PROPOSE, "action", True)
    assert "message" in command["context"]
    assert MADE["validDomains"] == ["beside.school.example"]
    assert {"authorization", "permissions", "webApplicationInfo"} & MADE.keys() == set()
    assert len(MADE["name"]["short"]) <= 30
    assert len(MADE["description"]["short"]) <= 80
    assert {MADE["developer"][one] for one in ("websiteUrl", "privacyUrl", "termsOfUseUrl")} == {ADDRESS}


def test_the_package_is_the_manifest_and_two_pictures_the_same_each_time() -> None:
    assert package(MADE, TOLD) == package(MADE, TOLD)
    with zipfile.ZipFile(BytesIO(package(MADE, TOLD))) as zipped:
        wanted = ["color.png", "manifest.json", "outline.png", *(f"{one}.json" for one in OTHERS)]
        assert sorted(zipped.namelist()) == sorted(wanted)
        assert json.loads(zipped.read("manifest.json")) == MADE
        assert {one: json.loads(zipped.read(f"{one}.json")) for one in OTHERS} == TOLD
        for name, size in (("color.png", 192), ("outline.png", 32)):
            drawn = zipped.read(name)
            assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
            assert struct.unpack(">II", drawn[16:24]) == (size, size)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "BESIDE_TEAMS_APP_ID has to be set"),
        ({"BESIDE_TEAMS_APP_ID": APP}, "BESIDE_PUBLIC_URL has to begin with https://"),
        ({"BESIDE_TEAMS_APP_ID": APP, "BESIDE_PUBLIC_URL": ADDRESS}, "no/such/folder.zip cannot be written"),
    ],
)
def test_says_what_is_missing(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    settings: dict[str, str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    if settings:
        settings |= {"BESIDE_TEAMS_APP_PASSWORD": "s", "BESIDE_TEAMS_TENANTS": "t"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert main(["manifest", "teams", "no/such/folder.zip"]) == 2
    assert capsys.readouterr().err.startswith(told)
    assert list(tmp_path.iterdir()) == []

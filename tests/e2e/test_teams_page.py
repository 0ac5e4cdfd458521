"""The page for admins of Teams, followed to the letter: two files, a secret, a package, and the first question."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

from tests.fakes.teams import Profile, Teams
from tests.support.process import beside, serving
from tests.support.school import morning
from tests.support.teams_school import arrives, meet, press

PAGE = (Path(__file__).parents[2] / "docs/teams.md").read_text("utf-8")


async def test_from_two_files_to_the_first_question(tmp_path: Path) -> None:
    schools, people = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    settings = dict(re.findall(r"^export (BESIDE_\w+)=(\S+)$", PAGE, re.MULTILINE))
    assert [*settings] == [
        "BESIDE_PUBLIC_URL", "BESIDE_TEAMS_APP_ID", "BESIDE_TEAMS_APP_PASSWORD_FILE", "BESIDE_TEAMS_TENANTS",
    ]  # fmt: skip
    zone = morning()
    async with Teams() as teams:
        teams.pace.on = False
        ana = teams.team.user("ana", Profile("", "", "Ana Ruiz", tz=zone, email="Ana.Ruiz@lincoln.example"))
        sam = teams.team.user("sam", Profile("", "", "Sam Rivera", tz=zone))
        # A school day, and within its hours, whenever this is run.
        here = schools.replace("America/New_York", zone).replace("hours,", "hours,weekend,")
        (tmp_path / "schools.csv").write_text(here.replace("-18:00,", "-18:00,none,"), "utf-8")
        assert "ana.ruiz@lincoln.example" in people
        people = people.replace("0a0a0a0a-1111-2222-3333-000000000001", sam.aad)
        (tmp_path / "people.csv").write_text(people, "utf-8")
        (tmp_path / "secret").write_text(f"{teams.secret}\n", "utf-8")
        (tmp_path / "secret").chmod(0o600)
        settings |= teams.settings | {"BESIDE_TEAMS_APP_PASSWORD_FILE": str(tmp_path / "secret")}
        del settings["BESIDE_TEAMS_APP_PASSWORD"]
        for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
            ended = await beside(tmp_path, kind, "import", file, "--yes", **settings)
            assert (ended.code, ended.err) == (0, ""), ended
        looked = await beside(tmp_path, "doctor", "--online", **settings)
        assert [one for one in looked.out.splitlines() if not one.startswith("ok ")] == [], looked
        made = await beside(tmp_path, "manifest", "teams", **settings)
        assert (made.code, made.err) == (0, ""), made
        with zipfile.ZipFile(tmp_path / "beside-teams.zip") as package:
            assert json.loads(package.read("manifest.json"))["bots"][0]["botId"] == settings["BESIDE_TEAMS_APP_ID"]
        async with serving(tmp_path, True, **settings) as server:
            teams.connect(f"{server.url}/api/messages")
            await sam.install()
            await meet(ana)
            assert (await ana.say("beside now")).ok
            await arrives(ana, "Hi Ana. One question about this week, two minutes at most.")
            assert (await sam.say("coteach @ana tomorrow 10:15 45m launch")).ok
            await arrives(sam, "Only you can see this yet")
            await press(sam, "Send to Ana")
            await arrives(ana, "From Sam")
            assert teams.secret not in server.log
        assert teams.state.complaints == []

"""The page for admins, followed to the letter: two files, two tokens, and the first question is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fakes.slack import APP_TOKEN, Profile, Slack
from tests.support.process import beside, serving
from tests.support.school import arrives, meet, morning, press, reach

PAGE = Path(__file__).parents[2] / "docs/slack.md"


async def test_from_two_files_to_the_first_question_behind_a_firewall(tmp_path: Path) -> None:
    schools, people = re.findall(r"```csv\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    async with Slack() as slack:
        slack.pace.on = False
        ana = slack.team.user("ana", Profile("", "", "Ana Ruiz", tz=morning()))
        sam = slack.team.user("sam", Profile("", "", "Sam Rivera", tz=morning()))
        assert ana.channel.kind == sam.channel.kind == "im"
        # A school day, and within its hours, whenever this is run.
        here = schools.replace("America/New_York", morning()).replace("hours,", "hours,weekend,")
        (tmp_path / "schools.csv").write_text(here.replace("-18:00,", "-18:00,none,"), "utf-8")
        (tmp_path / "people.csv").write_text(people.replace("U0123SAM", sam.id).replace("U0123ANA", ana.id), "utf-8")
        settings = {
            "BESIDE_SLACK_BOT_TOKEN": slack.team.token,
            "BESIDE_SLACK_APP_TOKEN": APP_TOKEN,
            "BESIDE_SLACK_API_URL": slack.api_url,
        }
        for kind, file in (("school", "schools.csv"), ("roster", "people.csv")):
            ended = await beside(tmp_path, kind, "import", file, "--yes", **settings)
            assert (ended.code, ended.err) == (0, ""), ended
        looked = await beside(tmp_path, "doctor", "--online", **settings)
        lines = looked.out.splitlines()
        assert [one for one in lines if not one.startswith("ok ")] == [], looked
        assert any("Slack opens Socket Mode." in one for one in lines)
        async with serving(tmp_path, True, **settings) as server:
            await reach(slack, server, "socket")
            await meet(ana)
            assert (await ana.command("/beside", "now")).ok
            await arrives(ana, "Hi Ana. One question about this week, two minutes at most.")
            preview = (await sam.command("/coteach", "@ana tue 10:15 45m launch")).shown
            assert preview is not None
            await press(sam, "Send to Ana")
            assert preview.shown.startswith("Sent to Ana")
            await arrives(ana, "From Sam")
            await slack.quiet()
            assert "xapp-" not in server.log
        assert slack.state.complaints == []

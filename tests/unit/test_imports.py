"""Imports: a spreadsheet's text to schools and people, every problem by line and column, nothing by half."""

import csv
import io
from datetime import UTC, date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports import (
    Changes,
    Known,
    compare_roster,
    compare_schools,
    folded,
    person_id,
    preview,
    read_roster,
    read_schools,
    school_id,
    told,
)
from bot.imports.people import check_in
from bot.imports.table import BYTES, masked
from bot.records import ClosedDay, Contacts, Partnership, Person, School

NOW = datetime(2026, 9, 22, 15, 0, tzinfo=UTC)
SCHOOLS = (
    "School,Zone,Hours,Weekend,Closed days,Safeguarding contact,Support contact,Emergency number,Crisis line\n"
    'Lakeside,America/New_York,8:00 to 14:40,"Sat,Sun",2026-11-26 Thanksgiving; 2026-12-21..2027-01-01 Winter break,'
    "Ms Rivera (rivera@lakeside.org),Mr Okafor,911,988\n"
)
ROSTER = (
    "Name,Handle,Platform,Account id or e-mail,Role,Coach,School\n"
    "Ana Ruiz,ana,Slack,U0ANA,Teacher,cleo,Lakeside\n"
    "Ana Ruiz,ana,Teams,ana@lakeside.org,teacher,,Lakeside\n"
    "Cleo Park,@cleo,slack,cleo@lakeside.org,Math coach,,lakeside\n"
)
LAKESIDE = School(
    id=school_id("org-1", "Lakeside"),
    organization="org-1",
    name="Lakeside",
    zone="America/New_York",
    opens=8 * 60,
    closes=14 * 60 + 40,
)


def known(
    *people: Person, owners: dict[tuple[str, str], str] | None = None, pairs: tuple[Partnership, ...] = ()
) -> Known:
    return Known(
        organization="org-1",
        schools={"lakeside": LAKESIDE},
        people={person.handle: person for person in people},
        owners=owners or {},
        partnerships=pairs,
    )


def person(handle: str, name: str, role: str = "teacher") -> Person:
    return Person(
        id=person_id("org-1", handle), organization="org-1", handle=handle, name=name,
        role="coach" if role == "coach" else "teacher", school=LAKESIDE.id, zone=LAKESIDE.zone,
    )  # fmt: skip


def school(**cells: str) -> str:
    """One right school, but for these cells."""
    right = {
        "school": "Lakeside", "zone": "America/New_York", "safeguarding contact": "Ms Rivera",
        "support contact": "Mr Okafor", "emergency number": "911", "crisis line": "988",
    }  # fmt: skip
    return sheet([{**right, **{name.replace("_", " "): value for name, value in cells.items()}}])


def member(*rows: dict[str, str]) -> str:
    """Ana as a teacher of Lakeside, once a row, but for these cells."""
    right = {"name": "Ana Ruiz", "handle": "ana", "role": "teacher", "school": "Lakeside"}
    return sheet([{**right, **row} for row in rows])


def sheet(rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)), restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def school_problems(text: str) -> list[str]:
    return [str(problem) for problem in read_schools(text.encode())[2]]


def roster(text: str, kept: Known | None = None) -> Changes:
    lines, _, problems = read_roster(text.encode())
    assert problems == ()
    return compare_roster(lines, kept or known(), NOW)


def roster_problems(text: str, kept: Known | None = None) -> list[str]:
    lines, _, problems = read_roster(text.encode())
    return [str(one) for one in (*problems, *compare_roster(lines, kept or known(), NOW).problems)]


# ── Schools ──


def test_reads_a_school_with_its_time_its_closed_days_and_its_contacts() -> None:
    (line,), _, problems = read_schools(SCHOOLS.encode())
    assert problems == ()
    (kept,) = compare_schools((line,), {}, "org-1").schools
    assert kept.id == school_id("org-1", "LAKESIDE")
    assert (kept.zone, kept.opens, kept.closes, kept.weekend) == ("America/New_York", 480, 880, ("SA", "SU"))
    assert kept.contacts == Contacts("Ms Rivera (rivera@lakeside.org)", "Mr Okafor", "911", "988")
    assert kept.closed[0] == ClosedDay(date(2026, 11, 26), "Thanksgiving")
    assert [day.day for day in kept.closed[1:]][:: len(kept.closed) - 2] == [date(2026, 12, 21), date(2027, 1, 1)]
    assert not kept.sample


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: "\n\n" + text + "\n,,,\n",
    ],
)
def test_encodings_and_line_ends_make_no_difference(encode: object) -> None:
    assert callable(encode)
    data = encode(ROSTER)
    lines, _, problems = read_roster(data.encode() if isinstance(data, str) else data)
    assert problems == ()
    assert [line.name for line in lines] == ["Ana Ruiz", "Cleo Park"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_finds_the_delimiter_by_itself(delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(csv.reader(io.StringIO(SCHOOLS)))
    lines, _, problems = read_schools(text.getvalue().encode())
    assert problems == ()
    assert lines == read_schools(SCHOOLS.encode())[0]


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("08:00-15:00", (480, 900)), ("8:00 to 15:00", (480, 900)), ("8.00–15.00", (480, 900)), ("8-15", (480, 900)),
        ("7:45 am - 2:30 pm", (465, 870)), ("12 pm until 6 p.m.", (720, 1080)), ("12:00 am-11:59 pm", (0, 1439)),
    ],
)  # fmt: skip
def test_reads_hours_as_people_write_them(written: str, minutes: tuple[int, int]) -> None:
    (line,), _, problems = read_schools(school(hours=written).encode())
    assert problems == ()
    assert line.hours == minutes


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("SA SU", ("SA", "SU")), ("Sun, Sat", ("SA", "SU")), ("Friday and Saturday", ("FR", "SA")),
        ("fr/sa", ("FR", "SA")),
        ("none", ()), ("So", None), ("weekend", None), ("mo tu we th fr sa su", None), ("S", None),
    ],
)  # fmt: skip
def test_reads_the_weekend_as_people_write_it(written: str, days: tuple[str, ...] | None) -> None:
    (line,), _, problems = read_schools(school(weekend=written).encode())
    assert line.weekend == days
    assert bool(problems) is (days is None)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"zone": "Eastern"}, "line 2, zone: “Eastern” is no time zone name. Did you mean America/New_York?"),
        ({"zone": "EST"}, "Did you mean America/New_York?"),
        ({"zone": "America/Chicgo"}, "Did you mean America/Chicago?"),
        ({"zone": "here"}, "Write one such as America/New_York."),
        ({"zone": ""}, "line 2, zone: this cell is empty."),
        ({"hours": "8:00-3:00"}, "line 2, hours: “8:00-3:00” closes before it opens."),
        ({"hours": "25:00-26:00"}, "holds a time that no clock shows"),
        ({"hours": "13 pm-14 pm"}, "holds a time that no clock shows"),
        ({"hours": "morning"}, "is no pair of times"),
        ({"closed_days": "11/26/2026"}, "line 2, closed: “11/26/2026” has no date I can read."),
        ({"closed_days": "2026-02-30 Never"}, "holds a date no calendar has"),
        ({"closed_days": "2026-12-21..2026-12-01"}, "ends before it begins"),
        ({"closed_days": "2026-12-21..2036-12-01"}, "lasts over a year"),
        ({"safeguarding_contact": ""}, "line 2, safeguarding contact: this cell is empty."),
        ({"support_contact": "TBD"}, "line 2, support contact: no safety card can be shown without"),
        ({"emergency_number": "the office"}, "“the office” has no number in it"),
        ({"crisis_line": "n/a"}, "line 2, crisis line: no safety card"),
        ({"school": ""}, "line 2, school: this cell is empty."),
        ({"school": "x" * 121}, "line 2, school: this is longer than 120 characters."),
        ({"horus": "08:00-15:00"}, "line 1, horus: no column is called this. Did you mean hours?"),
    ],
)
def test_each_problem_of_a_school_has_its_place_and_its_mend(cells: dict[str, str], problem: str) -> None:
    assert any(problem in line for line in school_problems(school(**cells)))


@pytest.mark.parametrize("column", ["safeguarding contact", "support contact", "emergency number", "crisis line"])
def test_no_school_without_all_four_contacts(column: str) -> None:
    text = sheet([{name: value for name, value in row.items() if name.casefold() != column} for row in _rows(SCHOOLS)])
    assert f"line 1, {column}: this column is missing. Add it to the first line." in school_problems(text)


def test_a_school_stands_once_in_a_file() -> None:
    twice = SCHOOLS + SCHOOLS.splitlines()[1].replace("Lakeside", "LAKE-SIDE") + "\n"
    assert school_problems(twice) == ["line 3, school: “LAKE-SIDE” is on line 2 too. Keep one of them."]


def test_an_empty_cell_leaves_what_is_kept_and_none_empties_it() -> None:
    before = compare_schools(read_schools(SCHOOLS.encode())[0], {}, "org-1").schools[0]
    (line,), _, _ = read_schools(school(safeguarding_contact="Ms Rivera (rivera@lakeside.org)").encode())
    assert compare_schools((line,), {"lakeside": before}, "org-1").empty
    again = compare_schools(read_schools(school(closed_days="none").encode())[0], {"lakeside": before}, "org-1")
    assert again.schools[0].closed == ()


def test_a_sample_school_becomes_real_and_the_preview_says_what_changes() -> None:
    before = msgspec.structs.replace(LAKESIDE, sample=True, contacts=Contacts("a", "b", "1", "2"))
    changes = compare_schools(read_schools(SCHOOLS.encode())[0], {"lakeside": before}, "org-1")
    shown = "\n".join(preview(changes))
    assert "data: real  (was: sample)" in shown
    assert "emergency number: 911  (was: 1)" in shown
    assert "r…@lakeside.org" in shown
    assert "rivera@" not in shown


# ── The roster ──


def test_several_lines_of_one_handle_are_several_accounts_of_one_person() -> None:
    changes = roster(ROSTER)
    ana, cleo = changes.people
    assert changes.problems == ()
    assert (ana.id, ana.handle, ana.role, ana.school) == (person_id("org-1", "ana"), "ana", "teacher", LAKESIDE.id)
    assert (ana.zone, ana.weekday, ana.minute) == ("America/New_York", 3, 15 * 60)
    assert (cleo.handle, cleo.role) == ("cleo", "coach")
    assert [(owner, at.platform, at.team, at.user, at.email) for owner, at in changes.accounts] == [
        (ana.id, "slack", "*", "U0ANA", ""),
        (ana.id, "teams", "*", "", "ana@lakeside.org"),
        (cleo.id, "slack", "*", "", "cleo@lakeside.org"),
    ]
    assert [(one.coach, one.teacher, one.since) for one in changes.partnerships] == [(cleo.id, ana.id, NOW)]
    assert changes.meetings == (ana,)


def test_the_same_file_again_changes_nothing() -> None:
    first = roster(ROSTER)
    owners = {(at.platform, value): owner for owner, at in first.accounts for value in (at.user, at.email) if value}
    again = roster(ROSTER, known(*first.people, owners=owners, pairs=first.partnerships))
    assert again.empty
    assert (again.unchanged, again.people, again.accounts, again.partnerships, again.meetings) == (2, (), (), (), ())


def test_headings_are_read_leniently() -> None:
    text = ROSTER.replace("Name,Handle", "FULL_NAME, Handle ").replace("Account id or e-mail", "account-ID or E_Mail")
    assert [one.handle for one in roster(text).people] == ["ana", "cleo"]


def test_formulas_stay_the_words_they_are() -> None:
    changes = roster(member({"name": "=HYPERLINK(1)"}, {"handle": "bo", "name": "+Bo @Lee"}))
    assert [one.name for one in changes.people] == ["=HYPERLINK(1)", "+Bo @Lee"]


def test_invisible_and_direction_changing_characters_are_left_out() -> None:
    (ana,) = roster(member({"name": "\u202eAna\u200b \x1b[31mRuiz\n"})).people
    assert ana.name == "Ana [31mRuiz"


def test_a_quoted_line_break_keeps_later_line_numbers_right() -> None:
    text = member({"name": "Ana\nRuiz"}, {"handle": "bo", "role": "principal"})
    assert roster_problems(text) == [
        "line 4, role: “principal” is neither teacher nor coach. Others are not in the roster."
    ]


@pytest.mark.parametrize("named", ["cleo", "@Cleo", "Cleo Park", "cleo park", "CLEO"])
def test_a_coach_is_named_by_handle_or_by_name(named: str) -> None:
    changes = roster(member({"coach": named}), known(person("cleo", "Cleo Park", "coach")))
    assert [one.coach for one in changes.partnerships] == [person_id("org-1", "cleo")]


@pytest.mark.parametrize("between", [";", "; ", "\n"])
def test_a_teacher_may_have_several_coaches(between: str) -> None:
    coaches = (person("cleo", "Cleo Park", "coach"), person("dan", "Dan Wu", "coach"))
    assert len(roster(member({"coach": f"cleo{between}dan"}), known(*coaches)).partnerships) == 2


def test_naming_another_coach_ends_the_partnership_that_was_and_says_so() -> None:
    ana, cleo, dan = person("ana", "Ana Ruiz"), person("cleo", "Cleo Park", "coach"), person("dan", "Dan Wu", "coach")
    was = Partnership(
        id="p", organization="org-1", coach=cleo.id, teacher=ana.id, since=datetime(2026, 1, 1, tzinfo=UTC)
    )
    changes = roster(member({"coach": "dan"}), known(ana, cleo, dan, pairs=(was,)))
    assert [(one.coach, one.until) for one in changes.partnerships] == [(cleo.id, NOW), (dan.id, None)]
    assert changes.meetings == ()
    assert "no longer with Cleo Park beside them" in "\n".join(preview(changes))


def test_a_line_that_names_no_coach_and_a_line_that_is_gone_end_nothing() -> None:
    ana, cleo = person("ana", "Ana Ruiz"), person("cleo", "Cleo Park", "coach")
    was = Partnership(id="p", organization="org-1", coach=cleo.id, teacher=ana.id, since=NOW)
    changes = roster(member({}), known(ana, cleo, person("bo", "Bo Lee"), pairs=(was,)))
    assert changes.empty
    assert changes.partnerships == ()


def test_what_a_person_chose_in_chat_is_left_alone() -> None:
    ana = msgspec.structs.replace(
        person("ana", "Ana R."), zone="America/Chicago", weekday=1, minute=600, chat="on", light=True
    )
    (after,) = roster(member({"coach": "cleo"}), known(ana, person("cleo", "Cleo Park", "coach"))).people
    assert after == msgspec.structs.replace(ana, name="Ana Ruiz")


def test_the_first_check_in_falls_on_a_school_day() -> None:
    assert check_in(LAKESIDE) == (3, 900)
    assert check_in(msgspec.structs.replace(LAKESIDE, weekend=("TH", "FR"), closes=1435)) == (2, 1070)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ({"role": "principal"}, "line 2, role: “principal” is neither teacher nor coach."),
        ({"role": ""}, "line 2, role: this cell is empty."),
        ({"name": ""}, "line 2, name: this cell is empty."),
        ({"handle": ""}, "line 2, handle: this cell is empty."),
        ({"handle": "ana ruiz"}, "line 2, handle: “ana ruiz” is not one word."),
        ({"school": "Laekside"}, "line 2, school: “Laekside” is not known. Did you mean Lakeside? Import it first"),
        (
            {"zone": "Pacific Time"},
            "line 2, zone: “Pacific Time” is no time zone name. Did you mean America/Los_Angeles?",
        ),
        ({"platform": "discord"}, "line 2, platform: “discord” is no platform."),
        ({"account": "U0ANA"}, "line 2, platform: this cell is empty."),
        ({"platform": "slack"}, "line 2, account: no way to reach them on slack."),
        ({"platform": "slack", "account": "@ana"}, "line 2, account: “@ana” is no Slack member id."),
        ({"platform": "teams", "account": "ana"}, "line 2, account: “ana” is no Teams id."),
        ({"platform": "slack", "email": "ana@lakeside"}, "line 2, email: “a…@lakeside” is no e-mail address."),
        ({"platform": "slack", "account": "a@b.org", "email": "c@b.org"}, "line 2, account: this is another e-mail"),
        ({"coach": "nobody"}, "line 2, coach: “nobody” is nobody in the roster."),
        ({"coach": "clio"}, "line 2, coach: “clio” is nobody in the roster. Did you mean cleo?"),
        ({"coach": "bo"}, "line 2, coach: “bo” is in the roster as a teacher."),
        ({"coach": "Sam Hill"}, "line 2, coach: “Sam Hill” is more than one coach. Write the handle."),
        ({"role": "coach", "coach": "cleo"}, "line 2, coach: only a teacher's line names a coach."),
        ({"rolle": "x"}, "line 1, rolle: no column is called this. Did you mean role?"),
    ],
)
def test_each_problem_of_a_person_has_its_place_and_its_mend(cells: dict[str, str], problem: str) -> None:
    kept = known(
        person("cleo", "Cleo Park", "coach"),
        person("bo", "Bo Lee"),
        person("sam1", "Sam Hill", "coach"),
        person("sam2", "Sam Hill", "coach"),
    )
    assert any(problem in line for line in roster_problems(member(cells), kept))


def test_one_account_belongs_to_one_person() -> None:
    text = member({"platform": "slack", "account": "U0ANA"}, {"handle": "bo", "platform": "slack", "account": "u0ana"})
    assert roster_problems(text) == ["line 3, account: “U0ANA” is ana's on line 2. Give each person their own."]
    kept = known(person("bo", "Bo Lee"), owners={("slack", "a@b.org"): person_id("org-1", "bo")})
    text = member({"platform": "slack", "email": "A@b.org"})
    assert roster_problems(text, kept) == ["line 2, email: “a…@b.org” is bo's already. Give each person their own."]


def test_two_people_of_one_handle_are_noticed() -> None:
    text = member({"name": "Ana Ruiz"}, {"name": "Ana Lopez"})
    (problem,) = roster_problems(text)
    assert problem.startswith("line 3, name: line 2 says “Ana Ruiz” for ana.")


def test_headings_nobody_asked_for_are_named_and_left() -> None:
    _, found, problems = read_roster(member({"phone": "1"}).encode())
    assert problems == ()
    assert found.ignored == ("phone",)


# ── The file ──


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "the file: it is empty."),
        (b"\n,,\n", "the file: it is empty."),
        (b"name,handle,role,school\n", "line 1: there is no line below the first."),
        (b"name,handle,role,school\nJos\xe9,jose,teacher,Lakeside\n", "line 2: this is not UTF-8 text."),
        (b"PK\x03\x04\x00\x00", "the file: this is not text."),
        (b"\xff\xfea", "the file: this is not UTF-8 text."),
        (b'name,handle,role,school\n"Ana,ana,teacher,Lakeside\n', "line 2: a quotation mark is not closed"),
        (b'name,handle,role,school\n"Ana"a,ana,teacher,Lakeside\n', "line 2: a quotation mark is not closed"),
        (b"name,name,handle,role,school\na,b,c,teacher,d\n", "line 1, name: this column is there twice"),
        (b"name,handle,role,school\nRuiz, Ana,ana,teacher,Lakeside\n", "line 2: this line has more cells than"),
        (b"x" * (BYTES + 1), "the file: it is larger than 2 MiB."),
        (b"name,handle,role,school\n" + b"a,b,c,d\n" * 20_001, "the file: it has more than 20,000 rows."),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_plain_words(data: bytes, problem: str) -> None:
    assert any(str(found).startswith(problem) for found in read_roster(data)[2])


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_file_whatever_is_in_it_ends_in_an_error(data: bytes) -> None:
    for beginning in (b"", ROSTER.encode(), SCHOOLS.encode()):
        lines, _, problems = read_roster(beginning + data)
        told((*problems, *compare_roster(lines, known(), NOW).problems))
        schools, _, problems = read_schools(beginning + data)
        told(problems)
        preview(compare_schools(schools, {}, "org-1"))


@given(st.text(max_size=120))
def test_no_whole_email_is_ever_shown(words: str) -> None:
    shown = masked(f"{words} ana.ruiz@lakeside.org {words}")
    assert "ana.ruiz@lakeside.org" not in shown


def test_a_full_roster_is_compared_in_moments() -> None:
    rows = [
        {"name": f"Teacher {n}", "handle": f"t{n}", "platform": "slack", "account": f"U{n:06}", "coach": "cleo"}
        for n in range(8_000)
    ]
    changes = roster(member(*rows), known(person("cleo", "Cleo Park", "coach")))
    assert len(changes.people) == len(changes.partnerships) == len(changes.meetings) == 8_000
    shown = preview(changes)
    assert shown[0] == "New: 8,000"
    assert len(shown) < 700
    assert any("… and 7,800 more." in line for line in shown)


def test_names_compare_without_case_spaces_or_dashes() -> None:
    assert folded("Lake-Side  School") == folded("lakeside_school")


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))

"""Schools and rosters from CSV files: text to rows, problems and changes. Nothing here is kept by itself."""

from bot.imports.bells import read_bells
from bot.imports.calendar import Calendars, read_calendar
from bot.imports.changes import Change, Changes, preview, told
from bot.imports.people import Known, columns_ignored, compare_roster, person_id
from bot.imports.roster import PersonLine, read_roster
from bot.imports.schools import NO_CALENDAR, SchoolLine, compare_schools, read_schools, school_id
from bot.imports.table import Problem, folded

__all__ = [
    "NO_CALENDAR",
    "Calendars",
    "Change",
    "Changes",
    "Known",
    "PersonLine",
    "Problem",
    "SchoolLine",
    "columns_ignored",
    "compare_roster",
    "compare_schools",
    "folded",
    "person_id",
    "preview",
    "read_bells",
    "read_calendar",
    "read_roster",
    "read_schools",
    "school_id",
    "told",
]  # fmt: skip

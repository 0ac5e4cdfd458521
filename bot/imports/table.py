"""A spreadsheet's text to rows: encoding, delimiter, header, and every problem by line and column."""

from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping

from msgspec import Struct, structs

BYTES = 2 * 1024 * 1024
ROWS = 20_000


class Problem(Struct, frozen=True, order=True):
    """Why a file is not taken: where, what, and what to do. `line` is 0 where it is the whole file."""

    line: int
    column: str
    what: str

    def __str__(self) -> str:
        place = ", ".join(([f"line {self.line}"] if self.line else []) + ([self.column] if self.column else []))
        return f"{place or 'the file'}: {self.what}"


class Row(Struct, frozen=True):
    line: int
    cells: dict[str, str]


class Table(Struct, frozen=True):
    """`columns` are those the file has, by our names; `ignored` are headings nobody asked for.

    `headings` are the words that the file has for our names.
    """

    rows: tuple[Row, ...] = ()
    columns: frozenset[str] = frozenset()
    ignored: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    headings: Mapping[str, str] = {}

    def headed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The problems with the columns as this file calls them."""
        return tuple(structs.replace(one, column=self.headings.get(one.column, one.column)) for one in problems)


class Unreadable(Exception):
    """The file is no table at all; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def table(data: bytes, names: Mapping[str, Iterable[str]], needed: Iterable[str]) -> Table:
    """The rows of a CSV file under our column names. `names` maps each to what else it may be called."""
    try:
        text = _text(data)
        records = _records(text)
        return _table(records, names, tuple(needed))
    except Unreadable as error:
        return Table(problems=(error.problem,))


def folded(words: str) -> str:
    """How a heading, a handle or a name is compared: case, spaces, `_` and `-` do not count."""
    return re.sub(r"[\s_\-]+", "", words).casefold()


def plain(words: str) -> str:
    """A cell as a person meant it: one line, no invisible or direction-changing characters, else untouched."""
    words = "".join(" " if char in "\n\r\t" else char for char in words)
    kept = (char for char in words if char in "\u200c\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def quoted(words: str) -> str:
    """A cell's words for a problem: short, and never a whole e-mail."""
    words = masked(words)
    return f"“{words if len(words) <= 40 else words[:39] + '…'}”"


def masked(words: str) -> str:
    """Words with every e-mail in them shortened to its first letter and its domain."""
    return re.sub(r"([^\s@<>()“”])[^\s@<>()“”]*@([^\s@]+)", r"\1…@\2", words)


def meant(word: str, among: Iterable[str]) -> str:
    """“ Did you mean …?” where something is near, else nothing."""
    near = {folded(one): one for one in among}
    found = difflib.get_close_matches(folded(word), list(near), 1, 0.7)
    return f" Did you mean {near[found[0]]}?" if found else ""


def _text(data: bytes) -> str:
    if len(data) > BYTES:
        raise Unreadable(Problem(0, "", f"it is larger than {BYTES // 1024 // 1024} MiB. Import it in parts."))
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = 0 if wide else data[: error.start].count(b"\n") + 1
        what = "this is not UTF-8 text. Save it from your spreadsheet as “CSV UTF-8”."
        raise Unreadable(Problem(line, "", what)) from None
    if "\0" in text:
        what = "this is not text. Save it from your spreadsheet as “CSV UTF-8”."
        raise Unreadable(Problem(0, "", what))
    return text


def _records(text: str) -> list[tuple[int, list[str]]]:
    """Every filled record with the line it begins on."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=re.sub(r'"[^"]*"', "", heading).count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    records, begins = [], 1
    try:
        for record in reader:
            if any(cell.strip() for cell in record):
                records.append((begins, record))
            begins = reader.line_num + 1
            if len(records) > ROWS + 1:
                raise Unreadable(Problem(0, "", f"it has more than {ROWS:,} rows. Import it in parts."))
    except csv.Error:
        what = "a quotation mark is not closed, or stands inside a cell. Write it twice there, and quote the cell."
        raise Unreadable(Problem(begins, "", what)) from None
    if not records:
        raise Unreadable(Problem(0, "", "it is empty. The first line names the columns."))
    return records


def _table(records: list[tuple[int, list[str]]], names: Mapping[str, Iterable[str]], needed: tuple[str, ...]) -> Table:
    aliases = {folded(alias): name for name, others in names.items() for alias in (name, *others)}
    at, heading = records[0]
    columns: list[str] = []
    ignored: list[str] = []
    problems: list[Problem] = []
    for cell in map(plain, heading):
        name = aliases.get(folded(cell), "")
        if name and name in columns:
            problems.append(Problem(at, name, f"this column is there twice, as {quoted(cell)} too. Keep one."))
        elif not name and cell and (near := meant(cell, aliases.values())):
            problems.append(Problem(at, cell, f"no column is called this.{near}"))
        elif not name and cell:
            ignored.append(cell)
        columns.append(name)
    missing = "this column is missing. Add it to the first line."
    problems += [Problem(at, name, missing) for name in needed if name not in columns]
    rows = []
    for line, record in records[1:]:
        if any(cell.strip() for cell in record[len(columns) :]):
            what = "this line has more cells than the first line has columns. Quote a cell that holds the delimiter."
            problems.append(Problem(line, "", what))
        cells = zip(columns, record, strict=False)
        rows.append(Row(line, {name: _cell(name, cell) for name, cell in cells if name}))
    if not rows:
        problems.append(Problem(at, "", "there is no line below the first. Add one for each row."))
    headings = {name: typed for name, typed in zip(columns, map(plain, heading), strict=True) if name}
    return Table(tuple(rows), frozenset(columns) - {""}, tuple(ignored), tuple(problems), headings)


def _cell(name: str, cell: str) -> str:
    """Lists keep their lines as `;`, so that one item a line reads as a list."""
    if name in ("closed", "terms", "half days", "coach"):
        cell = ";".join(cell.splitlines())
    return plain(cell)

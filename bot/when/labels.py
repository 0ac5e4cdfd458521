"""Rooms, grades, chapters and people: what a number counts here is no time, and stays in the note."""

from __future__ import annotations

import re

_LABELLED = (
    "room rm grade gr year yr unit lesson chapter ch page pg pp module mod table class level group phase section sheet "
    "slide problem question task activity standard topic quarter qtr term trimester semester cohort building bldg "
    "ext extension suite door book volume tier stage step strand cycle "
    "aula salon sala grado pagina unidad leccion capitulo"
).split()
_NOUNS = (
    "kids? students? pupils? children learners? scholars? adults? people teachers? coaches cards? tables? groups? "
    "pairs? teams? copies problems? questions? tasks? sheets? slides? pages? desks? chairs? laptops? tablets? boards? "
    "estudiantes? alumn[oa]s? nin[oa]s? chic[oa]s?"
).split()
# These may be minutes beside any word, and are asked for.
_MINUTES = r"(?!(?:15|[2-9][05]|1[0-7][05]|180)(?!\d))"
LABELS = re.compile(
    rf"(?<![\w:])(?:(?:{'|'.join(_LABELLED)}|#)s?\.? ?#?\d{{1,4}}[a-z]?(?:-\d{{1,3}})?(?![\w:]|\.\d)"
    rf"|(?:group|class|set|team|pair)s? of (?:about )?{_MINUTES}\d{{1,3}}(?![\w:.])"
    rf"|{_MINUTES}\d{{1,3}} (?:{'|'.join(_NOUNS)})(?![\w'])"
    r"|(?:O\d|\d{1,2}(?:st|nd|rd|th))[ -](?:grade|graders?|graders'|year|years|floor|form|class)(?!\w)"
    r"|1:1(?![\w:])|1-on-1|1on1|k-\d{1,2}(?!\w)|\d{1,2} ?x ?\d{1,2}(?![\w:.]))"
)

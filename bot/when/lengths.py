"""How long: minutes as people write them, from five minutes to four hours."""

from __future__ import annotations

import re

SHORTEST, LONGEST = 5, 240
HOURS = r"h(?:(?:ou)?rs?)?(?![a-z])"
MINUTES = r"m(?:in(?:ute)?s?)?(?![a-z])"
_CLOCK_NEXT = r"(?![:.]\d| ?-| ?[ap]m(?![a-z])| (?:of )?M\d)"

# One length. `lead` and `tail` tell a length of time from a moment: `in 2 hours`, `2 hours from now`.
LENGTH = re.compile(
    r"(?P<lead>\bin )?(?:an? )?(?<![\w:/.⁄-])(?<!\d,)(?:"
    r"pt(?=\d)(?:(?P<ih>\d{1,2})h)?(?:(?P<im>\d{1,4})m)?(?!\w)"
    r"|(?P<ch>\d{1,2}):(?P<cm>\d{2}) ?(?:h|hrs?|hours?)(?!\w)"
    rf"|(?P<h>\d{{1,4}}(?:\.\d{{1,2}})?) ?-?{HOURS}(?:(?:,? ?(?:and )?|-)(?P<hm>\d{{1,3}}) ?-?{MINUTES}|(?!\d))"
    rf"|(?P<m>\d{{1,5}}(?:\.\d{{1,2}})?) ?-?{MINUTES}"
    rf"|(?<=\ban )(?P<one>{HOURS})(?: (?:and )?(?P<onem>\d{{1,2}}) ?{MINUTES})?"
    r")(?P<tail> from now\b)?(?: (?:long|each)(?!\w))?"
)
# `1h15` is a length, `10h15` a time: whichever of the two it can be.
GLUED = re.compile(
    r"(?P<at>\b(?:at|from|until|to|@) )?(?<![\w:/.-])(?P<h>\d{1,2})(?:h(?P<m>[0-5]\d)(?!\w|[:.]\d| ?-| [ap]m(?![a-z]))"
    rf"|(?P<gap> ?(?:h|hrs?) )(?P<m2>[0-5]\d)(?!\w){_CLOCK_NEXT})"
)
# A bare 15 to 180 in fives.
BARE = range(15, 181, 5)


def minutes_of(found: re.Match[str]) -> int | None:
    """What a length comes to; none where it is no whole number of minutes."""
    hours = found["ih"] or found["ch"] or found["h"] or ("1" if found["one"] else "0")
    more = found["im"] or found["cm"] or found["hm"] or found["m"] or found["onem"] or "0"
    total = round(float(hours) * 60 + float(more), 6)
    return int(total) if total.is_integer() else None

"""The words we know, and how far a slip may be from them."""

from __future__ import annotations

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS = (
    "monday mon", "tuesday tue tues", "wednesday wed weds", "thursday thu thur thurs", "friday fri",
    "saturday sat", "sunday sun",
)  # fmt: skip
_MONTHS = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sep sept", "october oct", "november nov", "december dec",
)  # fmt: skip
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_TOMORROW = "tomorrow tmrw tmw tmrow".split()

# In the tidied line a weekday is W1 to W7 (W1s for `mondays`), a month M01 to M12, an ordinal word O1 to O10.
KNOWN: dict[str, str] = {
    **{word: f"W{n}" for n, names in enumerate(_DAYS, 1) for word in names.split()},
    **{f"{names.split()[0]}s": f"W{n}s" for n, names in enumerate(_DAYS, 1)},
    **{word: f"M{n:02d}" for n, names in enumerate(_MONTHS, 1) for word in names.split()},
    **{word: f"O{n}" for n, word in enumerate(_ORDINALS, 1)},
    **dict.fromkeys(_TOMORROW, "tomorrow"),
    "midday": "noon",
}
DAY_NAMES = (*(names.split()[0] for names in _DAYS), "thurs", "today", "tomorrow")
MONTH_NAMES = (*(names.split()[0] for names in _MONTHS if names != "may"), "sept")
PART_NAMES = ("launch", "main", "menu", "closure", "closing", "close", "whole", "lunch")

FILLER = frozenset(
    "a an and at by for from in is of on or please the to us with i me my let's lets meet it's its be can could we "
    "have visit coteach co teach session slot time date duration min's o long around about approx starting start "
    "am hi hello hey thanks thank you lesson - & + ~ : . / | until till then so just once only".split()
)
# English words one slip away from ours; they stay what they are.
_PLAIN = frozenset(
    "while whose white mean man men mind mail maid many mini mine mend closer closed closes closely closest choosing "
    "choose causing clone class classes launcher match batch money month months monthly moment meaning toddy toady "
    "sundae frida fridge just jury these those there then them this that week weeks thus tubes tunes them sense "
    "sunny monkey free from form forms meet meets meeting notes note menus mains plan plans planning march".split()
)
_LENGTHS = frozenset("min mins minute minutes hour hours hr hrs h m".split())
_ROLES = frozenset("model modelling modeling turns take taking eyes ears extra".split())
_PLAIN_WORDS = _PLAIN | _LENGTHS | _ROLES | FILLER


def distance(a: str, b: str, most: int) -> int:
    """Insertions, deletions and changes from `a` to `b`; anything above `most` may be told as `most + 1`."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row = row, [i]
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y)))
        if min(row) > most:
            return most + 1
    return row[-1]


def meant(word: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names nearest to a misspelled word: one slip, two from seven letters on, and the same first letter."""
    if len(word) < 4 or word in _PLAIN_WORDS:
        return ()
    if word in names:
        return (word,)
    most = 2 if len(word) >= 7 else 1
    near = [(distance(word, name, most), name) for name in names if name[0] == word[0]]
    best = min((far for far, _ in near), default=most + 1)
    return tuple(name for far, name in near if far == best) if best <= most else ()

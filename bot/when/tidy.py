"""One way of writing for everything: times in words become digits, names of days become W1 to W7."""

from __future__ import annotations

import re

from bot.when.vocabulary import DAY_NAMES, KNOWN, MONTH_NAMES, PART_NAMES, meant

_SMALL = "one two three four five six seven eight nine ten eleven twelve".split()
_TEENS = "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_NUMBERS = {word: n for n, word in enumerate([*_SMALL, *_TEENS], 1)} | _TENS
_HOUR = rf"(?:{'|'.join(_SMALL)})"
_HOUR_OR_DIGITS = rf"(?:{_HOUR}(?!\w)|(?:1[0-2]|[1-9])(?=[ap]m?(?!\w)|\W|$)(?!:|/|\.\d))"
# What may follow a bare hour in words; before another word, `one` only counts.
_THEN = (
    r"(?= ?(?:$|[,.;!?@\d\ue000-\uf8ff-]|(?:[ap]m|to|until|till|til|and|on|for|in|with|every|next|this|today|tomorrow|"
    r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)(?!\w)))"
)
_TEN = "(?:twenty|thirty|forty|fourty|fifty|sixty|ninety)"
_ONES = "(?:one|two|three|four|five|six|seven|eight|nine)"
_WORD = rf"(?:{_TEN}[ -]{_ONES}|{_TEN}|{'|'.join(_TEENS)}|{_HOUR})"
_UNIT = r"(?:hours?|hrs?|minutes?|mins?|weeks?|days?|fortnights?|times|sessions|lessons|visits)"
# A time that is said but cannot be read: it opens the form.
UNREADABLE = "\x05"

_MERIDIEM = re.compile(r"(?<![^\W\d_])([ap])\. ?m\b\.?", re.IGNORECASE)
_HALF_HOURS = re.compile(
    rf"(?<!\w)(?P<n>{_WORD}|an?|\d{{1,2}})? ?(?P<u>hours?|hrs?|h)? ?and (?:an? )?(?P<f>half|quarter)"
    r"(?P<u2> hours?| hrs?)?(?!\w)"
    rf"|(?<!\w)(?P<q>three|3|a) quarters?(?: of)?(?: an?)? (?:hour|hr)(?!\w)|(?<!\w)quarter(?: of)?(?: an)? hour(?!\w)"
    r"|(?<!\w)(?:an? )?(?:0\.5|half|1/2)[ -]?(?:an?[ -])?(?:hour|hr)(?!\w)"
    rf"|(?<![\w/])(?:(?P<whole>[1-3]) )?(?P<num>[13])/(?P<den>[24]) ?(?:hours?|hrs?|h)(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
_TO_OR_PAST = re.compile(
    rf"(?<!\w)(?:a )?(?P<m>quarter|half|{_WORD}|\d{{1,2}}) ?(?P<u>minutes |mins |min )?"
    rf"(?P<way>past|after|to|of|till|before) (?P<h>{_HOUR_OR_DIGITS})(?! ?(?:{_UNIT})\b)",
    re.IGNORECASE,
)  # fmt: skip
_HALF_NINE = re.compile(rf"(?<!\w)half[ -](?P<h>{_HOUR_OR_DIGITS})(?! ?(?:{_UNIT})\b)", re.IGNORECASE)
_TEN_THIRTY = re.compile(
    rf"(?<!\w)(?P<h>{_HOUR})[ -](?P<m>o'?clock|oh[ -]{_ONES}|(?:twenty|thirty|forty|fourty|fifty)(?:[ -]{_ONES})?|"
    rf"ten|{'|'.join(_TEENS)})(?!\w|[ -]?(?:{_UNIT})\b)",
    re.IGNORECASE,
)  # fmt: skip
_OCLOCK = re.compile(r"(?<![\w:.])(\d{1,2}) ?o'?clock\b", re.IGNORECASE)
_AT_TEN = re.compile(
    rf"(?<!\w)(?P<lead>(?:at|from|until|till|til|between|around|about) )(?P<h>{_HOUR})(?!\w){_THEN}"
    rf"|(?<!\w)(?P<h2>{_HOUR})(?= ?[ap]m\b)",
    re.IGNORECASE,
)  # fmt: skip
_RANGE_END = re.compile(
    rf"(?P<lead>(?:\d|[ap]m|noon) ?(?:-|to|until|till|til|and) ?)(?P<h>{_HOUR})(?!\w){_THEN}", re.IGNORECASE
)
_WORD_RANGE = re.compile(
    rf"(?<!\w)(?P<a>{_HOUR})(?P<way> ?- ?| (?:to|until|till|til) )(?P<b>{_HOUR})(?!\w|-){_THEN}", re.IGNORECASE
)
_DECIMAL_COMMA = re.compile(r"(?<![\w:.,])([0-3]),(5|25|75|50)(?= ?h)", re.IGNORECASE)
_COUNTED = re.compile(rf"(?<!\w)(?P<n>{_WORD})(?:(?: |-){_ONES})?(?=[ -]{_UNIT}(?!\w))", re.IGNORECASE)
_COUPLE = re.compile(r"(?<!\w)(?:a )?couple of (?=(?:weeks|days|hours)\b)", re.IGNORECASE)
# Without one of these there is nothing in the line to rewrite.
_NUMBER_WORD = re.compile(
    rf"{'|'.join([*_SMALL, *_TEENS, *_TENS])}|half|quarter|couple|0\.5|\d/\d|\d,\d"
    r"|\d ?(?:past|after|to|of|till|before) |\d (?:min|mins|minutes) "
)
_HALF_NINE_IS_PAST = frozenset({"en-gb", "en-ie", "en-au", "en-nz"})

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|[0-9]+|\s+|.", re.DOTALL)
_DAY_NUMBER = re.compile(r"\d{1,2}(?:st|nd|rd|th)?(?![\w:.])")
_SPACES = re.compile(r"\s+")


def number(word: str) -> int:
    """`ten`, `forty five` and `12` as what they count; `a` is one."""
    word = word.lower().strip()
    if word.isdigit():
        return int(word)
    return sum(_NUMBERS.get(part, 1) for part in re.split(r"[ -]", word)) if word else 1


def in_digits(text: str, locale: str) -> str:
    """Times, counts and lengths that were said in words, written the way digits are read."""
    text = _SPACES.sub(" ", text)
    low = text.lower()
    if "m." in low or ". m" in low:
        text = _MERIDIEM.sub(r"\1m", text)
    if _NUMBER_WORD.search(low):
        text = _said(text, low, locale)
    return _OCLOCK.sub(r"\1:00", text) if "clock" in low else text


def _said(text: str, low: str, locale: str) -> str:
    text = _DECIMAL_COMMA.sub(r"\1.\2", _COUPLE.sub("2 ", text))
    if any(word in low for word in ("half", "quarter", "/", "0.5")):
        text = _HALF_HOURS.sub(_minutes, text)
    if any(f" {way} " in low for way in ("past", "after", "to", "of", "till", "before")):
        text = _TO_OR_PAST.sub(_to_or_past, text)
    past = locale.replace("_", "-").lower() in _HALF_NINE_IS_PAST
    text = _HALF_NINE.sub(lambda m: f"{number(m['h'])}:30" if past else UNREADABLE, text)
    text = _TEN_THIRTY.sub(_ten_thirty, text)
    text = _COUNTED.sub(lambda m: str(number(m[0])), text)
    text = _AT_TEN.sub(lambda m: f"{m['lead'] or ''}{number(m['h'] or m['h2'])}", text)
    text = _RANGE_END.sub(lambda m: f"{m['lead']}{number(m['h'])}", text)
    return _WORD_RANGE.sub(_word_range, text)


def _word_range(found: re.Match[str]) -> str:
    if found["a"].lower() == found["b"].lower():
        return found[0]
    return f"{number(found['a'])}{found['way']}{number(found['b'])}"


def _minutes(found: re.Match[str]) -> str:
    if found["f"]:
        if not (found["u"] or found["u2"]):
            return found[0]
        return f" {number(found['n'] or '') * 60 + (30 if found['f'].lower() == 'half' else 15)} min "
    if found["num"]:
        return f" {number(found['whole'] or '0') * 60 + 60 * int(found['num']) // int(found['den'])} min "
    if found["q"]:
        return " 15 min " if found["q"].lower() == "a" else " 45 min "
    return " 15 min " if "quarter" in found[0].lower() else " 30 min "


def _to_or_past(found: re.Match[str]) -> str:
    """`10 to 11` is a range; `ten to eleven` may be either, so it is nothing that we could book."""
    said, way, hour = found["m"].lower(), found["way"].lower(), number(found["h"])
    named = {"quarter": 15, "half": 30}.get(said)
    if way in ("to", "of", "till", "before"):
        if named == 30 or (named is None and not found["u"] and (said.isdigit() or way != "to")):
            return found[0]
        if named is None and not found["u"] and number(said) < 20:
            return UNREADABLE if said in ("five", "ten") and said != found["h"].lower() else found[0]
        before = 60 - (named or number(said))
        return f"{(hour - 2) % 12 + 1}:{before:02d}" if 0 < before < 60 else UNREADABLE
    if way == "after" and named is None and not found["u"] and number(said) % 5:
        return found[0]
    past = named or number(said)
    return f"{hour}:{past:02d}" if past < 60 else UNREADABLE


def _ten_thirty(found: re.Match[str]) -> str:
    said = found["m"].lower()
    past = 0 if "clock" in said else number(re.split(r"[ -]", said)[-1] if said.startswith("o") else said)
    return f"{number(found['h'])}:{past:02d}"


class Tidy:
    """The line in one spelling, still knowing how each word was typed. Every word starts where `starts` says."""

    def __init__(self, text: str, known: frozenset[str], *, slips: bool) -> None:
        self.typed: list[str] = []
        self.starts: list[int] = []
        pieces: list[str] = []
        at = 0
        self._meant: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        self._found = found = _TOKEN.findall(text)
        self._strange: list[tuple[str, int]] = []
        for n, typed in enumerate(found):
            piece = " " if typed.isspace() else typed
            if typed[0].isalpha():
                piece = self._word(typed, found, n, known, slips=slips)
            elif typed in ",;!?()[]{}":
                piece = ","
            elif typed in ".:" and not (n + 1 < len(found) and found[n + 1][0].isalnum()):
                piece = ""
            self.typed.append(typed)
            self.starts.append(at)
            pieces.append(piece)
            at += len(piece)
        self.text = "".join(pieces)

    def _near(self, word: str, names: tuple[str, ...]) -> tuple[str, ...]:
        """`meant`, once for each word of a line."""
        if (word, names) not in self._meant:
            self._meant[word, names] = meant(word, names)
        return self._meant[word, names]

    def _word(self, typed: str, found: list[str], n: int, known: frozenset[str], *, slips: bool) -> str:
        word = typed.lower()
        beside = (n > 0 and found[n - 1].isdigit(), n + 1 < len(found) and found[n + 1].isdigit())
        day = KNOWN.get(word.removesuffix("'s"))
        if any(beside):
            # `sept22` and `22sept`, but `3p` and `10h15` stay what they are.
            spaced = day is not None and day[0] in "WM"
            return f"{' ' if beside[0] else ''}{day}{' ' if beside[1] else ''}" if spaced and day else word
        if day is not None:
            return day
        if word in known:
            return word
        part = self._near(word, PART_NAMES)
        if part:
            # A slip between a part and the lunch period is the part.
            return next((name for name in part if name != "lunch"), "lunch")
        if slips:
            return self._slipped(word, found, n) or word
        self._strange.append((word, n))
        return word

    def has_slips(self) -> bool:
        """Whether any word would read otherwise with slips in mind."""
        return any((self._slipped(word, self._found, n) or word) != word for word, n in self._strange)

    def _slipped(self, word: str, found: list[str], n: int) -> str | None:
        """A weekday, today or tomorrow with a slip; a month too, beside a day number. Two equally near are neither."""
        plural = word.endswith("s") and word != "thurs"
        names = self._near(word, DAY_NAMES)
        days = {KNOWN.get(name, name) for name in names}
        if not days and plural:
            days = {
                f"{KNOWN[name]}s" for name in self._near(word[:-1], DAY_NAMES) if name in KNOWN and name != "tomorrow"
            }
        if len(days) == 1:
            return days.pop()
        months = set() if days else {KNOWN[name] for name in self._near(word, MONTH_NAMES)}
        return months.pop() if len(months) == 1 and _beside_a_day(found, n) else None

    def left(self, covered: str, marks: str) -> list[str]:
        """The words, as they were typed, that nothing has covered."""
        ends = [*self.starts[1:], len(covered)][: len(self.starts)]
        kept = [
            typed if covered[start:end].strip(marks) else " "
            for typed, start, end in zip(self.typed, self.starts, ends, strict=True)
        ]
        return "".join(kept).split()


def _beside_a_day(found: list[str], n: int) -> bool:
    after = "".join(found[n + 1 : n + 5]).lower().lstrip(" .").removeprefix("the ").lstrip()
    before = "".join(found[max(0, n - 6) : n]).lower().rstrip().removesuffix(" of").rstrip()
    return bool(_DAY_NUMBER.match(after)) or bool(re.search(r"(?<![\w:./-])\d{1,2}(?:st|nd|rd|th)?$", before))

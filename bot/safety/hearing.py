"""Who a sentence speaks about: the writer, or somebody else."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left

LONGEST = 4000

STUDENT = (
    r"(?:students?|kids?|kiddos?|child(?:ren)?|pupils?|boys?|girls?|learners?|youngsters?|toddlers?|teen(?:s|agers?)?"
    r"|kindergart[a-z]+|(?:first|second|third|fourth|fifth|sixth|seventh|eighth|\d{1,2}(?:st|nd|rd|th))[- ]graders?"
    r"|little ones?|(?:one|some|two|several) of (?:mine|them))"
)
_OTHER = (
    rf"(?:{STUDENT}|class(?:es|mates?)?|groups?|pairs?|partners?|everyone|everybody|nobody|somebody|someone"
    r"|people|parents?|m[ou]ms?|dads?|mothers?|fathers?|brothers?|sisters?|uncles?|aunts?|teachers?|colleagues?"
    r"|co-?workers?|teammates?|principals?|coach(?:es)?|staff|team|sub|friends?|others|half|projector|bulb|copier"
    r"|printer|marker|lamp|laptop|battery)"
)
_SELF = r"(?:i|im|ive|we|we're|(?:mak(?:e|es|ing)|made|left|leaves?|leaving|has|had|have|got|getting) me)"
_OBJECT = (
    r"(?:after|with|from|by|for|about|to|at|during|before|on) (?:(?:the|my|that|this|these|those|our|all|some|your"
    r"|\d{1,2}) ){0,2}"
)
_SUBJECT = re.compile(rf"\b(?:(?P<object>{_OBJECT})?{_OTHER}(?P<who> who)?|he|she|they|(?P<self>{_SELF}))\b")
# A capitalised word in front of such a verb is a name, unless it is one of the words sentences start with.
_NAMED = re.compile(
    r"\b(?!(?:I|It|This|That|These|Those|There|Today|Yesterday|Everything|Nothing|Something|Teaching|Work|School|Life"
    r"|Math|Grading|Mondays?|Tuesdays?|Wednesdays?|Thursdays?|Fridays?|What|Which|Who|The|My|We|You|Just|And|But|Also"
    r"|Still|Morning|Week|Day|Sunday|Saturday|Night|Brain|Head|Honestly|Almost|Then|Now|Always|Never"
    r"|Here)\b)[A-Z][a-z]+(?= (?:was|is|has|had|can't|cannot|couldn't|said|says|told|cried|cries|broke|got|gets|looked"
    r"|looks|seemed|seems|felt|feels|kept|keeps|started|wants|wanted|came|comes|panicked|quit|who)\b)"
)
_SPEAKS = re.compile(
    r"\b(?:said|say|says|saying|told (?:me|us)|tells? (?:me|us)|telling (?:me|us)|wrote|writes?|writing|yell(?:s|ed"
    r"|ing)|whisper(?:s|ed)|shout(?:s|ed|ing)|mutter(?:s|ed)|goes|(?:was|were|is|are|be) like|announced|answered"
    r"|repeat(?:s|ed)|texted)\b(?P<gap>[ ,:\"']{0,4}(?:that )?)"
)
_QUOTED = re.compile(r'"[^"\n]{1,400}"')
_MYSELF_SPEAKING = re.compile(
    r"\bi\b[^.!?\n]{0,30}\b(?:said|say|saying|told|tell|telling|thought|think|thinking|wrote|repeat)\b"
)
_OTHERS_AROUND = re.compile(rf"\b(?:{_OTHER}|he|she|they)\b")
_DENIED = re.compile(
    r"(?:\bnot|n't|\bnever|\bless|\bno longer|\bwithout|\binstead of)(?: (?:so|too|very|really|that|as|even|at all"
    r"|feel|feeling|being|getting|be|get|going to|to be|to get|to feel|been))*\W*$"
)
_STOP = re.compile(r"[.!?;\n]")
_MARKS = str.maketrans("’‘`´“”„«»_\r", '\'\'\'\'""""" \n', "*~")


def either(*patterns: str) -> re.Pattern[str]:
    """Any of these as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)")


def tidy(text: str) -> str:
    """The first 4,000 characters with straight quotes, single spaces and nothing invisible."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].translate(_MARKS)
    text = "".join(c for c in text if unicodedata.category(c) != "Cf")
    return re.sub(r" ?\n[\n ]*", "\n", re.sub(r"[^\S\n]+", " ", text)).strip()


class Hearing:
    """One tidy message, and whose clause each place in it belongs to. Built in one pass."""

    def __init__(self, text: str) -> None:
        """`text` is in small letters; `own` besides without what others are quoted as saying, at the same places."""
        self.text = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        self.own = _without_others_quotes(self.text)
        self._stops = [-1, *(stop.start() for stop in _STOP.finditer(self.own))]
        subjects = [(named.start(), False) for named in _NAMED.finditer(text) if self.own[named.start()] != " "]
        subjects += [
            (found.start(), found["self"] is not None)
            for found in _SUBJECT.finditer(self.own)
            if found["who"] or not found["object"]
        ]
        spoken = {speech.end(): speech.start() for speech in _SPEAKS.finditer(self.own)}
        self._spoken = sorted(spoken.values())
        self._starts: list[int] = []
        self._mine: list[bool] = []
        for start, mine in sorted(subjects):
            # "One of them said I can't": the I is theirs.
            theirs = mine and start in spoken and self.speaker(spoken[start]) is False
            self._starts.append(start)
            self._mine.append(mine and not theirs)

    def speaker(self, at: int) -> bool | None:
        """True for the writer, False for somebody else, None where the clause names nobody before this place."""
        last = bisect_left(self._starts, at) - 1
        start = self._stops[bisect_left(self._stops, at) - 1]
        return self._mine[last] if last >= 0 and self._starts[last] > start else None

    def reported(self, at: int) -> bool:
        """Whether this place stands in what somebody else is told to have said."""
        last = bisect_left(self._spoken, at) - 1
        start = self._stops[bisect_left(self._stops, at) - 1]
        return last >= 0 and self._spoken[last] > start and self.speaker(self._spoken[last]) is False

    def denied(self, at: int) -> bool:
        """Whether a "not" stands right before this place."""
        return _DENIED.search(self.own[max(0, at - 40) : at]) is not None


def _without_others_quotes(text: str) -> str:
    """The message with what other people are quoted as saying blanked out, at the same length."""
    pieces, at = [], 0
    for quote in _QUOTED.finditer(text):
        before = _STOP.split(text[max(0, quote.start() - 70) : quote.start()])[-1]
        after = _STOP.split(text[quote.end() : quote.end() + 40])[0]
        others = _OTHERS_AROUND.search(before) or _OTHERS_AROUND.search(after)
        if others and not _MYSELF_SPEAKING.search(before):
            pieces += [text[at : quote.start()], " " * len(quote[0])]
            at = quote.end()
    return "".join([*pieces, text[at:]])

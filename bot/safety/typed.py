"""Plain typed words that work in any conversation, such as "pause 2 weeks" or "who sees this?"."""

from __future__ import annotations

import re

from msgspec import Struct

LONGEST = 80


class Typed(Struct, frozen=True):
    """A command and what was said with it: `pause` and "2 weeks"."""

    name: str
    rest: str = ""


_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_NUMBER = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|the)"
_SPAN = rf"(?:for )?(?:about )?{_NUMBER} (?:more )?(?:school )?(?:day|week|month|year|term|semester)s?"
_BREAK = r"(?:the )?(?:winter|spring|fall|autumn|summer|thanksgiving|christmas|easter|half[- ]?term|mid[- ]?term)"
_DAY = (
    rf"(?:(?:after |the end of |end of )?(?:"
    rf"(?:next |this |the |on )?{_WEEKDAY}(?:,? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?)?(?:,? (?:of )?{_MONTH})?"
    rf"|{_MONTH}(?:,? (?:the )?\d{{1,2}}(?:st|nd|rd|th)?)?(?:,? \d{{4}})?"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: (?:of )?{_MONTH}(?:,? \d{{4}})?)?"
    r"|\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}(?:[/.]\d{2,4})?"
    r"|today|tomorrow|(?:next|this|the) (?:week|month|term|semester|year|school year|weekend|break|holidays?|vacation)"
    rf"|{_BREAK}(?: (?:break|vacation|holidays?))?"
    r"|i say(?: so)?|i'?m back|i return|further notice|then))"
)
_QUIET = (
    rf"(?:{_SPAN})?(?: ?(?:from|until|till|til|to|through) {_DAY}){{0,2}}|(?:next|this) (?:week|month|term)|tomorrow"
)
_READER = (
    r"(?:(?:my|the|our|other|any|school) )*(?:coach|principal|boss|admin(?:istrator)?s?|school|leaders?|leadership"
    r"|anyone|anybody|everyone|others?|people|somebody|someone|teachers?|colleagues?|district|parents?)(?: else)?"
)
_SEES = r"(?:sees?|reads?|looks? at|gets?|has access to)"
_IT = (
    r"(?:this|that|these|it|them|what i (?:write|say|type|share)"
    r"|my (?:answers?|notes?|words|replies|reply|steps?|reflections?|messages?|stuff))"
)

_SAYS: tuple[tuple[str, str], ...] = (
    ("stop", r"stop|stop (?:all )?(?:the )?(?:messages|messaging(?: me)?|writing(?: to)? me|texting me)|unsubscribe"),
    ("start", r"start(?: again)?"),
    ("help", r"help|commands"),
    ("pause", r"pause(?P<rest> .+)?"),
    ("resume", r"resume|un-?pause"),
    ("skip", r"skip(?: (?:it|this|this one|this week|the week))?"),
    ("who", rf"who (?:can |will |could |else |else can |exactly )?{_SEES} {_IT}(?: here)?"),
    ("who", rf"(?:can|does|will|could) {_READER} (?:see|read) {_IT}|is (?:this|it|that) (?:private|confidential)"),
    ("now", r"(?:reflect )?(?:right )?now|reflect"),
    ("delete", r"delete(?: (?:all )?(?:of )?my (?:data|account)| everything)?"),
    ("settings", r"(?:my |change (?:my )?)?settings|preferences"),
    ("link", r"link(?: (?P<code>(?=\S*\d)[0-9a-z]{3}-?[0-9a-z]{3}-?[0-9a-z]{3}))?"),
    ("leave", r"(?:i'?m |i am |i'?ll be |i will be |going )?(?:on )?leave(?P<rest> .+)?"),
)
_SHAPES = tuple((name, re.compile(says, re.IGNORECASE)) for name, says in _SAYS)
_FOR_HOW_LONG = re.compile(_QUIET, re.IGNORECASE)
_PLEASE = re.compile(r"^please | please$", re.IGNORECASE)


def command(text: str) -> Typed | None:
    """The command this whole message is, if it is one; a sentence that merely holds the word is not."""
    if len(text) > LONGEST:
        return None
    said = re.sub(r"[^\w\s'/.-]", " ", text.replace("’", "'"))
    said = _PLEASE.sub("", " ".join(said.split()).strip("'/.-_ "))
    for name, shape in _SHAPES:
        if found := shape.fullmatch(said):
            if code := found.groupdict().get("code"):
                return Typed(name, code)
            rest = (found.groupdict().get("rest") or "").strip()
            # "Pause before answering" is a plan for a lesson; only a time makes it a command.
            return Typed(name, rest) if _FOR_HOW_LONG.fullmatch(rest) else None
    return None

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

# A name, one word or two, or what somebody is to the writer.
_SOMEBODY = r"(?:my |the |our )?[\w'-]{1,30}(?: [\w'-]{1,30})?"

_SAYS: tuple[tuple[str, str], ...] = (
    ("stop", r"stop|stop (?:all )?(?:the )?(?:messages|messaging(?: me)?|writing(?: to)? me|texting me)|unsubscribe"),
    ("start", r"start(?: again)?"),
    ("help", r"help|commands"),
    # A word that is no day opens the choice of one; more words than that are a plan for a lesson.
    ("pause", r"pause (?P<unclear>(?:until|till|til|to|through|from|for) \S+)|pause(?P<rest> .+)?"),
    ("resume", r"resume|un-?pause"),
    ("skip", r"skip(?: (?:it|this|this one|this week|the week))?"),
    ("who", rf"who (?:can |will |could |else |else can |exactly )?{_SEES} {_IT}(?: here)?"),
    ("who", rf"(?:can|does|will|could) {_READER} (?:see|read) {_IT}|is (?:this|it|that) (?:private|confidential)"),
    ("now", r"(?:reflect )?(?:right )?now|reflect"),
    (
        "delete",
        (
            r"(?:delete|erase|remove)(?: (?:all )?(?:of )?my (?:data|account|stuff|words|notes)| everything| it all)"
            r"|delete|forget(?: me| everything| all of it)?"
        ),
    ),
    (
        "unwrite",
        r"(?:delete|erase|remove|forget) (?:all )?(?:of )?(?:what i (?:wrote|said|typed|just wrote)|that|this|it)",
    ),
    (
        "enough",
        (
            r"stop here|that'?s (?:all|it|enough|everything)(?: from me)?(?: for (?:today|now|this week))?"
            r"|(?:that'?s )?enough(?: for (?:today|now|this week))?|leave it(?: there| here| at that)?(?: for (?:today"
            r"|now))?"
            r"|let'?s (?:stop|leave it)(?: here| there)?|no more questions(?: today| please)?|i'?m done(?: for (?:today"
            r"|now))?"
        ),
    ),
    (
        "bot",
        (
            r"(?:are|r) (?:you|u) (?:a |an |just a |really a )?(?:bot|robot|human|person|real(?: person)?|machine"
            r"|computer"
            r"|ai|chat ?bot|chat ?gpt)|(?:is (?:this|it)|am i (?:talking|writing|speaking) (?:to|with)) (?:a "
            r"|an )?(?:bot"
            r"|robot"
            r"|human|(?:real )?person|machine|ai)|(?:who|what) (?:are|r) (?:you|u)|who(?:'s| is) (?:this|there)"
            r"|who (?:made|built|runs) (?:you|this)"
        ),
    ),
    (
        "about",
        (
            r"(?:so )?what (?:do|can|will) (?:you|u) (?:actually )?do(?: for me| here)?|what(?:'s"
            r"| is) (?:this|beside)"
            r"(?: for| about| bot)?|how (?:does|do) (?:this|it|you|beside) work|what(?:'s| is) the point of this"
            r"|what can i (?:do|say|type|ask)(?: here)?"
        ),
    ),
    (
        "next",
        (
            r"when(?:'s| is| are| will be| do i get) (?:my |the |your )?(?:next )?(?:check-?in|question|nudge"
            r"|reflection"
            r"|message)s?(?: coming)?|when (?:will|do) (?:you|i) (?:next )?(?:write|ask|message|check in|hear from you"
            r"|get asked)"
            r"(?: me)?(?: again| next)?|when (?:are|will) you (?:be )?back"
        ),
    ),
    (
        "visit",
        (
            rf"when(?:'s| is| are| does| will)(?: be)? {_SOMEBODY}(?:'s)? (?:next )?(?:visit(?:ing)?|com(?:e"
            rf"|ing)(?: in)?"
            rf"|be (?:here|in)|here|in my (?:room|class)|co-?teach(?:ing)?|slot|session)(?: me| us| again| next"
            rf"| in)?(?: my (?:room"
            rf"|class))?|(?:what|which) (?:day|time)(?: and time)? is {_SOMEBODY}(?:'s)? (?:visit(?:ing)?|coming)"
            rf"|when(?:'s| is| are) (?:our|my|the) (?:next )?(?:visit|co-?teaching|slot|session|time together)s?"
            rf"|is (?!(?:it|this|that|there)\b){_SOMEBODY} (?:coming|visiting)(?: today| tomorrow| this week"
            rf"| next week)?"
        ),
    ),
    (
        "step",
        (
            r"(?:what(?:'s| is| was)|show(?: me)?|remind me of) my (?:next |last |open |current )?step(?: again)?"
            r"|my (?:next )?step"
            r"|what did i (?:say|write)(?: i would| i'd)? (?:try|do)(?: next)?"
        ),
    ),
    ("home", r"(?:my )?home(?: page)?"),
    ("settings", r"(?:my |change (?:my )?)?settings|preferences"),
    (
        "mine",
        (
            r"(?:show (?:me )?)?(?:mine|(?:all )?(?:of )?my (?:words|notes|reflections|steps|data))"
            r"|(?:show (?:me )?)?what (?:i (?:wrote|have written|said here)|have i written|did i write)(?: here)?"
            r"|what is mine"
        ),
    ),
    ("mirror", r"mirror"),
    ("setup", r"set ?up"),
    ("coaches", r"coaches"),
    (
        "sort",
        (
            r"(?:student[- ]work )?sort|sort (?:the |some |our |my )?(?:student[- ])?(?:work|pieces)"
            r"|look at (?:the |some |our |my )?student[- ]work(?: together)?"
        ),
    ),
    (
        "export",
        (
            r"export(?: (?:all )?(?:of )?(?:my )?(?:data|words|everything|notes))?"
            r"|(?:download|get|send me|give me|copy) (?:all )?(?:of )?(?:my )?"
            r"(?:data|a copy of (?:my data|everything|my words))"
        ),
    ),
    ("link", r"link(?: (?P<code>(?=\S*\d)[0-9a-z]{3}-?[0-9a-z]{3}-?[0-9a-z]{3}))?"),
    ("leave", r"(?:i'?m |i am |i'?ll be |i will be |going )?(?:on )?leave(?P<rest> .+)?"),
)
_SHAPES = tuple((name, re.compile(says, re.IGNORECASE)) for name, says in _SAYS)
_FOR_HOW_LONG = re.compile(_QUIET, re.IGNORECASE)
_PLEASE = re.compile(r"^please | please$", re.IGNORECASE)
_WORDS = (
    "help", "settings", "pause", "resume", "home", "mine", "export", "sort", "skip", "start", "stop", "delete", "leave",
    "ayuda", "ajustes", "pausa", "reanudar", "inicio", "exportar", "agrupar", "saltar", "empezar", "parar", "borrar",
    "licencia",
)  # fmt: skip
_OTHER_WORDS = {"setting", "mien", "ajuste", "altar", "salar", "parra"}
_LONG = 6


def _slips(word: str) -> set[str]:
    """Two neighbouring letters the other way round, or one left out of a long word."""
    swapped = {word[:n] + word[n + 1] + word[n] + word[n + 2 :] for n in range(len(word) - 1)}
    short = {word[:n] + word[n + 1 :] for n in range(len(word))} if len(word) >= _LONG else set()
    return (swapped | short) - _OTHER_WORDS - set(_WORDS)


# A message that is nothing but such a slip is no answer and no next step: "hepl" asks for help.
_SLIPS = {slip: word for word in _WORDS for slip in _slips(word)}


def command(text: str) -> Typed | None:
    """The command this whole message is, if it is one; a sentence that merely holds the word is not.

    Every language is heard, whoever writes: nobody has to look up how to stop.
    """
    if len(text) > LONGEST:
        return None
    if found := _english(text):
        return found
    from bot.safety import spanish

    if said := spanish.command(text):
        name, rest = said
        # "Pausa antes de responder" is a plan for a lesson; only a time makes it a command.
        return Typed(name, rest) if name == "link" or _FOR_HOW_LONG.fullmatch(rest) else None
    meant = _SLIPS.get(text.strip().strip(".!?").lower())
    return command(meant) if meant else None


def _english(text: str) -> Typed | None:
    said = re.sub(r"[^\w\s'/.-]", " ", text.replace("’", "'"))
    said = _PLEASE.sub("", " ".join(said.split()).strip("'/.-_ "))
    for name, shape in _SHAPES:
        if found := shape.fullmatch(said):
            if code := found.groupdict().get("code"):
                return Typed(name, code)
            if unclear := found.groupdict().get("unclear"):
                return Typed(name, unclear if _FOR_HOW_LONG.fullmatch(unclear) else "")
            rest = (found.groupdict().get("rest") or "").strip()
            # "Pause before answering" is a plan for a lesson; only a time makes it a command.
            return Typed(name, rest) if _FOR_HOW_LONG.fullmatch(rest) else None
    return None

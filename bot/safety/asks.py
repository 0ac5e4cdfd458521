"""Words that ask for something other than the next question: advice, a way on, a comparison, or to be left alone."""

from __future__ import annotations

import re
from typing import Literal

from bot.safety.hearing import Hearing, either, tidy

Ask = Literal["advice", "stuck", "compared", "numbers", "labels", "none"]

# Whoever writes more than this has answered, stuck or not.
_STUCK_WORDS = 14
_IDEAS = (
    r"(?:advice|activit(?:y|ies)|ideas?|tips?|tricks?|strateg(?:y|ies)|suggestions?|resources?|worksheets?"
    r"|recommendations?|answers?|solutions?|examples?|lesson(?: plan)?s?|games?|plans?|tasks?|videos?)"
)
_SOME = r"(?:(?:an?|any|some|the|your|more|few|good|new|better|quick|one|two|three|fun|ready|concrete) ){0,3}"
_ADVICE = either(
    r"(?:tell|show) me (?:(?:exactly|simply|just) )?(?:what|how|which|where|one thing)(?! (?:he|she|they|it"
    r"|you (?:saw|know|knew|got"
    r"|thought|think|did|see|found|solved|heard|noticed|mean)))",
    r"what (?:should|shall|must|would|could) (?:i|we) (?:even |best )?(?:do|try|use|say|change|teach|give|start with"
    r"|plan|be doing)(?! better| differently)",
    r"what (?:do|can|am|are) (?:i|we) (?:supposed to )?(?:do|try)(?= (?:about|with|next|now|here|then|for|when|if)"
    r"\b|[ ?.!]*$|[?.!])",
    r"what (?:would|do|did|should) you (?:do|try|suggest|recommend|advise|say|think i should)",
    r"how (?:should|would|do|can|could) (?:i|you|we) (?:fix|handle|solve|stop|deal with|teach|approach|respond to)",
    rf"(?:give|send|find|show|offer|bring|make|write|plan) (?:me|us) {_SOME}(?:{_IDEAS}|something)",
    rf"(?:can|could|would|will|do|did) you (?:please |just |maybe )?(?:give|send|suggest|recommend|share|have|know"
    rf"|offer"
    rf"|find|write|plan|make|advise)(?: (?:me|us))? {_SOME}{_IDEAS}",
    r"(?:can|could|would|will) you (?:please |just )?(?:help|advise|coach|tell|show) me",
    rf"(?:any|got any|you got any|have you any) (?:good |other |more )?{_IDEAS}(?= (?:for|on|about|to|how)\b|[ ?.!]*$"
    r"|[?.!])",
    rf"i(?:'d| would| just| really| do){{0,2}} (?:need|want|like|could use) {_SOME}(?:advice|tips?|suggestions?"
    rf"|answers?"
    r"|activity to|activity for)",
    r"(?:need|want) (?:you|someone|somebody) to (?:just )?(?:tell|show|give) me|(?:your|you give) (?:advice|opinion)"
    r"|(?:please )?(?:advise|coach) me|answer (?:my|the) question|^(?:please,? )?just tell me[ .!]*$"
    r"|give me a straight answer",
)
_ASKED = re.compile(r"(?<!stop )\b(?:asks?|asked|asking|wonder(?:s|ed|ing)?)\b[^.!?\n]{0,30}$")
_REALLY = (
    r"(?:(?:so|really|just|completely|totally|still|a bit|a little|kind of|honestly|pretty|very|feeling|all) ){0,3}"
)
_OF_THEM = r"(?! (?:(?:how|why|what|where|that|when|if) )?(?:they|he|she|it|students?|kids?|the|we|my|this would)\b)"
_STUCK = either(
    rf"(?:i'm|im|i am|we're|we are|i feel|i keep getting|feeling|still|totally|completely) {_REALLY}stuck"
    r"(?! (?:to|together|in (?:traffic|the|my|a)|at home|behind))",
    rf"^(?:(?:honestly|sorry|um|well|really|i have|i've|i've got|got|absolutely),? ){{0,3}}(?:no|zero) (?:idea|clue)s?"
    rf"{_OF_THEM}",
    rf"(?:i|we) (?:have|really have|honestly have|got|have absolutely) (?:no|zero) (?:idea|clue)s?{_OF_THEM}",
    r"^stuck(?: again| here| on this| with this)?[ .!]*$|(?:i'm|im|i am) at a loss|(?:i'm|im|i am|all) out of ideas"
    r"|(?:going|running) (?:round|around) in circles|(?:hit|hitting|up against) a (?:brick )?wall",
    r"(?:don't|dont|do not|not sure) (?:really |even |honestly )?(?:know )?(?:what to (?:do|try|say)|where to (?:start"
    r"|begin|go|turn)|how to (?:start|begin|go on|move on|do this))",
    r"(?:can't|cant|cannot|couldn't) (?:even )?think of (?:anything|a thing|any(?: \w+)?|one)[ .!]*$",
)
_CLASS = (
    r"(?:class(?:es|mates)?|students|kids|kiddos|children|pupils|boys|girls|group|grade|graders|them|us|mine|my"
    r"|our|these|those|learners)"
)
_TESTED = (
    r"(?:quiz(?:zes)?|tests?|exams?|exit (?:slips?|tickets?)|assessments?|benchmarks?|screeners?|unit check|quick check"
    r"|check-?ups?|i-?ready|state test|scores?|grades?)"
)
_WENT = (
    r"(?:got (?:it|them|that|this|there)|right|correct(?:ly)?|wrong|pass(?:ed|ing)?|fail(?:ed|ing)?|scor(?:e[sd]?|ing)"
    rf"|master(?:y|ed)|proficien(?:t|cy)|accura(?:cy|te)|averag(?:e[sd]?|ing)|{_TESTED})"
)
_SHARE = r"\d{1,3}(?:[.,]\d{1,2})? ?(?:%|percent\b|per cent\b)"
_NUMBERS = re.compile(
    rf"{_SHARE}[^.!?\n]{{0,40}}\b{_WENT}\b|\b{_WENT}\b[^.!?\n]{{0,40}}?(?<!\d){_SHARE}"
    rf"|{_SHARE} (?:of )?(?:the |my |all |of ){{0,2}}{_CLASS}\b|^\W*(?:about |only |around |at |maybe )?{_SHARE}\W*$"
    rf"|\b(?:\d{{1,3}}|\w+) (?:out of|/) ?(?:\d{{1,3}}|\w+) (?:{_CLASS}|of them|{_WENT}|were|could|can)\b"
    rf"|\b(?:{_TESTED}|math|class|reading|unit) (?:scores?|results?|averages?|grades?|data)\b"
    r"|\bscores (?:were|are|went|came|dropped|rose|improved|fell|look)\b|\bscored (?:an? )?(?:\d|below|above|at )"
    r"|\b(?:percentile|quartile|proficiency)\b|\b(?:class|their|our) average\b"
)
_MATHS = re.compile(rf"{_SHARE} (?:of|off) (?!(?:the |my |our |all ){{0,2}}{_CLASS}\b)(?:an?|the|it|that|\d+)\b")
_MORE = (
    r"(?:better|worse|best|worst|further|farther|ahead|behind|faster|slower|higher|lower|stronger|weaker|more|less"
    r"|good at|beat|outperform(?:s|ed)?|caught up)"
)
_THEIRS = (
    r"(?:(?<!my )(?<!our )other (?:teachers?|class(?:es|rooms?)?|rooms?|grades?|teams?|colleagues?)(?:'s?)?"
    r"|next[- ]door|(?:my|our|a) (?:colleague|teammate|grade partner|co-?worker|team)s?(?:'s?)? (?:class|kids|students"
    r"|room)?|(?:ms|mrs|mr|miss|mx|dr)\.? [a-z]{2,20}(?:'s)?|(?:every|any)(?:one|body) else(?:'s)?"
    r"|the rest of (?:the|my|our) (?:team|grade|school|staff)|[a-z]{2,20}'s (?:class|room|kids|students))"
)
_COMPARED = either(
    rf"{_THEIRS}(?= |$)[^.!?\n]{{0,50}}\b{_MORE}",
    rf"{_MORE}(?: [a-z']+){{0,3}} (?:than|of|to) (?:in |with )?(?:the |all )?{_THEIRS}",
    rf"(?:as good as|not like|compared (?:to|with)|versus|vs\.?) {_THEIRS}",
)
_LABELS = either(
    r"(?:low(?:er|est)?|slow(?:er|est)?|weak(?:er|est)?|struggling|bubble|at[- ]risk|lazy|below[- ](?:level|grade"
    r"|basic)"
    r"|sped|iep|bottom|high(?:er|est)?|gifted|smart(?:er|est)?|bright(?:er|est)?|top|strong(?:er|est)?|bad|naughty"
    r"|difficult|unmotivated|tier (?:two|three|2|3))[- ](?:[a-z]+ )?(?:kids?|students?|groups?|learners?|ones|kiddos?"
    r"|achievers?|performers?|flyers|boys?|girls?|child(?:ren)?|readers?|pupils?|ability|babies|friends)",
    r"my (?:lows|highs|low ones|strugglers|bubble kids|sped kids|reds|greens)|(?:the|my) strugglers",
)
_NONE = re.compile(
    r"(?:(?:honestly|um+|uh+|hm+|well|sorry|oh),? )*(?:idk|i (?:really )?(?:don'?t|do not) (?:really )?(?:know"
    r"|remember)"
    r"|(?:don'?t|do not) know|dunno|i dunno|no(?:pe)?|nah|none|n/?a|meh|nada"
    r"|nothing(?: (?:really|much|special|new|at all|today|this week|to (?:say|add|report|tell)|comes? to mind"
    r"|i can think of|happened|stands out))*|not (?:much|really|sure)|no (?:thoughts|comment|clue what to say)"
    r"|i (?:forget|forgot)|(?:can'?t|cannot) (?:remember|say)|not this week|pass)[ .!…]*|[\W_]+",
    re.IGNORECASE,
)


def ask(text: str) -> Ask | None:
    """What these words ask for, first of the list in `Ask`; nothing where they are simply an answer."""
    tidied = tidy(text)
    if _NONE.fullmatch(tidied):
        return "none"
    heard = Hearing(tidied)
    own = heard.own
    if any(_to_us(heard, found.start()) for found in _ADVICE.finditer(own)):
        return "advice"
    if len(own.split()) <= _STUCK_WORDS and any(
        heard.speaker(found.start() + 1) is not False for found in _STUCK.finditer(own)
    ):
        return "stuck"
    if _COMPARED.search(own):
        return "compared"
    if _NUMBERS.search(_MATHS.sub(" ", own)):
        return "numbers"
    return "labels" if _LABELS.search(own) else None


def labels(sentence: str) -> bool:
    """Whether this sentence sorts students by how able they are said to be."""
    return _LABELS.search(Hearing(tidy(sentence)).text) is not None


def _to_us(heard: Hearing, at: int) -> bool:
    """Asked of us, and not told of somebody who asked."""
    return not heard.reported(at) and not _ASKED.search(heard.own[max(0, at - 60) : at])

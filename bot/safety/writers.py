"""Words about the writer: in danger, in distress, or tired."""

from __future__ import annotations

from bot.safety.hearing import STUDENT, Hearing, either
from bot.safety.peril import in_peril
from bot.safety.plainly import found_written
from bot.safety.strain import strained, weary

_END = r"(?= ?(?:$|[.,;!?\n-]))"
_DO_NOT = r"(?:\w{2,6}n't|dont|didnt|do not|did not|not|no longer|never)"
_CANT = r"(?:can't|cant|cannot|can not|couldn't|could not|don't think i can|don't know if i can|not sure (?:if )?i can)"
_ANY_MORE = r"any ?(?:more|longer)"
_IM = r"(?:i'm|im|i am|i was|i've been|ive been|i have been|we're|we are)"
_FEEL = r"(?:(?:i |just |still |am |i'm )?(?:feel|feels|feeling|felt))"
_SO = (
    r"(?:(?:so+|very|really|too|just|completely|totally|absolutely|utterly|beyond|pretty|quite|a bit|bone|dead|dog"
    r"|mentally|physically|emotionally|always|constantly|simply|way|more|still|all|already|honestly|super|extremely"
    r"|feeling|rather|like an?|such an?|an?|kind of|kinda|sort of) )"
)

# --- In danger: ending one's life, or hurting oneself
_TO_DIE = r"(?:want(?:ed|ing)? to|wanna|going to|gonna|need to|ready to|plan(?:ning)? to|wish i could(?: just)?) die"
_FIGURE = r"(?! (?:of|from|laughing|on (?:that|this) hill|happy|cut|roll)|-cut)"
_TRAINED = (
    r"(?![ -](?:prevention|awareness|training|policy|squad|protocol|assembly|module|lesson|tim(?:e|ing)|pac(?:e|ing)))"
)
_BY_CHANCE = (
    r"(?! (?:on (?!purpose)|while|playing|lifting|running|falling|doing|trying|carrying|moving|slipping|at (?:pe"
    r"|recess|lunch|the|a)\b|in (?:pe|the|a)\b))"
)
_ALIVE = (
    r"(?:live(?! (?:in|near|by|on|at|up|with (?!this))\b)|be alive|exist|be on this (?:earth|planet)|wake up(?! (?:at"
    r"|early|so|before|them|him|her|the|that)\b)|be (?:here|around|in this world) any ?(?:more|longer))"
)
_DANGER = either(
    rf"{_TO_DIE}{_FIGURE}|kill(?:ed)? myself(?! (?:laughing|over|trying))",
    r"(?<!been )(?<!not )(?<!stop )(?<!keep )(?<!i'm )(?<!i am )(?<!was )killing myself(?! (?:laughing|over|trying"
    r"|to))",
    r"(?:end|ending|ended|tak(?:e|ing)|took) my (?:own )?life(?! stor|-size)|end(?:ing)? it all(?! with)",
    rf"(?:hurt|hurting|harm|harming|harmed) myself{_BY_CHANCE}|burn(?:ing)? myself (?:on purpose|with)",
    rf"(?:cut|cutting) myself{_BY_CHANCE}(?! (?:off|some|short|out|a |with (?:the|a|some) paper|shaving|up|slack"
    rf"|down))",
    rf"self[- ]?harm(?:ed|ing)?|suicid(?:e|al){_TRAINED}",
    rf"{_DO_NOT} (?:really |even )?(?:want(?:ed)?|wish|care) to {_ALIVE}",
    r"(?:no|any|a|what's the|see the) (?:reason|point) (?:to|in|of|for) (?:live|living|being (?:alive|here)"
    r"|going on living)",
    r"nothing (?:left )?to live for|(?:not|isn't) worth living|better off dead",
    r"wish(?:ed)? i (?:was|were|wasn't|weren't|wasnt|had (?:never |not )been|hadn't been) ?(?:dead|alive|born"
    r"|here any ?more)",
    r"(?:hope|wish|pray|want|could)\w* (?:i |to )?(?:\w+ ){0,6}(?:never|not|don't|wouldn't|won't"
    r"|didn't) (?:have to )?wake up(?! (?:at|early|too|late|so)\b)",
    r"hang(?:ing)? myself(?! (?:out|up))|shoot(?:ing)? myself(?! in the (?:foot|leg))"
    r"|slit(?:ting)? my (?:own )?wrists?",
    r"drown(?:ing)? myself(?! in)|danger to myself|do something (?:bad )?to myself|(?:won't|not going to) be (?:around"
    r"|alive) much longer",
    r"thoughts? (?:of|about) (?:dying|ending (?:it|things|everything|my)|death|not being (?:here|alive))",
    r"think(?:ing)? (?:of|about) (?:dying|ending (?:it all|things|my))",
)
# Too near to a story problem to be taken so unless the writer says "I".
_DANGER_WITH_I = either(
    r"jump(?:ing)? (?:off|from|in front of) (?:an?|the|that) (?:\w+ )?(?:bridge|roof|building|balcony|train|bus|car"
    r"|truck)",
    r"(?:driv(?:e|ing)|crash(?:ing)?|steer(?:ing)?) (?:(?:my|the) car )?(?:off|into) (?:an?|the) (?:road|bridge|tree"
    r"|wall|cliff|river|ditch)",
    r"overdos(?:e|ed|ing)|(?:tak(?:e|ing)|took|swallow(?:ed|ing)?) (?:all |a bottle of |a handful of "
    r"|too many )(?:of )?(?:my |the |these )?(?:pills|tablets|medication)",
)
_DANGER_FROM_OTHERS = either(
    r"(?:better off|happier) (?:without me|if i (?:was|were|wasn't|weren't) (?:dead|gone|here|alive))(?! \w+ing)",
    r"my (?:ex-?)?(?:husband|wife|partner|boyfriend|girlfriend|ex|spouse) (?:\w+ ){0,3}?(?:hits?|hitting|beats?"
    r"|beating|chok(?:es|ed|ing)|strangl(?:es|ed|ing)|slap(?:s|ped)|punch(?:es|ed)|threaten(?:s|ed)|hurts?|hurting"
    r"|abus(?:es|ed|ing)) (?:me|to (?:kill|hurt))(?! (?:up|at|in|when))",
    r"(?:afraid|scared) (?:that )?(?:he|she)(?:'ll| will|'s going to| is going to|'s gonna) (?:kill|hurt) me",
    r"threatened to kill me",
)

# --- In distress: it cannot go on like this
_TEARS = r"(?:cry|crying|cried|sob|sobbed|sobbing|weep|weeping|wept)"
_GLAD = r"(?! (?:laughing|(?:happy )?tears|of joy|happy|(?:for|from|with|of) (?:laugh|joy|pride|happi|relief)\w*))"
_SCREEN = r"(?! (?:over|at|during) (?:the |a )?(?:movie|book|film|story|video))"
_LEAVE = r"(?:quit|quitting|resign|resigning)"
_DISTRESS = either(
    rf"{_CANT} (?:keep )?(?:do(?:ing)?|take|handle|face|stand|bear|cope with|deal with) (?:\w+ ){{0,4}}{_ANY_MORE}"
    r"(?! (?:ways|problems|tasks|examples))",
    rf"{_CANT} (?:even )?(?:do|take|handle|bear|stand) (?:this|it){_END}|{_CANT} (?:keep doing (?:this|it)"
    rf"|get out of bed)",
    rf"{_CANT} (?:cope|go on(?! (?:to|with|until|about|the|a)\b)|stop (?:crying|shaking|sobbing))",
    rf"{_CANT} (?:keep going(?! (?:over|back|through|to|around|with|until|on about)\b)|breathe(?! (?:for"
    rf"|from) laughing))",
    rf"{_CANT} face (?:another|going|tomorrow|mondays?|school|work|them|the (?:day|week|class|kids)|my (?:class|kids))",
    r"(?:break(?:ing)?|broke) down(?: in tears| (?:crying|sobbing|in (?:my|the) (?:car|hall|bathroom|staff|parking)"
    r"|again|all"
    rf"|at (?:work|home|my desk)|every|after (?:school|work|class)|over (?:this|it)|most|daily|today|tonight)|{_END})",
    rf"(?:nervous|mental|emotional|complete|total) breakdown|having a breakdown|not (?:coping|ok(?:ay)? at all)"
    rf"|losing it{_END}",
    r"(?:edge|verge|point) of (?:a )?(?:breakdown|breaking(?: down)?|collapse|tears)|my breaking point"
    r"|end of my (?:rope|tether)",
    rf"{_TEARS}(?: \w+){{0,3}} (?:every|each|all|again|most|because|myself to sleep|(?:before|after) (?:school|work"
    rf"|class)"
    r"|in (?:my|the) (?:car|bathroom|toilet|closet|supply|staff|parking)|on (?:the|my) way|when i (?:got|get) home"
    r"|at (?:my desk|night|home|lunch|work|school)|about (?:school|work|this)|over (?:this|school|work))(?! (?:group"
    r"|story))",
    rf"(?:i|i'm|im|just|started|kept|ended up) (?:was |been |just |started |am |nearly |almost "
    rf"|really )*{_TEARS}{_GLAD}{_SCREEN}",
    rf"in tears{_GLAD}|(?:brought|reduced) (?:me )?to tears{_GLAD}",
    r"(?:panic|anxiety) attacks?|panicking|panicky|(?:in|into) (?:an? |full |total |such a |complete )*panic"
    r"|waves of panic",
    rf"{_FEEL} (?:\w+ ){{0,2}}(?:panic|dread)|(?:constant|so much|morning|sunday) (?:\w+ )?(?:panic|dread)",
    r"panic(?:ked)? (?:every|each|before|when i (?:wake|think|get)|at the (?:thought|idea)|most|all|just|a lot"
    r"|in (?:the morning|the night|my car)|on (?:sunday|the way)|the whole)",
    r"dread(?:ing)? (?:\w+ )?(?:every|going|coming|mondays?|school|work|walking|waking|tomorrow|each|my (?:class|job)"
    r"|the (?:morning|next|drive))",
    rf"{_LEAVE}(?: from)? (?:teaching(?! (?:\w+ ){{0,2}}(?:as|the same|this way|from the front))|(?:my|this|the) job"
    r"|the profession|education|for good|altogether|everything|this school|because of (?:this|it|how|what|all)"
    r"|over (?:this|it))",
    r"(?:walk(?:ing)? (?:out|away)(?: from)?|leav(?:e|ing)) (?:teaching|(?:my|this) job|the profession|education"
    r"|for good)",
    r"(?:want(?:ed)? to|wanna|going to|gonna|ready to|about to|might|thinking (?:of|about)|considering|tempted to"
    r"|have to|just"
    rf"|feel like|close to|i'm|im|i am) (?:just )?{_LEAVE}(?= ?(?:$|[.,;!?\n]| (?:today|tomorrow|now|and (?:never|not"
    rf"|go|walk)"
    r"|this (?:week|month|year)|at the end|after this|before|mid)))",
    rf"i quit{_END}|hand(?:ing|ed)? in my (?:notice|resignation)|giv(?:e|ing) (?:in )?my notice|resignation letter",
    r"(?:done|finished|through) with (?:teaching|this (?:job|profession|career))",
    r"(?:hate|hating) (?:my (?:life|job|self)|myself|this job|being a teacher)",
    rf"(?:{_IM}|{_FEEL}|so|completely|utterly|totally) {_SO}{{0,3}}(?:worthless|hopeless(?! (?:at|with))|broken"
    rf"|desperate(?! for| to)"
    r"|(?:total |complete |utter )?failure(?! at)|trapped|depressed)",
    r"(?:failing|failed) (?:everyone|everybody|all of them|as a teacher|at everything)|my depression|no way out",
    r"(?:give|giving|given) up on (?:everything|myself|teaching|life)|(?:life|everything|teaching|it) (?:is|feels"
    r"|seems) hopeless",
    rf"(?:{_FEEL}|so|really|too|constantly|{_IM}) anxious (?:every|all|that i|i can't|about (?:going|coming|school"
    rf"|work))",
    r"(?:losing|lose|lost) (?:my mind|the will)|(?:going|about) to (?:snap|crack|lose it|explode|collapse)(?! (?:up"
    r"|the|it|into|down|open|an?|off)\b)",
    r"(?:throw(?:ing)? up|threw up|vomit(?:ing|ed)?|shak(?:e|ing)|sick) (?:\w+ ){0,2}(?:before|at the (?:thought"
    r"|idea) of|on the way to) (?:school|work|class|going in|coming in|every (?:day|lesson|morning))",
    rf"how much (?:longer|more) i can (?:do|take|keep|go|stand|handle|bear)|(?:i'm|im|i am) not (?:ok|okay"
    rf"|alright){_END}",
    r"wish i could (?:just )?(?:disappear|vanish)|run away from (?:it all|everything|this)|everything is falling apart",
    r"(?:breaking|destroying|crushing|killing) me inside|too much to bear",
)
_FALLING_APART = either(r"(?:i'm|im|i am|i keep|i feel like i'm|i just) (?:falling|fell|going) (?:apart|to pieces)")

# --- Tired: exhausted, overwhelmed, burned out
_WORN = (
    r"(?:exhausted(?! (?:all|every|the|their|our|its|his|her|my (?:ideas|options|list|patience)|most|any|each|what)\b)"
    r"|overwhelmed(?! (?:by (?:how (?:good|much (?:they|students|love))|joy|kindness|gratitude)|the|some|him|her|them"
    r"|with (?:joy|gratitude|pride)))|burn(?:ed|t|ing)[- ]?out|burnout|worn[- ](?:out|down)|wiped[- ]out(?! the)"
    rf"|tired(?! (?:of(?! (?:everything|it all|all (?:of )?(?:this|it)|trying|being|this{_END})|)|old|game|worksheet"
    rf"|task"
    r"|routine|question|idea))|drained(?! the)|knackered|shattered(?! the)|frazzled|fried(?! (?:egg|rice))|wrung out"
    r"|run[- ]down|swamped|snowed under|stretched (?:too |so |very )?thin|depleted|fatigued|sleep[- ]deprived"
    r"|running on (?:empty|fumes|nothing|caffeine|coffee)|(?:on|at) (?:my (?:last legs|limit)|capacity)"
    r"|dead on my feet|out of (?:steam|energy|gas|fuel|juice))"
)
_TIRED_WITH_I = either(
    rf"(?:{_IM}|{_FEEL}|i get|i got|i keep getting|am|ma(?:kes?|de|king) me|le(?:ft|aves?|aving) me|(?:got|has"
    rf"|had) me) {_SO}{{0,3}}(?:{_WORN}|(?:spent|beat|done in|drowning|wiped)(?= ?(?:$|[.,;!?\n]| (?:and|but|after|by"
    rf"|today|this|from|right|all|most|so|at"
    r"|when|already|again|because|with|in|over|too))))",
)
_TIRED = either(
    rf"{_SO}{{0,3}}{_WORN}(?! (?:\w+ )?{STUDENT})",
    r"(?:no|zero|little|any|much) (?:more )?energy(?: left)?(?! (?:in|from|to (?:argue|share)))",
    r"nothing left (?:in (?:me|the tank)(?! (?:in|of|after) )|to give)|have nothing left|sleepless|no sleep"
    r"|(?:enough|any) sleep",
    rf"(?:haven't|havent|didn't|didnt|barely|hardly|not|can't|cant) (?:\w+ )?(?:slept|sleep(?:ing)?){_END}",
    r"(?:haven't|havent|didn't|didnt|barely|hardly|not) (?:\w+ )?(?:slept|sleep(?:ing)?) (?:in|for|at all|all|this"
    r"|since|much|well)",
    r"(?:can't|cant|cannot|couldn't|barely|hardly|struggling to) (?:seem to )?keep (?:up(?! with (?:him|her|them"
    r"|their))|my (?:head above water|eyes open))",
    r"too much (?:on my plate|right now|to (?:carry|juggle|handle)|going on)|so much on my plate|(?:it's|it is"
    r"|all) too much",
    r"drowning in (?:\w+ ){0,2}(?:grading|marking|work|paperwork|emails?|meetings|data|planning|it|papers|everything"
    r"|tasks|reports)",
    rf"(?:hanging|holding) on by a thread|need (?:an? )?(?:break|rest|nap|vacation|holiday|sleep)(?:{_END}| (?:so"
    rf"|badly|from "
    r"(?:it|this|work|school|everything)))|barely (?:surviving|functioning|coping|hanging on|making it|standing)"
    r"|survival mode",
)
# Said of the week itself rather than of a person.
_TIRED_WEEK = either(
    r"(?<!their )(?<!his )(?<!her )worst (?:\w+ )?(?:week|day|month|year|term|semester)(?! (?:for|of) (?:attendance"
    r"|the weather))",
    r"(?:exhausting|draining|overwhelming)(?! (?:majority|number of|evidence|support|yes|response|all|the|every"
    r"|choice)|(?: \w+){0,2} for (?:some |the |my |many )?(?:students|kids|them))",
    r"(?:week|day|year) from hell|hellish week|(?:week|day|year) (?:has )?(?:nearly |almost )?(?:finished|broke"
    r"|flattened|crushed|wrecked|wiped) me(?: out)?",
)


def danger(heard: Hearing) -> bool:
    """Whether the writer speaks of ending their life, of self-harm, or of somebody who hurts them."""
    own = heard.own
    return (
        any(
            heard.speaker(found.start()) is not False and not found_written(heard, found.start())
            for found in _DANGER.finditer(own)
        )
        or any(heard.speaker(found.start()) is True for found in _DANGER_WITH_I.finditer(own))
        or _DANGER_FROM_OTHERS.search(own) is not None
        or in_peril(heard)
    )


def distress(heard: Hearing) -> bool:
    """Whether the writer says that it cannot go on like this."""
    own = heard.own
    return (
        strained(heard)
        or _FALLING_APART.search(own) is not None
        or any(
            # One further: a match that begins with "I" is the writer's own.
            heard.speaker(found.start() + 1) is not False and not heard.denied(found.start())
            for found in _DISTRESS.finditer(own)
        )
    )


def tired(heard: Hearing) -> bool:
    """Whether the writer is worn out, or the week was."""
    own = heard.own
    return (
        any(heard.speaker(found.start() + 1) is not False for found in _TIRED_WITH_I.finditer(own))
        or any(
            heard.speaker(found.start()) is not False and not heard.denied(found.start())
            for found in _TIRED.finditer(own)
        )
        or any(
            not heard.reported(found.start()) and not heard.denied(found.start()) for found in _TIRED_WEEK.finditer(own)
        )
        or weary(heard)
    )

"""Said plainly, with or without apostrophes, and the nearest ways around it: danger, distress, a student, tiredness."""

from __future__ import annotations

import re

from bot.safety.hearing import STUDENT, Hearing, either

_STOPS = (
    r"(?= ?(?:$|[.,;!?\n)]|-(?!\w)| (?:and|bc|because|cos|before|once and for all|for good|lol|tbh|honestly)(?!\w)))"
)
_WHEN = (
    r"(?: (?:all|myself|tonight|today|tomorrow|tmrw|tmr|now|soon|right now|this (?:week|weekend|evening)|after school"
    r"|when i get home|one day|forever))"
)
_CANT = (
    r"(?:can't|cant|cannot|can not|couldn't|couldnt|could not|(?:don't|dont|do not) (?:think|know (?:how|if)|see how)"
    r" (?:i can|i could|i'll|ill|i will|i'm going to|im going to|to)|not sure i can|no way i can)"
)
_INTENT = (
    r"(?:going to|gonna|gunna|about to|plan(?:ning)? to|ready to|want(?:ed)? to|wanna|need to|decided to|will|i'll"
    r"|might|could just|think(?:ing)? (?:of|about|abt)|thought (?:of|about)|consider(?:ing)?|tempted to|trying to"
    r"|tried to|urge to|wish i could|feel like)"
)
_LIMB = r"(?:arms?|forearms?|wrists?|legs?|thighs?|skin|stomach)"
_HARM = (
    r"(?:cut(?:ting)?|burn(?:ed|t|ing)?|slic(?:e|ed|ing)|slash(?:ed|ing)?|slit(?:ting)?|scratch(?:ed|ing)?"
    r"|carv(?:e|ed|ing))"
)
_MISHAP = (
    r"(?! (?:on (?!purpose)|while|playing|lifting|falling|doing|trying|carrying|moving|when|patch|off|short|out|shaving"
    r"|with (?:paper|(?:the|a) (?:paper|glue|oven|iron|kettle))|rest|band|warmers?|at (?:pe|recess|lunch|the)|gesture"
    r"|movements?))"
)
_THE_END = either(
    rf"(?<!we're )(?<!were )(?<!to )(?:just |honestly )*{_INTENT} (?:just |finally |really )*(?:end|ending)"
    rf" (?:it|things|everything){_WHEN}*{_STOPS}",
    rf"{_INTENT} (?:just |finally |really )*(?:be dead|die|dying|not be alive|stop living|disappear for good){_WHEN}*"
    rf"{_STOPS}",
    rf"(?:(?:can't|cant|cannot) (?:keep )?liv(?:e|ing)(?: like this| any ?more| with (?:this|myself))?{_STOPS})",
    r"(?:don't|dont|do not|didn't|didnt) (?:\w+ )?(?:want|wanna|deserve|care to) (?:to )?(?:live|be alive|exist)"
    rf"{_STOPS}",
    rf"{_HARM} my (?:own )?{_LIMB}{_MISHAP}(?! (?:\w+ )?(?:short|down to|into (?:\w+ ){{0,2}}(?:pieces|parts)))",
    r"(?:cut|cutting|burn(?:ed|t|ing)?|hurt(?:ing)?|harm(?:ed|ing)?|scratch(?:ed|ing)?) myself (?:again|tonight"
    r"|last night|to (?:cope|feel)|on purpose|every|most|so i|because|bc|when(?:ever)? i (?:feel|get)|until|till)"
    r"(?! the paper)",
    rf"(?:i'm|im|i am) (?:just |really )*ending (?:it|things|everything) (?:all|tonight|now|soon"
    rf"|this week(?:end)?){_STOPS}",
    r"(?:kill|hurt|cut|harm|hang)(?:ed|ting|ing)? my self",
    rf"want(?:ed)? (?:it|this|all of this|it all) (?:all )?to (?:just )?(?:end|be over){_STOPS}",
    rf"(?:don't|dont|do not) (?:\w+ )?wanna (?:be here(?: any ?more)?|live|wake up|be alive|exist){_STOPS}",
    rf"(?:tak(?:e|ing)|end(?:ing)?) my (?:own )?life{_WHEN}*{_STOPS}",
)
_GONE = (
    r"(?:(?:wasn't|wasnt|weren't|werent|isn't|was not|were not) (?:here|around|alive|there|in (?:it|their lives))"
    r"|didn't exist|didnt exist|was (?:gone|dead)|were (?:gone|dead)|disappeared|died|vanished)"
)
_PEOPLE = (
    r"(?:everyone|everybody|they|they'd|people|(?:my|the) (?:family|kids|children|wife|husband|\w+)|the world|he|she)"
)
_WITHOUT_ME = either(
    rf"{_PEOPLE}(?:'d| would|'ll| will)? (?:\w+ ){{0,6}}?(?:easier|better|simpler|happier|calmer|lighter|relieved)"
    rf" (?:\w+ ){{0,4}}?(?:if i (?:just |simply )?{_GONE}(?! to (?:help|tell))|without me(?: around| here| in (?:it"
    rf"|their"
    r" lives))?(?= ?(?:$|[.,;!?\n])))",
    r"(?:won't|wont|will not|not going to|not gonna|'m not) be (?:here|around|back|in)[^!?\n]{0,50}(?:not|or|nor)"
    r" (?:\w+ )?anywhere" + _STOPS,
)
_HEIGHTS = (
    r"(?:bridge|tracks|railway|train line|platform|overpass|flyover|roof(?:top)?|cliff|river|balcony|multi-?storey)"
    r"(?! (?:problem|task|question|graph|project|example|model|diagram|picture|photo|design))"
)
_HOW_SIMPLE = either(
    rf"{_HEIGHTS}[^.!?\n]{{0,60}}(?:how (?:easy|simple|quick|fast|quiet|little) (?:it|that)(?:'?d| would| might)"
    r"|(?:it|that)(?:'?d| would) (?:only |just |all )*(?:be|take) (?:so |over in |only |just )*(?:easy|simple|quick|an?"
    r" (?:second|step|moment)|one (?:second|step)))(?! be to (?:draw|model|teach|solve|build)"
    r"| to (?:draw|model|teach|solve|build))",
)
_MENACE = r"(?:parents?|m[ou]m|dad|father|mother|man|men|guys?|bloke|somebody|someone|stranger|intruder|ex|husband|lad)"
_ARM = r"(?:knife|gun|weapon|machete|axe|crowbar|rifle|pistol|shotgun|baseball bat|sword|metal bar|iron bar)"
_OUTSIDE = (
    r"(?:(?:in|outside|at|inside|near|by) (?:the|my|our|this) (?:\w+ )?(?:corridor|hall\w*|school|building|classroom"
    r"|room|doors?|gates?|car ?park|parking lot|office|playground|entrance|lobby|reception|window)|outside|downstairs"
    r"|out there|on site)"
)
_FEAR = (
    r"(?:shout\w*|yell\w*|scream\w*|threat\w*|(?:get|kill|hurt|coming for) (?:me|us)|locked|barricad\w*|hiding"
    r"|bang(?:s|ing)|smash\w*)"
)
_MENACED = either(
    rf"(?:gunman|shooter) (?:\w+ )?{_OUTSIDE}",
    rf"{_MENACE} (?:\w+ ){{0,3}}?{_OUTSIDE}(?: right now)? (?:\w+ ){{0,3}}?(?:with|has|holding|waving|swinging"
    rf"|carrying) (?:an?|his|her) (?:\w+ )?{_ARM}",
    rf"{_MENACE} (?:\w+ ){{0,6}}?(?:with|has|holding|waving|swinging|carrying) (?:an?|his|her) (?:\w+ )?(?:{_ARM}|bat"
    rf"|hammer|bottle|brick|chain)(?=[^.!?\n]{{0,80}}\b{_FEAR})",
    rf"{_MENACE} (?:\w+ ){{0,5}}?(?:shouting|yelling|screaming|banging)[^.!?\n]{{0,50}}(?:i've|ive|i have|i|we've|we)"
    r" (?:just )?(?:locked|barricaded|bolted) (?:the door|myself|us|ourselves)",
    rf"(?:he|she|they)(?:'s|s| has|'ve| have)? (?:got )?an? (?:\w+ )?{_ARM} and (?:[\w']+ ){{0,2}}?{_OUTSIDE}",
    r"(?:locked|barricaded) (?:myself|ourselves|us) in[^.!?\n]{0,40}(?:outside|shouting|weapon|gun|knife|kill)",
    r"(?:he|she)(?:'s|s| is| was)? (?:going to|gonna|coming to) (?:get|kill|hurt|find|do) me(?! (?:an?|some|the)\b)",
)
_ROOMS = r"(?:toilets?|loo|bathroom|restroom|cupboard|closet|car|storeroom|stock ?room|office|supply room)"
_DOORS = r"(?:doors?|gates?|classroom|school|building|room|corridor)"
_DISTRESS = either(
    r"(?:broke|broken|breaking|break|fell|falling|went|cracked|crumbled|lost|losing|cried|crying|sobbed) ?(?:down"
    r"|apart|it|up|to pieces)? (?:(?!laughing)\w+ )?in front of",
    r"(?:terrified|petrified|frightened|scared|afraid|scared stiff) of (?:going (?:in|back)|(?:period|lesson|year|yr"
    r"|set"
    r"|p|y)[ -]?\d\w*|monday|tomorrow|work|school|that (?:class|lesson)|(?:my|this|their) (?:own )?(?:class|group))",
    r"(?:feel|felt|feeling|get|makes me) (?:\w+ )?(?:sick|ill) (?:\w+ )?(?:every|each|before|at the thought|all"
    r"|on (?:sundays?|the way)|when(?:ever)? i (?:think|wake|walk|hear|see)|just thinking)",
    rf"{_CANT} (?:\w+ )?face (?:the (?:staff ?room|kids|day|class|lot of them|others)|them|anyone|anybody|people"
    r"|another (?:day|lesson|week|class|one)"
    r"|it|going|walking|seeing|tomorrow|monday|my (?:class|own)|that (?:class|room|place|door)|work|school)"
    r"(?! (?:chapter|page|topic|of the cube|worksheet))",
    rf"{_CANT} (?:\w+ )?(?:walk|go|get|step) (?:back )?(?:through|into|in|up to) (?:(?:that|those|the|this) )?(?:\w+ )?"
    rf"(?:{_DOORS}|there)(?! (?:until|because (?:it|they)|before|with (?:the|my) (?:trolley|projector)))",
    r"something (?:in|inside|within) (?:of )?me (?:has |just |finally )*(?:snapped|broke|broken|died|cracked|gave)",
    rf"(?:hid|hiding|sat|sitting|locked myself|stayed|ate) (?:\w+ )?in (?:the|my) (?:\w+ )?{_ROOMS}[^.!?\n]{{0,50}}"
    r"(?:couldn't|couldnt|can't|cant|crying|sobbing|shaking|so (?:that )?(?:nobody|no one)|to avoid|away from)",
    r"(?:can't|cant|cannot|couldn't|couldnt|unable to) (?:\w+ )?(?:get (?:a|my|any|enough) (?:breath|air)"
    r"|catch my breath)(?! (?:for|from) laugh| laugh)|(?:my )?(?:chest|throat) (?:\w+ )?(?:clos(?:es|ed|ing)|tightens"
    r"|locks|seizes)",
)
_PARENT = r"(?:(?:step)?-?(?:dad|mum|mom|father|mother)|parents?|uncle|boyfriend|brother|family|grandad)"
_OLDER = (
    r"(?:(?:much )?older|grown|adult|strange|random) (?:guy|man|bloke|boyfriend|friend|boy|lad|woman|person|men|male)"
)
_GIFTS = r"(?:gifts?|presents?|money|cash|phone|trainers|sneakers|jewell?ery|clothes|vapes?|vouchers?)"
_PLAIN = either(
    r"(?<!the )same (?:dirty |filthy |unwashed )?(?:clothes|uniform|hoodie|jumper|outfit|shirt) (?:for|since|all|every)"
    r" (?:days|weeks|(?:an?|two|three|four|\d+) (?:days|weeks?|months?)|months|monday|week"
    r"|(?:single )?day)(?! in (?:the|our))",
    rf"(?:goes|went|turns|turned|gone) (?:\w+ )?(?:white|pale|quiet|silent|rigid|stiff|grey) (?:when|whenever|if|as"
    rf"|every time|at pick ?up)[^.!?\n]{{0,20}}{_PARENT}",
    rf"{_GIFTS} from (?:an?|some|this|her|his) (?:\w+ )?{_OLDER}",
    rf"{_OLDER}(?: \w+){{0,6}} (?:gives|buys|bought|gave|sends|keeps giving|keeps buying) (?:him|her"
    rf"|them) (?:\w+ ){{0,3}}"
    rf"{_GIFTS}",
)
_OF_A_STUDENT = either(
    r"(?:hasn't|hasnt|has not|haven't|havent|hadn't|hadnt|didn't|didnt|not) (?:\w+ )?(?:eaten|had (?:anything|a thing"
    r"|any food|food|a (?:\w+ )?meal|breakfast|dinner|tea|lunch)(?: to eat)?|eat)(?: \w+){0,2}? (?:since|for (?:days"
    r"|two"
    r"|three|a day)|all (?:day|week|weekend)|in (?:days|two|three)|today|yesterday|last night)",
    rf"(?:had|having) nothing to eat|been cutting(?: again)?{_STOPS}",
    r"(?:begs?|begging|begged|pleads?|pleaded) (?:me )?(?:not to go home|to stay (?:behind|after|late|with me|at school"
    r"|here|in))(?! (?:at \w+ )?(?:to|and) (?:finish|solve|play))",
    rf"{_OLDER}[^.!?\n]{{0,60}}(?:{_GIFTS}|secret|picks? (?:him|her) up)",
)
_TOOK = either(
    r"(?:took|taken|taking|take|swallow(?:ed|ing)?) (?:an? |the )?(?:load|handful|bunch|lot|box|bottle|packet|too many"
    r"|all|loads)(?: of)? (?:(?:my|the|these|sleeping|his|her) ){0,3}(?:pills|tablets|paracetamol|meds|medication"
    r"|painkillers|ibuprofen)(?! (?:from|out|to|back|and (?:plug|charg)|for|down|round|off))",
)
_SPOKEN_OF = either(STUDENT, r"he|she|him|her|one of my \w+|year \d{1,2}s?|they")
_FOUND = re.compile(
    r"\b(?:found|saw|read|noticed|spotted|seen|came across|discovered|written|scribbled|writing|wrote|says?)\b"
    r"[^.!?\n]{0,60}\b(?:(?:his|her|their|an?|the|one of the|student's|kid's|exercise|maths?|work) ?(?:exercise "
    r"|maths? "
    r"|work |home)*(?:books?|notebooks?|planner|journal|worksheet|desk|folder|homework|jotter|test|drawing))\b"
)
_IN_IT = re.compile(
    r"\b(?:note|message|line|something) (?:\w+ ){0,3}?(?:in|inside|on) (?:\w+ ){1,3}?(?:books?|notebooks?|planner"
    r"|journal"
    r"|desk|folder|jotter)\b[^.!?\n]{0,40}\b(?:says?|said|reads?|saying)\b"
    r"|\b(?:his|her|their|\w+'s) (?:\w+ ){0,2}?(?:books?|notebooks?|planner|journal|jotter)\b[^.!?\n]{0,20}"
    r"(?:\b(?:says?|said|reads?|saying)\b|:)"
)
_QUOTES = re.compile(r"(?:(?<!\w)['\"]|:|\b(?:says?|said|saying|reads|wrote|written|that)\b)[ '\":]*(?:[\w']+ ){0,6}$")
_WRITTEN = either(
    r"(?:nobody|no one|noone|they|you|everyone|people|mum|mom|dad)(?:'d| would| will|'ll)?(?: wouldn't| wouldnt| won't"
    r"| not)? (?:even |ever )*(?:notice|care|miss me|mind|know|be (?:happier|better off)) if i (?:just )?"
    rf"(?:{_GONE}|die|disappear)",
)
_NOT_A_STUDENTS = re.compile(r"\b(?:i wrote|i've written|ive written|my (?:own )?(?:notebook|journal|diary|planner))\b")
_TIRED = either(
    r"(?:(?:on|had|need|needing|into) (?:my |a |the )?|(?:^|(?<=[.!?\n] )))(?:second|third|fourth|fifth|sixth|seventh"
    r"|[2-9](?:nd|rd"
    r"|th)) (?:\w+ )?"
    r"(?:coffee|espresso|energy drink|red ?bull|cup (?:of|already|and))(?! (?:problem|cup|data|in the|of the|costs?))",
    r"could (?:really )?(?:do with|use) (?:about |at least |like |maybe )?(?:an?|two|three|four|five|several|another"
    r"|\d+)"
    r" (?:\w+ )?(?:weekends?|nights? (?:off|sleep|in)|lie-?in|nap|days? off|holidays?|weeks? off|sleep|break|rest)"
    r"(?! (?:down|between|task|in the|from the (?:worksheet|slides)))",
    r"(?<!my )(?<!the )(?<!a )(?:brain|head|mind)(?:'s|s| is| has)? (?:\w+ )?(?:mush|jelly|soup|porridge|fried"
    r"|scrambled"
    r"|mashed|cooked|toast|fog)(?! (?:of|for|egg))",
    r"(?:marking|grading|inbox|emails|to-do list|(?:pile|stack|mountain) of (?:books|marking|tests|mocks|papers"
    r"|grading))"
    r"(?: pile| stack| mountain)? (?:is |are |just |keeps? |seems? to (?:be )?|has |has been |must be )*(?:breeding"
    r"|multiplying(?! (?:by|fractions|two))|reproducing|winning|mocking me|taunting me|staring at me|eating me"
    r"|swallowing me|growing(?! (?:pattern|by))|grows(?! by)|killing me|taller than me)",
)


def in_danger(heard: Hearing) -> bool:
    """Whether the writer says so plainly, or that all would be easier, or that somebody armed is there."""
    own = heard.own
    return (
        any(heard.speaker(found.start() + 1) is not False for found in _THE_END.finditer(own))
        or any(not heard.reported(found.start()) for found in _WITHOUT_ME.finditer(own))
        or any(
            True in (heard.speaker(found.start()), heard.speaker(found.end())) for found in _HOW_SIMPLE.finditer(own)
        )
        or any(heard.speaker(found.start()) is True for found in _TOOK.finditer(own))
        or _MENACED.search(own) is not None
    )


def in_distress(heard: Hearing) -> bool:
    """Whether the writer broke, cannot go back in, cannot face them, cannot breathe."""
    return any(
        heard.speaker(found.start() + 1) is not False and not heard.denied(found.start())
        for found in _DISTRESS.finditer(heard.own)
    )


def of_a_student(heard: Hearing) -> bool:
    """Whether a student may be hungry, uncared for, afraid of a parent or led on by somebody older."""
    text = heard.text
    if any(found_written(heard, found.start()) for found in _WRITTEN.finditer(text)):
        return True
    return any(heard.speaker(found.start()) is not True for found in _PLAIN.finditer(text)) or any(
        _SPOKEN_OF.search(text[: found.end()]) is not None and heard.speaker(found.start()) is not True
        for found in _OF_A_STUDENT.finditer(text)
    )


def found_written(heard: Hearing, at: int) -> bool:
    """Whether this place is what stood in a student's book, found by the writer."""
    before = heard.text[max(0, at - 160) : at]
    return (
        (_FOUND.search(before) or _IN_IT.search(before)) is not None
        and _QUOTES.search(before) is not None
        and _NOT_A_STUDENTS.search(before) is None
    )


def is_tired(heard: Hearing) -> bool:
    """Whether the writer counts coffees and weekends, or the marking breeds."""
    return any(
        heard.speaker(found.start() + 1) is not False and not heard.denied(found.start())
        for found in _TIRED.finditer(heard.own)
    )

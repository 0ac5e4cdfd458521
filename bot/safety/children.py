"""Words about a student who may not be safe."""

from __future__ import annotations

import re

from bot.safety.hearing import STUDENT, Hearing, either
from bot.safety.peril import told_by_another
from bot.safety.plainly import found_written
from bot.safety.signs import shows

_SELVES = r"(?:him|her|them|their)sel(?:f|ves)"
_THEM = r"(?:him|her|them)"
_THEIR = r"(?:his|her|their)(?: own)?"
_BODY = (
    r"(?:(?:left |right |upper |lower )?(?:arms?|wrists?|legs?|neck|back|face|body|skin|hands?|cheeks?|thighs?|stomach"
    r"|shoulders?|ribs?|eye))"
)
_ADULT = (
    r"(?:(?:step|foster |grand)?-?(?:m[ou]m(?:my)?|mama|dad(?:dy)?|mother|father|parents?|brother|sister|pa|ma)|uncle"
    r"|aunt|cousin|boyfriend|girlfriend|guardian|babysitter|neighbou?r|caregiver|family|somebody|someone|adult|man)"
)
_HITS = (
    r"(?:hits?|hitting|beats?|beating|slap(?:s|ped|ping)?|punch(?:es|ed|ing)?|kick(?:s|ed|ing)?|chok(?:es|ed|ing)"
    r"|strangl(?:es|ed|ing)|whip(?:s|ped|ping)?|smack(?:s|ed|ing)?|burn(?:s|ed|ing|t)?|threaten(?:s|ed|ing)?"
    r"|molest(?:s|ed|ing)?|rap(?:es|ed|ing)|hurt(?:s|ing)?|touch(?:es|ed|ing)?|abus(?:es|ed|ing))"
)
_WAS_HIT = r"(?:hit|beaten|slapped|punched|whipped|hurt|touched|abused|molested|raped|threatened|locked (?:in|out))"
_IN_PLAY = r"(?! (?:at(?! home)|up|to it|base|in the game|that|by surprise|how))"
_FIGURE = r"(?! (?:of|from|laughing|to see|to know))"
_TRAINED = r"(?![ -](?:prevention|awareness|training|policy|squad|protocol|assembly|module|lesson))"
_NOT = r"(?:not|never|\w{2,6}n't|dont|doesnt|didnt|isnt|wasnt|no longer)"

# Said of a child these need no more: he, she, they or a name is enough.
_GRAVE = either(
    rf"(?<!pencil )(?<!pen )(?<!chalk )(?<!paint )(?:bruis(?:es?|ed|ing)|cuts|welts?|scars|burns|burn marks?|marks"
    rf"|handprints?) (?:all )?(?:on|over"
    rf"|down) {_THEIR} {_BODY}",
    rf"{_ADULT} (?:\w+ ){{0,3}}?{_HITS} (?:on )?(?:{_THEM}|(?:the|a|my|this|one of my) {STUDENT}){_IN_PLAY}",
    rf"{_WAS_HIT} (?:at home|by (?:an? |the |{_THEIR} )?{_ADULT}){_IN_PLAY}",
    r"touch(?:es|ed|ing)?(?: \w+){0,2} inappropriate(?:ly)?|inappropriate(?:ly)? touch(?:es|ed|ing)?",
    rf"touch(?:es|ed) {_THEM} (?:down )?there|sexual(?:ly)? (?:abus|assault|harass|touch)\w{{0,6}}",
    rf"wants to die{_FIGURE}|kill(?:s|ed|ing)? {_SELVES}(?! (?:laughing|with laughter|over|trying|to|getting))",
    rf"(?:cut(?:s|ting)?|hurt(?:s|ing)?|harm(?:s|ed|ing)?|starv(?:es|ing)) {_SELVES}"
    r"(?! (?:off|short|out|some|an? (?:piece|slice|break)))",
    rf"hang(?:s|ed|ing)? {_SELVES}|(?:end(?:s|ed|ing)?|tak(?:e|es|ing)|took) {_THEIR} (?:life|lives)(?! stor)",
    r"(?:doesn't|doesnt|does not|didn't|did not) want to (?:live|be alive|exist|wake up|be here any ?more)",
    r"wish(?:es|ed)? (?:that )?(?:he|she|they) (?:was|were|wasn't|weren't) (?:dead|alive|born|here any ?more)",
    rf"(?:kicked|thrown|threw|locked) (?:{_THEM} )?out of (?:{_THEIR}|the) (?:house|home)|r[au]n away from home",
    r"(?:scared|afraid|terrified|frightened) (?:to go|of going|to be) (?:back )?home",
    rf"(?:unsafe|{_NOT}(?: feel(?:ing)?)? safe) at home|(?:no food|nothing to eat|not enough (?:food|to eat)) at home",
    r"left (?:home )?alone (?:all (?:night|weekend)|for days)|com(?:es|ing) into (?:his|her|their) (?:bed)?room",
    r"(?:care|notice) if (?:he|she|they) died|(?:he|she|they)(?:'d| would) rather (?:be dead|die than (?:go|be|live))",
)
# These need a student somewhere in the message.
_GRAVE_FOR_A_STUDENT = either(
    rf"abus(?:e|ed|es|ing|ive)(?! (?:the|our|their|an?|my|this|these|that) (?!{STUDENT}))",
    r"neglect(?:ed)? (?:at home|by)|signs of (?:abuse|neglect)|child neglect",
    rf"(?:unsafe|(?:{_NOT}|less)(?: really)?(?: feels?| felt| feeling| be| been)?(?: very)? safe)"
    r"(?! (?:to|for|enough|shar|tak|mak|speak|being|try|rais|show|talk|when|ask|answer|guess|with (?:mistake"
    r"|number))\w*)",
    r"in danger(?! of (?:fail|fall|los|miss|forget|becom|turn|gett|tip|not|running)\w*)|in an unsafe",
    r"(?<!ego )bruis(?:es?|ed|ing)(?! (?:(?:\w+ )?(?:egos?|confidence|pride|apples?|bananas?|fruit|peach|peaches)))",
    r"black eye|split lip|nosebleed from",
    rf"harm(?:s|ed|ing)? (?:{_THEM}|the|an?|another|other|one|{STUDENT})|(?:being|was|were|been) harmed",
    r"(?:being|gets?|getting|got|been|was|were) (?:molested|raped|assaulted|groomed|trafficked|stabbed|shot at)",
    r"(?:being|gets|been) beaten(?! by the (?:other|timer|clock))|hit with a (?:belt|stick|cord|hanger)",
    r"(?:cyber)?bull(?:ied|ying|ies)|(?:hasn't|hasnt|has not|haven't|not) eaten (?:since|all|in|for)",
    r"(?:brought|brings?|bringing|found|has|had|have|carr(?:y|ies|ied|ying)|pulled|showed) (?:an?|his|her"
    r"|their)(?: real| pocket| loaded)? (?:guns?|knife|knives|weapons?|pistol)",
    r"shoot(?:ing)? up|threat(?:s|en|ens|ened|ening)? to (?:kill|shoot|stab|hurt)|going to (?:shoot|stab) ",
    rf"{_HITS} (?:me|{_THEM}) at home|{_ADULT} (?:\w+ ){{0,3}}?{_HITS} (?:me|us){_IN_PLAY}",
    rf"(?:hit|punched|choked|strangled|attacked) (?:another|a|the other) {STUDENT}",
    rf"(?:scared|afraid|terrified|frightened) of (?:{_THEIR}|my) {_ADULT}",
)
# Their own life, spoken of by a student or about one; where the writer speaks of theirs it is another card.
_LIFE = either(
    rf"(?:want(?:ed|ing)?|wish(?:es|ed)?|going|trying|tried|plan(?:s|ned|ning)?) to die{_FIGURE}|wanna die{_FIGURE}",
    r"kill(?:ing)? myself|end(?:ing)? my life|(?:hurt|cut)(?:ting|ing)? myself|better off dead|wish i (?:was"
    r"|were) dead",
    rf"(?:reason|nothing) to live(?: for)?|{_NOT} want to (?:live|be alive|exist|wake up|be here any ?more)",
    rf"suicid(?:e|al){_TRAINED}|self[- ]?harm(?:s|ed|ing)?|overdos(?:e|ed|ing)"
    r"(?! (?:example|problem|model|question|context|data|graph))",
)
# "Hurt" is an everyday word as well: "it would not hurt to ask", "my brain hurts", "hurt feelings".
_HURT = re.compile(
    r"(?<!\w)(?P<idly>(?:(?:it|this|which)(?: \w+)?|that|won't|wouldn't|can't|couldn't|doesn't|didn't|not|never"
    r"|rushing|brains?|heads?|feelings|egos?|feet|voice|back|my \w+) )?(?:really |also |even |kind of )?hurt(?:s"
    r"|ing)?(?P<thing> (?:to (?:ask|try|have|see|watch|let|wait|hear|say)|when (?:we|i)|for (?:more|time)"
    r"|(?:\w+ ){0,2}(?:feelings?|confidence|learning|thinking|progress|scores?|grades?|chances|understanding|pride"
    r"|egos?|momentum|flow|engagement|participation|motivation|brains?|heads?)))?(?!\w)"
)
_A_STUDENT = either(STUDENT)


def student_safety(heard: Hearing) -> bool:
    """Whether this could be about a student who is hurt, threatened or wants to die."""
    text = heard.text
    lives = [
        False if found_written(heard, life.start()) else heard.speaker(life.start()) for life in _LIFE.finditer(text)
    ]
    if False in lives or _GRAVE.search(text) or shows(heard) or told_by_another(heard):
        return True
    if not _A_STUDENT.search(text):
        return False
    return (
        None in lives
        or _GRAVE_FOR_A_STUDENT.search(text) is not None
        or any(_hurts(heard, found) for found in _HURT.finditer(text))
    )


def _hurts(heard: Hearing, found: re.Match[str]) -> bool:
    if found["idly"] or found["thing"]:
        return False
    near = heard.text[found.end() : found.end() + 20]
    return heard.speaker(found.start()) is not True or _A_STUDENT.search(near) is not None

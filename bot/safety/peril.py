"""Words about the writer in danger, by families: not to be, the means at hand, leave taken, somebody who threatens."""

from __future__ import annotations

from bot.safety.hearing import Hearing, either
from bot.safety.plainly import found_written, in_danger

_END = r"(?= ?(?:$|[.,;!?\n-]))"
_NOT = r"(?:not|never|\w{2,6}n't|wont|dont|didnt|wasnt|werent|couldnt|cant)"
_GONE = (
    rf"(?:{_NOT} (?:be |been )?(?:here|around|there|alive|in (?:it|the picture|their lives?))|{_NOT} exist"
    rf"|disappear(?:ed)?"
    r"|vanish(?:ed)?|died|dropped dead|was gone|were gone|never came back|didn't come back)"
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tonight|tomorrow|today|this week)"
_OURS = r"(?:kids|children|family|husband|wife|m[ou]m|parents|sons?|daughters?|sister|brother|boys|girls|partner)"

# Not waking up, not being there, everyone better off, a burden: the "I" is part of it.
_NOT_TO_BE = either(
    r"might as well (?:just )?(?:not (?:exist|be here)|be dead|disappear|die)|(?:other than|apart from) (?:dying"
    r"|death)|(?:dying|death)"
    r" (?:is|seems|feels|would be) (?:like )?(?:the |a )?(?:only|easier|better|way|relief)(?! than the)",
    rf"(?:hop(?:e|ing)|wish(?:ing)?|pray(?:ing)?) (?:that )?(?:i|i'd|to) (?:\w+ )?{_NOT} (?:have to |ever )*wake up"
    r"(?! (?:late|early|at|too|so|in time|before))",
    rf"(?:if i|i could|i'd like to|to) (?:just )?(?:went|go|fell|fall) (?:to sleep"
    rf"|asleep) and (?:just )?{_NOT} (?:ever )?w[ao]ke",
    r"(?:can't|cant|don't|dont|no longer) see (?:a|any) future (?:with me|for me|for myself)|no future for me",
    rf"(?:if|that) i (?:just )?{_NOT} (?:ever )?wake up (?:tomorrow|again|one day)|never (?:have to )?wake up again"
    rf"|asleep and (?:just )?{_NOT} wake up|(?:want|like|love) to (?:just )?(?:go to )?sleep (?:forever|for good)",
    rf"(?:better off|happier|easier for (?:them|everyone|everybody)) (?:\w+ )?if i (?:just |simply |only )?{_GONE}"
    r"(?! to (?:help|tell))",
    r"better off with me (?:gone|dead|out of)|(?:nobody|no one) would (?:even )?(?:miss|mourn) me",
    rf"(?:nobody|no one|noone) (?:would|will|'d) (?:even )?(?:notice|care|mind|know) if i (?:just |simply )?{_GONE}",
    rf"(?:nobody|no one|noone) (?:would|will|'d) (?:even )?(?:notice|know|find me|miss me) (?:till|until|before|for)"
    rf" (?:{_DAY}|days|weeks|it's too late)",
    r"(?:i'm|im|i am|being) (?:just |only |such |nothing but )*a burden (?:to|on|for) (?:everyone|everybody|my|them"
    r"|people|the family)",
    r"not (?:just |only )?(?:with )?(?:teaching|work|(?:the |this |my )?(?:job|school))[,.;]? (?:but |just )?(?:with )?"
    rf"(?:all of it|everything|all of this|life|living){_END}",
    r"(?:i'm|im|i am|so) (?:just |so )?done with (?:life|living|being alive|existing|this world)",
)
# The end of it all; "end it with a vote" is a lesson.
_THE_END = either(
    r"(?:think(?:ing)?|thoughts?|fantasi[sz]\w+|dream(?:ing)?|ways|plan(?:ning)?|planned) (?:\w+ )?(?:about|abt|of"
    r"|on|for)"
    r" (?:just |simply )?(?:ending (?:it|things)(?: all| tonight| for good| now| soon)?"
    rf"|not existing|never waking up|dying){_END}",
    r"(?:top|off|unalive|topping|offing|unaliving) myself|do(?:ing)? (?:away with myself|myself in)|kms"
    r"|end(?:ing)? my (?:own )?(?:suffering|misery)",
    r"want(?:ed)? (?:everything|it all|all of it|the pain|this life|my life) to (?:just )?(?:be over|end"
    r"|stop)(?! with)",
    r"(?:picked|chosen|set|have|got) (?:a|the) (?:date|day|plan|method) (?:to (?:die|end it|do it)|for (?:when i die"
    r"|dying))",
)
_THINKING_OF = (
    r"(?:think(?:ing)?|thought|imagin\w+|pictur\w+|wonder\w*|urge|tempt\w+|fantasi\w+|dream\w*|want\w*|feel like"
    r"|felt like|nearly|almost|could just|might just|going to|gonna)"
    r" (?:(?:about|abt|of|on|to|i|could|just|i'd|how|easy|it|would|be|how|if|what) ){0,4}"
)
# The means at hand. "Tablets" are screens too, and paper gets cut.
_MEANS = either(
    r"(?:look(?:ing|ed)?|star(?:e|es|ing|ed)) at (?:the|my) (?:medicine cabinet|pills|pill bottle|knives|rope"
    r"|razors?|bottle of pills)",
    rf"{_THINKING_OF}walk(?:ing)? into the (?:sea|lake|river|ocean|traffic)",
    r"(?:burn|cut|hit|punch|bit|scratch)\w* my (?:own )?(?:arms?|legs?|wrists?|thighs?|skin"
    r"|hands?)[^.!?\n]{0,30}(?:on purpose|to feel"
    r"|so (?:that )?i (?:can |could )?feel|to cope)",
    r"(?:sav(?:ed|ing) up|stockpil\w+|hoard\w+|stash\w+|been saving|kept back) (?:(?:all|some|enough|of|my|the|his|her"
    r"|sleeping|pain|leftover|those|these) ){0,4}(?:tablets|pills|meds|medication|paracetamol|painkillers|insulin)"
    r"(?! (?:for (?:the|my|our|use|class)|charg|cart|computer|in the (?:cart|cupboard)))",
    r"(?:count(?:ed|ing)?|hid(?:den|ing)?|got|have|bought) (?:out )?(?:enough|all) (?:my |the |of my )?(?:pills|meds"
    r"|sleeping (?:pills|tablets)|paracetamol|painkillers)",
    rf"{_THINKING_OF}(?:driv|crash|steer|swerv|veer|plough|plow)(?:e|ing)? (?:(?:my|the|this) (?:car|van|bike) )?"
    r"(?:straight |right |head ?on )?(?:into|off|through|over) (?:an?|the|that|oncoming|some) ?(?:central |crash "
    r"|motorway )?(?:barrier|wall|tree|bridge|lorry|truck|traffic|rail\w*|ditch|river|pole|lamp ?post|cliff|parapet"
    r"|sea|edge|road|pillar)",
    rf"{_THINKING_OF}(?:step|jump|leap|walk|throw|fall)(?:p?ing)? (?:myself )?(?:off|in front|under|out in front|onto"
    r"|over(?<!walk over)|out of) (?:of )?(?:an?|the) (?:platform|tracks?|train|tube|bus|lorry|truck|bridge|edge"
    r"|roof|balcony"
    r"|cliff|overpass|rails?|railings?|window|traffic)",
    r"how easy it (?:would|might|'d) be to (?:just )?(?:step (?:off|out|in front)|jump|let go|not be|disappear"
    r"|end it|drive (?:into|off)"
    r"|take (?:them|the (?:lot|pills))|go over)",
    rf"{_THINKING_OF}(?:let(?:ting)? go of|not turning) the (?:steering )?wheel",
    r"(?:started|went back to|gone back to|back to|been) cutting again" + _END,
    r"(?:cuts|scars|burns) (?:all )?(?:on|up|down|over|along) my (?:own )?(?:arms?|wrists?|legs?|thighs?)(?! (?:from"
    r"|after))",
    r"(?:razor|blade|knife) (?:to|against|across|on) my (?:own )?(?:wrists?|arms?|skin|throat|neck|leg)",
)
# Leave taken: letters, what others will need, peace.
_LEAVE_TAKEN = either(
    rf"(?:wrote|written|writing|finished) (?:all )?(?:the|their|my) (?:last |final )?letters (?:to|for) (?:my"
    rf"|the) {_OURS}"
    r"(?!'|\w| (?:about|on|explaining|in|home|as|class|for))",
    r"(?:goodbye|farewell|suicide) (?:letters?|notes?)(?! (?:to (?:the|long|timed)|problem))"
    r"|(?:said|saying|say) my (?:final |last )?goodbyes(?! to (?:the|my|our) (?:class|students|kids))",
    r"my affairs (?:are )?(?:all )?in order|(?:put|getting|got) (?:all )?my affairs",
    r"(?:made|wrote|written|updated|sorted|signed) (?:out )?my will" + _END + r"|my own funeral"
    r"|(?:sorted|checked|updated|read) (?:out |through )?(?:the|my) life insurance(?! (?:problem|data|task|question))",
    r"(?:passwords?|keys|papers|codes) (?:for|to|of) (?:my|the) (?:bank|house|accounts?|flat) (?:\w+ ){0,3}(?:so|for"
    r" when|in case|when i'm)",
    r"giv(?:en?|ing) away (?:all )?my (?:things|stuff|belongings|dog|cat)",
    rf"(?:i'm|im|i am|i feel|finally) (?:\w+ )?at peace(?: now)?(?: with (?:it|everything|this|dying|my decision))?"
    rf"(?: now)?{_END}",
    r"(?:won't|wont|not going to) be (?:here|around|alive) (?:much longer|to see (?:it|them|the)|by (?:then|summer|"
    r"christmas|the end))",
)
_MENACE = (
    r"(?:parents?|m[ou]m|dad|father|mother|man|men|guys?|bloke|somebody|someone|strangers?|intruder|ex|gunman|husband"
    r"|wife|boyfriend|partner|uncle|stepdad)"
)
_ARM = r"(?:knife|gun|weapon|machete|axe|crowbar|rifle|pistol|shotgun|baseball bat)"
_HERE = (
    r"(?:in|outside|at|inside|near) (?:the|my|our|this) (?:\w+ )?(?:corridor|hall\w*|school|building|classroom|room"
    r"|doors?|gates?|car ?park|parking|office|playground|entrance|lobby|reception|front)"
)
# Somebody armed, somebody who follows, waits or threatens, and being shut in because of it.
_MENACED = either(
    rf"(?:{_MENACE}|brother|cousin) (?:\w+ ){{0,3}}?at (?:the|my) (?:\w+ )?(?:door|gate"
    rf"|window) with an? (?:\w+ )?(?:{_ARM}|bat|hammer)",
    rf"(?:{_MENACE}|students?|kid|boy|he|she|they) (?:\w+ ){{0,3}}?(?:with|has|holding|waving|carrying|brandishing) an?"
    rf" (?:\w+ )?{_ARM} (?:\w+ ){{0,3}}?(?:{_HERE}|outside|right now)",
    rf"(?:{_MENACE}|student|he|she) (?:\w+ ){{0,2}}pull(?:ed|ing)? an? (?:\w+ )?{_ARM} on (?:me|us)",
    rf"armed (?:{_MENACE}|person|student)|active shooter(?! (?:drill|training|video|protocol))"
    r"|(?:gunshots?|gunfire|shots fired) (?:in|outside|at|near)",
    r"(?:i'm|im|i am|we're|we are) (?:\w+ )?(?:locked|barricaded|hiding|trapped)(?: with (?:\w+ ){1,3}?)?"
    r" ?(?:in|inside|under|behind) (?:\w+ ){0,3}(?:cupboard|closet"
    r"|classroom|room|toilets?|office|bathroom|storeroom|desk)(?: with| and| because|$)",
    r"(?:real lockdown|lockdown[^.!?\n]{0,20}not a drill)",
    rf"{_MENACE} (?:\w+ ){{0,4}}?(?:(?:follow(?:ed|ing|s)|chas(?:ed|ing)) me (?:to|home|out|from|in|all)"
    r"|stalk(?:s|ed|ing) me|(?:grabbed|punched|attacked|choked|strangled|assaulted|threatened) me"
    r"|(?:came|lunged|swung) at me(?! with (?!an? (?:knife|bat|bottle)))|(?:will be|'ll be) waiting for me"
    r"|pushed me (?:against|into|over|to the)"
    r"|spat (?:at|on|in) m[ey])(?! for (?:a|the) (?:chat|photo))",
    r"(?:he|she|they|is|are)(?:'s|s|'re)? (?:still )?(?:\w+ )?(?:banging|pounding|hammering) on (?:my"
    r"|the) (?:car )?window",
    r"(?:said|says|told me|texted|swore|swears|promised|threatened)(?: me| that)* (?:he|she|they)(?:'d|'ll|ll| would"
    r"| will|'s going to| is going to|'s gonna) (?:kill|hurt|stab|shoot|beat|burn|come for|finish) (?:me|us)"
    r"(?! (?:know|some|the|an?) )",
    r"(?:he|she|they)(?:'s|'re|s| is| are) (?:going to|gonna) (?:kill|stab|shoot|strangle) (?:me|us)",
    r"my ex(?:[- ]?(?:husband|wife|partner|boyfriend|girlfriend))? (?:\w+ ){0,3}(?:outside|waiting|turned up|shows up"
    r"|showed up|found (?:me|out where)|following|follows|stalking|at the (?:gate|door|school)|in the car ?park)",
    r"(?:scared|afraid|terrified|frightened) (?:for my life|to go home tonight|of what (?:my )?(?:he|husband|partner|ex"
    r"|boyfriend|wife))|i(?:'m| am|m) not safe (?:at home|here|in my)",
)
_OF_ONESELF = (_NOT_TO_BE, _THE_END, _MEANS, _LEAVE_TAKEN)


def in_peril(heard: Hearing) -> bool:
    """Whether the writer speaks of not living on, of how, or of somebody who threatens."""
    return (
        any(
            not heard.reported(found.start()) and not found_written(heard, found.start())
            for found in _NOT_TO_BE.finditer(heard.own)
        )
        or any(
            heard.speaker(found.start() + 1) is not False
            for family in (_THE_END, _MEANS, _LEAVE_TAKEN)
            for found in family.finditer(heard.own)
        )
        or _MENACED.search(heard.own) is not None
        or in_danger(heard)
    )


def told_by_another(heard: Hearing) -> bool:
    """Whether somebody else is told to have said such a thing of themselves."""
    return any(
        heard.own[found.start()] != heard.text[found.start()]
        or heard.reported(found.start())
        or found_written(heard, found.start())
        for family in _OF_ONESELF
        for found in family.finditer(heard.text)
    )

"""Words about the writer in distress or tired: the body says so, tears, not going back, empty, worn out."""

from __future__ import annotations

from bot.safety.hearing import Hearing, either
from bot.safety.plainly import in_distress, is_tired

_END = r"(?= ?(?:$|[.,;!?\n-]))"
_CANT = r"(?:can't|cant|cannot|couldn't|couldnt|could not|can not|don't think i can)"
_GLAD = (
    r"(?! (?:laughing|(?:happy )?tears|of joy|happy|(?:for|from|with|of) (?:laugh|joy|pride|happi|relief|excit)\w*))"
)
_SCREEN = r"(?! (?:over|at|during) (?:the |a )?(?:movie|book|film|story|video))"
_WHEN = (
    r"(?:sundays?|every (?:day|morning|night|time|sunday|monday)|before (?:school|work|class|going|i (?:go|walk))"
    r"|when i"
    r" (?:walk|think|get|drive|hear|see|wake|pull|park)|at the thought|(?:all|most) (?:day|night|nights|weekend|week)"
    r"|on the way|(?:don't|dont|won't|wont|doesn't|can't) stop|at night|in the car|mondays?)"
)
_WORK = (
    r"(?:grading|marking|work|paperwork|emails?|meetings|data|planning|papers|tasks|reports|admin|books|assessments"
    r"|deadlines|forms)"
)

_DISTRESS = either(
    r"makes? me want to (?:be sick|throw up|vomit)|(?:i'm|im|i am) (?:just |completely |so |totally )*numb(?= ?(?:$"
    r"|[.,;!?\n]))",
    # The body: hands, heart, stomach, nights.
    rf"my (?:hands?|legs?|knees|(?:whole )?body|heart|chest) (?:\w+ ){{0,3}}(?:shak(?:e|es|ing)|trembl(?:e|es|ing)"
    rf"|rac(?:es"
    rf"|ing)|pound(?:s|ing)|tight(?:ens|ening)?){_GLAD}[^.!?\n]{{0,40}}{_WHEN}",
    rf"{_WHEN}[^.!?\n]{{0,25}}my (?:hands?|legs?|body|heart|chest) (?:\w+ ){{0,2}}(?:shak(?:e|es|ing)|trembl(?:e|es"
    rf"|ing)"
    r"|rac(?:es|ing)|pound(?:s|ing))",
    rf"(?:^|[.!?\n] ?)heart (?:racing|pounding){_GLAD}[^.!?\n]{{0,40}}{_WHEN}",
    r"sat in (?:my|the) (?:car|car ?park|parking lot)[^.!?\n]{0,40}(?:couldn't|couldnt|can't|unable|crying|sobbing"
    r"|for (?:an hour|hours|ages|\d+ min)|shaking)",
    r"(?:on|me|taking|started|need) (?:\w+ )?(?:antidepressants|anti-?anxiety|beta blockers|sertraline|citalopram"
    r"|prozac|sleeping pills)",
    r"(?:feel|feels|feeling|felt|makes? me(?: feel)?|made me(?: feel)?) (?:\w+ )?physically (?:ill|sick)"
    r"|sick to my stomach"
    r"|(?:knots?|pit) in (?:my|the pit of my) stomach|my stomach (?:is |was |gets )?in knots",
    rf"(?:nause(?:a|ous|ated)|retch(?:ing)?|sick with (?:nerves|worry|dread)) [^.!?\n]{{0,20}}{_WHEN}"
    rf"|{_WHEN}[^.!?\n]{{0,25}}(?:nause(?:a|ous|ated)|retch(?:ing)?|vomit(?:ing)?|throw up)",
    r"(?:lie|lying|lay|laying) (?:there )?awake (?:\w+ )?(?:going over|replaying|worrying|dreading|crying|every|most"
    r"|until"
    r"|at night|all night|night after)|sunday (?:night |evening )?(?:dread|panic|nausea)",
    # Tears.
    rf"(?:sobbed|bawled|bawling|wept){_GLAD}{_SCREEN}|(?:burst|broke) (?:out )?(?:into|in) tears{_GLAD}"
    r"|cry(?:ing)? (?:on|in) the (?:kitchen|bathroom|shower|floor|staff|toilets?)",
    # Not going back in.
    rf"{_CANT} (?:\w+ )?(?:go|walk|get) back (?:in|into|there|in there|to (?:that|this) (?:class|room|school|place"
    rf"|building|group))(?! (?:time|to (?:the|page)|until|later|after|my (?:old|desk)))",
    rf"{_CANT} (?:make|bring|get) myself (?:to )?(?:go|get|walk|open the door|drive|step|face|leave|come) ?(?:in|out|to"
    r"|into|back|up|them|it|there)?",
    r"(?:scared|terrified|frightened) (?:of|to face|to walk into|to go back to) (?:my|that"
    r"|this) (?:own )?(?:\w+ )?(?:class"
    r"|group|students|kids|room)",
    # Empty, far away, going under.
    r"(?:feel|felt|feeling) (?:absolutely |just |completely |so |really )?(?:nothing(?! (?:but|like|was|is|about|wrong"
    r"|went|in))|numb(?! (?:fingers|hands))|dead inside|hollow|empty(?! (?:set|space|box|number)|[- ]handed))",
    r"(?:don't|dont|didn't|didnt|do not|hardly|barely|no longer) recogni[sz]e (?:myself|who i)"
    r"|(?:a )?shell of (?:myself"
    r"|who i|a person)|(?:outside|out) of my (?:own )?body|dead inside|nothing left of me",
    r"(?:feel|feels|felt|feeling) (?:like|as if|as though) (?:i'm|im|i am|i was|i'm just|we're) (?:\w+ )?(?:drowning"
    r"|sinking"
    r"|going under|suffocating|disappearing)(?! in (?!it all)| under)",
    r"(?:drowning|sinking|going under) (?:and|but) (?:no ?one|nobody|i can't|they don't)",
    r"(?:nobody|no one|noone) (?:i can talk|to talk) to|nobody (?:here )?(?:even )?(?:sees|cares about) me",
    # A failure at all of it; a doctor's word.
    r"(?:i'm|im|i am|feel like|such) (?:just |such |an? |total |complete |utter )*(?:failure (?:at (?:this|everything"
    r"|teaching|my job|life)|as a)|waste of space|fraud(?! (?:problem|data)))",
    r"(?:doctor|gp|therapist) (?:\w+ ){0,4}(?:sign(?:ed|ing)? me off|stress leave|time off)"
    r"|signed (?:me )?off (?:work|sick"
    r"|with (?:stress|anxiety|depression))|(?:stress|mental health|sick) leave (?:for|because of) (?:stress|my"
    r"|anxiety)",
)

_MY_MIND = (
    r"my (?:brain|head|mind)(?:'s| is| was| has| feels| felt| turns| turned| has turned)(?: (?:just|like|to|into"
    r"|pure|total|all|gone))*"
)
_TIRED = either(
    # Too much at once, never an end.
    r"(?:just |far |way |simply )?too much on (?:at the moment|right now|this (?:week|term|month)|just now|at once"
    r"|lately|these days)(?! the)",
    rf"(?:{_WORK}|to[- ]do list|workload)(?: just)? (?:never|doesn't|does not|doesnt) (?:ends?|stops?|lets? up)"
    rf"|no end in sight",
    rf"(?:drowning|buried|sinking|going under) (?:in|under) (?:\w+ ){{0,3}}{_WORK}",
    # The head.
    rf"{_MY_MIND} (?:mush|jelly|soup|fog(?:gy)?|porridge|scrambled|dead|not working|shutting down|cooked|toast|frazzled"
    r"|mashed potato|pudding)|brain (?:fog|dead)|(?:can't|cant|cannot) (?:even )?(?:think|see) straight",
    # Thin, empty, on one's last legs.
    r"stretched (?:really |pretty |far too |way too |a bit |super |incredibly |quite )+thin",
    r"(?:nothing|not (?:much|a lot|anything)|little) (?:\w+ )?left in (?:the tank|me)(?! (?:in|of|after|problem))"
    r"|(?:my )?tank(?:'s| is) empty|running"
    r" on (?:coffee|caffeine|adrenaline|four|five|three)|(?:asleep|dead|out) on my feet|on my knees(?= ?(?:$|[.,!]"
    r"| by))",
    r"could (?:fall asleep|sleep) (?:standing|on my feet|anywhere|for)|(?:absolutely|totally|completely|utterly|just"
    r"|i'm|im|am) (?:done in"
    r"|wrecked)|(?:too many|spinning) plates|plates spinning",
    r"(?:run ragged|rushed off my feet|ready to drop|could sleep for a (?:week|month|year)|cream crackered|zonked"
    r"|pooped"
    r"|bushed|dead beat|dragging myself|crawling (?:to|into|towards) (?:bed|friday|the (?:weekend|holidays|end)|half))",
    # Sleep, food and rest that did not come.
    r"(?:can't|cant|don't|dont|cannot) remember (?:the )?last time i (?:\w+ ){0,3}?(?:weekend|slept|day off|break"
    r"|ate|sat|evening|lunch|rest\w*)",
    r"(?:on|got|had|with|after) (?:\w+ ){0,2}?(?:[2-5]|two|three|four|five) hours(?:'| of)? sleep|[2-5] hours sleep"
    r"|(?:two|three|four|five) hours(?:'| of)? sleep(?= ?(?:$|[.,;!?\n]| again| last night| a night| and))",
    r"(?:haven't|havent|have not|not) (?:had|eaten|taken) (?:an? )?(?:proper |real |decent )?(?:lunch|break|meal"
    r"|weekend"
    r"|day off|evening) (?:since|in|for|all)|no time to (?:eat|pee|breathe|sleep)",
    r"(?:need|cannot wait for|roll on) (?:the |a |this )?(?:half[- ]?term|holidays|weekend|summer|friday|spring break"
    rf"|winter break|christmas)(?: so (?:bad|much)\w*| badly| now| already|{_END})",
)
# Said of the time itself.
_LONG = either(
    rf"(?:such a |been a |was a |another |very |really |so |what a |it's been a )long (?:day|week|term|month"
    rf"|year)(?: (?:tbh"
    rf"|today|again|already|and)|{_END})",
    r"long (?:day|week)[.,;] long (?:day|week|month|year|term|night)",
    r"(?:^|(?<=[.!?\n] ))long (?:day|week|term|month)(?= ?(?:$|[.!?\n]))",
)


def strained(heard: Hearing) -> bool:
    """Whether the writer says that it cannot go on like this."""
    return in_distress(heard) or any(
        heard.speaker(found.start() + 1) is not False and not heard.denied(found.start())
        for found in _DISTRESS.finditer(heard.own)
    )


def weary(heard: Hearing) -> bool:
    """Whether the writer is worn out, or the time was long."""
    return (
        is_tired(heard)
        or any(
            heard.speaker(found.start() + 1) is not False and not heard.denied(found.start())
            for found in _TIRED.finditer(heard.own)
        )
        or any(not heard.reported(found.start()) for found in _LONG.finditer(heard.own))
    )

"""Signs that a student may not be safe, by families: on the body, hunger, home, secrets, weapons, oneself, others."""

from __future__ import annotations

from bot.safety.hearing import STUDENT, Hearing, either
from bot.safety.plainly import of_a_student

_THEIR = r"(?:his|her|their)(?: own)?"
_THEM = r"(?:him|her|them)"
_ADULT = (
    r"(?:(?:step|foster |grand)?-?(?:m[ou]m(?:my)?|mama|dad(?:dy)?|mother|father|parents|brother)|uncle|aunt|cousin"
    r"|(?:mum's |mom's |mums |moms )?boyfriend|guardian|family)"
)
_BODY = (
    r"(?:arms?|forearms?|wrists?|legs?|neck|back|face|body|skin|hands?|cheeks?|thighs?|stomach|shoulders?|ribs?|eyes?"
    r"|jaw|lip|throat|knuckles)"
)
_ARM = r"(?:knife|blade|gun|weapon|razor ?blade|razor|machete|pistol|taser|knuckle ?duster|bullets?|switchblade)"
_BAG = (
    r"(?:in|from|under|inside|out of) (?:his|her|their|the) (?:pencil )?(?:case|bag|backpack|locker|pockets?|sock"
    r"|waistband|coat|jacket|blazer|rucksack|lunch ?box|schoolbag)"
)
_PLACE = r"(?:school|class(?:room)?|building)"
# A thing lost or spoilt is what mothers kill for in jest; nobody hits in jest.
_IN_JEST = (
    r" (?:him|her|them) (?:if|for|when|because) (?:(?:he|she|they)(?:'s|'ve)? )?(?:los|forg|br[eo]ak|brok|ruin|rip"
    r"|spill|stain|leav|left|miss(?:es|ed|ing) the|drop|wast|get(?:s|ting)? (?:paint|mud|ink|glue|dirt))"
)

# Said of a child these need no more.
_PLAIN = either(
    # On the body: marks, and shrinking back.
    r"(?<!pencil )(?<!pen )(?<!chalk )(?<!paint )(?:bruis(?:e|es|ed|ing)|cuts|scratches|welts?|marks|scars?|burns"
    r"|slashes|swelling) (?:\w+ )?(?:on|round|around|up|down|over|along|under|across|near|inside) (?:both )?"
    rf"{_THEIR}(?: (?:left|right|upper|lower|whole|inner))? {_BODY}",
    r"covered in (?:bruises|cuts|scratches|welts)|(?:unexplained|fresh|new) bruis(?:es|ing)",
    r"flinch(?:es|ed|ing)? (?:away )?(?:if|when|whenever|every time|as) (?:i|someone|somebody|anyone|anybody|an?|any|we"
    r"|you|people|adults) (?:\w+ )?(?:walk|come|came|rais|mov|touch|go|went|reach|get|got|shout|stand|stood|lift|near"
    r"|pass|lean|bend|open|adult)\w*",
    r"won't (?:say|tell me|tell anyone) (?:who (?:picks|collects|hit|did|hurt|lives)|how (?:he|she) got (?:it|that"
    r"|the))",
    # Secrets.
    r"(?:please|said|says|begged|begs|asked me|told me|promise)[, ]+(?:\w+ ){0,3}?(?:don't|dont|not to"
    r"|never) tell (?:anyone|anybody"
    r"|a soul|no one|(?:his|her|their) (?:m[ou]m|dad|parents|mother|father))(?! (?:the (?:answer|result|rule)|how"
    r"|what|who|their|your))",
    r"(?:promise|swear) (?:me )?(?:not to|i wouldn't|i won't|never to|i'd never) (?:tell|say)(?! (?:the (?:answer"
    r"|others"
    r"|class|rule)|them|what|how))",
    r"(?:mums?|moms?|dads?|uncle|cousin|coach|he|she) (?:\w+ ){0,3}(?:told|tells) (?:him|her) (?:it's|its|to keep it)"
    r" (?:our|a|their) secret|disclosed (?:to me|abuse|something|that (?:he|she))|made a disclosure",
    rf"(?:gets?|got|climbs?|sneaks?) in(?:to)? {_THEIR} bed|does (?:bad )?things to {_THEM}|{_THEIR} private parts",
    # A parent who will hit; fear of home.
    rf"{_ADULT} (?:will|would|is going to|'s going to|s going to|gonna|might|'ll|ll|'d) (?:\w+ )?(?:hit|beat|belt"
    rf"|batter|smack|slap|thrash|whip|hurt|whoop|strap|strangle|(?:kill|murder)(?!{_IN_JEST}))"
    rf" (?:the (?:\w+ )?out of )?{_THEM}(?! (?:at (?!home)|in (?:the|a)|to it))",
    r"get(?:s|ting)? (?:the belt|a beating|beaten|smacked|a hiding|whooped|the stick|the slipper) (?:if|when|for"
    r"|at home"
    r"|because|every)",
    rf"begg(?:ed|ing) (?:me )?not to (?:call|ring|phone|email|contact|tell|send (?:it|the|a) \w+|let {_ADULT}|write to)"
    rf" ?(?:home|{_THEIR} {_ADULT}|{_ADULT}|{_THEM} home)",
    rf"{_ADULT} (?:\w+ )?(?:locks?|locked|shuts?|throws?|threw|kicks?|kicked|starves?|ties|tied|drags?"
    rf"|dragged) {_THEM} (?:in|out|up|down|by)"
    r"(?! (?:a|the) (?:party|ball))",
    rf"(?:scared|afraid|terrified|frightened) of what {_THEIR} {_ADULT} (?:will|would|might|'ll|'d) do",
    r"(?:he|she) (?:doesn't|doesnt|does not|didn't|didnt|never) wants? to go home(?! (?:until|before|because (?:the"
    r"|we))"
    r"[^.!?\n]{0,30}(?:finish|solv|puzzle|game))",
    # Wanting to be gone.
    r"(?:wants?|wish(?:es)?|wanted) (?:(?:he|she|they) (?:could|would) |to )(?:just )?(?:go to sleep|sleep"
    r"|fall asleep) and (?:never|not|don't)"
    r" (?:have to )?wake",
    r"wish(?:es|ed)? (?:that )?(?:he|she|they) (?:could|would) (?:just )?(?:disappear|vanish|die|go to sleep forever"
    r"|not"
    r" (?:be|wake|exist))(?! into)",
    r"(?:he|she|they|who|kid|boy|girl|student|child) (?:just )?wants? to (?:just )?(?:disappear|vanish"
    r"|not exist)(?! into)",
    rf"(?:nobody|no one) (?:would|will|'d) (?:even )?(?:care|notice|mind) if (?:he|she|they) (?:was|were|wasn't|weren't"
    rf"|wasnt|died|disappeared|vanished)|(?:nobody|no one) would (?:even )?miss {_THEM}",
    r"(?:hates?|starv(?:es|ing)) (?:him|her)self(?! for)|mak(?:es|ing) (?:him|her)self (?:sick|throw up)",
    rf"(?:tell(?:s|ing)?|told|saying|said|text(?:s|ed|ing)?|messag(?:es|ed|ing)) (?:for )?(?:{_THEM}|another \w+"
    rf"|an? \w+)"
    rf" to (?:kys|(?:go )?die(?! (?:roll|of))|end it|hang|kill|unalive)(?! with)|kys",
    # A weapon among the things, a school named as a target.
    rf"{_ARM} (?:\w+ ){{0,2}}{_BAG}",
    rf"(?:going to|gonna|wants? to|plan\w* to|threat\w+ to|will|'ll) (?:shoot|shoot up|bomb|blow up|burn down|stab"
    rf"|kill)"
    rf" (?:up )?(?:(?:the|our|this|his|her) {_PLACE}|everyone|everybody|people|us all|other (?:kids|students))"
    r"(?! with (?:laugh|kind|answers|questions))",
    r"(?:kill|hit) list|school shoot(?:ing|er)(?! (?:drill|training|data|statistics))",
    # Pictures, and those who ask for them.
    r"nudes|(?:naked|nude|intimate|topless|sexual) (?:pic\w*|photos?|images?|videos?|selfies?|snaps?)"
    r"|explicit (?:pics?|photos?|selfies?|snaps?)|dick pics?|sext(?:ing|ed|ortion)|revenge porn",
    r"(?:photos?|pictures?|videos?|pics?|snaps?) of (?:\w+ ){0,5}?(?:naked|nude|topless|undressed|in (?:his|her"
    r"|their) underwear|with no clothes)",
)
_ONLINE = r"(?:online|on(?:line)? (?:discord|snap\w*|insta\w*|tiktok|roblox|fortnite|the internet|an app|whatsapp))"
_FOOD = r"(?:food|snacks?|crackers?|bread|fruit|sandwich(?:es)?|lunch(?:es)?|leftovers?|biscuits?|rolls?|milk|cereal)"

# These need a student somewhere in the message, or "he" or "she".
_OF_A_STUDENT = either(
    # Hunger.
    rf"pocket(?:s|ed|ing) (?:\w+ ){{0,2}}{_FOOD}|(?:hid(?:es|ing)|hoard(?:s|ed|ing)|stash(?:es|ed|ing)) (?:\w+ ){{0,2}}"
    rf"{_FOOD}(?! (?:(?:under|behind) (?:a|the) (?:cup|screen|cloth)|for (?:the|our|an?) (?:\w+ )?(?:experiment|game"
    rf"|party|problem|graph|count\w*)))|steals? (?:\w+ ){{0,2}}(?:food|lunch(?:es)?)",
    r"only (?:proper |real |hot |decent )?(?:meal|food|thing) (?:that )?(?:he|she|they)(?:'ll| will)? (?:gets?|eats?"
    r"|has"
    r"|had)(?! (?:to|right|wrong|left|in (?:the|his|her) (?:hand|problem)))",
    r"(?:comes|arrives|turns up|shows up) (?:in |to school |to class |every (?:day|morning) )?(?:\w+ )?(?:hungry"
    r"|starving"
    r"|unfed)(?! for)|(?:faint(?:s|ed)|dizzy) (?:from|with|because of) hunger|begs? (?:\w+ )?for food",
    r"(?:no (?:food|electricity|heating|hot water|power)|nothing) (?:at home|in the (?:house|fridge))",
    # How they live.
    r"same (?:dirty |filthy )?(?:clothes|shirt|uniform|jumper|hoodie|trousers|outfit|top) (?:since|all week|for (?:days"
    r"|weeks|a week|two|three)|every (?:single )?day)",
    r"(?:sleep(?:s|ing)|slept|liv(?:es|ing)) (?:\w+ )?(?:in|out of) (?:the|an?|their|his|her) (?:\w+ )?(?:car|van"
    r"|shelter"
    r"|motel|hostel|garage|streets?)(?! (?:of|near|with (?:a|the) (?:garden|garage)))|sleep(?:s|ing) rough"
    r"|sofa[- ]surf\w*",
    r"(?:smells|smelling|stinks) (?:\w+ )?(?:bad|awful|of (?:wee|urine|pee|alcohol|weed|sweat))",
    r"home alone (?:all|every|at night|overnight|since|for days)|(?:is|are|was|were) (?:always |usually )?(?:drunk|high"
    r"|passed out|wasted) (?:when|at home|every|at pick)",
    # Away from home.
    r"(?:he|she|they) (?:can't|cant|cannot|isn't allowed to) go (?:back )?home(?! (?:until|before|for lunch|early))",
    r"(?:he|she|kid|boy|girl|student|one) (?:was|is|came in|turned up|showed up|arrived) (?:\w+ )?(?:drunk|stoned"
    r"|hungover|high on)",
    r"r[au]n(?:s|ning)? away (?:tonight|after school|with (?:an?|his|her) (?:boyfriend|girlfriend|older|man|guy"
    r"|friend))",
    r"pack(?:ed|ing) (?:a|his|her|their) (?:bags?|things|rucksack|backpack|suitcase)[^.!?\n]{0,40}(?:not going"
    r"|leaving|leave home|run"
    r"|away)",
    r"(?:not|never|isn't|isnt|won't|wont|ain't|aint) (?:be )?(?:going|go|coming|come) (?:back )?home (?:tonight|today"
    r"|after school|again|ever|this weekend)|(?:hasn't|hasnt|not|didn't) (?:been|slept|sleep|stayed"
    r"|come) (?:at )?home (?:since|for|in|last)"
    r"|(?:gone|went|reported) missing(?! (?:from the (?:set|pile|box)))",
    # Pills, and blades for oneself.
    r"(?:took|taken|swallow(?:ed|ing)) (?:an? |the )?(?:load|handful|bunch|lot|box|bottle|packet|whole \w+|too many|all"
    r"|loads)(?: of)? (?:(?:his|her|their|the|mum'?s|mom'?s|dad'?s|gran'?s|sleeping) ){0,3}(?:pills|tablets|paracetamol"
    r"|meds|medication|painkillers|ibuprofen|tylenol)(?! (?:from|out|to|back|and (?:plug|charg)|for))",
    r"(?:he|she)(?:'s|s| has| is| was)? (?:been )?cutting(?: again)?(?= ?(?:$|[.!?\n]))",
    # Who writes to them, meets them, or fetches them.
    rf"(?:older|grown|strange|adult|random) (?:men|man|guy|boyfriend|bloke|woman|person|boy|stranger) (?:\w+ ){{0,2}}?"
    rf"(?:{_ONLINE}|messag\w+|texting|pick(?:s|ing) (?:him|her) up|(?:is )?waiting for (?:him|her))",
    rf"(?:met|meets?|meeting|talking to|chatting (?:to|with)|messaging) (?:an? )?(?:\w+ )?(?:man|guy|men|someone"
    rf"|somebody"
    rf"|stranger|adult|boyfriend|older \w+) (?:\w+ ){{0,3}}?{_ONLINE}",
    r"(?:an? (?:much )?older|(?:2|3)\d[- ]year[- ]old) boyfriend|boyfriend (?:who's |who is |is )(?:2|3)\d"
    r"|boyfriend of (?:2|3)\d",
    r"(?:send|sending|sent|sends) (?:him|a man|someone|somebody|strangers?|an older \w+) (?:\w+ )?(?:pictures|pics"
    r"|photos"
    r"|videos|selfies)(?! of (?:the|their|her|his) (?:work|homework|notebook|page|graph|board))",
    # Weapons shown, violence announced, gangs.
    rf"(?:show(?:ed|s|ing)|pull(?:ed|s|ing)|point(?:ed|s|ing)|wav(?:ed|es|ing)|brought|bring(?:s|ing)|carr\w+) "
    rf"(?:\w+ ){{0,3}}?(?:an?|his|her|their) (?:\w+ )?{_ARM}(?! (?:graph|problem|question|emoji|shape"
    rf"|of (?:the )?(?:fan"
    r"|grass|skate)))",
    r"(?:going to|gonna|plan\w* to|arrang\w+ to|want to) (?:jump|fight|batter|attack|beat up|stab) (?:him|her|them|each"
    r" other|another \w+|someone)(?! (?:at (?:chess|uno|maths?|cards)|in the game))",
    r"(?:fight|fights) (?:\w+ ){0,2}(?:planned|arranged|organi[sz]ed|after school)",
    r"(?:in|into|join(?:ed|ing|s)?|for|by|from) (?:an?|the|some|his brother's) (?:\w+ )?gang(?! of (?:shapes|numbers"
    r"|\w+ in"
    r"|friends))|county lines|gang (?:members?|colou?rs|tattoos?|fights?)|(?:selling|dealing|carrying|running) (?:drugs"
    r"|weed|coke)|(?:carrying|running|selling|holding|delivering) (?:\w+ ){1,2}for (?:some )?(?:older|the older"
    r"|big) (?:lads|boys|kids|guys|men)"
    r"|(?:has|got|with) (?:two|a second|a burner) phones?(?! (?:plan|problem|number))",
)
_A_STUDENT = either(
    STUDENT, r"year \d{1,2}s?|\d{1,2}[- ]year[- ]olds?|one of my \w+", r"he|she|he's|she's|hes|shes|him|her"
)


def shows(heard: Hearing) -> bool:
    """Whether what is told may be a sign that a student is hurt, hungry, threatened or about to be."""
    text = heard.text
    if of_a_student(heard) or any(
        heard.speaker(found.start()) is not True or _about(found[0]) for found in _PLAIN.finditer(text)
    ):
        return True
    return _A_STUDENT.search(text) is not None and any(
        heard.speaker(found.start()) is not True or _about(found[0]) or _A_STUDENT.search(text[: found.start()])
        for found in _OF_A_STUDENT.finditer(text)
    )


def _about(words: str) -> bool:
    """Whether the sign itself names whose it is."""
    return _WHOSE.search(words) is not None


_WHOSE = either(r"his|her|their|him|them|he|she|they|himself|herself|themselves")

"""Careers: who follows whom in a post, who appointed whom, and how people leave a force or body.

Read off the words between the signs of a sentence (see ``kg.facts.masked``); what the text commits itself to comes from the
clause of the trigger word. A dismissal, suspension or departure is only read where the sentence says that it happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.learned import supported
from kg.facts.masked import Masked, chain_of, main_force, masked, secure
from kg.facts.posts import VAGUE, Post, held, held_by, is_commissioner, is_party, overseen
from kg.facts.status import status_of
from kg.facts.steps import is_passive, people_at
from kg.facts.times import expressions_in, fact_dates
from kg.facts.vetoes import vetoed
from kg.facts.words import base, occurrences
from kg.model import Fact

SOURCE = "careers"

_TITLED = (
    r"(?:(?:the |an? |its |his |her |their |former |then |new |outgoing |previous |current |present |retiring |departing |incumbent "
    r"|sitting |long-serving |acting |temporary |interim |(?:<[FUBOL]\d+>(?:'s?)? ))*<T\d+>,? )?"
)
_ASIDE = r"(?:,(?: [^<>.;:,]*| (?:an? |the |its |(?:<[FUBOL]\d+>(?:'s?)? ))*<T\d+>(?: (?:of|at|with|for|in) (?:the )?<[FUBO]\d+>)?),)?"
_WHO = r"(?:,? who| and)?"
_AUX = (
    r"(?: (?:will|would|has|have|had|is|was|to|be|been|due|set|expected|likely|now|also|then|not|never|temporarily|formally|today"
    r"|yesterday|ever|permanently|being|only|already|since|promptly|later|himself|herself|duly))*"
)

#: Words by which the first person takes over the post of the second.
_TAKES_OVER = (
    r"(?:succeed(?:s|ed|ing)?|replac(?:es|e|ed|ing)|tak(?:es|e|ing) over(?: [^<>,.;]{0,30})?(?:<[FUBO]\d+> )?"
    r"(?:[^<>,.;]{0,20})?from|took over(?:[^<>,.;]|<[TFUBO]\d+>){0,60}? from"
    r"|(?:tak(?:es|e|ing)|took) the (?:place|reins|helm|seat|post|job) (?:of|from)|follow(?:s|ed)?|relieve[sd]?"
    r"|(?:tak(?:es|e|ing)|took) (?:on|up) the (?:post|role|job|reins)(?: in (?:\w+ ){1,2})? ?from"
    r"|fill(?:s|ed|ing)? (?:the )?(?:gap|vacancy|shoes|boots|place|post)[^<>,.;]{0,30} (?:by|of)"
    r"|(?:tak(?:es|e|ing)|took|fill(?:s|ed|ing)?|gets?|got) (?:[^<>,.;]|<[TFUBO]\d+>){0,60}?(?:vacated|left (?:vacant|empty|open)) by"
    r"|step(?:s|ped|ping)? into the (?:shoes|boots) of|in (?:place|succession) (?:of|to)|stand(?:s|ing)? in(?: since \w+)? for|act(?:s"
    r"|ing)? (?:up )?for|inherit(?:s|ed)? [^<>,.;]{0,30} from)"
)
_SUCCEEDS = re.compile(
    rf"<(?P<new>P\d+)>(?!'s){_ASIDE}{_WHO}{_AUX}(?:(?:[^<>.;]|<[TFUBOL]\d+>){{0,80}}? )?\b(?P<word>{_TAKES_OVER}) {_TITLED}"
    rf"<(?P<old>P\d+)>(?!'s? (?!retirement|departure|resignation))",
    re.I,
)
#: Before somebody who only chose the successor: "Ann Cole was picked by Bob Dale to succeed Ian Orr".
_CHOSEN_BY = re.compile(
    r"\b(?:choice|pick|candidate|nominee) (?:of|for)|\b(?:chosen|picked|appointed|named|selected|nominated|put forward|recommended"
    r"|approved|confirmed|hired|invited|asked|backed|unveiled)(?: [^<>.;,]{1,30})? by",
    re.I,
)
_BEFORE_CHOOSER = r" (?:the |his |her |its |former |then )*(?:<[FUBOL]\d+>(?:'s?)? )?(?:<T\d+>,? )*$"
_CHOSEN_TO = re.compile(
    rf"<(?P<new>P\d+)>(?!'s){_ASIDE}{_WHO}{_AUX} (?:(?!<P)[^.;]){{0,60}}?(?:{_CHOSEN_BY.pattern}) (?:(?!<P)[^.;]){{0,50}}?<P\d+>(?!'s)"
    rf"(?: [^<>.;]{{0,40}}?)?,? to (?P<word>succeed|replace|take over from|follow) {_TITLED}<(?P<old>P\d+)>(?!'s)",
    re.I,
)
_SUCCEEDED = re.compile(
    rf"<(?P<old>P\d+)>(?!'s){_ASIDE}{_WHO}{_AUX} (?P<word>succeeded|replaced|followed"
    rf"|relieved)(?: [^<>.;]{{0,40}})? by (?:<(?P=old)>'s (?:own |former |then )?)?{_TITLED}<(?P<new>P\d+)>",
    re.I,
)
_PREDECESSOR = re.compile(
    r"<(?P<new>P\d+)>'s? (?:immediate |direct |disgraced |late |old |own )*(?P<word>predecessor"
    r"|forerunner)(?! but )(?: [^<>,.;]{0,30})?(?:, | was | is | )(?:<T\d+>,? )?<(?P<old>P\d+)>",
    re.I,
)
_SUCCESSOR = re.compile(
    r"<(?P<old>P\d+)>'s? (?:immediate |direct |eventual |named |chosen |permanent "
    r"|temporary )*(?P<word>successor|replacement)(?: [^<>,.;]{0,30})?(?:, | is to be | will be | was | is |: "
    r"| )(?:<T\d+>,? )?<(?P<new>P\d+)>",
    re.I,
)
_SUCCESSOR_TO = re.compile(
    rf"<(?P<new>P\d+)>(?: is| was|,)?(?: [^<>.;]{{0,50}})? (?P<word>successor|replacement) (?:to|for"
    rf"|of) {_TITLED}<(?P<old>P\d+)>",
    re.I,
)
_GOES = (
    r"(?:left|leaves|retired|retires|resigned|resigns|quit|quits|stepped|steps|stood down|moved|moves|died|departed|departs|went|was"
    r" (?:suspended|dismissed|sacked|appointed|made|promoted))"
)
_FOR_A_TIME = r"(?:(?:temporary|interim|acting) )?"
#: Wordings of a succession by what is taken over, or who was before.
_IN_PLACE = (
    re.compile(
        rf"\b[Ii]n <(?P<old>P\d+)>'s (?P<word>place|stead)(?: as <T\d+>)?,? (?:(?:now|will)? ?(?:comes?|came|is|steps?|stepped"
        rf"|stands|goes|went)(?: in| up)?,? )?{_TITLED}<(?P<new>P\d+)>(?!'s)"
    ),
    re.compile(
        r"<(?P<old>P\d+)>'s (?:duties|post|role|job|place|seat|brief|responsibilities)"
        r" (?:(?:has|have|had|will|is|are|was|were|be|been|being|to|now|since) )*"
        rf"(?P<word>taken over|taken|filled|gone|goes|went|go|pass(?:es|ed)?) (?:by|to) {_TITLED}<(?P<new>P\d+)>(?!'s)"
    ),
    re.compile(
        r"<(?P<old>P\d+)>'s (?:[^<>.;,]{0,30} )?(?:<T\d+>|deputy),? <(?P<new>P\d+)>,?(?: who (?:[^<>.;]|<[TFUBOL]\d+>){1,60},)? will"
        r" (?:then |now )?(?P<word>take|act|stand|step|become|fill|hold|run|lead)"
        rf" {_FOR_A_TIME}(?:<T\d+>|charge|command|over|up|in\b|as (?:a |the )?(?:<T|head|chief)|the (?:reins|force|helm|fort))"
    ),
    re.compile(
        rf"<(?P<new>P\d+)>(?!'s){_ASIDE}{_WHO}{_AUX} (?:[^<>.;]{{0,30}} )?(?P<word>beat|beating|defeat(?:ed|s|ing)|oust(?:ed|s|ing)"
        r"|unseat(?:ed|s|ing)) the (?:then|sitting|incumbent|outgoing)(?: [A-Z]\w+| <O\d+>)?(?: commissioner| <T\d+>)?,? "
        r"<(?P<old>P\d+)>(?!'s)"
    ),
    # "gets her old job"
    re.compile(
        rf"<(?P<new>P\d+)>(?!'s)(?:{_ASIDE}|,){_WHO}{_AUX} (?P<word>gets?|got|getting|takes?|took|taking|given|has|lands?|landed"
        r"|inherits?|inherited|fills?|filled) <(?P<old>P\d+)>'s (?:old|former|vacant) (?:job|post|role|seat|desk|chair|brief|portfolio)"
    ),
    # "Ann Cole, who had his job before him"
    re.compile(
        r"<(?P<old>P\d+)>(?:,| \w+,)? (?:who )?(?P<word>had|held|did) <(?P<new>P\d+)>'s (?:job|post|role) (?:immediately )?before "
        r"<P\d+>(?!')"
    ),
    re.compile(
        r"<(?P<old>P\d+)>(?:,| \w+,)? who (?P<word>had|held|did) the (?:job|post|role) (?:immediately )?before <(?P<new>P\d+)>(?!')"
    ),
    # "Taking over from Bob Dale is Ann Cole"
    re.compile(
        rf"(?:^|[.:;] |[\"“])(?P<word>Taking over from|Taking the place of|Replacing|Succeeding|Stepping into the shoes of) {_TITLED}"
        rf"<(?P<old>P\d+)>(?!'s)(?:,? [^<>.;]{{0,60}})? (?:is|are|was|comes?|will be) (?:\w+ )?{_TITLED}<(?P<new>P\d+)>(?!'s)"
    ),
    re.compile(
        r"<(?P<old>P\d+)>,? (?:who )?(?P<word>was|had been) (?:the )?<T\d+>(?: [^<>.;,]{0,20})? (?:immediately )?before "
        r"<(?P<new>P\d+)>(?!'s)"
    ),
    re.compile(
        r"\b(?P<word>named|names|appointed|chosen|chose|picked|announced|unveiled|selected|confirmed) "
        rf"{_TITLED}<(?P<new>P\d+)>(?:,? (?:of|from) (?:the )?<F\d+>,?)? as <(?P<old>P\d+)>'s (?:\w+ )?(?:replacement|successor)"
    ),
)
#: When somebody took a post over, by who left it then: "has been head since Ann Cole left"; and words of the post before it.
_ONCE_GONE = re.compile(
    rf" (?P<word>when|since|after|until) (?:the )?{_TITLED}<(?P<old>P\d+)>(?: (?:has|had))? {_GOES}\b"
    rf"| (?P<word2>on|upon|following|after|since) the (?:retirement|departure|resignation|death) of {_TITLED}<(?P<old2>P\d+)>"
)
_INTO_POST = re.compile(
    r"\b(?:took|takes|take) (?:up |on |over )?(?:(?:<P\d+>'s|his|her|the) (?:\w+ )?(?:post|job|role|reins|helm)|charge|command|over|as\b)"
    r"|\b(?:stepped|steps) (?:up|in)\b|\b(?:acting|standing in|in charge)\b"
    r"|\b(?:became|becomes|been|appointed|promoted to|made|sworn in as) (?:[^<>,]{1,25} )?(?:<[FUBO]\d+>'s )?(?:\w+ )?<T\d+>"
)

#: What tells that who follows somebody follows in a post.
_IN_POST = re.compile(
    r"\b(?:chief|commissioner|head|chair\w*|post|role|job|leader|director|president|secretary|mayor|minister|ombudsman)\b", re.I
)

_CHOOSER = r"<(?P<by>[PBO]\d+)>(?!'s)"
_CHOSE = (
    r"(?P<word>appoint(?:s|ed|ing)?|chose|chosen|pick(?:s|ed)|hire[sd]|recruited|named|nominated|selected|made|confirmed|promoted"
    r"|elected|re-appointed|reappointed|installed|unveiled|brought in)"
)
_APPOINTS = re.compile(
    rf"{_CHOOSER}{_ASIDE}{_WHO}{_AUX} {_CHOSE} (?:[^<>.;,]{{0,30}}? )?{_TITLED}<(?P<person>P\d+)>(?!'s)(?! "
    rf"(?:that|said))(?P<rest>[^.]{{0,60}})",
    re.I,
)
_APPOINTED = re.compile(
    rf"<(?P<person>P\d+)>(?!'s){_ASIDE}{_WHO}(?P<aux>{_AUX}) {_CHOSE}(?P<rest>(?: (?!<P)[^.;]{{0,80}}?)?) by (?:the )?(?:"
    rf"(?:<[FUBOL]\d+>(?:'s?)? )?(?:\w+ )?<T\d+>,? )?<(?P<by>P\d+(?=>(?!'s))|[BO]\d+)>",
    re.I,
)
_PREFERRED = re.compile(
    r"<(?P<person>P\d+)>[^<>.;]{0,60} (?P<word>preferred candidate|first choice|choice|pick"
    r"|nominee) of (?:the )?(?:<[FL]\d+>(?:'s)? )?(?:<T\d+>,? )?<(?P<by>[PBO]\d+)>",
    re.I,
)
_NOMINEE = r"(?:preferred|chosen|favoured) (?:candidate|choice|appointee|nominee)\b"
_ONES = r"(?:own |first )?"
_NEXT_TO = r"(?: (?:of|from|at|with) (?:the )?<[FUBO]\d+>)?(?:, [^.;]{0,90}?,)?"
#: Wordings by which somebody is another's preferred candidate.
_NOMINATED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"<(?P<person>P\d+)>(?!'s){_NEXT_TO} (?:is|was|(?:has been|was) (?:\w+ ){{0,2}}as)(?: now| still)?(?: the)? "
        rf"<(?P<by>[PBOT]\d+)>'s {_ONES}{_NOMINEE}",
        rf"<(?P<by>[PBO]\d+)>(?:, [^.;]{{0,60}}?)?,? (?:has |have )?(?:today |now |also )?(?:named|picked|chosen|chose|announced|unveiled"
        rf"|selected|put forward) (?:the )?(?:<[FUBOL]\d+>(?:'s)? )?(?:<T\d+>,? )?<(?P<person>P\d+)>{_NEXT_TO},? as "
        rf"(?:(?:his|her|their|its|the"
        rf"|<(?P=by)>(?:'s)?) )?{_ONES}{_NOMINEE}",
        rf"<(?P<by>[PBOT]\d+)>'s {_ONES}{_NOMINEE}(?: (?:for|to)\b(?:[^<>.;,]|<[TFLU]\d+>){{0,50}})?(?: is|,|:| was)? (?:<T\d+>,? )?"
        r"<(?P<person>P\d+)>",
    )
)
#: The post, where it follows: "as her preferred candidate to be the next chief constable of Kent Police".
_FOR_POST = re.compile(
    r" (?:for|to be|to become|as)(?: the| a| its| (?:post|role|job|position) of| next| new| permanent| <F\d+>'s)* <T(?P<title>\d+)>"
    r"(?: (?:of|for) (?:the )?<(?P<force>F\d+)>)?"
)
#: The post by other words, where a commissioner chooses, who appoints the chief constable: "as his preferred candidate to take over".
_FOR_JOB = re.compile(
    r" (?:to (?:take over|take charge|lead (?:the )?<F\d+>)|for (?:the|its|<F\d+>'s) (?:top )?(?:job|post|role))\b(?! of)"
)
_NOT_YET = re.compile(r"\b(?:named|nominated|selected|unveiled|proposed|preferred)\b", re.I)

_HOW = r"(?:(?:\w+ly|both|all|also|each|still|then|later) )*"
#: where somebody serves, between commas
_OF_FORCE = r"(?:, (?:who (?:is|was) )?(?:(?:based|serving|an officer) )?(?:of|from|with|at|in|for) (?:[^<>.;:,]|<[FULO]\d+>){1,60},)"
#: what comes before a name that stands between commas: "a third officer, former PC <P>, resigned"
_APPOSED = r"(?P<apposed>, (?:former |then |the |ex-)*(?:<T\d+>,? )?)"
#: a clause or aside between commas in which nobody else is told of: "<P>, who had worked in <U> for two years, has been suspended"
_CLAUSED = r"(?:, (?:who|whose|whom|formerly|now|then|an?|the|attached|based|aged)\b(?:[^<>.;]|<[FULOBTGC]\d+>){1,120}?,)"
#: what else is said of the same subject first: "<P> was suspended by <F> in August and resigned the next spring"
_FIRST = (
    r"(?: (?:was|were|is|has been|had been|admitted|denied)(?: (?!that\b|who\b|when\b|after\b|while\b)"
    r"(?:[^\s<>.;:\"“]+|<[FULOBTGC]\d+>[^\s<>.;]*)){1,16}?,? (?:and|but)(?: (?:then|later|has|had|since|subsequently|duly|soon))*)?"
)
#: predicate -> the verbs that say it of their subject, and passives.
_LEFT: tuple[tuple[str, str], ...] = (
    (
        "dismissedFrom",
        rf"(?:was|were|been|being|be|is|are|got|,) {_HOW}(?P<word>dismissed|sacked|fired|thrown out|drummed out"
        r"|kicked out)\b(?! (?:as|the|a|an|all|those|any|it|him|her|claims?|suggestions?|with a)\b)",
    ),
    ("resignedFrom", r"(?P<word>resigned|resigns|resign|quit|quits|resigning)\b(?! (?:himself|herself|to being)\b)"),
    (
        "resignedFrom",
        r"(?P<word>(?:stepp?|stand)(?:ed|s|ing)?|stood) down\b"
        r"(?! (?:the|an?|his|her|its|all|for)\b| as (?!(?:the )?(?:<T\d+>|chief|head|chair|commissioner|deputy)))",
    ),
    ("resignedFrom", r"(?P<word>tendered|handed in|submitted) <?(?:P?\d*>'s|his|her) (?:resignation|notice)"),
    (
        "retiredFrom",
        r"(?<!\ba )(?<!\bthe )(?P<word>retired|retires|retire|retiring)\b(?! (?:to (?:the )?(?:cells|chambers|consider)|detective|officer"
        r"|judge|police|superintendent|chief|teacher|<T\d+>)(?!\w))",
    ),
    ("retiredFrom", r"(?:announced|announces|confirmed|confirms) (?:<P\d+>'s|<P\d+>|his|her|their)(?: early)? (?P<word>retirement)\b"),
    ("retiredFrom", r"(?:took|taken|takes) (?:early |medical |ill[- ]health )?(?P<word>retirement)\b"),
    (
        "suspendedFrom",
        rf"(?:was|were|been|being|be|is|are|remains|,|remain) {_HOW}(?P<word>suspended)\b"
        r"(?! (?:for (?:\w+|\d+) (?:years|months)|sentence|jail|prison|term)\b)",
    ),
)
#: Each with its verb alone, without which the whole need not be looked for.
_LEAVES = tuple(
    (
        predicate,
        re.compile(f" {verb}", re.I),
        re.compile(
            rf"(?:{_APPOSED})?"
            rf"(?P<others>(?:<P\d+>(?:, (?:of|from) (?:the )?<F\d+>)?(?:, | and |, and )(?:<T\d+>,? )?)*)<(?P<person>P\d+)>"
            rf"(?:'s(?= (?:\w+ )?been\b)|(?!'s))"
            rf"(?: of (?:the )?<F\d+>)?(?:{_OF_FORCE}|{_CLAUSED}|{_ASIDE})(?(apposed),?|){_WHO}{_FIRST}{_AUX}"
            rf"(?: [^<>.;,]{{0,30}}?)? {verb}(?P<rest>.{{0,120}})",
            re.I,
        ),
    )
    for predicate, verb in _LEFT
)
_DEPARTURES = (("retiredFrom", "retirement"), ("resignedFrom", "resignation"), ("suspendedFrom", "suspension"))
_RETIREE = r"<(?P<person>P\d+)>(?!'s)(?P<rest>.{0,120})"
_IN_FORCE = r"(?:from|of|with|at|in) (?:the )?<(?P<force>F\d+)>"
#: Who is brought in as retired: "a retired <F> <T>, <P>", "retired <T> <P>", "<P>, a retired <T> of <F>"; and told of by the noun.
_NAMED = tuple(
    (predicate, re.compile(rf"\b(?P<word>{word})\b"), re.compile(pattern))
    for predicate, word, pattern in (
        (
            "retiredFrom",
            "[Rr]etired",
            r"\b(?P<word>[Rr]etired) (?:(?:police|senior|long-serving|<F(?P<own>\d+)>(?:'s)?) )*(?:<T\d+> )*<T\d+>"
            rf"(?: {_IN_FORCE})?,? (?P<others>){_RETIREE}",
        ),
        (
            "retiredFrom",
            "retired",
            r"(?P<others>)<(?P<person>P\d+)>, (?:(?:now|himself|herself|who is) )*(?:a|an|the) (?P<word>retired) "
            rf"(?:(?:police|senior|<F(?P<own>\d+)>(?:'s)?) )*<T\d+>(?: {_IN_FORCE})?(?P<rest>.{{0,120}})",
        ),
        *(
            (
                predicate,
                word,
                r"\b(?:[Ss]ince|[Aa]fter|[Ff]ollowing|[Uu]pon|[Bb]etween) the (?:\w+ )?"
                rf"(?P<word>{word}) of (?:(?:<F(?P<own>\d+)>'s|the|its|<T\d+>,?) )*(?P<others>){_RETIREE}",
            )
            for predicate, word in _DEPARTURES
        ),
        *(
            (
                predicate,
                word,
                r"\b(?:[Ss]ince|[Aa]fter|[Ff]ollowing|[Uu]pon|[Bb]etween) (?P<others>)(?:<T\d+> )?<(?P<person>P\d+)>'s (?:\w+ )?"
                rf"(?P<word>{word})\b(?P<rest>.{{0,120}})",
            )
            for predicate, word in _DEPARTURES
        ),
    )
)
_AHEAD = re.compile(r"\b(?:will|would|shall|(?:is|are|was|were) (?:due |set |expected )?to|next)\b|'ll\b")
#: Who was sent away, told of who did it: "the panel dismissed PC <P> and PC <P>", "<T> <P> took the decision to suspend <F>'s <T> <P>".
_ONE_SENT = r"(?:<[FBO]\d+>'s )?(?:(?:the|former|both|serving|its|<P\d+>'s) )*(?:<T\d+>,? )*"
_SENT = tuple(
    (
        predicate,
        re.compile(rf"\b(?:{verb})\b"),
        re.compile(
            rf"(?:<(?P<by>[FBOPT]\d+)>(?!')|\b(?P<panel>panel|force|authority|board|tribunal|who|which|[Hh]e|[Ss]he)\b){_AUX}"
            rf" (?P<decided>(?:took|taken) the decision to )?(?P<word>{verb}) {_ONE_SENT}<(?P<person>P\d+)>(?!'| as (?!<T))"
            rf"(?P<others>(?:(?:, | and |, and ){_ONE_SENT}<P\d+>(?!'))*)(?P<rest>.{{0,120}})",
        ),
    )
    for predicate, verb in (("dismissedFrom", "dismiss|dismissed|sack|sacked"), ("suspendedFrom", "suspend|suspended"))
)
_REFUSED = re.compile(
    r"\b(?:veto\w*|reject\w*|turned (?:it )?down|threw out|thrown out|refus\w+|withdr\w+|declin\w+|not|never|no longer|denied|if|would"
    r"|might|may|could)\b|n't\b"
)
_FROM = re.compile(
    r"^(?:(?!\b(?:after|following|over|amid|while|when|once|receiving|information|advice|charged|investigated|arrested|accused|referred"
    r"|questioned|interviewed)\b)[^<>.;]){0,40}? "
    r"(?:from|by|as (?:<T\d+>|\w+) (?:of|at)) (?:the |that "
    r"|its )?<(?P<body>[FBO]\d+)>(?!'s (?!(?:<T|force|police)))",
    re.I,
)
_BODY = re.compile(
    r"^(?:(?!\b(?:charged|arrested|investigat\w+|accused|referred|questioned)\b)[^.;]){0,60}\b(?:from|by|at|as) [^.;]{0,40}<[FBOU]\d+>"
)
#: Another employer than the force: "was dismissed by the commissioner's office".
BY_OFFICE = (
    r"(?:by|from) (?:the |his |her |its |their )?(?:<[TL]\d+>|[\w-]+)(?:['’]s?)? (?:office|council|company|firm|agency|charity)\b"
)
_BY_OFFICE = re.compile(f" {BY_OFFICE}", re.I)
_CALLED_FOR = re.compile(r"\b(?:invit|call|urg|ask|press|demand|should|must|ought|told to|want)", re.I)
_SUPPOSED = re.compile(
    r"\b(?:suppos(?:e|ing)|imagine|if|unless|whether|lest|were (?:he|she|they|<P\d+>)|had (?:he|she|they)|should (?:he|she|they))\b"
    r"|\bhad <P\d+> (?:still|not|stayed|remained|been)\b|<P\d+>'d have\b"
    r"|(?<!and )(?<!> )<P\d+> were ",
    re.I,
)
_UNDONE = re.compile(
    r"reinstat|overturn|quash|given (?:his|her|their) job back|won (?:his|her|their) job|back on duty"
    r"|returned to (?:duty|work)|lifted|put back",
    re.I,
)


def careers(context: Context) -> Iterator[Fact]:
    """``succeeds``, ``appointedBy``, ``dismissedFrom``, ``resignedFrom``, ``retiredFrom`` and ``suspendedFrom`` rows."""
    for m in masked(context):
        if "<P" not in m.text:
            continue
        yield from _successions(context, m)
        yield from _appointments(context, m)
    yield from _departures(context)


def _fact(
    context: Context, m: Masked, predicate: str, subject: str, object_: int, trigger: Token, status: str, confidence: float = 0.85
) -> Fact:
    start, end = fact_dates(context, trigger, predicate)
    evidence = context.evidence(m.token(context, subject))
    return Fact(predicate, chain_of(subject), object_, status, evidence, SOURCE, confidence, start, end)


def _trigger(m: Masked, match: re.Match[str], subject: str) -> Token:
    return m.word(subject, match["word"].split()[0])


#: Before a verb of succession that is still to come, if it comes.
_PUT_FORWARD = re.compile(
    r"\b(?:(?:put forward|lined up|tipped|nominated|recommended|shortlisted|in line|in the running|interviewed|proposed|earmarked)"
    r"|(?:has|have) (?:\w+ )?been (?:chosen|selected|picked|named|appointed|unveiled|confirmed)(?: by (?:(?!<P)[^.;]){1,70}?)?"
    r"|candidate|choice|favourite|nominee|contender|pick) to (?:\w+ly )?$"
    r"|\b(?:has|have) (?:\w+ )?been (?:chosen|selected|picked|named|unveiled) (?:as |the |<[FUBO]\d+>'s |next |new )*<T\d+>"
    r"(?: (?:of|for) (?:the )?<[FUBO]\d+>)?,? $",
    re.I,
)
#: Before "in place of <P>": somebody would have it so, "considered his proposal to appoint <P> as <T> in place of".
_ONLY_PLANNED = re.compile(
    r"\b(?:propos\w+|plans?|planned|intention|intends?|intended|wants?|wanted|hopes?|hoped|recommend\w+|suggest\w+|asked|urged) "
    r"(?:to (?:appoint|install|promote|make|name|have)|appointing|that) [^.;]{0,120}$",
    re.I,
)
#: Behind a predecessor who is still to go: "takes over from Ian Orr, who will retire in May".
_STILL_THERE = re.compile(
    r"(?:, (?:[^.;,<>]|<[A-OQ-Z]\d+>){1,60},|,)? who (?:[^.;<>]|<[A-OQ-Z]\d+>){0,80}?"
    r"\b(?:(?:will|is to|is due to) (?:leave|retire|resign|go|step|stand|depart|move)|(?:is|was) (?:retiring|leaving|stepping down))\b"
)


_WOULD = re.compile(r"\b(?:will|would|(?:is|are) (?:due |set |expected )?to)\b[^.;]*, $")


#: Who is to come if somebody says yes is proposed: "If the panel confirms her she will take over from <P>".
_IF_CONFIRMED = re.compile(
    r"(?:[Ii]f|[Ss]hould|[Pp]rovided)\b[^.;]{0,90}\b(?:confirm|approv|agree|endors|accept|say yes|back)\w*[^.;]*\bwill\b"
    r"|[^.;]*\bwill (?:succeed|replace|take over|follow)\b[^.;]*\b(?:if|provided|subject to)\b[^.;]{0,90}"
    r"\b(?:confirm|approv|agree|endors|consent|back)", re.I
)
#: What follows somebody whose post another has: "She followed Ian Orr, who retired".
_WHO_LEFT = re.compile(rf",? who (?:has |had |was to |is to |will )?(?:{_GOES}|leave|retire|resign|go)\b")


def _successions(context: Context, m: Masked) -> Iterator[Fact]:
    yield from _once_gone(context, m)
    for pattern in (_SUCCEEDS, _SUCCEEDED, _PREDECESSOR, _SUCCESSOR, _SUCCESSOR_TO, _CHOSEN_TO, *_IN_PLACE):
        for match in pattern.finditer(m.text):
            if match["word"].lower().startswith("follow") and not _of_posts(m) and not _WHO_LEFT.match(m.text, match.end("old") + 1):
                continue  # "had been followed by a car driven by <P>"
            if pattern is _SUCCEEDS and (_is_chooser(m, match) or _ANOTHER.search(m.text, match.end("new"), match.start("word"))):
                continue
            new, old = match["new"], match["old"]
            others = frozenset(map(chain_of, re.findall(r"P\d+", match.group()))) - {chain_of(old)}
            if new == old or not (secure(context, m, new) and secure(context, m, old, others)):
                continue  # "Ann Cole was picked by Bob Dale to succeed him": he is neither
            trigger = _trigger(m, match, min(match["new"], match["old"], key=lambda s: m.places[s][0]))
            status = status_of(context, trigger, "succeeds") if pattern not in {_PREDECESSOR} else "asserted"
            before = m.text[: match.start("word")]
            if status == "asserted" and (_PUT_FORWARD.search(before) or pattern is _SUCCEEDS and _ONLY_PLANNED.search(before)):
                status = "proposed"
            if status == "asserted" and match["word"].lower().startswith("taking") and _WOULD.search(m.text[: match.start("word")]):
                status = "proposed"  # "she would start in May, taking the place of <P>"
            if pattern is _SUCCESSOR and re.search(r"is to be|will be", match.group()):
                status = "proposed"
            still_there = trigger.tag_ != "VBD" and _STILL_THERE.match(m.text, match.end("old") + 1)
            if status == "asserted" and (pattern in {_CHOSEN_TO, _IN_PLACE[-1]} or still_there):
                status = "proposed"
            if status == "hypothetical" and (_IF_CONFIRMED.match(m.text) or not _SUPPOSED.search(m.text) and " would " in match.group()):
                status = "proposed"
            yield _fact(context, m, "succeeds", match["new"], chain_of(match["old"]), trigger, status)


def _once_gone(context: Context, m: Masked) -> Iterator[Fact]:
    """Who took up a post when, or has had it since, another left: the last person before is told to come into it, and nobody else."""
    for match in _ONCE_GONE.finditer(m.text):
        old, word = match["old"] or match["old2"], match["word"] or match["word2"]
        before = re.split(r"[.;:\"]", m.text[max(0, match.start() - _FAR) : match.start()])[-1]
        told = list(re.finditer(r"<(P\d+)>(?!')", before))
        if not told or (new := told[-1][1]) == old or not _INTO_POST.search(before, told[-1].end()):
            continue
        if set(re.findall(r"<(P\d+)>'s", before[told[-1].end() :])) - {new}:
            continue
        if secure(context, m, new) and secure(context, m, old, frozenset({chain_of(new)})):
            trigger = m.word(new, word)
            status = status_of(context, trigger.head if trigger.dep_ in {"advmod", "mark", "case"} else trigger, "succeeds")
            if status == "asserted" and _AHEAD.search(before, told[-1].end()):
                status = "proposed"  # "will take up the post when Bob Dale leaves"
            if status in {"asserted", "proposed"}:
                yield _fact(context, m, "succeeds", new, chain_of(old), trigger, status, 0.8)


#: How far before the words of a departure, in characters of signs, the words of a succession may begin.
_FAR = 180


#: Another subject than the name before it: "Subject to the approval of Ann Cole, he will take over from".
_ANOTHER = re.compile(r"\b(?:he|she|they|it)\b")


def _is_chooser(m: Masked, match: re.Match[str]) -> bool:
    """Whether who stands before a verb of succession only chose who is to succeed."""
    before = m.text[max(0, match.start() - 120) : match.start()]
    return any(re.match(_BEFORE_CHOOSER, before[chosen.end() :]) for chosen in _CHOSEN_BY.finditer(before))


def _of_posts(m: Masked) -> bool:
    """Whether a sentence names a post in which one may follow another."""
    return _IN_POST.search(m.text) is not None or any(_IN_POST.search(title.role) for title in m.titles)


_PASSIVE = re.compile(r"\b(?:was|were|been|be|being|is|are|got) (?:\w+ )?$", re.I)


def _is_active(m: Masked, match: re.Match[str]) -> bool:
    """Whether what should be a passive is none: "<P> also confirmed that a review would be led by <P>"."""
    if re.search(r"\b(?:is|was|been|be|being)\b", match["aux"]) or not match["rest"].strip():
        return False
    return re.match(r",(?! who\b)", m.text[match.end("person") + 1 :]) is None


def _appointments(context: Context, m: Masked) -> Iterator[Fact]:
    for pattern in (_APPOINTS, _APPOINTED, _PREFERRED):
        for match in pattern.finditer(m.text):
            if match["by"] == match["person"] or pattern is _APPOINTED and _is_active(m, match):
                continue
            word = match["word"].lower()
            if pattern is _APPOINTS and not word.endswith("ing") and _PASSIVE.search(m.text[: match.start("word")]):
                continue  # "Ann Cole was appointed to replace Bob Dale"
            if (
                word in {"made", "named", "selected", "unveiled", "confirmed", "promoted"}
                and pattern is not _PREFERRED
                and not re.search(r"<T|\bpost\b|\brole\b|\bjob\b|successor|head\b|chief|charge", match.group())
            ):
                continue
            trigger = _trigger(m, match, min(match["by"], match["person"], key=lambda s: m.places[s][0]))
            status = status_of(context, trigger, "appointedBy")
            if status == "asserted" and (_NOT_YET.search(word) or pattern is _PREFERRED):
                status = "proposed"
            if status in {"asserted", "proposed", "denied"}:
                yield _fact(context, m, "appointedBy", match["person"], chain_of(match["by"]), trigger, status)


def nominations(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """What somebody is to be whom another prefers for a post, unless the rows say otherwise of the two already."""
    known = {(f.predicate, f.subject, f.object) for f in facts}
    for m in masked(context):
        if re.search(_NOMINEE, m.text) and not _REFUSED.search(m.text):
            for fact in _nominated(context, m):
                if (fact.predicate, fact.subject, fact.object) not in known:
                    known.add((fact.predicate, fact.subject, fact.object))
                    yield fact


#: Whom a party puts up for commissioner: "Labour's candidate for commissioner, Ann Cole", "Labour has picked Ann Cole as its candidate".
_CANDIDATES = (
    re.compile(
        r"<(?P<party>O\d+)>'s (?:own |new )?candidate(?: (?:for|in|at|to be)\b(?:[^<>.;]|<[TFL]\d+>){1,60}?)?,? (?:is )?(?:<T\d+>,? )?"
        r"<(?P<person>P\d+)>(?!')"
    ),
    re.compile(
        r"<(?P<party>O\d+)>(?: (?:members|branch\w*|activists))?(?: in <L\d+>)? (?:has|have) (?:\w+ )?"
        r"(?:picked|chosen|selected|adopted|named) (?:<T\d+>,? )?<(?P<person>P\d+)>(?:,[^.;<>]{1,40},)?"
        r" as (?:its|their|the|<O\d+>'s) (?:\w+ )?candidate\b"
    ),
    re.compile(r"<(?P<person>P\d+)>,? (?:who )?(?:is|is to be|will be|has been chosen as) (?:the )?<(?P<party>O\d+)>(?:'s)? candidate\b"),
)
_COMMISSIONER = re.compile(r"\bcommissioner\b", re.I)
_BALLOT_OVER = re.compile(r"\b(?:lost|beaten|defeated|last time|unsuccessful|failed|former|then|withdr\w+|stood down as|dropped|was)\b")


def candidacies(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Who stands for commissioner for a party: proposed, where the text has one force that such a commissioner oversees."""
    known = {fact.subject for fact in facts if fact.predicate in {"commissionerFor", "headOf"}}
    for m in masked(context):
        for pattern in _CANDIDATES if "candidate" in m.text else ():
            for match in pattern.finditer(m.text):
                person = chain_of(match["person"])
                force = overseen(context) if person not in known and is_party(context, chain_of(match["party"])) else None
                if force is None or not _COMMISSIONER.search(_around(context, m)) or _BALLOT_OVER.search(match.group()):
                    continue
                known.add(person)
                evidence = context.evidence(m.token(context, match["person"]))
                yield Fact("commissionerFor", person, force, "proposed", evidence, SOURCE, 0.8)


def _nominated(context: Context, m: Masked) -> Iterator[Fact]:
    """``appointedBy``, ``holdsRole`` and ``headOf`` rows of a sentence's preferred candidates, all proposed."""
    for pattern in _NOMINATED:
        for match in pattern.finditer(m.text):
            person, by = chain_of(match["person"]), _chooser(context, m, match["by"])
            if by is None or person == by or not secure(context, m, match["person"]):
                continue
            evidence = context.evidence(m.token(context, match["person"]))
            yield Fact("appointedBy", person, by, "proposed", evidence, SOURCE, 0.9)
            forces = {f.force for f in held_by(context, by) if f.force is not None and is_commissioner(context, f, f.force)}
            post = _FOR_POST.search(m.text, match.start())
            role = m.titles[int(post["title"])].role if post else ""
            if post is None and forces and _FOR_JOB.search(m.text, match.start()) and "hief" in _around(context, m):
                role = "chief constable"
            if not role or role in VAGUE:
                continue
            yield Fact("holdsRole", person, role, "proposed", evidence, SOURCE, 0.9)
            force = chain_of(post["force"]) if post and post["force"] else min(forces) if len(forces) == 1 else None
            if force is not None and role == "chief constable":
                yield Fact("headOf", person, force, "proposed", evidence, SOURCE, 0.9)


def _chooser(context: Context, m: Masked, sign: str) -> int | None:
    """Who prefers a candidate: the person or body of a sign, or the only commissioner of the text, if it is a commissioner's title."""
    if sign[0] != "T":
        called = context.document.text[slice(*m.places[sign])].lower()  # "The commissioner's chosen candidate" tells by itself who it is
        return chain_of(sign) if called.endswith("commissioner") or secure(context, m, sign) else None
    if not m.titles[int(sign[1:])].role.endswith("commissioner"):
        return None
    found = {p.person for p in held(context) if not p.former and p.force is not None and is_commissioner(context, p, p.force)}
    return found.pop() if len(found) == 1 else None


def _around(context: Context, m: Masked) -> str:
    """The text of a sentence and of what stands right before it."""
    return context.document.text[max(context.document.body_start, m.sentence.start_char - 300) : m.sentence.end_char]


def _leavings(context: Context) -> list[tuple[Masked, str, re.Match[str], Token, str]]:
    """Every wording that somebody left, whatever was left: sentence, predicate, match, trigger and status."""
    found = []
    by_sentence = context.once(_leaving_verbs)
    for m in masked(context):
        read = set()
        for predicate, verb, pattern in (*_LEAVES, *_SENT) if "<P" in m.text else ():
            for match in pattern.finditer(m.text) if verb.search(m.text) else ():
                sent = "by" in pattern.groupindex
                trigger = m.word(match["by"] or "", match["word"]) if sent else _trigger(m, match, match["person"])
                read.add(trigger.i)
                if secure(context, m, match["person"]) and not _within_clause(m, match):
                    status = _left_status(context, m, predicate, match, trigger)
                    if status is not None:
                        found.append((m, predicate, match, trigger, status))
        found += _named_as_left(context, m)
        for trigger in by_sentence.get(m.sentence.start, ()):
            if trigger.i not in read:
                found += _left_by_tree(context, m, trigger)
    return found


def _named_as_left(context: Context, m: Masked) -> Iterator[tuple[Masked, str, re.Match[str], Token, str]]:
    """Who is brought in as retired, and departures told of by a noun, which have happened if nothing of the sentence is to come."""
    for predicate, word, pattern in _NAMED if "<P" in m.text else ():
        for match in pattern.finditer(m.text) if word.search(m.text) else ():
            if (match["word"].lower() == "retired" or not _AHEAD.search(m.text)) and secure(context, m, match["person"]):
                yield m, predicate, match, m.word("", match["word"]), "asserted"


def _left_status(context: Context, m: Masked, predicate: str, match: re.Match[str], trigger: Token) -> str | None:
    """What the text commits itself to of a departure, or None where it is none."""
    status = status_of(context, trigger, predicate)
    if "by" in match.re.groupindex and match["decided"] and status in {"proposed", "hypothetical"}:
        status = "asserted"  # "took the decision to suspend"
    if _PRESUPPOSED.search(match.group()) and _WOULD_HAVE.search(m.text):
        status = "asserted"  # "would have been dismissed had he not resigned": so he did
    present = (trigger.tag_ in {"VBZ", "VBP"} or trigger.lower_ in {"retires", "resigns"}) and not trigger.lower_.endswith("ed")
    if status == "asserted" and present and (_to_come(context, trigger) or _is_told(context, trigger)):
        status = "proposed"  # "who retires at the end of August"
    if status == "asserted" and (STILL_TO_GO.search(match.group()) or _only_announced(context, match)):
        status = "proposed"
    if status == "proposed" and predicate in {"resignedFrom", "retiredFrom"} and _LET_GO.search(m.text[: match.start("word")]):
        status = "asserted"
    if status == "hypothetical" and predicate in {"resignedFrom", "retiredFrom"} and not _CONDITION.search(m.text):
        status = "proposed" if _SAID_THEY_WOULD.search(m.text[: match.end("word")]) else status
    if status == "asserted" and _AT_NO_TIME.search(m.text[: match.start("word")]):
        status = "denied"
    if match["word"].lower() in _STEPPING and status != "asserted" and _NOT_ANNOUNCED.search(m.text):
        return None
    if _CALLS_TO.search(m.text[: match.start("word")]):
        return "proposed"
    return status if status != "alleged" and not _is_empty(m, match, predicate, status, trigger) else None


#: "was allowed to retire on a full pension": so he did.
_LET_GO = re.compile(r"\b(?:was|were|been) (?:allowed|permitted|able|forced|obliged) to $|(?<!have )(?<!has )\b(?:chose|elected) to $")
_CONDITION = re.compile(r"\b(?:if|unless|whether|were|had (?:he|she|they|<P\d+>))\b", re.I)
#: "told staff that she would retire in May"
_SAID_THEY_WOULD = re.compile(
    r"\b(?:told|announced|said|confirmed|revealed|informed|wrote)\b[^.;]{0,60}? "
    r"(?:he|she|they|<P\d+>) would (?:be )?(?:retir|resign|step|stand)\w*$"
)
#: "was at no stage suspended"
_AT_NO_TIME = re.compile(r"\b(?:at no (?:time|stage|point)|neither|no longer)\b[^.;,]{0,20}$", re.I)
#: "faces growing calls to resign": they are not told to come to anything.
_CALLS_TO = re.compile(r"\b(?:fac(?:es?|ed|ing)|resist(?:s|ed|ing)?|under) (?:\w+ ){0,2}(?:calls|demands|pressure)(?: for \w+)? to $")
#: The verbs of leaving whose subject the tree tells where others words stand between: "<P>, who led <U> until May, has been suspended".
_BY_TREE = {
    **dict.fromkeys(("dismiss", "sack"), "dismissedFrom"),
    "suspend": "suspendedFrom",
    **dict.fromkeys(("resign", "quit"), "resignedFrom"),
    "retire": "retiredFrom",
}


def _leaving_verbs(context: Context) -> dict[int, list[Token]]:
    """The verbs of leaving by the first word of their sentence."""
    found: dict[int, list[Token]] = {}
    for token in occurrences(context, _BY_TREE):
        if token.pos_ == "VERB" and (_BY_TREE[base(token)] not in _SENT_AWAY or is_passive(token)):
            found.setdefault(context.sentence(token).start, []).append(token)
    return found


_SENT_AWAY = frozenset({"dismissedFrom", "suspendedFrom"})


def _left_by_tree(context: Context, m: Masked, trigger: Token) -> Iterator[tuple[Masked, str, re.Match[str], Token, str]]:
    predicate = _BY_TREE[base(trigger)]
    noun = _leaver(trigger)
    for person in dict.fromkeys(people_at(context, noun)) if noun is not None else ():
        sign = f"P{person}"
        if sign not in m.places or not secure(context, m, sign):
            continue
        pattern = re.compile(
            rf"(?P<others>)<(?P<person>{sign})>(?!'s)[^;]*? (?P<word>{re.escape(trigger.lower_)})\b(?! {_NO_DEPARTURE})"
            r"(?P<rest>.{0,120})",
            re.I,
        )
        match = pattern.search(m.text)
        if match is None or _trigger(m, match, sign) != trigger:
            continue
        status = _left_status(context, m, predicate, match, trigger)
        if status is not None:
            yield m, predicate, match, trigger, status


#: After a verb of leaving: what is dismissed is a claim, or somebody suspended a sentence.
_NO_DEPARTURE = (
    r"(?:as (?:an? |the )|the|a|an|all|those|any|it|him|her|claims?|suggestions?|himself|herself|for (?:\w+|\d+) (?:years|months)"
    r"|sentence|jail|prison|term|to (?:the )?(?:cells|chambers|consider))\b"
)


def _leaver(verb: Token) -> Token | None:
    """The noun that stands for whoever leaves: the verb's subject, its first conjunct's, or what its clause is said of."""
    token = verb
    for _ in range(4):
        subject = next((c for c in token.children if c.dep_ in {"nsubj", "nsubj:pass"}), None)
        if subject is not None:
            if subject.lower_ in {"who", "which", "that"}:
                return token.head if token.dep_ == "acl:relcl" else None
            return subject
        if token.dep_ == "acl":
            return token.head
        if token.dep_ != "conj" or token.head.pos_ != "VERB":
            return None
        if token.head.dep_ == "acl:relcl" and not any(c.dep_.startswith("nsubj") for c in token.head.children):
            return None
        token = token.head
    return None


_STEPPING = frozenset("step steps stepping stand stands standing".split())
#: Where others talk of somebody's stepping down: "rejected suggestions that she was about to step down".
_NOT_ANNOUNCED = re.compile(
    r"\b(?:reject|den[iy]|suggest|call|urg|press|refus|ask|demand|rumour|speculat|should|insist|told to|if|whether|want|no plans)\w*\b",
    re.I,
)
_PRESUPPOSED = re.compile(r"^<P\d+> (?:had(?:n't| not)|not)(?: already)? (?:resigned|quit|retired)\b")
_WOULD_HAVE = re.compile(r"\bwould(?: have|'ve) (?:been (?:\w+ly )?(?:dismissed|sacked|fired)|faced)\b")
_CLAUSE = re.compile(r"<P\d+>,? (?:who|whom|whose)\b")
_CLOSING = re.compile(r",(?! who\b)")


def _within_clause(m: Masked, match: re.Match[str]) -> bool:
    """Whether the comma before the verb may close a clause that has the person in it: "<P>, who reported <P>, of <F>, was suspended"."""
    return _CLOSING.match(m.text, match.end("person") + 1) is not None and _CLAUSE.search(m.text, 0, match.start("person")) is not None


#: "who is retiring after 31 years"
STILL_TO_GO = re.compile(r"\b(?:is|are|am|['’]s|['’]m) (?:\w+ly |now |also )?(?:retiring|resigning)\b")


def _only_announced(context: Context, match: re.Match[str]) -> bool:
    """Whether a retirement is announced, and not told to have come since: "announced her retirement"."""
    told = match.string[match.start() : match.end("word")]
    announced = re.search(r"\b(?:announc|confirm)\w+ (?:\S+ )?(?:early )?retirement$", told)
    return announced is not None and re.search(r"\bretired\b", context.document.text) is None


def _is_told(context: Context, verb: Token) -> bool:
    """Whether somebody "retires" in a sentence, and not in a headline, which tells what has happened in the present."""
    return verb.lower_ in {"retire", "retires"} and context.text(context.sentence(verb)).rstrip(" \n\"”'’)").endswith(".")


def _to_come(context: Context, verb: Token) -> bool:
    """Whether a time after the document's day stands close behind a verb in the present."""
    day = context.document.date or context.document.anchor
    times = expressions_in(context.document.text, day, verb.idx, min(verb.idx + 60, context.sentence(verb).end_char)) if day else ()
    return any(t.value > day[: len(t.value)] for t in times if day)


def told_to_leave(context: Context, predicate: str, person: int) -> set[int]:
    """The bodies that stand right behind the words by which somebody left: "retired as chief constable of Kent Police"."""
    return context.once(_bodies_left).get((predicate, person), set())


def _bodies_left(context: Context) -> dict[tuple[str, int], set[int]]:
    found: dict[tuple[str, int], set[int]] = {}
    for _, predicate, match, _, _ in context.once(_leavings):
        if (told := _told_body(context, match["rest"])) is not None:
            found.setdefault((predicate, chain_of(match["person"])), set()).add(told)
    return found


def told_statuses(context: Context, predicate: str, person: int) -> set[str]:
    """With what statuses the words say that somebody left, whatever was left."""
    return {status for _, p, match, _, status in context.once(_leavings) if p == predicate and chain_of(match["person"]) == person}


def _departures(context: Context) -> Iterator[Fact]:
    for m, predicate, match, trigger, status in context.once(_leavings):
        for sign, body in _each_left(context, m, match):
            yield _fact(context, m, predicate, sign, body, trigger, status)


_SINGULAR = re.compile(r"\b(?:was|has|is)\b")


def _each_left(context: Context, m: Masked, match: re.Match[str]) -> Iterator[tuple[str, int]]:
    """The signs of those who left by one wording, each with what was left: "PC <P>, of <F>, and PC <P>, of <F>, were dismissed"."""
    given = match.groupdict()
    person, by = match["person"], given.get("by") or given.get("force") or (f"F{given['own']}" if given.get("own") else "")
    body = None
    if not _FROM.match(match["rest"]):
        body = _of_own_force(m.text, person)
        if body is None and by[:1] in {"F", "B", "O"}:
            body = chain_of(by)
    if body is None and (match["word"].lower() == "retired" and "own" in given or _of_another_post(context, _trigger(m, match, person))):
        return  # the article's main force need not be theirs, nor is a trustee's charity
    if body is None or context.chains[body].type == "OversightBody":
        body = _left(context, match["rest"], chain_of(person), m.text[: match.start()])
    if body is None:
        return
    yield person, body
    if "by" not in match.re.groupindex and _SINGULAR.search(m.text, match.end("person"), match.start("word")):
        return
    for sign in re.findall(r"P\d+(?=>(?!'))", match["others"]):
        told = _of_own_force(match["others"], sign)
        own = [told] if told is not None else [b for b in employers(context, chain_of(sign)) if context.chains[b].type == "PoliceForce"]
        yield sign, own[0] if len(own) == 1 else body


#: Posts beside the police that an officer may give up: "has resigned as a trustee".
_ANOTHER_POST = re.compile(
    r"\s+(?:his post |her post )?as (?:(?:an?|the|its|his|her|our) )*(?:[\w-]+ )?"
    r"(?:trustee|treasurer|governor|patron|councillor|magistrate|ambassador)\b"
)


def _of_another_post(context: Context, trigger: Token) -> bool:
    """Whether right behind a word of leaving a post is told that is none in a force."""
    return _ANOTHER_POST.match(context.document.text, trigger.idx + len(trigger), trigger.idx + len(trigger) + 60) is not None


def _of_own_force(text: str, sign: str) -> int | None:
    """The force that stands right behind a person: "PC <P>, of <F>"."""
    told = re.search(rf"<{sign}>, (?:of|from) (?:the )?<(F\d+)>", text)
    return chain_of(told[1]) if told else None


def departures(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of leaving that name no body, "She resigned in May", for people whose only force or body the other rows tell."""
    rows = list(facts)
    told = {(f.predicate, f.subject) for f in rows}
    given = {(f.predicate, f.subject, f.object, f.status) for f in rows}
    own: dict[int, set[int]] = {}
    for fact in rows:
        if fact.predicate in {"memberOf", "headOf"} and fact.status == "asserted" and isinstance(fact.object, int):
            if is_party(context, fact.object):
                continue  # "He replaces Bob Dale, for Labour, who resigned": as commissioner
            if context.chains[fact.object].type == "Unit":
                continue
            own.setdefault(fact.subject, set()).add(fact.object)
    for m, predicate, match, trigger, status in context.once(_leavings):
        person = chain_of(match["person"])
        if match["others"]:  # what is sure of one of a list is so of all
            together = [_fact(context, m, predicate, *each, trigger, status, 0.75) for each in _each_left(context, m, match)]
            if any((f.predicate, f.subject, f.object, f.status) in given for f in together):
                for row in together:
                    if (predicate, row.subject) not in told and not vetoed(context, row):
                        told.add((predicate, row.subject))
                        yield row
        forces = {b for b in own.get(person, ()) if context.chains[b].type == "PoliceForce"}
        if "own" not in match.re.groupindex:  # "a retired magistrate" need not have retired from the charity that she sits on
            forces = forces or own.get(person, set())
        elsewhere = _BODY.search(match["rest"]) or _BY_OFFICE.match(match["rest"]) or _of_another_post(context, trigger)
        likely = _likely_left(context, predicate, person) if len(forces) != 1 and predicate in _SENT_AWAY else None
        body = min(forces) if len(forces) == 1 else likely if not forces or likely in forces else None
        if body is not None and (predicate, person) not in told and not elsewhere:
            row = _fact(context, m, predicate, match["person"], body, trigger, status, 0.75)
            if not vetoed(context, row):
                told.add((predicate, person))
                yield row


#: How likely the network must find it that somebody was sent away from a force, and of no other as likely as the second.
_LIKELY, _UNLIKELY = 0.45, 0.3


def _likely_left(context: Context, predicate: str, person: int) -> int | None:
    """The force from which the network takes somebody to have been sent away, where words that tell of it name none; None in doubt."""
    found: dict[int, float] = {}
    for fact in context.once(supported):
        if fact.predicate == predicate and fact.subject == person and isinstance(fact.object, int):
            found[fact.object] = max(found.get(fact.object, 0.0), fact.confidence)
    best = sorted(((sure, body) for body, sure in found.items()), reverse=True)[:2]
    if not best or best[0][0] < _LIKELY or len(best) > 1 and best[1][0] >= _UNLIKELY:
        return None
    return best[0][1] if context.chains[best[0][1]].type == "PoliceForce" else None


def _is_empty(m: Masked, match: re.Match[str], predicate: str, status: str, trigger: Token) -> bool:
    """Whether the words about a departure say that it is only called for, supposed, undone since, or no departure."""
    if predicate == "suspendedFrom" and re.match(r".{0,40}\b(?:sentence|jail|prison|imprisonment|two years|12 months)\b", match["rest"]):
        return True
    if status == "proposed":
        past = trigger.tag_ == "VBD" or any(child.lower_ == "had" for child in trigger.children)
        told = past and re.search(r"\b(?:until|before) ", match.group())
        return bool(told or _CALLED_FOR.search(match.group()))
    if status == "asserted" and _PRESUPPOSED.search(match.group()):
        return False
    undone = predicate != "suspendedFrom" and _UNDONE.search(match["rest"])  # who is back on duty was suspended until then
    return status == "asserted" and bool(undone or _SUPPOSED.search(m.text[: match.start("word")]))


def _oversees(context: Context, post: Post) -> bool:
    """Whether the post is that of a force's commissioner, who is no member of it."""
    return post.force is not None and is_commissioner(context, post, post.force)


def employers(context: Context, person: int) -> list[int]:
    """The forces and bodies that a person is told to hold a post in, in order of telling."""
    posts = held_by(context, person)
    bodies = (body for post in posts for body in (None if _oversees(context, post) else post.force, post.body))
    return list(dict.fromkeys(body for body in bodies if body is not None and context.chains[body].type != "Unit"))


def _told_body(context: Context, rest: str) -> int | None:
    """The body that stands right behind a word of leaving; one that oversees the police suspends its officers from the force."""
    told = _FROM.match(rest)
    if told is None:
        return None
    body = chain_of(told["body"])
    by = re.search(r"\bby (?:the |that |its )?$", rest[: told.start("body") - 1])
    return None if by and context.chains[body].type == "OversightBody" else body


_AN_OFFICER = re.compile(r"\b(?:officers|<T\d+>s?|constables|sergeants|detectives|PCs)(?: officers)?, $")


def _left(context: Context, rest: str, person: int, before: str) -> int | None:
    """What somebody left: what the sentence names, else the only force or body he is told to belong to."""
    told = _told_body(context, rest)
    if told is not None:
        return told
    if _BY_OFFICE.match(rest):
        return None
    posts = held_by(context, person)
    own = [body for body in employers(context, person) if not is_party(context, body)]
    forces = [b for b in own if context.chains[b].type == "PoliceForce"]
    if len(forces) == 1:
        return forces[0]
    if len(own) == 1:
        return own[0]
    if own or any(not context.reference.rank(p.role) for p in posts):
        return None
    return main_force(context) if posts or _AN_OFFICER.search(before) else None

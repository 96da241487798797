"""Cases that ended well for who stood accused, where the words name neither him nor of what: "the case was thrown out", "the jury took an
hour to clear him", "the officer was told that he faced no further action".

Of what somebody was so freed he is accused no more, wherever in the document it is told, and whether the news tells it first. Whom such
words mean is settled by who stands accused in the document at all, by whom they mention, and else by whom the sentence right before them
accuses; where that leaves it open, or the text tells of a trial that goes on, the accusation stays what it was.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from spacy.tokens import Span

from kg.facts.context import Context
from kg.facts.posts import held_by, of_the_court
from kg.facts.proceedings import disciplinary, steps_of
from kg.facts.steps import segment, subject_people
from kg.facts.words import base
from kg.model import Fact
from kg.names import GROUPS, HUMANS, NUMERALS, OFFICERS, PERSON_HEADS, SEVERAL

_WHEN = (
    r"(?:(?:later|since|then|now|eventually|finally|subsequently|also|all|both|formally|officially|dramatically|sensationally|suddenly"
    r"|quietly"
    r"|immediately|duly|abruptly|ultimately|already|just|recently|effectively|today|yesterday|last \w+|in the end|on \w+day|again|never|not"
    r"|simply|completely|fully|unanimously|swiftly|promptly|each) )"
)
_BE = rf"(?:(?:was|were|is|are|has|have|had|been|being|got|gets|found|ruled) |{_WHEN})"
_CASE = (
    r"(?:cases?|charges?|prosecutions?|proceedings|counts?|allegations?|accusations?|complaints?|indictment|matter|claims?|hearing"
    r"|investigation|inquiry|probe)"
)
_OF = r"(?:,? (?:of|against|into|over|about|for|by|from|involving|relating to|that) [^.;,\n]{1,70}?)?"
_DROPPED = (
    r"(?:dropped|discontinued|withdrawn|dismissed|thrown out|abandoned|scrapped|struck out|halted|stayed|ditched|kicked out|tossed out|axed"
    r"|shelved|rejected|closed (?:without|with no)\b|not (?:pursued|proceeded with|proved|proven|upheld|substantiated|made out))"
)
_BASELESS = (
    r"(?:(?:complete(?:ly)?|entirely|wholly|totally|utterly) )?(?:false|malicious|untrue|unfounded|baseless|groundless|fabricated"
    r"|fictitious|bogus|made up|unsubstantiated|unproven|without (?:any )?(?:foundation|substance|merit)|a (?:lie|hoax|fabrication"
    r"|fiction))"
)
_HIM = (
    r"(?:him|her|them|both(?: (?:men|women|officers|defendants|of them))?|all (?:of them|\w+ (?:men|women|officers|defendants)|\w+)"
    r"|(?:the|all the|both the) (?:[\w’'-]+ ){0,3}?(?:officers?|m[ae]n|wom[ae]n|constables?|sergeants?|inspectors?|detectives?"
    r"|superintendents?"
    r"|police(?:wo)?m[ae]n|defendants?|pair|trio|duo|two|three|four|five|six|\d\d-year-old|teachers?|accused|commissioner|PCs?|PCSO))"
)
_COURT = (
    r"(?:jury|jurors|juries|judge|magistrates?|bench|sheriff|court|panel|tribunal|hearing|chair|recorder|watchdog|IOPC|ombudsman|inquiry"
    r"|investigation)"
)
_THE = r"(?:(?:the|that|it|them|this|those|these|all|both|his|her|their|any|every|each|criminal|remaining|of|misconduct|police) )"

#: What is told of a case, a charge or an allegation.
_OF_THE_CASE = (
    rf"\b(?P<noun>{_CASE})(?P<of>{_OF}),? (?:which )?{_BE}+{_DROPPED}",
    # "halted" of a trial may be for a juror's illness
    rf"\b(?P<trial>trial)(?P<of2>{_OF}) {_BE}*(?:collapsed|thrown out|fell apart)",
    rf"\b(?:none of (?:the|those|these|his|her|their)|neither|no) (?:\w+ )?(?:of the )?(?:allegations?|charges?|complaints?|claims?"
    rf"|counts?|breach(?:es)?){_OF} {_BE}+"
    r"(?:upheld|prove[dn]|substantiated|made out)\b",
    rf"\b(?:did|does|has|have|had)(?: not|n['’]t) (?:uph[eo]ld|prove[dn]?|find) (?P<upheld>{_THE}+(?:allegations?|complaints?|charges?"
    rf"|case|claims?|counts?)\b)",
    rf"\b(?P<fell>cases?|prosecutions?|proceedings|charges?|hearing)(?P<of3>{_OF}) {_WHEN}*(?:collapsed|fell apart|crumbled|folded"
    rf"|came to nothing"
    r"|fell through|went no further|were no more)",
    rf"\b(?P<gone>matter|complaint|case) {_BE}*(?:went|goes|taken|took) no further",
    rf"\b(?P<stop>{_CASE}|that|which|it) {_WHEN}*(?:(?:will|would|do|does|did|could|can)(?: not|n['’]t)|will no longer|would no longer"
    rf"|can no longer"
    r"|wo n['’]t) (?:now )?(?:be )?(?:proceed(?:ing|ed)?(?: with)?|pursu(?:ed|ing|e)|continu(?:e|ing)|go(?:ing)? ahead|stand up|stand\b"
    r"|brought"
    r"|prosecuted|tak(?:e|en) (?:it |them )?(?:any )?further)",
    rf"\b(?:no longer|not|n['’]t) (?:be )?(?:proceed(?:ing)?|continu(?:e|ing)|go(?:ing)? ahead) with (?P<with>{_THE}*(?:{_CASE}|trial)\b)",
    rf"\b(?:dropped|drops|discontinued|withdrew|abandoned|scrapped|halted|ditched|axed|dropping|discontinuing|withdrawing|shelved) "
    rf"(?P<what>{_THE}*(?:(?:case|charges?|prosecution|proceedings|counts?|matter|allegations?|investigation|inquiry|probe|complaint)\b))",
    r"\b(?:dropped|discontinued|withdrew|abandoned) (?P<them>that|it|them|both|all \w+)(?=[.,;]| (?:in|on|at|last|after|when|because"
    r"|and)\b)",
    rf"\b{_COURT}\b[^.;,\n]{{0,40}}? (?:rejected|dismissed|threw out|throws out|has thrown out|had thrown out|struck out|tossed out"
    rf"|kicked out"
    rf"|thr[eo]ws?) (?P<out>{_THE}+(?:cases?|charges?|allegations?|claims?|complaints?|accusations?|prosecution)\b)",
    rf"^(?:[\w’'-]+ ){{0,2}}[Mm]agistrates (?:dismissed|threw out) (?P<mag>{_THE}*(?:case|charges?))",
    rf"\b(?:threw|throws|thrown|throw) (?P<threw>{_THE}+(?:cases?|charges?)) out\b",
    rf"\b(?:threw|throws|thrown) out (?P<threw2>{_THE}+(?:cases?|charges?))\b",
    r"\boffer(?:ed|s|ing)? no (?:further )?evidence\b|\bno (?:further )?evidence was offered\b",
    r"\bno realistic (?:prospect|chance) of (?:a |any )?conviction\b",
    r"\b(?:the )?evidential (?:test|threshold) (?:was|is|had|has|were)(?: not|n['’]t) (?:been )?(?:met|reached)\b"
    r"|\b(?:did|does)(?: not|n['’]t) (?:meet|reach|pass) (?:the|its|their) (?:\w+ )?(?:test|threshold|standard)\b",
    r"\b(?:judge|prosecutors?|CPS|Crown|Crown Prosecution Service|magistrates|sheriff|proceedings) (?:\w+ )?(?:ended|halted|stopped) "
    r"(?:the|all) (?:proceedings|case|prosecution)\b|\bformally ended the (?:proceedings|case)\b",
    r"\b(?P<stand>charges?|prosecution|case)(?: against [^.;,\n]{1,40}?)? (?:should|ought to) never have (?:been brought|come|reached"
    r"|got)",
)
#: What is told of the one accused.
_OF_THE_PERSON = (
    r"\b(?:was|were|been|is|are|being|after being|walked free|stand|stands)(?: (?:\w+ly|later|since|also|both|all|each|now|then|today"
    r"|yesterday))* "
    r"(?:acquitted|cleared(?! up| out| from| away| the| a )|exonerated|absolved|vindicated|found not guilty|found (?:to be )?innocent"
    r"|declared innocent)\b",
    rf"\b(?:acquitted|acquits|acquitting|cleared|clears|clearing|exonerated|exonerates|absolved) {_HIM}\b",
    rf"\b(?:found|finds|finding) {_HIM} (?:both )?(?:not guilty|innocent)\b",
    rf"\b(?:took|needed|deliberated|directed|directs|instructed|ordered|told)\b[^.;\n]{{0,70}} to (?:return (?:a )?not guilty"
    rf"|(?:formally )?acquit\b|"
    rf"clear {_HIM}|find {_HIM} not guilty|find (?:in (?:his|her) favour))",
    r"\b(?:acquitted|cleared) (?:on|of) (?:all|both|every|each|the) (?:the )?(?:counts?|charges?|allegations?)\b",
    r"\bnot guilty verdicts?\b|\bverdicts? of not guilty\b|\bverdicts? (?:was|were) (?:one of |both |all )?not guilty\b"
    r"|\bnot proven verdicts?\b|\bverdicts? of not proven\b",
    r"\b(?:found|was|were|been|return\w*) (?:\w+ )?(?:(?:the|that|both|all|every) (?:\w+ ){1,5}?)?(?:to be )?(?:not proven|not proved)\b"
    r"|\bwas innocent of\b",
    rf"\b{_COURT}\b[^.;\n]{{0,40}}? (?:decided|ruled|found|concluded|agreed|accepted) (?:that )?(?:he|she|they|the \w+) (?:was|were|is"
    rf"|are) "
    r"(?:innocent|not guilty|not to blame)\b",
    rf"\b{_COURT}\b[^.;\n]{{0,60}}? (?:decided|ruled|found|concluded|agreed|said)(?: that)? (?:there (?:was|is"
    rf"|had been) )?no (?:evidence of )?"
    r"(?:(?:gross |any )?misconduct|wrongdoing|breach|case)\b",
    r"\b(?:found|shown|ruled) (?:not to have|to have done nothing wrong|to have no case to answer)\b|\b(?:had|has"
    r"|have) (?:been )?cleared (?:him|her|them)\b",
    r"\bno (?:evidence of |sign of )?(?:(?:gross|any) )?(?:misconduct|wrongdoing) (?:was|had been|has been) (?:found|identified|proved"
    r"|proven)\b",
    r"\b(?:told|ruled|found|concluded|decided|said)(?: that)? (?:he|she|they|the \w+) (?:had|['’]d|has|have) done nothing wrong\b",
    r"\bno further (?:\w+ )?action\b|\bno (?:criminal|disciplinary|police|formal) action (?:would|will|was|is|has been|had been)\b",
    r"\bno (?:\w+ )?proceedings (?:would|will|were|are|have been|had been) (?:be )?(?:taken|brought|begun|started|instituted|initiated)\b",
    r"\bno action (?:would|will|was|is|has been|had been) (?:be )?taken\b|\bw(?:ould|ill)(?: not|n['’]t) (?:be )?tak(?:e"
    r"|ing) (?:any )?(?:further )?action\b",
    r"\b(?:tak(?:e|es|en|ing)|took) no (?:further |more )?action\b",
    r"\bfac(?:e|es|ed|ing) (?:neither|no (?:(?:further|criminal|disciplinary|misconduct|police|formal|more) )*(?:action|charges?"
    r"|prosecution|proceedings|sanctions?))\b",
    r"\b(?:wo|w(?:ill|ould)|do|does|did|to|was|were|is|are)(?: not|n['’]t|(?<=to) not| no longer) (?:now |to )?(?:be )?fac(?:e|ing) "
    r"(?:(?:any|further|criminal|a|the|disciplinary|misconduct|more) )*(?:action|charges?|prosecution|proceedings|trial)\b",
    r"\b(?:w(?:ill|ould)(?: not|n['’]t| no longer)|wo n['’]t|not to|was not|wasn['’]t|were not|weren['’]t|n(?:one|either)\b"
    r"[^.;\n]{0,40} (?:will|would|was|were|is to|are to)) (?:now |ever )?(?:be )?(?:being )?(?:charged|prosecuted|face (?:(?:any"
    r"|criminal|further) )*(?:charges?|trial|prosecution"
    r"|action))\b(?! until)",
    r"\b(?:decided|decision|opted|chose|chosen|declined) (?:not to|against) (?:bring\w* |press\w* |prefer\w* )?(?:(?:any|criminal"
    r"|a) )*(?:charg\w+|prosecut\w+)",
    r"\b(?:no|without) (?:criminal )?charges? (?:was|were|would be|will be|being|are to be|is to be|had been"
    r"|have been)(?: ever)? (?:brought|made|laid|pressed|authorised)\b"
    r"|\b(?:would|will|is to|was to|are to) be no (?:criminal )?(?:charges?|prosecutions?)\b|\bruled out (?:any )?(?:criminal )?charges\b",
    r"\bnot to bring (?:one|(?:a |any )?(?:criminal )?charges?)\b|\bnot (?:be )?in the public interest to (?:charge|prosecute|proceed)\b",
    r"\b(?:released|freed|let go|bailed) without (?:any )?(?:charge|further action)\b|\bnever (?:been )?(?:charged"
    r"|prosecuted)\b(?! with any| before)",
    rf"\b(?:not enough|insufficient|no|too little|not sufficient)(?: \w+){{0,2}} evidence (?:(?:with which )?to (?:charge|prosecute"
    rf"|proceed|support|justify|bring)\b"
    rf"|against {_HIM}\b|for (?:a |any )?(?:charge|prosecution|realistic)\b)|\bthere (?:is|was) (?:insufficient|not enough) evidence\b",
    r"\b(?:had|has|have|having|was|is|were|there was|there is|be) (?:\w+ )?no case (?:for \w+ )?to answer\b|\bno case to answer\b",
    r"\b(?:no longer|not now) (?:a suspect|under (?:criminal )?investigation|being investigated|facing|accused|suspected)\b"
    r"|\beliminated from (?:the|their|its|police)\b|\bwithout a stain\b|\bregarded as innocent\b",
    r"\b(?:been|was|were|be) given (?:his|her|their) jobs? back\b|\b(?:got|gets|won|wins) (?:his|her|their) jobs? back\b",
    r"\b(?:emerged|turned out|found|ruled|concluded|established|accepted|admitted)(?: that)? (?:he|she|they|the \w+)(?: \w+)? (?:was "
    r"|were |been |had been |has been )"
    r"(?:falsely|wrongly|wrongfully) accused\b",
    r"\b(?:his|her|their|whose) names? (?:was|were|has been|had been|have been) cleared\b|\b(?:finally |has |have |had )cleared (?:his"
    r"|her|their) names?\b",
    r"\baccepted (?:his|her|their) (?:not guilty pleas?|pleas? of not guilty)\b",
)
#: What it was that was said of him. Whoever speaks for the accused says as much, so only what the text itself tells counts.
_UNTRUE = (
    rf"\b(?:allegations?|accusations?|complaints?)(?P<of>{_OF}) {_BE}*(?:turned out to be |proved (?:to be )?"
    rf"|proven (?:to be )?|found to be |shown to be "
    rf"|deemed |found |ruled |judged )?{_BASELESS}\b",
    r"\b(?:did|does|do)(?: not|n['’]t) amount to (?:any )?(?:gross )?misconduct\b",
    r"\b(?:complainant|accuser|alleged victim|woman|girl|man|boy|witness|she|he|student|trainee|girlfriend|wife|partner|prisoner"
    r"|prostitute|teenager)\b(?: \w+)? "
    r"(?:withdrew|withdraws|has withdrawn|had withdrawn|retracted|took back|dropped) (?:all )?(?:her|his|their|the|that"
    r"|those) (?:allegations?|complaints?|accusations?|claims?)\b",
    r"\b(?:complainant|accuser|alleged victim|she|woman|girl|witness)\b[^.;\n]{0,30} (?:admitted|confessed|conceded)(?: to)?(?: \w+){0,2} "
    r"(?:lied|lying|made (?:it|the \w+) (?:all )?up|making (?:it|the \w+) (?:all )?up|inventing|invented|fabricat\w+)\b",
)


#: A headline has no verb of its own: "Inspector cleared of assault", "Case against officer dropped".
_HEADLINE = re.compile(
    r"^[^\n]*?(?P<told>(?<!not )(?<!never )\bcleared(?= of| over| after| by| in\b| as|[,:;–]| [-–]|$)|\b(?:acquitted|exonerated"
    r"|found not guilty|wrongly accused|falsely accused)\b"
    r"|(?<!pleads )(?<!pleaded )(?<!plead )\bnot guilty\b(?! plea)|\b(?:case|charges?|prosecution|trial|probe"
    r"|allegations?)(?: against [^\n]{1,40}?)? "
    r"(?:dropped|drops|thrown out|dismissed|discontinued|collapses?|withdrawn|abandoned)\b|\b(?:jury|jurors|court|judge"
    r"|panel) (?:clears?|acquits?|throws? out (?:[\w’'-]+ ){0,3}(?:case|charges?|claims?|allegations?|prosecution))\b"
    r"|\bno further action\b)[^\n]*$",
    re.I | re.M,
)
#: In the news that a text opens with the case may be "a case".
_NEWS = re.compile(
    r"\b(?:cleared|acquitted|exonerated) an? (?:(?!road\b)[\w’'-]+ ){0,4}?(?:officer|m[ae]n|wom[ae]n|constable|sergeant|inspector"
    r"|detective|superintendent|commissioner"
    r"|police(?:wo)?man|teacher|PC|PCSO)\b|\bfound an? (?:[\w’'-]+ ){1,4}?not guilty\b"
    r"|\b(?:dropped|discontinued|withdrawn|abandoned|thrown out|threw out|dismissed) an? (?:[\w’'-]+ ){0,3}?(?:case|charge|prosecution"
    r"|allegation)\b"
    r"|\b(?<!another )(?:case|charge|prosecution|trial)(?: of [^.;,\n]{1,30}?)? (?:against|of) (?:an?|two|three|four|five"
    r"|six) [^.;,\n]{1,100}? "
    r"(?:has|have|had|was|were) (?:been )?(?:\w+ly )?(?:dropped|thrown out|dismissed|discontinued|withdrawn|abandoned|collapsed)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Ending:
    """Words by which a case ends well: where they stand, their sentence, and what they are told of."""

    start: int
    end: int
    place: tuple[int, int]  #: the sentence
    of_case: bool  #: told of a case, which may name its accused behind "against", and not of somebody
    no_charge: bool  #: that nobody was charged, which ends nothing for who was
    one: bool  #: of one charge
    news: bool = False  #: in a way in which only news is told, before anybody is named


def _compiled(patterns: Iterable[str]) -> re.Pattern[str]:
    # a name of a group may stand once only where all patterns are one
    return re.compile("|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern) for pattern in patterns), re.I | re.M)


_TABLES = ((_compiled(_OF_THE_CASE), True, False), (_compiled(_OF_THE_PERSON), False, False), (_compiled(_UNTRUE), True, True))

#: Before words that clear somebody: it is asked for, or may come, or never did.
_IN_DOUBT = re.compile(
    r"\b(?:(?-i:may)|might|could|should|if|whether|unless|until|ask(?:s|ed|ing)?|urg\w+|call(?:s|ed|ing)? (?:on|for)|hop(?:e|es|ed|ing)"
    r"|want\w*|appl(?:y|ied|ies|ying)|application|argu\w+|submit\w*|seek\w*|sought|decide whether|bid|tr(?:y|ied|ies|ying) to|fail\w*"
    r"|refus\w+|initially|at first|originally|at the time|(?:in|of) (?:another|(?:a|an) (?:separate|different|second|previous|earlier"
    r"|unrelated|similar))|lost|not be|expect\w*|attempt\w*|plead\w* with|demand\w*|campaign\w*|despite calls)\b[^.;]*$",
    re.I,
)
#: Who says so, where the text does not: the accused, his lawyer, his friends.
_SAYING = re.compile(
    r"\b(?:sa(?:id|ys|ying)|insist\w*|claim(?:s|ed|ing)|maintain\w*|den(?:y|ies|ied)|stat(?:es|ed)|protest\w*|argu\w+|told|described"
    r"|called|branded|dismissed|tells"
    r"|according to)\b",
    re.I,
)
#: The same before what only they say.
_PLEADING = re.compile(
    r"\b(?:he|she|they|lawyers?|barrister|solicitor|counsel|[KQ]C|federation|friends|family|wife|husband|partner|defending"
    r"|mitigating)\b[^.;\n]{0,60}"
    r"\b(?:said|says|insist\w*|claim\w*|maintain\w*|argued|(?<!was )(?<!were )(?<!been )told|believe\w*)\b",
    re.I,
)
_OPINION = re.compile(r"not prove|not guilty verdict|nothing wrong|innocent|misconduct|wrongdoing|no case|evidence", re.I)
_RULES = re.compile(rf"\b(?:{_COURT}|prosecutors?|CPS|Crown|detectives|police|force|coroner)\b", re.I)
#: A part of a case only, or another one.
_ANOTHER = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\d+|an?|another|other|second|third|fourth|further|separate|different|earlier"
    r"|previous|similar|some|several|most"
    r"|many|more serious|lesser|less serious|alternative|first|original|additional|latest|remaining|civil|employment|damages"
    r"|compensation|libel|whistleblowing|discrimination"
    r"|unfair dismissal)(?: of)?(?: (?:the|those|these|his|her|their|its))?(?: [\w’'-]+){0,2} $",
    re.I,
)
_NOUN = re.compile(_CASE + r"\b", re.I)
_CIVIL = re.compile(
    r"\b(?:tribunal claim|employment|damages|compensation|unfair(?:ly)? dismiss\w+|libel|defamation|lawsuit|sued|suing|judicial review"
    r"|injunction|appeals?\b(?! court)"
    r"|inquest|retrial|re-trial|tried again|fresh trial)\b",
    re.I,
)
#: Others than those whom the document names.
_STRANGER = re.compile(
    rf"\b(?:another|an?|a second|a third|the other|the second|the third|(?<!the )(?:{'|'.join(NUMERALS)})|his|her|their|one)"
    r" (?:(?!\b(?:who|and|of|by|with|after|has|was|were|is|are)\b)[\w’'-]+ ){0,5}?"
    r"(?:officers?|constables?|sergeants?|detectives?|inspectors?|colleagues?|co-(?:accused|defendants?)|m[ae]n|wom[ae]n|brothers?"
    r"|sisters?|friends?|wi(?:fe|ves)"
    r"|husband|partner|girlfriend|boyfriend|son|daughter|father|mother|teenagers?|youths?|boys?|girls?|defendants?|suspects?|PCs?|people"
    r"|civilians?|teacher"
    r"|policem[ae]n|others?|driver)\b|\b(?:another|others|one|several|the other) (?:of \w+(?: \w+)? )?(?:was|were|had|has|have|is|will)\b",
    re.I,
)
#: That a case goes on.
_GOES_ON = re.compile(
    r"\b(?:denies|deny|is (?:now |also |currently |still )?(?:charged|accused|on trial|due (?:to|before|in|at)|awaiting|standing trial"
    r"|on bail)"
    r"|are (?:now |also |currently |still |both |all )?(?:charged|accused|on trial|due (?:to|before|in|at)|awaiting|standing trial|on bail)"
    r"|(?<!should )(?<!would )(?<!could )(?<!will )(?<!must )(?<!to )(?<!not )(?<!n['’]t )faces? (?:trial|(?:an?|the|\w+|further"
    r"|other) (?:\w+ )?(?:charges?|counts?|retrial))|trial (?:continues|goes on|is (?:due|expected|set))"
    r"|(?:has|have) (?:now |since |also |been )*been (?:charged|re-?charged|accused)|await\w* trial|remains? (?:on bail|accused|charged"
    r"|under (?:criminal )?investigation)"
    r"|retrial|re-trial|(?:tried|stand trial|go on trial) again|re-?tried|(?:fresh|new|second) trial|(?:will|is to"
    r"|are to) (?:go on trial|stand trial|be tried|appear))\b",
    re.I,
)
#: That proceedings for misconduct are to come.
_HEARING_AHEAD = re.compile(
    r"\b(?:fac(?:e|es|ing)|await(?:s|ing)?|due (?:before|at)|will (?:\w+ )?(?:face|appear before)|subject (?:of|to)|ahead of"
    r"|pending) (?:now )?(?:an? |the |his |her )?(?:\w+ )?"
    r"(?:(?:gross )?misconduct|disciplinary|accelerated|hearing|panel) ?(?:hearing|meeting|proceedings|panel|investigation|action)?\b",
    re.I,
)
#: What was so when the accusation was told, and is over where words behind it end the case.
_STOOD = re.compile(r"charged|accused|den(?:y|ies)|trial", re.I)
_PANEL = re.compile(r"\b(?:misconduct|panel|disciplinary|watchdog|IOPC|chair|tribunal|professional standards|hearing)\b", re.I)
_OF_COURT = re.compile(
    r"\b(?:jury|jurors|court|magistrates|acquit\w*|not guilty|CPS|prosecut\w+|trial|sheriff|charged?|charges|judge|arrested|suspicion)\b",
    re.I,
)
_FAR = 3_000  # characters before words in which somebody unnamed may be brought in whom they are told of
_PARAGRAPH = 500  # characters from the accusation of somebody to words in its paragraph that tell of nobody else
_LEAD = 900  # characters from the opening of a text within which its news is told
_MANY = re.compile(rf"\b(?P<many>{'|'.join(NUMERALS)})\b", re.I)
#: Behind words of acquittal: of one charge, or of what one complainant told.
_IN_PART = re.compile(
    r" (?:in (?:respect of|relation to)|(?:on|of) (?:one|two|three|four|five|\d+|some|an?|another|that|(?:the )?(?:other|further|more"
    r"|less|second|third|remaining))"
    r"|over (?:her|his))\b",
    re.I,
)
_NO_CHARGE = re.compile(
    r"\b(?:to charge|without (?:any )?charge|(?:not|never|n['’]t|neither|none)\b.*\bcharged|no (?:criminal )?charges?|(?:bring|face"
    r"|facing) .*charges?|against charging)\b",
    re.I,
)
#: Where what is told of one charge or person ends and what is told of another begins.
_CLAUSE = re.compile(
    r"[;:]|,? \bbut\b|, (?:and|while|whereas|although|though|which)\b|\b(?:after|when|because|before|whereas|although)\b|\band (?:he|she"
    r"|they|was|were)\b",
    re.I,
)
#: Several, told of by a word.
_THEM = re.compile(
    rf"\b(?:all (?:the |of the )?(?P<of>{'|'.join(NUMERALS)})|(?P<both>both|neither|either)"
    rf"|(?:the|these|of the)(?: (?:other|remaining|accused|police))? (?P<the>{'|'.join({**GROUPS, **NUMERALS})}|couple))\b"
    r"(?! (?:of (?:the|these|those) )?(?:\w+ )?(?:charges?|counts?|allegations?|offences?|cases?|trials?|verdicts?|occasions|days|weeks"
    r"|hours|months|years|claims?|complaints?))"
    r"|\b(?P<them>none(?! of (?:the|these|those) (?:allegations|charges|claims|complaints|counts|breaches))|they|them|their"
    r"|all (?:of )?(?:the|them)|(?:the|these) (?:[\w’'-]+ ){0,2}?(?:officers|men|women|defendants|accused|policemen|constables|sergeants"
    r"|detectives|brothers|sisters|inspectors|teenagers|youths|suspects))\b",
    re.I,
)
_RANKS = re.compile(
    r"\b[Tt]he (?:[\w’'-]+ ){0,2}?(?P<rank>constable|sergeant|inspector|superintendent|commissioner|detective|commander|PCSO|teacher"
    r"|chief constable)\b"
)
_PERSONS = PERSON_HEADS | HUMANS | OFFICERS | {*SEVERAL, *"one all none neither either accused pc pcs couple staff others other".split()}


def endings(context: Context) -> list[Ending]:
    """All words of the document by which a case ends well for somebody, in order."""
    text, found = context.document.text, []
    for pattern, of_case, by_text in _TABLES:
        for match in pattern.finditer(text):
            tokens = context.tokens_in(*match.span())
            if not len(tokens):
                continue
            start, end = _sentence(context, *match.span())
            before = text[start : match.start()]
            if not of_case and _of_a_thing(context, tokens):
                continue
            if _IN_DOUBT.search(before) or _CIVIL.search(text, start, end):
                continue
            if _OPINION.search(match.group()) and _PLEADING.search(before):
                continue
            if by_text and _SAYING.search(text, start, end) and not _RULES.search(text, start, match.start()):
                continue
            if (by_text or match.group()[:3].lower() not in {"all"}) and before.count("“") + before.count('"') % 2 > before.count("”"):
                continue  # somebody's words
            if _IN_PART.match(text, match.end()):
                continue
            words = match.group().lower()
            if of_case and _NOUN.match(words) and _ANOTHER.search(before):
                continue
            one = re.search(r"\b(?:charge|count|allegation|accusation)\b", words) is not None and of_case
            no_charge = _NO_CHARGE.search(text, match.start(), match.end() + 20) is not None
            found.append(Ending(*match.span(), (start, min(end, match.end() + 400)), of_case, no_charge, one))
    floor = context.document.body_start
    for match in _HEADLINE.finditer(text, floor, floor + _LEAD):
        line = match.span()
        if text[line[1] - 1] not in ".!?\"”" and line[1] - line[0] < _LINE and not _IN_DOUBT.search(text, line[0], match.start("told")):
            found.append(Ending(*match.span("told"), line, False, False, False, True))
    for match in _NEWS.finditer(text, floor, floor + _LEAD):
        start, end = _sentence(context, *match.span())
        if not _IN_DOUBT.search(text, start, match.start()) and not _CIVIL.search(text, start, end):
            found.append(Ending(*match.span(), (start, end), False, False, False, True))
    return sorted(found, key=lambda e: e.start)


def _sentence(context: Context, start: int, end: int) -> tuple[int, int]:
    """Offsets of the sentence of some words; by their second, as a word that opens a sentence does not show where the one before ends."""
    tokens = context.tokens_in(start, end)
    return segment(context, tokens[min(1, len(tokens) - 1)])


_LINE = 160  # characters of the longest headline


def _of_a_thing(context: Context, tokens: Span) -> bool:
    """Whether it is no person that was cleared: "the road was cleared", "the force was cleared of failings"."""
    for verb in (t for t in tokens if t.lower_ in {"cleared", "vindicated", "charged", "prosecuted"}):
        for subject in (c for c in verb.children if c.dep_ == "nsubj:pass"):
            if subject.pos_ == "PRON" or context.at(subject, "Person") or context.head_mention(subject, "Person"):
                continue
            if subject.pos_ in {"NOUN", "PROPN"} and base(subject) not in _PERSONS and not subject.lower_.endswith("-old"):
                return True
    return False


def ended(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, with what somebody was accused of in a case that ended well for him denied."""
    rows = list(facts)
    if not any(f.predicate == "accusedOf" and f.status == "alleged" for f in rows):
        yield from rows
        return
    freed = _Freed(context, rows).pairs
    for fact in rows:
        over = fact.predicate == "accusedOf" and fact.status == "alleged" and (fact.subject, fact.object) in freed
        yield replace(fact, status="denied") if over else fact


class _Freed:
    """Who was freed of what he stood accused of, as (person, offence)."""

    def __init__(self, context: Context, rows: list[Fact]) -> None:
        self.context = context
        self.text = context.document.text
        self.told: dict[int, dict[int | str, int]] = {}  #: person -> offence -> where the accusation ends that is told first
        self.sentences: dict[int, list[tuple[int, int]]] = {}
        self.offences: dict[int, set[int | str]] = {}  #: of what each is told to be accused, whatever became of it
        for fact in rows:
            if fact.predicate == "accusedOf":
                self.offences.setdefault(fact.subject, set()).add(fact.object)
                self.sentences.setdefault(fact.subject, []).append(fact.evidence)
            if fact.predicate == "accusedOf" and fact.status == "alleged":
                own = self.told.setdefault(fact.subject, {})
                own[fact.object] = min(own.get(fact.object, len(self.text)), self._end(fact))
        self.guilty = {f.subject for f in rows if f.predicate in {"convictedOf", "sentencedTo"} and f.status == "asserted"}
        self.charged: dict[int, set[int | str]] = {}  #: of what each was charged, and not only accused
        for step in steps_of(context):
            if step.kind in {"charge", "deny"}:
                for person in step.people:
                    self.offences.setdefault(person, set()).update(o for _, o in step.offences)
                    if base(step.token) in _CHARGED and step.status == "asserted":
                        self.charged.setdefault(person, set()).update(o for _, o in step.offences)
                    self.sentences.setdefault(person, []).append(segment(context, step.token))
        in_dock = {p for s in steps_of(context) if s.kind == "convict" for p in s.people}
        self.accused = {p for p in self.sentences.keys() | self.guilty | in_dock if p in self.told or not of_the_court(context, p)}
        self.harmed: set[int | str] = {f.subject for f in rows if f.predicate == "victimOf"}
        self.harmed |= {f.object for f in rows if f.predicate == "offenderAgainst"}
        names = (m.start for p in self.told for m in context.chains[p].mentions if m.kind == "name")
        self.first_named = min(names, default=len(self.text))
        # Looked up for every ending, so found once: a text may have many of each.
        self.first = {p: min(b for b, _ in places) for p, places in self.sentences.items()}
        self.ends = sorted({(e, p) for p, places in self.sentences.items() for _, e in places})
        self.beside = {p for p in self.told if self._with_another(p)}
        self.together = self._one_case(self.accused), self._one_case(self.accused - self.guilty)
        self.going_on = self._proceedings_ahead()
        self._ahead: dict[tuple[int, frozenset[int | str]], tuple[int, int]] = {}
        self.pairs = set(chain.from_iterable(self._by(ending) for ending in context.once(endings)))

    def _end(self, fact: Fact) -> int:
        """Where the words of the accusation end: its offence's, or the row's sentences."""
        return max((m.end for m, i in self.context.starting_in(*fact.evidence) if i == fact.object), default=fact.evidence[1])

    def _by(self, ending: Ending) -> Iterator[tuple[int, int | str]]:
        for person in self._whom(ending) & self.told.keys():
            offences = self._of_what(ending, person) - (self.charged.get(person, set()) if ending.no_charge else set())
            if offences and not self._goes_on(ending, person, offences):
                yield from ((person, offence) for offence in offences)

    def _whom(self, ending: Ending) -> set[int]:
        """Whom the words mean of those accused."""
        start, end = ending.place
        people = [(m, i) for m, i in self.context.starting_in(start, end, "Person") if not of_the_court(self.context, i)]
        names = [(m, i) for m, i in people if m.kind == "name"]
        before = {i for m, i in names if m.start < ending.end} - self.accused
        within = {i for m, i in names if ending.start <= m.start < ending.end} - self.accused
        if within or before and not (ending.of_case and before <= self.harmed):
            return set()  # "Orr cleared him of it", "the case against Hall"
        accused = self.accused - (self.harmed - self.told.keys() if ending.of_case else set())
        named = {i for _, i in names} & accused
        if named:
            return named if len(named) == 1 else set()  # of several the steps tell
        if ending.start < self.first_named and start - self.context.document.body_start < _LEAD:
            return self._of_news(ending) if not names else set()
        if ending.news or self._stranger(ending):
            return set()
        behind = {p for p, start in self.first.items() if start < ending.start}
        group = _THEM.search(self.text, start, end)
        if group is not None:
            return self._group(ending, group, behind)
        rank = _RANKS.search(self.text, start, end)
        of_rank = {p for p in behind if rank and self._holds(p, rank["rank"].lower())}
        if len(of_rank) == 1:
            return of_rank
        here = {i for _, i in people} & accused
        last = self._last(ending, behind)
        if here:
            return here if len(here) == 1 and (len(self.accused) == 1 or last in (here, set())) else set()
        if self._brought_in(ending):
            return set()
        if behind & self.beside:
            return set()
        if len(self.accused) == 1 or self.accused == behind and self.together[0]:
            return behind
        return last

    def _holds(self, person: int, rank: str) -> bool:
        return any(rank in post.role.lower().split() for post in held_by(self.context, person))

    def _stranger(self, ending: Ending) -> bool:
        """Whether the words are told of somebody whom the text does not name."""
        start, end = ending.place
        if _STRANGER.search(self.text, start, ending.end):
            return True
        behind = _OF_WHOM.match(self.text, ending.end, end)
        return behind is not None and _STRANGER.match(self.text, behind.end(), end) is not None

    def _of_news(self, ending: Ending) -> set[int]:
        """Those whom the news means that tells it before anybody is named: the only one accused, or as many as the words say."""
        start, end = ending.place
        many, group = _MANY.search(self.text, start, ending.end), _THEM.search(self.text, start, end)
        word = (many["many"] if many else next(filter(None, group.groups())) if group else "").lower()
        people = self.accused - self.guilty
        plural = _PLURAL.search(self.text, start, ending.end)
        number = SEVERAL["both"] if word in _OF_TWO else SEVERAL.get(word)
        if number is None and (plural or group):
            return people if self.together[1] else set()
        return people if len(people) == (number or 1) else set()

    def _group(self, ending: Ending, group: re.Match[str], behind: set[int]) -> set[int]:
        """Those whom a word for several means: those accused in the sentence before, or all, where they are as many as it says."""
        word = next(filter(None, group.groups())).lower()
        number = SEVERAL["both"] if word in _OF_TWO else SEVERAL.get(word)
        last = self._last(ending, behind)
        for pool in (last, behind, behind - self.guilty):
            if number == len(pool) or number is None and len(pool) > 1 and (pool == last or pool == self.accused):
                return pool
        return behind if word in {"they", "them", "their"} and len(behind) == 1 and number is None else set()

    def _one_case(self, people: set[int]) -> bool:
        """Whether all who stand accused do so of the same, together."""
        places = [set(self.sentences.get(p, ())) for p in people]
        if len(people) < 2 or not people >= self.accused - self.guilty or people & self.guilty:
            return False
        return bool(set.intersection(*places)) and self._of_the_same(people)

    def _of_the_same(self, people: set[int]) -> bool:
        """Whether some people are told to be accused of the same."""
        return bool(set.intersection(*(self.offences.get(p, set()) for p in people)))

    def _with_another(self, person: int) -> bool:
        """Whether an accusation's own sentence names somebody else and another offence: "Orr is charged with theft and Hall with fraud"."""
        for place in self.sentences[person]:
            named = {i for m, i in self.context.starting_in(*place, "Person") if m.kind == "name"}
            offences = {i for _, i in self.context.starting_in(*place, "Offence")}
            if named - self.accused - self.harmed and offences - self.told.get(person, {}).keys():
                return True
        return False

    def _last(self, ending: Ending, behind: set[int]) -> set[int]:
        """Whom the sentence right before the words accuses."""
        floor = ending.place[0]
        at = bisect_right(self.ends, (floor, len(self.context.chains)))
        latest = self.ends[at - 1][0] if at else -1
        last = {p for _, p in self.ends[bisect_left(self.ends, (latest, -1)) : at]} & behind
        gap = self.text[latest:floor].strip(" \n\t.”\"’") if latest >= 0 else "\n"
        if gap and ("\n" in gap or len(gap) > _PARAGRAPH):
            return set()
        if len(last) > 1 and not self._of_the_same(last):
            return set()
        between = {i for _, i in self.context.starting_in(latest, floor, "Person")} if gap else set()
        return set() if between & self.accused - last else last

    def _brought_in(self, ending: Ending) -> bool:
        """Whether somebody unnamed is told to stand accused between the accusation and the words."""
        at = bisect_right(self.ends, (ending.place[0], len(self.context.chains)))
        floor = max(self.ends[at - 1][0] if at else ending.place[0], ending.place[0] - _FAR)
        strangers = _STRANGER.finditer(self.text, floor, ending.place[0])
        return any(_IN_TROUBLE.match(self.text, m.end(), ending.place[0]) for m in strangers)

    def _of_what(self, ending: Ending, person: int) -> set[int | str]:
        """Of what the person is freed."""
        own = self.told[person]
        start, end = self._clause(ending)
        here = {i for _, i in self.context.starting_in(start, end, "Offence")}
        conduct: set[int | str] = {o for o in own if isinstance(o, int) and disciplinary(self.context, o)}
        charged = any(_OF_COURT.search(self.text, *place) for place in self.sentences[person])
        of_conduct = {o for o in here if disciplinary(self.context, o)}
        if here and not here & own.keys() and (ending.start < self.first_named or of_conduct == here):
            # the news tells of what the text tells of again in other words, and a panel of what somebody did by the name of misconduct
            return set(own) - conduct if not of_conduct else conduct if charged else set(own)
        if here and not (conduct and all(disciplinary(self.context, o) for o in here)):
            return set(here & own.keys()) if here <= own.keys() else set()
        offences: set[int | str] = set(own)
        if ending.one and len(own) > 1:
            return set()
        by_court, by_panel = _OF_COURT.search(self.text, *ending.place), _PANEL.search(self.text, *ending.place)
        if by_court and not by_panel:
            return offences - conduct
        if charged and conduct and conduct != offences:
            return conduct if by_panel and not by_court else offences - conduct
        return offences

    def _clause(self, ending: Ending) -> tuple[int, int]:
        """The part of the sentence in which the words stand."""
        start, end = ending.place
        start = max((m.end() for m in _CLAUSE.finditer(self.text, start, ending.start)), default=start)
        return start, min((m.start() for m in _CLAUSE.finditer(self.text, ending.end, end)), default=end)

    def _proceedings_ahead(self) -> dict[int, list[tuple[int, bool, bool, set[int]]]]:
        """By person (-1 for nobody named): where proceedings go on, whether that stood before an end, whether for misconduct, of what."""
        found: dict[int, list[tuple[int, bool, bool, set[int]]]] = {}
        for pattern, of_conduct in ((_GOES_ON, False), (_HEARING_AHEAD, True)):
            for match in pattern.finditer(self.text):
                place = _sentence(self.context, *match.span())
                verb = self.context.tokens_in(*match.span())[0]
                denier = set(subject_people(self.context, verb)) if base(verb) == "deny" else set()
                people = denier or {i for _, i in self.context.starting_in(*place, "Person")}
                here = {i for _, i in self.context.starting_in(*place, "Offence")}
                stood = _STOOD.search(match.group()) is not None
                for person in people & self.told.keys() or ({-1} if not people else ()):
                    found.setdefault(person, []).append((match.start(), stood, of_conduct, here))
        return found

    def _goes_on(self, ending: Ending, person: int, offences: set[int | str]) -> bool:
        """Whether the document tells of proceedings against the person that go on, behind the words, or anywhere where they open it."""
        after = ending.start >= min(self.told[person].values())
        floor = self.first[person] if after else self.context.document.body_start
        key = person, frozenset(offences)
        if key not in self._ahead:
            of_panel = {o for o in offences if isinstance(o, int) and disciplinary(self.context, o)}
            last = [-1, -1]
            places = [*self.going_on.get(person, ()), *(self.going_on.get(-1, ()) if len(self.accused) == 1 else ())]
            for start, stood, of_conduct, told in places:
                if of_conduct:  # which a jury's verdict does not end
                    counts = bool(({o for o in told if not disciplinary(self.context, o)} or of_panel) & offences)
                else:
                    counts = not told or bool(told & offences)
                last[stood] = max(last[stood], start) if counts else last[stood]
            self._ahead[key] = last[0], last[1]
        still, stood_at = self._ahead[key]
        return still >= floor or stood_at >= (ending.end if after else floor)


_OF_WHOM = re.compile(r" (?:by|against|for|of|on the part of|into) ")
_CHARGED = frozenset({"charge", "deny", "indict", "try"})
_OF_TWO = frozenset({"neither", "either", "couple"})
_PLURAL = re.compile(
    r"\b(?:officers|men|women|policemen|constables|detectives|brothers|sisters|teenagers|sergeants|youths|couple|pair|trio)\b",
    re.I,
)
_IN_TROUBLE = re.compile(r"[^.\n]{0,60}?\b(?:charged|accused|arrested|faces?|trial|prosecuted|suspected|dock)\b")

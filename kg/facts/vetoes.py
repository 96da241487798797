"""Wordings under which a row may not stand, whoever read it: "never became", "replaced <O>", "the case against <S> was dismissed".

The sentences of a row's evidence are looked at with its own two ends as <S> and <O> and everybody else as <P>, so that a pattern says
who did what to whom. Silence is right where one matches: the text says something else, or the opposite.
"""

from __future__ import annotations

import re
from dataclasses import replace

from kg import names
from kg.facts.context import Context
from kg.facts.posts import of_the_court
from kg.facts.steps import TOO_LITTLE, either, presides, segment, steps
from kg.language.spans import DOES_HARM
from kg.model import Fact, Mention

_NEVER = r"(?:never|nearly|almost|not|hardly|n't)"
_CHIEFS = r"(?:the )?(?:NPCC|National Police Chiefs' Council)(?:'s)?|national policing"
#: How somebody goes on who is spoken to.
_TO_YOU = r"(?:I|you|your|we|can|could|do|did|are|is|may|thank|what|why|how|when)\b"
#: What was done to somebody, by whoever is told behind it.
_HARMED = (
    r"\b(?:(?:rap|murder|kill|stabb|knif|abus|assault|attack|strangl|groom|harass|stalk|kidnapp|abduct|robb|punch|molest|batter|bludgeon|mugg"
    r"|assassinat|ambush|terrori[sz])ed|shot|beaten|run over|mown down|bitten|struck|gunned down|set upon)"
)
_KIN = r"(?:mother|father|mum|dad|widow|widower|wife|husband|partner|son|daughter|brother|sister|friend|solicitor|barrister)"
_OFFICERS = rf"(?:{'|'.join(sorted(names.OFFICERS))})s?"
_DEEDS = r"murders?|killings?|deaths?|rapes?|assaults?|attacks?|stabbings?|shootings?|abductions?|abuse"
#: "A, whose father <S> led the force until 2014, is accused of <O>": it is A who is
_WHOSE = (
    rf"\bwhose (?:[\w-]+ ){{0,2}}{_KIN},? (?:[A-Z]\w+ )?<S> [^,;.]+, (?:is|was|has|had|are|were|will|faces?|faced|den(?:ies|ied)"
    rf"|admit\w*|plead\w*|stood|stands|appear\w*|also)\b[^.;]*<O>",
)
#: how a sentence goes on about its own subject after an apposition
_DOES = r"(?:(?:was|were|is|has|had)\b(?! said)|admit|plead|den(?:y|ies|ied)|appear|faces?\b|accept(?:s|ed)\b)"
_PARTS = r"branch|division|wing|arm|committee|region|district|department|section|team|unit|desk"
#: "<S> led the inquiry into officers accused of <O>"
_LOOKS_INTO = (
    r"<S>[^.;]{0,60}\b(?:lead|leads|led|leading|chair(?:s|ed|ing)?|head(?:s|ed|ing)?|ran|runs|running|oversaw|oversees|conduct(?:s|ed|ing)?"
    r"|carried out|worked on)\b[^.;<]{0,40}\b(?:inquiry|enquiry|inquiries|investigations?|probes?|review|operation) into [^.;<]{1,60}"
    r"\b(?:accused|suspected|charged|arrested|convicted|jailed)\b[^.;]{0,60}<O>"
)
_NOT_SO = (
    r"<S>(?: has| had| did| was| is| will| would| have| been|,)*(?:n't| not| never| nearly| almost)(?: been| to| have)* "
    r"(?:be|become|became|take|took|appoint|succeed|replace|made|make|named)\w*",
    rf"{_NEVER} (?:appoint|name|choose|select|elect|confirm|hire)\w* <S>",
)
#: Who is not to have a post after all, or turned it down.
_CALLED_OFF = (
    r"(?:<S>|\b[Hh]e|\b[Ss]he)(?:,? who)? (?:will|would) (?:now not|not(?: now|,? after all,?)?) "
    r"(?:take up|be taking|be the|become|start|join)\b"
    r"|<S>[^.;]{0,30}\b(?:withdrew|has withdrawn|pulled out|turned (?:it|the (?:job|post|role|offer)) down)\b"
)
_TO_POST = r"(?:the )?(?:[\w'-]+ ){0,5}<O>"
#: Who was not given a post: vetoed as chief constable, or passed over for it; and who was only tipped.
_NOT_GIVEN = (
    r"\b(?:veto\w*|reject\w*|turn\w+ down|block\w*|oppos\w+|refus\w+|declin\w+|against (?:naming|appointing|confirming|making|choosing"
    rf"|picking|selecting)) (?:[\w'-]+ ){{0,3}}<S> (?:(?:as|for|to be|becoming) )?{_TO_POST}",
    rf"<S>[^.;<]{{0,40}}\b(?:passed over|overlooked|miss\w+ out|lost out|turned down|failed) (?:to <P> )?(?:for|as|on|in|to) {_TO_POST}",
    r"\bappointment of (?:[\w'-]+ ){0,3}<S> as [^.;]{0,60}<O>[^.;]{0,60}\b(?:called off|cancelled|vetoed|blocked|rejected|withdrawn"
    r"|fell through|fallen through|abandoned|scrapped)\b",
)
_TIPPED = rf"<S>[^.;<]{{0,40}}\btipped (?:as|for|to be|to become) {_TO_POST}"
#: "<S> has never run <O>": neither led nor served in
_NEVER_THERE = (
    r"<S>(?: has| had| did| was| is| does| will| would|,)*(?:n't| not| never)(?: ever| been| to| have)* "
    r"(?:run|ran|le[ad]d?|head|command|chair|manag|serv|work|belong|join|in charge of|part of|a member of)\w*[^.;,]{0,30}<O>",
)
#: "the case of <S>, the force's commissioner said": the post is the speaker's, as no comma closes an apposition
_NEXT_SPEAKER = (
    r"<S>, (?:the|its|their|a|<O>)(?:'s)? (?:police, fire |(?!who\b|whom\b|whose\b|which\b|that\b)[^\s,.;]+ ){1,9}"
    r"(?:said|says|added|told|announced|confirmed|warned|insisted|admitted|claimed)\b",
)
#: What somebody turns down who is offered a post; others decline to comment, or reject what is said of them.
_THE_POST = (
    r"(?:(?:the|an?|his|her|their|this|that) (?:[\w-]+ ){0,2}(?:post|role|job|offer|position|appointment|nomination|chance|invitation"
    r"|opportunity|promotion)|it|to (?:be|become|take|apply|accept|serve|lead|stand|move|join|run))"
)
#: Whoever is succeeded, and whoever ran for a post, does not hold it.
_TAKEN_FROM = (
    r"\b(?:replac\w+|succeed\w*|follow(?:s|ed|ing)?|tak\w+ over from|took over from|beat\w*|stand\w* in for|stood in for|unlike) "
    r"(?:\w+ ){0,2}<S>"
)
_OUT_OF_RACE = (
    rf"<S>[^.;]{{0,40}}\b(?:(?:turned down|declined|rejected) {_THE_POST}|withdr[ae]w\w*|pulled out|in the (?:race|running)|would make"
    r"|might make|applied)\b"
)
#: Before words by which somebody is succeeded: it is still to come, or never will; and behind the name of who is still in post.
_STILL_AHEAD = re.compile(
    r"\b(?:will|would|won['’]t|(?:is|are)(?: (?:due|set|expected|likely))? to|due to|set to)(?: (?:not|then|soon|now|never|formally))? $"
)
_STILL_THERE = re.compile(
    r",? who (?:will|retires|leaves|(?:is|are) (?:to|due|retiring|leaving|stepping|standing)"
    r"|has been (?:(?:its|the) )?(?:chief|commissioner|head|in (?:charge|post|office)))\b"
)
#: A post that somebody is told to hold by the title beside the name, whatever else was sought: "Cole, chief constable of Kent, withdrew".
_HOLDS_IT = re.compile(
    r"<S>(?: [A-Z]{2,4}\b){0,3}, (?:currently |now )?(?:the )?(?:current |present )?(?:chief constable|commissioner|chief) of (?:the )?<O>,"
)
_OUT_OF_POST = (
    r"<S>[^.;]{0,60}\b(?:formerly|previously|once|used to) (?:ran|run|led|lead|headed|head) (?:the )?<O>",
    *_NOT_SO,
    *_NEXT_SPEAKER,
    _OUT_OF_RACE,
    r"\b(?:veto\w*|reject\w*|block\w*|threw out|turned down|withdr[ae]w\w*)\b[^.;]{0,40}<S>",
    _TAKEN_FROM,
    r"<S>[^.;]{0,30}(?:handed over|handed the (?:job|reins)|has retired|had retired|was succeeded|was replaced)",
    r"<S>[^.;,]{0,30}(?:chief constable|commissioner|head|chair) not of <O>",
)
_OF_COURT = (
    r"(?:charge|count|allegation|accus|complain|claim|case|indict|proceed|trial|retrial|hearing|panel|meeting|inquir|investigat|prosecut|notice)"
)
#: "<S> faced a violent <O>", "faced abuse and <O> from colleagues": who faces the deed itself, and no charge of it, suffered it
_FACED = (
    rf"<S>[^.;]{{0,30}}\bfac(?:e|es|ed|ing) (?:(?!{_OF_COURT}|of |on |over |for |jail|prison)[\w'-]+,? ){{0,5}}<O>"
    rf"(?! ?[^.;,]{{0,40}}\b{_OF_COURT})"
)
#: "accused of murdering <S>", but not "the charge of <O> against <S>"
_HARMED_BY_IT = (
    r"(?<!charge of )(?<!charges of )(?<!count of )(?<!counts of )(?<!allegation of )(?<!allegations of )(?<!accusation of )"
    r"(?<!proved )(?<!found )(?<!upheld )"  # "a panel found <O> against <S>"
    # nor "<O> after <S> took cash", "dismissed for <O> had <S> not resigned", "the <O> trial of <S>"
    r"<O>(?: of| on| against)?(?: the| an?| his| her| their)?"
    r"(?: (?!(?:after|when|while|before|because|and|but|as|since|once|until|if|had|unless|though|although|trial|was|is)\b)[a-z-]+){0,2} <S>"
)
#: "the murder of Orr during a <O>", "at risk of suffering <O>", "a trial in which the accused were acquitted of <O>"
_ONLY_BESIDE = (
    r"\b(?:during|in the course of) (?:an? |the |that )?(?:[\w-]+ ){0,2}<O>",
    r"\b(?:suffer\w*|victims? of|survivors? of|at risk of|risk of|fear(?:s|ed)? of|experienc\w+|endur\w+)(?: [\w-]+){0,2} <O>",
    r"\b(?:accused|defendants|men|women|others|suspects|pair|trio|colleagues) were (?:\w+ )?"
    r"(?:acquitted|cleared|charged|convicted|accused|found (?:not )?guilty|jailed)\b[^.;<]{0,30}<O>",
)
_NOT_THE_ACCUSED = (
    _HARMED_BY_IT,
    rf"\b(?:{_DEEDS}) (?:of|on|against)(?: (?!(?:whom|that|who|which)\b)[a-z-]+){{0,3}} <S>",
    rf"<S>,? (?:is |was )?(?:the |an? )?{_KIN} of (?:(?:the|an?)\b|<P>|<O>)(?![^.;,]{{0,40}}, {_DOES})",
    r"<S>[^.;]{0,30}\b(?:married to|partner of|widow of|whose driver|whose (?:son|daughter|brother|sister|husband|wife|partner))\b"
    rf"(?![^.;,]{{0,40}}, {_DOES})",
    r"<S>, (?:for )?whose (?:<O>|(?:murder|killing|death|body)\b)",
    r"<S>'s (?:chief constable|boss|deputy|solicitor|victim|killer|attacker)",
    r"\b(?:not|nor|unlike) <S>",
    # but not "would have been dismissed had <S> not resigned", "if <S> had stayed"
    r"(?:\b[Hh]ad|\b[Ii]f|\b[Uu]nless) <S>"
    r"(?!(?: had| has)?(?:n't| not| still| already)* (?:still\b|been (?:still|serving|in|an?|one)\b|resign|quit|retir|go(?:ne)?\b|left|leav"
    r"|stay|remain|serv))",
    *_WHOSE,
)
_WHO_CHARGES = (
    r"<S>[^.;]{0,60}\b(?:is|was|has been|are|were) (?:investigating|prosecuting)\b",
    r"<S>(?:, [^.;]{0,60},)? (?:charged|arrested|accused) (?:an?|the|two|three|four|<P>)",
)
#: "<S> was one of two officers who arrested a man on suspicion of <O>"
_ARRESTS_OTHERS = (
    r"(?<!was )(?<!were )(?<!been )(?<!and )(?:arrested|detained|stopped|charged) (?:an?|two|three|four|another|the) (?!\w+ later)"
    r"(?:[\w-]+ ){1,4}(?:on suspicion of|for|over|with) (?:\w+ )?<O>"
)
#: "Two men have been jailed for <O> ... <S> was last seen": one who is told of only behind is none of the two
_SEVERAL_BEFORE = (
    r"^(?:(?!<S>)[^.])*\b(?:two|three|four|five|six|seven|eight) (?:[\w-]+ ){0,3}?"
    r"(?:men|women|officers|people|teenagers|youths|boys|girls|brothers|sisters|defendants|constables|detectives|sergeants)\b"
    r"(?:(?!<S>)[^.])*<O>(?:(?!<S>)[^.])*\. <S>,? [^.;]{0,60}\b(?:last seen|died|was (?:killed|murdered|found|stabbed|shot)|missing)\b"
)
#: "A man who harassed <S> was sentenced for <O>": it is the man
_IN_A_CLAUSE = (
    r"^\W*(?:an?|the|another|two|three|four) (?:[\w-]+ ){0,4}(?:man|woman|men|women|officers?|teenagers?|boys?|girls?|constable|detective"
    r"|couple|pair|people|husband|wife|father|mother|son|driver|gang) who (?:(?!<S>)[^.;,]){1,80}<S>[^.;]{0,80}"
    r"\b(?:was|were|has been|have been|is|are|will be|admitted|denied|pleaded|appeared)\b"
)
#: "<P>, who saw <S> run from the shop, was jailed for <O>": it is the one with the clause
_IN_ANOTHERS_CLAUSE = (
    r"^(?:(?!<S>).)*<P>,? (?:\d\d, )?who (?!<S>)(?:(?!<S>)[^.;,]){1,80}<S>(?:(?!<S>)[^.;,]){0,60}, "
    r"(?:is|was|has been|had been|will be|admitted|admits|denied|denies|pleaded|appeared)\b(?!.*<S>)"
)
_HEARD_OF = (
    # what a jury, an inquest or an inquiry has still to weigh, or merely heard
    r"\b(?:asked to consider|(?:will|to|would) (?:look at|consider|examine|investigate|explore)|terms of reference)\b",
    r"\b(?:was|were|been) (?:also )?(?:said|claimed|alleged|suggested|told) that\b",
    r"\b(?:inquest|court|hearing|jury|jurors|tribunal|inquiry) (?:has |have |had |also )*(?:heard|was told|were told)\b",
    r"\bwitness(?:es)? (?:\w+ )?(?:said|described|told|claimed)\b",
)
#: What the police do, or fail to do, about a crime: who "failed to investigate <O>" is not accused of it.
_POLICE_WORK = (
    r"(?:investigat|record|pursu|respon[ds]|handl|deal|logg?|progress|attend|review|disclos|report|inquir|enquir|probe|question|interview"
    r"|arrest|act(?:ed|ing)? (?:up)?on|prosecut|refer|tackl|examin|follow\w* up|pass\w* on|look\w* into|tak\w* seriously)"
)
#: "over <O>" and what stands before it, up to a step of proceedings that may be the person's own
_ON_TO = r"(?:(?!\b(?:charg|accus|convict|guilty|admit|den[iy]|commit|and was|but|jailed|cleared)|<S>)[^.;]){0,70}<O>"
_NOT_DONE_BY = (
    # not "<S> was not investigated for <O>"
    r"<S>[^.;]{0,200}\b(?:fail\w*|neglect\w*|refus\w*|omit\w*|declin\w*"
    r"|(?<!\bwas )(?<!\bwere )(?<!\bis )(?<!\bare )(?<!\bbeen )(?:not|never)"
    r"|(?:did|does|do|had|has|have|could)n't|without|inadequate\w*|poor\w*|slow) (?:(?!(?:be|been|being) )[\w-]+ ){0,6}?"
    rf"{_POLICE_WORK}{_ON_TO}",
    rf"<S>[^.;]{{0,200}}\b(?:mishandl|botch|bungl|mismanag)\w*{_ON_TO}",
    r"<S>[^.;]{0,200}\b(?:her|his|their|<S>'s) (?:[\w-]+ )?(?:handling|investigations?|response|inquir(?:y|ies)|enquir(?:y|ies)|treatment)"
    rf" (?:of|into|to) {_ON_TO}",
)
#: "there was not enough evidence to charge him": the body that decides so charges nobody
_NO_CHARGE = (
    rf"{TOO_LITTLE} (?:charge|prosecute|indict)",
    r"\b(?:insufficient|no|not enough|lack of) (?:\w+ )?evidence[\"'”] to (?:charge|prosecute|indict)",
    r"\b(?:not|n't|never|against|whether|whether or not) (?:to )?(?:charg|prosecut|indict)(?:e|ing)\b",
    r"\b(?:not|n't|never|no longer)(?: be| face| bring| to face)(?: \w+){0,2} (?:charg|prosecut|indict)\w*",
    r"\b(?:no|without) (?:\w+ )?charges?\b",
    r"\basked to consider (?:[\w-]+ ){0,2}(?:charges?|charging|prosecuting|a prosecution)\b",
    r"\b(?:none|neither|nobody|no one|no-one)\b[^.;]{0,40}\b(?:be|been|was|were|face\w*) (?:charg|prosecut|indict)",
    r"\b(?:consider\w*|decid\w*|determin\w*|weigh\w*|asked|advice on|file)\b[^.;]{0,40}\b(?:whether|if)\b",
)
#: "a review of <O> led by <S>": who leads the review leads no force
_LEADS_REVIEW = (
    r"\b(?:review|inquiry|enquiry|investigation|inspection|audit|probe|report|study|assessment)s? (?:of|into|on|at) (?:the )?<O>,? "
    r"(?:which |that )?(?:(?:is|was|being|to|be|will|has|been) )*(?:led|headed|chaired|run|overseen|commissioned|ordered|written) by\b",
)
#: Who chairs a misconduct panel leads neither the force nor the watchdog that the sentence is about.
_CHAIRS_PANEL = (
    r"\b(?:[Pp]anel|[Hh]earing|[Tt]ribunal)\b[^.;<]{0,25}\bchaired by "
    r"(?:(?!\b(?:[Cc]hief|[Cc]ommissioner)\b)[^.;<]){0,40}<S>(?!,? (?:of|from|at) )",
    r"\blegally[ -]qualified (?:panel )?(?:chair|person)\b[^.;<]{0,25}<S>(?!,? (?:of|from|at) )",
)
#: A review that is only wanted, or refused.
_NOT_ORDERED = (
    r"\b(?:rul\w+ out|refus\w+|reject\w+|resist\w+|declin\w+|thr[eo]w\w* out|turn\w* down|vot\w+ down|no need for)\b[^.;]{0,40}<S>",
    r"<S>[^.;]{0,60}\b(?:refused|rejected|ruled out|turned down|thrown out|voted down)\b",
)
_WANTED = (
    r"\b(?:call\w* (?:again )?for|demand\w*|want\w*|press\w* for|campaign\w* for|petition\w* for|lobb\w+ for|push\w* for)\b[^.;]{0,40}<S>"
)
_NOT_HELD = (*_NOT_ORDERED, _WANTED)
#: "the mother of <O>"; "<O> was later acquitted of rape": it is he who was accused
_NOT_THE_VICTIM = (
    rf"(?:\b{_KIN}|<P>) of <O>",
    # the day of another crime
    r"\b(?:months?|years?|weeks?|days?|hours?) (?:after|before) (?:the|an?) (?:[\w-]+ ){0,4}(?:murder|killing|death|shooting|stabbing) of "
    r"(?:[\w-]+ ){0,3}<O>",
    r"<O>,? (?:who )?(?:was|were|is|has been|had been) (?:\w+ ){0,2}(?:acquitted|cleared|charged|convicted|found (?:not )?guilty)\b",
)
_NO_DENIAL = (
    r"\bchang\w+ (?:his|her|their) pleas? to guilty\b",
    r"\b(?:did not|didn't|does not|never) den(?:y|ied) (?:the |an? )?<O>",
    r"\b(?:no longer|not|no|never) (?:\w+ ){0,3}case for (?:an? |the )?(?:\w+ )?<O>",
    r"\bnot only (?:charged with|accused of|arrested for) <O>",
)
#: "X was convicted of theft and <P> of <O>"
_GAPPED = (r"(?:<P>|(?-i:\band [A-Z][\w'-]+(?: [A-Z][\w'-]+)+)),? (?:of|with) (?:\w+ )?<O>",)
#: Somebody is told to go, and has not gone yet.
_TOLD_TO_GO = (
    r"\b(?:call(?:s|ed|ing)? (?:again )?(?:on|for)|urg\w+|ask(?:s|ed|ing)?|tell(?:s|ing)?|told|press\w*|want(?:s|ed|ing)?|invit\w+|begg?\w+"
    r"|order\w*|advis\w+|encourag\w+) <S>,? (?:[^<>.;,]{0,40}, )?(?:\w+ ){0,2}to (?:resign|quit|step|stand|go|leave|retire|consider)\b",
)
#: "convicted of manslaughter rather than <O>"
_NOT_OF_THIS = (
    r"(?:\b(?:rather than|instead of|as opposed to|but not|and not|not guilty)|, not)"
    r"(?: (?:of|for|the|an?|any|that|more|less|serious|lesser|graver|original|charges?|counts?|offences?))* <O>",
    r"\((?:but )?not (?:of )?<O>\)",
)
_ONE = r"(?:he|she|they|<S>)"
#: predicate -> patterns; "proposed" rows of a predicate under its name and the status
VETOES: dict[str, tuple[re.Pattern[str], ...]] = {
    predicate: tuple(re.compile(pattern, re.I) for pattern in patterns)
    for predicate, patterns in {
        "headOf": (
            rf"^<S>: [^.;]{{0,60}}\b{_TO_YOU}[^.;]*<O>",
            r"\b(?:local|regional|county|(?:a|the) branch of (?:the )?) ?<O>",  # of a part of it
            r"<S>[^.;<]{0,60}\bhead of (?!(?:the )?<)[a-z][^.;<,]{0,40} (?:for|at|in|with) (?:the |a )?(?:[\w-]+ ){0,3}<O>",
            *_OUT_OF_POST,
            *_NEVER_THERE,
            *_LEADS_REVIEW,
            *_CHAIRS_PANEL,
            *_NOT_GIVEN,
            _TIPPED,
            r"<S>, (?:her|his|their|whose) (?:deputy|assistant|driver|predecessor|spokes\w+|solicitor)\b",
            rf"<S>[^.;]{{0,50}}\b(?:{_PARTS}) of (?:the )?<O>",
        ),
        **dict.fromkeys(
            ("headOf proposed", "holdsRole proposed", "appointedBy proposed", "succeeds proposed"), (*_NOT_SO, *_NOT_GIVEN, _CALLED_OFF)
        ),
        "servesIn": _NEVER_THERE,
        "commissionerFor": _OUT_OF_POST,
        "appointedBy": (
            r"<O>[^.;<]{0,60}\b(?:did not|didn't|refused to|declined to|never|voted against|vetoed|blocked|rejected)\b",
            r"<O>(?:,? who)? (?:was|is|has been|had been) (?:appointed|named|chosen|selected|hired) by (?:[\w-]+ ){0,4}<S>",
        ),
        "succeeds": (
            r"<S> (?:did not|didn't|never|will not|won't)",
            r"<S>[^.;]{0,30}(?:handed over|gave way|passed the (?:job|reins))[^.;]{0,12}to <O>",
            r"successor but \w+, (?:[^<>.;]{0,30})?<S>",
            r"<S>,? (?:the )?predecessor (?:of|to) <O>",
            r"<S> followed <O> into",
            r"<P>'s (?:[a-z]+ ){0,2}(?:predecessor|forerunner),?(?: [^<>.;]{0,30})? <O>",  # somebody else's
        ),
        "resignedFrom": _TOLD_TO_GO,
        "retiredFrom": _TOLD_TO_GO,
        # "would have been dismissed had he not already resigned", "if he hadn't quit": so he did
        **dict.fromkeys(
            (f"{left} {status}" for left in ("resignedFrom", "retiredFrom") for status in ("denied", "hypothetical")),
            (
                rf"\bhad {_ONE} not\b",
                rf"\bif {_ONE} had(?: not|n't)\b",
                r"\b(?:powerless|unable) to (?:stop|prevent|block) (?:M\w+ )?<S>|\bcould(?:n't| not) (?:stop|prevent|block) (?:M\w+ )?<S>",
            ),
        ),
        "dismissedFrom denied": (r"\b(?:urged|asked|told|called on|pressed|under pressure) to (?:sack|dismiss|fire)\b",),
        "convictedOf denied": (
            # nothing in the sentences undoes or denies it
            r"^(?!.*(?:\b(?:not?|never|nor|neither|without|none|nobody)\b|n't|clear|acquit|quash|overturn|unsafe|appeal|innocen|exonerat|undo"
            r"|set aside|void|annul|pardon|wrong|false|miscarriage|den(?:y|ies|ied)|retrial|thrown|threw|drop|discontinu|collaps|reject"
            r"|fail|abandon|withdr|walk(?:ed|s)? free|hung|unable|reversed|lifted|struck|discharg)).*$",
            r"^(?:Was|Were|Is|Are|Did|Has|Have|Should|Could|Can)\b[^.!]*\?$",
        ),
        "holdsRole": (
            *_NEXT_SPEAKER,
            *_NOT_GIVEN,
            _TIPPED,
            # "<S>: The minister told us", "<S>: Chief constable, you": a speaker of a transcript, who tells of that one or addresses them
            r"^<S>: (?:[Tt]he|[Mm]y|[Oo]ur) (?:\w+ )?<O> (?!of\b|for\b|at\b|in\b|and\b)\w",
            rf"^<S>: <O>, {_TO_YOU}",
            r"<S>[^.;<]{0,60}\bborn\b[^.;<]{0,40} to (?:an?|the) [^.;]{0,60}<O>",  # what the parents were
            r"\b(?:candidate|nominee|contender|applicant|choice)s? (?:for|to be|as)(?: the| its| their| his| her| an?| next| new)* <O>",
            # "a staff officer to the ex-chief constable"
            r"\b(?:officer|aide|advis[eo]r|assistant|secretary|deputy|bodyguard) (?:to|of) (?:the|an?|its|their) "
            r"(?:(?:ex|former|then|late|previous)[ -])?<O>",
            r"\b(?:driver|bodyguard|solicitor|lawyer|spokes\w+) (?:to|of|for) (?:the|an?|its|their) "
            r"(?:(?:ex|former|then|late|previous)[ -])?<O>",
            # who is sacked by the chief constable is none
            r"<S>[^.;]{0,40}\b(?:was|were|been|is|are|being) (?:\w+ly )?(?:dismissed|sacked|fired|suspended|appointed|named|chosen|praised"
            r"|told|warned|disciplined|interviewed|commended|thanked|criticised|met|questioned) by (?:the |its |his |her |their )"
            r"(?:\w+ )?<O>",
        ),
        "memberOf": (
            rf"^<S>: [^.;]{{0,60}}\b{_TO_YOU}[^.;]*<O>",
            # whoever leads for all forces is of any: the article's own does not follow
            rf"(?:^|[.!?:] )[^.;<]*<S>,? (?:who (?:is|was) )?(?:the )?(?:{_CHIEFS}) (?:\w+ )?lead\b(?![^.;]*<O>)",
            rf"(?:^|[.!?:] )[^.;<]*\b(?:{_CHIEFS}) (?:\w+ )?lead\b[^.;<]*<S>(?![^.;]*<O>)",
            r"(?:'s|\b(?:its|their|our)) (?:joint )?(?:work|partnership|operations?|co-?operation|links?|talks|deal) with (?:the )?<O>",
            *_NEXT_SPEAKER,
            *_LEADS_REVIEW,
            *_CHAIRS_PANEL,
            rf"\b{_KIN} of an? (?:\w+ ){{0,5}}<O>",
            r"\b(?:our|her|his|their|my) (?:\w+ )?(?:colleagues|friends|partners|neighbours|counterparts) (?:in|at|from|of) (?:the )?<O>",
            r"<S>[^.;]{0,50}\b(?:applied to (?:be|join)|would (?:join|like to join|love to join)|(?:did not|never|refused to) join)"
            r"[^.;]{0,50}<O>",
            r"<S>[^.;,]{0,30} not of <O>",
            r"\b(?:applied|applying|applications?) (?:unsuccessfully )?to (?:join )?(?:the )?<O>"
            r"(?![^.;]{0,60}\b(?:joined (?:it|in|as|the)|recruited|accepted)\b)",
            r"\bfail\w* (?:to pass )?(?:the |police )?vetting (?:at|for|by|with) (?:the )?<O>",
            r"^(?:(?!<S>).)*<P>,? (?:[^,.;<]{1,20}, )?who (?!<S>)[^.;,<]*<O>(?:(?!<S>)[^.;])*<S>",  # it is he who belongs to it
            r"<S>[^.;]{0,30}\b(?:was|were|been|is) (?:reported|handed over|known|returned|extradited) to <O>",
            r"<S>'s (?:\w+ ){0,2}\w+, <P>,? [^.;<]{0,40}<O>",
            r"\b(?:image|picture|pic|photo|photograph|credit)s? ?: ?(?:the )?<O>",  # whose picture it is
            r"<S> (?:told|wrote to|complained to|appeared before) (?:the )?<O>(?!'s)",
            r"\b(?:ran|runs|fled|flees|escap(?:ed?|es|ing)|abscond(?:ed|s)?|walked|missing|vanished|discharged) from (?:the )?<O>",
        ),
        "dismissedFrom": (
            r"\b(?:quit|resign\w*|retire[sd]?|left|leaves?|went|gone|stepped down|stood down|step\w*|jump\w*)\b[^.;]{0,60}?\bbefore "
            r"(?:being|(?:he|she|they|<S>) (?:was|were|could be|can be|would be)) (?:\w+ )?(?:sacked|dismissed|fired|kicked out|pushed)",
            r"<S>[^.;]{0,30}\b(?:avoid\w*|escap\w+|spared|surviv\w+|fac(?:es|ed|ing)) (?:\w+ )?(?:dismissal|the sack)",
            r"\b(?:dismissed|sacked|fired)\b[^.;]{0,200}\b(?:(?:be|been|was|were) reinstated"
            r"|w[io]n(?:ning)? (?:an|his|her|their) (?:appeals?|jobs? back))\b",
            r"<S>[^.;<]{0,100}\b(?:allowed|permitted|able|free) to (?:keep|remain|stay|return|continue)\b",
            r"<S>[^.;<]{0,100}\b(?:kept|keeps|keep) (?:his|her|their) jobs?\b",
            r"\b(?:case|charges?|claims?|appeals?|allegations?|complaints?)\b[^.;]{0,60}\b(?:was|were|is|are|been) dismissed",
            r"\b(?:case|charges?|claims?|appeals?|allegations?|complaints?|prosecution|application|evidence)(?: against [^.;,]{1,40})? "
            r"(?:was|were|is|are|has been|have been|had been) (?:\w+ly |later |also )?(?:thrown|tossed|kicked) out\b(?! of the force)",
        ),
        "suspendedFrom": (r"\b(?:lift\w*|revok\w*|rescind\w*|end(?:s|ed)|overturn\w*) [^.;]{0,20}\bsuspension",),
        "residesIn": (
            r"<O>(?:,? [A-Z]\w+)* & |<O> (?:and \w+ )?(?:Solicitors|LLP|Chambers|Ltd)\b",
            # where somebody serves is not where they live
            r"\b(?:W?PC|DC|DS|DI|DCI|PCSO|officer|detective|constable|sergeant|inspector|superintendent|commander|commissioner|coroner)s?"
            r" (?:based |stationed |serving )?(?:in|at|for) (?:the )?<O>",
        ),
        "sentencedTo": (
            *_NOT_THE_ACCUSED,
            _IN_ANOTHERS_CLAUSE,
            _IN_A_CLAUSE,
            # but not "in May <S>", "a man called <S>"
            r"\b(?:wants?|urg\w+|ask\w+|call\w* (?:again )?(?:on|for)|could|(?-i:may)|might|faces?|facing|if convicted|would)\b"
            r"[^.;]{0,60}<S>",
            # nor "<S> found misconduct, but not gross misconduct", "<S> said he would not resign", "would have been dismissed"
            r"<S>[^.;]{0,40}\b(?:could|(?-i:may)|might|faces|facing|(?<!he )(?<!she )would(?! have been (?:dismissed|sacked))|should"
            r"|(?<!but )(?<!would )not|never)\b",
            r"\b(?:told|warned|can|should|must)\b[^.;]{0,40}\bexpect\b|\b(?:is|was|are) inevitable\b",
        ),
        "chargedBy": _NO_CHARGE,
        "chargedBy denied": (r"<S> (?:should|must|ought to) be (?:charged|prosecuted|summonsed)\b",),
        # who suspends or refers somebody is not looked into for it
        **dict.fromkeys(
            ("investigatedBy", "referredTo"),
            (
                r"<S>,?(?: (?:has|had|have|also|then|said|says|<S>))* (?:suspended|referred|took the decision to suspend)"
                r"(?! (?:its|their|<S>(?:'s)?) (?:own )?(?:\w+ )?(?:contact|dealings?|response|handling|conduct|actions|treatment)\b)"
                r"(?: (?:[^<>.;]|<O>){0,40})? <P>",
                r"\b(?:complaints?|allegations?|concerns?|claims?|report) (?:made |raised |lodged )?(?:by|from) (?:[\w-]+ ){0,3}<S>",
                # whom the police dealt with, or who died, is not the one looked into
                r"\b(?:contact|interactions?|dealings) (?:between [^.;]{1,60} and|with|that [^.;]{1,40} had with) "
                r"(?:the late |Mr |Mrs |Ms |Miss |Dr )?<S>",
                r"\b(?:deaths?|arrest|detention|treatment|care|custody|pursuit|restraint|killing|murder|shooting) of "
                r"(?:the late |Mr |Mrs |Ms |Miss |Dr )?<S>",
                r"\binto <S>'s death\b",
                rf"\b{_OFFICERS} (?:who|that) (?:(?!{_OFFICERS})[^.;,<]){{1,50}} (?:Mr |Mrs |Ms |Miss |Dr )?<S>(?! who)",
                r"\b[Nn]o (?:further )?<O> (?:action|investigation|inquiry|probe)\b",
                r"\b(?:investigat\w+|inquiry|probe) into (?:an?|the) (?:\w+ )?(?:man|woman|boy|girl|teenager|prisoner|detainee|patient)'s "
                r"death\b",
                r"<O>[^.;<]{0,80}\b(?:has|have|had|was|were) (?:also )?(?:been )?(?:told|informed|notified|made aware)\b",
            ),
        ),
        "triedAt": (
            _IN_ANOTHERS_CLAUSE,
            # "Leeds Crown Court judge <S>", but not "at Leeds Crown Court on Friday after <S> admitted"
            r"<O>(?:'s)?(?: (?!on|after|when|where|as|that|before|while|because|since|but|and|if"
            r"|convicted|jailed|sentenced|found|heard|cleared|acquitted|fined|gave|banned|ordered|remanded)[a-z-]+){0,2} <S>",
            *_NOT_THE_ACCUSED[1:],
            _IN_A_CLAUSE,
            r"\b(?:on|by|despite|because of) the (?:[\w-]+ )?(?:word|evidence|testimony|lies|statements?|say-so) of [^.;<]{0,40}<S>",
            # who claims something there is not tried
            r"<S>[^.;]{0,100}\b(?:lodged|brought|filed|won|lost|settled|withdrew|launched|pursuing|bringing) "
            r"(?:an? |the |her |his |their )?(?:[\w-]+ ){0,2}(?:claims?|case|action|lawsuit)\b",
            r"\b(?:damages|injunction|constructive(?:ly)? dismiss\w+|unfair(?:ly)? dismiss\w+|discrimination)\b",
            # somebody else whom the text does not name
            r"^(?:(?!<S>).)*\bthe (?:man|woman|boy|girl|teenager|suspect|motorist|driver|pair|couple) (?:was|were|had|has|went|appeared"
            r"|stood|denied|admitted|pleaded)\b(?:(?!<S>)[^.;])*<O>",
            r"(?:<P>|(?:Mr|Mrs|Ms|Miss) [A-Z][\w-]+)'s (?:[a-z]+ )?(?:trial|retrial|hearing|case) (?:at|in|before) (?:the )?<O>",
            r"^(?:(?!<O>).)*\b(?:outside|near|opposite|behind|beside|steps of) (?:the )?<O>(?:(?!<O>).)*$",  # a place, not a hearing
            r"<S>[^.;]{0,20}\b(?:did not|didn't|failed to|never) (?:appear|attend)",
        ),
        "offenderAgainst": (
            *_NOT_THE_ACCUSED,
            *_NOT_THE_VICTIM,
            r"<O>[^.;<]{0,20}\b(?:was|were|had been)(?: not|n't| never) (?:\w+ly )?"
            r"(?:murder|kill|rap|stabb|shot|attack|assault|strangl|harm)\w*",
            r"<S>[^.;]{0,120}\b(?:to|for|with|by) (?:the |his |her )?(?:killers?|murderers?|attackers?|rapists?) of (?:[\w-]+ ){0,4}<O>",
            r"<S>,? [^.;<]{0,30}\b(?:cleared|acquitted|found not guilty)\b"
            r"(?![^.;]{0,120}\b(?:convicted|guilty|jailed|admitted|sentenced)\b)",
            r"<S>[^.;]{0,120}\b(?:cleared|acquitted|not guilty)\b[^.;]{0,60}\b(?:handl|assist|pervert|conceal|dispos)\w+ [^.;]{0,80}<O>",
        ),
        "triedAt proposed": (
            r"<O> (?:has |had )?(?:heard|was told)\b",
            r"\b(?:can|could|may|might|right to|entitled to|wants? to|plans? to|intends? to) appeal\b[^.;]{0,60}<O>",
        ),
        "offenderAgainst denied": _NOT_THE_VICTIM,
        "examines": _NOT_HELD,
        "ledBy": (*_NOT_HELD, rf"\b(?:{_DEEDS}) of [^.;]{{0,40}}\bby <O>"),
        "commissionedBy denied": (
            rf"<O>(?!,? (?:\w+ ){{0,3}}(?:turned down|rejected|refused|ruled out|dismissed|resisted)\b)[^.;]{{0,20}}{_WANTED}",
        ),
        "commissionedBy": (
            *_NOT_ORDERED,
            r"(?<!ordered and )(?<!commissioned and )(?<!requested and )"
            r"\b(?:carried out|conducted|undertaken|led|chaired|written|done) by (?:the )?<O>(?! (?:at|on) the (?:request|orders?) of)",
        ),
        "convictedOf": (
            _IN_ANOTHERS_CLAUSE,
            _LOOKS_INTO,
            r"<P> (?:told|argued|submitted|suggested|claimed|alleged)\b[^.;]*\bthat\b[^.;]*\bamount\w* to (?:an? )?<O>",  # no panel
            *_NOT_THE_ACCUSED,
            _IN_A_CLAUSE,
            _SEVERAL_BEFORE,
            *_ONLY_BESIDE,
            *_GAPPED,
            *_NOT_OF_THIS,
            *_NOT_DONE_BY,
            r"<O>(?:(?!\b(?:but|and|while|though)\b)[^.;<]){0,60}\b(?:lie|lying|left|remain\w*|rest) on (?:the )?(?:court )?file\b",
        ),
        "accusedOf": (
            *_NOT_THE_ACCUSED,
            _LOOKS_INTO,
            r"\bon the (?:strength|basis|evidence|back) of (?:\w+ )?<O>",
            r"\b(?:Had|If|Unless) <S>",
            _IN_ANOTHERS_CLAUSE,
            _IN_A_CLAUSE,
            _ARRESTS_OTHERS,
            *_ONLY_BESIDE,
            *_WHO_CHARGES,
            *_GAPPED,
            *_NO_DENIAL,
            *_NOT_DONE_BY,
            _FACED,
        ),
        # "<O> saw her at the trial of <P>, who was convicted of murdering his wife <S>": she is the wife of <P>
        "relativeOf": (
            r"\bpartners?[- ]in[- ]crime\b",
            r"\b(?:crew|sparring|shift|training|patrol|dance|running) partners?\b",
            *(
                pattern
                for one, other in (("<O>", "<S>"), ("<S>", "<O>"))
                for pattern in (
                    rf"{one}.*<P>,? who\b[^.;<]*\b(?:his|her) (?:[\w-]+ ){{0,2}}{_KIN},? {other}",
                    rf"<P>(?:,? (?:aged )?\d+,?| \(\d+\))? and (?:his|her) (?:[\w-]+ ){{0,2}}{_KIN},? {other}",
                    rf"{one}, (?:for|defending|representing|mitigating|prosecuting)\b.*\b(?:his|her) (?:[\w-]+ ){{0,2}}{_KIN},? {other}",
                )
            ),
        ),
        "victimOf": (
            rf"{_HARMED} by (?:(?:an?|the|his|her|their|\w+'s) )?(?:[\w-]+ ){{0,4}}<S>",  # who did it
            rf"<O> (?:the|his|her|an?) {_KIN} of <S>",
            r"<S>[^.;]{0,20}\b(?:might|may|could) have been\b",
            r"<S>[^.;]{0,20}\b(?:was|were|has|had)(?: not|n't| never)\b",
            # "a report that <S> had assaulted two colleagues": the deed is told of him, not against him
            r"<S> (?:had|has|have)(?: \w+ly)? (?:<O>|(?:assault|attack|rap|kill|murder|stabb|abus|harass|stalk|grop|punch|robb|kidnapp)ed"
            r" (?!by\b|at\b|in\b|on\b|and\b|to\b))",
        ),
        "respondsTo": (
            r"<S>[^.;]{0,20}(?:\bnot|n't)(?: yet)? (?:said|say|respond\w*|repl\w+|answer\w*|comment\w*)",
            r"<S>[^.;]{0,20}\b(?:(?:declin|refus)\w+ to (?:say|comment|respond|reply|answer)|yet to (?:say|comment|respond|reply|answer))",
            r"\bannouncing (?:the |an? |his |her )?(?:[\w-]+ ){0,3}<O>",  # who announces a review answers nothing
        ),
        "funds": (r"<O> (?:was|is|were|are|will be|has been|have been) (?:\w+ )?(?:paid for|funded|financed) by (?!(?:the )?<S>)",),
        **dict.fromkeys(("finds", "finds denied"), _HEARD_OF),
        # "is one of 22"; "The 32-year-old stabbed": that a name stands before it makes nobody the one who did
        "age": (r"\b(?:one|two|three|some|all) of <O>", rf"\bthe <O>{DOES_HARM.pattern}"),
        "said": (
            r"<S>[^.;]{0,80}\bwas told:? [\"“]",
            # said of somebody, not by them
            r"<S> (?:is|was|were|has been|had been|have been) (?:\w+ly )?(?:judged|deemed|described|considered|assessed|branded|labelled"
            r"|called|dubbed|rated|found)\b[^.;\"“<]{0,40}[\"“]",
        ),
    }.items()
}


#: What is grave.
_GRAVE = frozenset("accusedOf convictedOf sentencedTo offenderAgainst dismissedFrom suspendedFrom".split())


_CLIENT = re.compile(
    r"\b(?:client|defending|mitigating|representing|prosecuting|told|said|added|submitted|argued)\b[^.]*\b(?:his|her)\b", re.I
)


def _speaks_in_court(context: Context, fact: Fact) -> bool:
    """Whether a lawyer or judge is charged only as "he" or "she": the pronoun is somebody else's, most likely the defendant's.

    So is the wife in "Her solicitor Ian Orr said that his client had apologised to his wife Ann".
    """
    if fact.predicate == "relativeOf":
        text = context.document.text[slice(*fact.evidence)]
        ends = (fact.subject, fact.object)
        return any(isinstance(i, int) and of_the_court(context, i) for i in ends) and _CLIENT.search(text) is not None
    if fact.predicate not in _GRAVE or not of_the_court(context, fact.subject):
        return False
    return not any(i == fact.subject and m.kind == "name" for m, i in context.starting_in(*fact.evidence))


#: What lawyers and judges do in court.
_SPEAKING = re.compile(r"<O>,? (?:told|said|says|added|asked|described|explained|outlined|sentenc|jail|prosecut|defend|mitigat|represent)")


def _harms_the_court(context: Context, fact: Fact) -> bool:
    """Whether the one who is said to be harmed is a lawyer or judge who speaks of the case: "prosecutor <O> told the court of <S>"."""
    if fact.predicate not in {"offenderAgainst", "victimOf"}:
        return False
    harmed = fact.object if fact.predicate == "offenderAgainst" else fact.subject
    if not isinstance(harmed, int) or not of_the_court(context, harmed):
        return False
    told = fact if fact.predicate == "offenderAgainst" else replace(fact, subject=-1, object=harmed)
    return _SPEAKING.search(_ends_marked(context, told)) is not None


#: What those do to others who decide on their cases: "Assistant Chief Constable <P> dismissed the officer".
_METES_OUT = re.compile(
    r"(?:,? (?:who|has|had|then|also|later|yesterday|today|formally|immediately))*"
    r" (?:dismissed|sacked|fired|suspended|sentenced|jailed|fined|convicted|acquitted|cleared)"
    r" (?:the (?:officer|constable|sergeant|inspector|detective|pair|two|three|men|man|woman|defendant|former)"
    r"|him|her|them|both|all|PCs?|Sgt|DC|Mr|Mrs|Ms|Miss)\b"
    r"|,? found (?:the|all|these|those|each)(?: of the)? (?:\w+ )?(?:allegations?|breach(?:es)?|case|charges?|matters?)"
    r" (?:proven|proved|to be)\b",
)


def _decides(context: Context, fact: Fact) -> bool:
    """Whether the one who is said to be dismissed, convicted or sentenced is told to have done that to others, or to have presided."""
    return fact.predicate in _GRAVE | {"resignedFrom"} and fact.subject in context.once(_deciding)


def _deciding(context: Context) -> frozenset[int]:
    text = context.document.text
    named = ((m, i) for m, i in context.of_types("Person") if m.kind == "name")
    return frozenset(i for m, i in named if _METES_OUT.match(text, m.end) or presides(text, m))


def _of_either(context: Context, fact: Fact) -> bool:
    """Whether the sentence with the offence has the accused by a pronoun only, after the name of somebody else who may be meant."""
    if fact.predicate not in {"accusedOf", "convictedOf"} or fact.status == "denied" or not isinstance(fact.object, int):
        return False
    offences = [context.span(m) for m, i in context.starting_in(*fact.evidence) if i == fact.object]
    return any(len(span) and either(context, fact.subject, span.start) for span in offences[:1])


#: Words by which a paper tells what it said before, and those by which it takes that back.
_SAID_BEFORE = re.compile(
    r"\b(?:we (?:had )?(?:\w+ )?|(?:an )?earlier versions? "
    r"|an? (?:\w+ )?(?:report|story|headline|article|item|piece|caption|obituary) (?:last|on|in|of|from|headed|about|published) "
    r"|(?:this|the|our) (?:paper|report|story|article|headline|caption|obituary)s? )"
    r"[^.;:]{0,120}?\b(?:said|stated|reported|wrote|named|quoted|gave|described|suggested|identified)\b",
    re.I,
)
_TAKEN_BACK = re.compile(
    r"\bcorrect(?:ions?|ed)\b|\bclarif|\bapologi[sz]e|\bsorry\b|\bearlier version\b|\bin fact\b|\b(?:put|set) (?:this|that|it) right\b",
    re.I,
)
_EVENTS = _GRAVE | frozenset(
    """chargedBy investigatedBy referredTo triedAt victimOf resignedFrom retiredFrom appointedBy succeeds said commissionedBy headOf
    reports""".split()
)


def _corrected(context: Context, fact: Fact) -> bool:
    """Whether the row is what a correction takes back: "Correction: last week we said that <S> had been dismissed. He has not"."""
    if fact.predicate not in _EVENTS or fact.status == "denied":
        return False
    text = context.document.text
    start, end = text.rfind("\n", 0, fact.evidence[0]) + 1, text.find("\n", fact.evidence[1])
    said = _SAID_BEFORE.search(text, start, end if end >= 0 else len(text))
    if said is None or fact.predicate == "said" and not said.group().lower().endswith("quoted"):
        return False
    first, last = segment(context, context.tokens_in(said.start(), len(text))[0])
    if not any(i == fact.subject for _, i in context.starting_in(max(first, fact.evidence[0]), min(last, fact.evidence[1]))):
        return False
    return bool(_TAKEN_BACK.search(text, start, end if end >= 0 else len(text)) or context.once(_corrects))


def _corrects(context: Context) -> bool:
    """Whether the document is a column of corrections, by its first line."""
    return bool(re.match(r"\W*corrections?\b", context.document.text[context.document.body_start :].lstrip(), re.I))


#: Offences that are against nobody: "admitted handling one of the bullets used to kill <S>".
_AGAINST_NOBODY = re.compile(
    r"(?:the )?(?:attempted |conspiracy to |conspiring to |attempting to )?(?:handl|possess|suppl|assist|pervert|conceal|dispos|produc"
    r"|import|smuggl|deal(?:ing)? in|launder|money launder|drink|carry|bribe)\w*",
    re.I,
)


def _harms_nobody(context: Context, fact: Fact) -> bool:
    """Whether somebody is said to be the victim of what is done to no person, or of who is told of there for nothing else."""
    if fact.predicate == "victimOf":
        return isinstance(fact.object, int) and bool(_AGAINST_NOBODY.match(context.chains[fact.object].name))
    told = [m.text for m, _ in context.starting_in(*fact.evidence, "Offence")] if fact.predicate == "offenderAgainst" else []
    return bool(told) and all(map(_AGAINST_NOBODY.match, told))


def _named_after(context: Context, fact: Fact) -> bool:
    """Whether the one who is said to lead a review is told in its name alone, in full: the Ann Cole Inquiry is into what befell her.

    A review that has a surname only, "the Cole Review", is mostly called after who led it.
    """
    if fact.predicate != "ledBy" or not isinstance(fact.object, int):
        return False
    review, person = context.chains[fact.subject], context.chains[fact.object]
    full = [name for name in person.names if names.is_full(name)]
    titled = (of.casefold().removeprefix("the ") for of in review.names)
    if person.type != "Person" or not any(of.startswith(f"{name.casefold()} ") for of in titled for name in full):
        return False
    return "<O>" not in _ends_marked(context, fact)


#: "..., prosecutors told <O>", "<O> heard that", "<S> told jurors", "<S> is in the witness box"
_HEARD_THERE = re.compile(
    r"\b(?:told|heard at|heard in) (?:the |a jury at )?<O>|<O> (?:has |had |also )?(?:heard|was told)\b"
    r"|<S>,? (?:[^.;<]{0,40},? )?(?:told|tells) (?:the |a )?(?:jury|jurors|court|judge|tribunal|magistrates)\b"
    r"|<S>[^.;]{0,60}\b(?:witness (?:box|stand)|g[ai]v(?:e|es|ing) evidence)\b"
    r"|^(?:(?!<S>).)*\b(?:court|jury|jurors|judge|hearing|tribunal) (?:(?:has|had|have|also|was|were|then|earlier) )*(?:hear[ds]?|told) "
    r"(?:that |how )(?:(?!<S>)[^.;])*<S>",
    re.I,
)


def _only_heard_of(context: Context, fact: Fact) -> bool:
    """Whether somebody of whom a court only hears is said to be tried there, to whom no step of proceedings is told to have happened."""
    if fact.predicate != "triedAt" or fact.subject in context.once(_proceeded_against):
        return False
    return fact.subject in context.once(_witnesses) or _HEARD_THERE.search(_ends_marked(context, fact)) is not None


#: What witnesses do, behind their names.
_TESTIFIES = re.compile(
    r"(?:,? [^.;,]{1,30},)?(?: has| had| was| is)? (?:(?:back |now |still )?in the witness (?:box|stand)\b|g[ai]v(?:e|es|ing) evidence\b"
    r"|testif(?:y|ies|ied)\b|(?:told|tells) (?:the )?(?:jury|jurors)\b)"
)


def _witnesses(context: Context) -> frozenset[int]:
    """Those who are told to have been in the witness box, who may be defendants, too."""
    text = context.document.text
    return frozenset(i for m, i in context.of_types("Person") if m.kind == "name" and _TESTIFIES.match(text, m.end, m.end + 90))


def _proceeded_against(context: Context) -> frozenset[int]:
    return frozenset(person for step in context.once(steps) for person in step.people)


def _works_in_court(context: Context, fact: Fact) -> bool:
    """Whether a lawyer or judge of the case is said to belong to a force: it is the defendant's."""
    if fact.predicate != "memberOf" or not isinstance(fact.object, int) or context.chains[fact.object].type != "PoliceForce":
        return False
    return of_the_court(context, fact.subject)


def vetoed(context: Context, fact: Fact) -> bool:
    """Whether the row's own sentences speak against it."""
    if _named_after(context, fact) or _harms_nobody(context, fact) or _only_heard_of(context, fact) or _works_in_court(context, fact):
        return True
    if _speaks_in_court(context, fact) or _harms_the_court(context, fact) or _decides(context, fact):
        return True
    if _of_either(context, fact) or _corrected(context, fact) or _unsolved(context, fact):
        return True
    if _no_penalty(context, fact) or _no_trade(context, fact):
        return True
    told = fact.predicate if fact.status in {"asserted", "alleged"} or fact.predicate == "accusedOf" else f"{fact.predicate} {fact.status}"
    patterns = VETOES.get(told, ())
    if not patterns or fact.end:
        return False
    text = _ends_marked(context, fact)
    for pattern in patterns:
        if fact.predicate == "headOf" and pattern.pattern in {_TAKEN_FROM, _OUT_OF_RACE}:
            if any(not _in_post(text, match) for match in pattern.finditer(text)):
                return True
        elif pattern.search(text) and (
            pattern.pattern != _HARMED_BY_IT  # "raping a woman he met": nobody is harmed as "he"
            or pattern.search(_ends_marked(context, fact, frozenset({"he", "she"})))
        ):
            return True
    return False


def _in_post(text: str, match: re.Match[str]) -> bool:
    """Whether somebody who is succeeded, or ran for another post, is still in that of the row: "will take over from Ann Cole"."""
    if _HOLDS_IT.search(text):
        return True
    succeeded = match.re.pattern == _TAKEN_FROM
    return succeeded and bool(_STILL_AHEAD.search(text, max(0, match.start() - 40), match.start()) or _STILL_THERE.match(text, match.end()))


#: How the next sentence goes on that tells of a crime nobody has answered for.
_NOBODY = re.compile(
    r"\s*(?:No[- ]?one|Nobody|None of them) (?:has|have|had|was|were|is) (?:ever |yet |since |been |being )*"
    r"(?:convicted|charged|prosecuted|brought to justice|jailed|tried|held|arrested|caught|found guilty)\b"
)
_DONE_TO = frozenset({"offenderAgainst", "convictedOf", "accusedOf"})


def _unsolved(context: Context, fact: Fact) -> bool:
    """Whether the next sentence says that nobody has been convicted of what the row's own last sentence tells."""
    if fact.predicate not in _DONE_TO or fact.status == "denied" or isinstance(fact.object, str):
        return False
    if _NOBODY.match(context.document.text, fact.evidence[1]) is None:
        return False
    last = context.sentences(*fact.evidence)[-1]
    return not any(i == fact.subject and m.kind == "name" for m, i in context.within(last, "Person"))


def _no_penalty(context: Context, fact: Fact) -> bool:
    """Whether words are read as a sentence that are none, or that of several people together.

    The time that somebody was suspended from work for, or served, a life that was taken, a contract that was extended; "three jailed for
    57 years".
    """
    if fact.predicate != "sentencedTo" or isinstance(fact.object, int):
        return False
    text, (start, end) = context.document.text, fact.evidence
    penalty = re.sub(r"^(?:a )?total of ", "", fact.object)
    at = text.find(penalty, start, end)
    if at < 0:
        return False
    before, after = text[start:at], text[at + len(penalty) : end]
    if _SUSPENDED.search(before) or _IDLE.search(penalty) or _IDLE.match(after) or penalty == "life" and _ONES_LIFE.search(before):
        return True
    if _SERVED.search(before) or _IN_THE_POST.match(after) or _MORE.search(f"{before}{penalty}") and not _PUNISHES.search(text, start, end):
        return True
    return _TOGETHER.search(before) is not None and not _EACH.search(text, start, end)


_SUSPENDED = re.compile(r"\bsuspended (?:from \w+ |on (?:full|half) pay )?(?:for|since) (?:a |about |more than |nearly )?$")
_IDLE = re.compile(
    r"(?:^|.* )(?:off (?:work|duty|sick)|on (?:bail|remand|sick leave|sick|(?:\w+ )?leave|(?:full|half) pay|the (?:beat|run|waiting list))"
    r"|in hospital|in limbo|in uniform|under investigation|waiting|undercover|without (?:work|pay))\b"
)
#: Of a sentence, or in the police.
_SERVED = re.compile(
    r"\b(?:spent|served)(?: (?:for|just|only|about|almost|nearly|over|more than|the (?:next|last)|another|all|some))* (?:an? )?$"
)
_ONES_LIFE = re.compile(r"(?:\b(?:his|her|their|my|your|own|private|public|later|early|real|daily)|['’]s) $")
#: How a contract goes on that is extended, and what is said before it: "given another two years by the authority".
_IN_THE_POST = re.compile(
    r"(?:[-' ’](?:\w+ )?(?:contract|extension|deal|secondment)\b| (?:in|at) (?:the |this )?(?:post|job|role|office|helm|top)\b"
    r"| as (?:\w+ )?(?:chief|commissioner|head))"
)
_MORE = re.compile(r"\b(?:another|further|extra|more|extension|extended)\b")
_PUNISHES = re.compile(
    r"jail|prison|sentenc|custod|court|convict|guilty|detain|detention|serv(?:ed|ing)|bars|judge|magistrate|suspended|crime|offence|warning"
    r"|\bban|order|licence|tariff|inside|\bfor (?:\w+ ){0,2}(?:\w+ing|\w*theft|fraud|perjury|assault|rape|murder|manslaughter|contempt)\b",
    re.I,
)
#: Several people before a penalty that may be the sum of theirs.
_TOGETHER = re.compile(
    r"(?:^|[.\n]\s*)(?:The )?(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d\d?|gang|brothers|family|ring)\b[^.<;\n]{0,60}"
    r"\b(?:jailed|sentenced|imprisoned|locked up|caged|sent to prison)\b[^.;\n]{0,20} (?:for|to) (?:more than |nearly |almost |over )?$"
    r"|\b(?:were|been|jailed for|sentences?) [^.;\n]{0,60}?\b(?:combined|between them|a total of|totalling|together) (?:of )?"
    r"(?:more than |nearly |almost |over )?$",
    re.I,
)
_EACH = re.compile(r"\b(?:each|apiece|both|respectively|was (?:\w+ )?(?:jailed|sentenced|given))\b", re.I)


def _no_trade(context: Context, fact: Fact) -> bool:
    """Whether what somebody did once is read as a role: "getaway driver", "a drunk driver"."""
    if fact.predicate != "holdsRole" or isinstance(fact.object, int) or not fact.object.lower().endswith("driver"):
        return False
    return _AT_THE_WHEEL.search(context.document.text, *fact.evidence) is not None


_AT_THE_WHEEL = re.compile(r"\b(?:drunken|drunk|drink|getaway|speeding|hit[- ]and[- ]run|dangerous)[- ]driver\b", re.I)


def _owns(context: Context, mention: Mention) -> bool:
    """Whether the mention is a possessive pronoun: in "the murder of his sister" he is not the one murdered."""
    return mention.kind == "pronoun" and context.span(mention).root.tag_ == "PRP$"


def _ends_marked(context: Context, fact: Fact, unmarked: frozenset[str] = frozenset()) -> str:
    """The evidence with <S>, <O> and <P> for the people and the row's object, what is paid for, ages and titles among them.

    Mentions by some words may be left as they are.
    """
    text, (begin, end) = context.document.text, fact.evidence
    signs = []
    if fact.predicate in {"funds", "age", "holdsRole"} and isinstance(fact.object, str):
        place = re.compile(re.escape(fact.object), re.I).search(text, begin, end)
        signs += [(*place.span(), "<O>")] if place else []
    for mention, index in context.starting_in(begin, end):
        sign = "<S>" if index == fact.subject else "<O>" if index == fact.object else "<P>" if mention.type == "Person" else ""
        if sign and not _owns(context, mention) and mention.end <= end and mention.text.lower() not in unmarked:
            signs.append((mention.start, mention.end, sign))
    out, at = [], begin
    for first, last, sign in sorted(signs, key=lambda found: (found[0], -found[1])):  # "the Cole Review" before the Cole in it
        if first >= at:
            out += [text[at:first], sign]
            at = last
    return " ".join("".join([*out, text[at:end]]).replace("’", "'").split())

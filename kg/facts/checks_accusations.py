"""What the network takes for an accusation, held against the words of its own sentences: clearing, pleading, denying, dropping."""

from __future__ import annotations

import re
from dataclasses import replace

from spacy.tokens import Span

from kg.facts.claims import alone
from kg.facts.context import NEXT_SENTENCE, Context
from kg.facts.posts import of_the_court
from kg.facts.proceedings import outcomes, steps_in, steps_of, suffered
from kg.facts.steps import segment
from kg.facts.words import base
from kg.model import Fact

_DENIAL = re.compile(
    r"\b(?:clear(?:ed|s|ing)|acquit\w*|den(?:y|ies|ied|ying|ial)|not guilty|not proven|dropp\w+|quash\w*|overturn\w*|withdr[ae]w\w*|"
    r"discontinued|no further action|no case to answer|untrue|unfounded|false|exonerat\w*|never|not|no|without charge)\b",
    re.I,
)
_ACQUITTED = re.compile(
    r"\b(?:acquit\w*|cleared (?!up)|exonerat\w*|found not guilty|not guilty verdicts?|verdicts? of not guilty|not proven|quashed|"
    r"no further action|no case to answer|(?:released|freed) without charge)\b",
    re.I,
)
_CLEARED = re.compile(
    r"\b(?:no further action|(?:released|freed|let go) without charge"
    r"|(?:was|were|been|is|are)(?: \w+ly| later| since| also)? (?:acquitted|cleared|exonerated|found not guilty)"
    r"|found (?:him|her|them) not guilty|(?:acquitted|cleared) (?:him|her|them)"
    r"|(?:case|charges?|trial|prosecution) (?:against (?:him|her|them) )?"
    r"(?:(?:was|were|has been|have been) (?:dropped|discontinued|withdrawn|dismissed|thrown out)|collapsed)"
    r"|(?:threw|throws|has thrown) (?:out (?:the|his|her|that) (?:case|charges?)|(?:the|his|her|that) (?:case|charges?) out)"
    r"|(?:the )?evidential test (?:was|is|had) not (?:been )?met|(?:matter|case|complaint) (?:went|goes|was taken) no further"
    r"|(?:w(?:ould|ill) not|wouldn['’]t|won['’]t|not to|was not|wasn['’]t) (?:be )?(?:charged|prosecuted)"
    r"|(?:been|was|were|be) given (?:his|her|their) jobs? back|(?:got|gets|won|wins) (?:his|her|their) jobs? back"
    r"|regarded as innocent|told (?:that )?(?:he|she)(?: had|['’]d) done nothing wrong|eliminated from|without a stain"
    r"|no charges? (?:was|were|would be|will be)(?: ever)? brought|(?:would|will|is to|was to) be no (?:criminal )?charges?"
    r"|(?:not enough|insufficient|no|too little)(?: \w+){0,2} evidence (?:to (?:charge|prosecute) (?:him|her)|against (?:him|her))"
    r"|not to (?:charge|prosecute) (?:him|her)|not to bring (?:one|a charge|charges)"
    r"|(?:face[sd]?|facing|take|taken|took) no (?:(?:further|criminal|disciplinary|police) )*action|no action (?:would|will) be taken"
    r"|no (?:\w+ )?(?:action|proceedings) (?:was|were|has been|have been) (?:taken|brought|begun)"
    r"|face neither|(?:had|has|have|was|is|there was) no case (?:for (?:him|her) )?to answer"
    r"|there (?:is|was) (?:insufficient|not enough) evidence"
    r"|offered no evidence|no evidence was offered|(?:formal )?not guilty verdicts?|verdicts? of not guilty"
    r"|(?:it|that|this|neither|which|allegations?) (?:was|were) (?:found )?not prove[dn]"
    r"|(?:found (?:it|the \w+)|\bthe (?:case|charges?|verdict)(?: of the jury)?)(?: against (?:him|her|them))?(?: was| were)? not prove[dn]"
    r"|not proven verdicts?|verdicts? of not proven"
    r"|(?:dropped|discontinued|withdrew|abandoned) (?:that|it|them|the (?:charges?|case|prosecution|proceedings))"
    r"|(?:which|that) (?:[\w'’-]+ ){0,4}?(?:(?:will|would|do|does|did)(?: not|n['’]t)|w(?:ill|ould) no longer|not to)(?: be)? "
    r"(?:pursued?|prosecuted?|proceed(?:ed)? with|tak(?:e|en) (?:any )?further)"
    r"|(?:which|that) (?:(?:was|were|has been|have been) )?(?:\w+ )?(?:not (?:pursued|proceeded with)|dropped|withdrawn|discontinued))\b",
    re.I,
)
_WRONGLY = re.compile(
    r"\b(?:wrongly|wrongfully|mistakenly|falsely) (?:arrested|accused|charged|suspected|named|identified|convicted|held|detained|blamed)\b"
    r"[^.;]*\Z",
    re.I,
)
#: a dismissal undone by the sentence that follows it
_SET_ASIDE = re.compile(
    r"\bset (?:that|it|this|(?:the|his|her) (?:decision|dismissal|sacking|finding)) aside|\b(?:overturned|quashed|reversed|set aside) "
    r"(?:that|it|this|(?:the|his|her) (?:decision|dismissal|sacking|finding))|\breinstated (?:him|her)|\b(?:was|be|been) reinstated"
    r"|\bsubstitut\w+ (?:[\w'’-]+ ){1,5}(?:finding|warning|misconduct)",
    re.I,
)
_DISMISSED = re.compile(r"\b(?:dismissed|sacked|fired)\b", re.I)
#: words before the name of somebody whose whole case is dropped, of whatever offence
_WHOLE_CASE = re.compile(r"\b(?:the (?:case|prosecution)|all (?:the )?charges) against (?:\w+ ){0,2}?$", re.I)
_OTHER_STEPS = re.compile(r"\b(?:charged|convicted|(?<!not )guilty of|pleaded|jailed|sentenced|admit\w*|faces?|accused|retrial)\b", re.I)
_OTHER_OUTCOMES = re.compile(
    r"\b(?:convicted|(?<!not )guilty of|pleaded|jailed|sentenced|admit\w*|retrial|but|another|second|third)\b", re.I
)
#: What somebody says who was convicted of it, or stands accused: "a murder he says he did not commit".
_PROTEST = re.compile(
    r"\b(?:he|she|they) (?:says?|said|insists?|insisted|maintains?|maintained|claims?|claimed|swears?|swore) (?:that )?"
    r"(?:(?:he|she|they) )?(?:did not|didn['’]t|never|had not|hadn['’]t) (?:commit|do|did|done)",
    re.I,
)
_IN_PRISON = re.compile(r"\b(?:behind bars|prison|jail\w*|convicted|convictions?|serv(?:ed|ing)|sentenced?)\b", re.I)
#: A jury that came to nothing.
_HUNG = re.compile(
    r"\bhung jury\b|\b(?:could|did|can|were|was)(?: not|n['’]t)(?: be)?(?: able to)? (?:reach|agree|return|decide)\b[^.;\n]{0,40}"
    r"\b(?:verdicts?|on|decision)\b|\bcannot agree\b|\b(?:fail(?:ed|s|ing)?|unable) to (?:reach|agree|return)\b",
    re.I,
)
_PLEA = re.compile(
    # a hearing is to come, or a plea is only a step of the trial
    r"\b(?:will|is|are|due|set)(?: \w+){0,2} (?:face|appear before|stand trial)\b[^;\n]*\bden(?:y|ies|ied)\b|"
    r"\bden(?:y|ies|ied)\b[^.;]*\bchang(?:e|ed|es) (?:his|her|their) pleas?\b|"
    # proceedings for misconduct are under way, or over, wherever somebody denies it
    r"\bden(?:y|ies|ied|ying) (?:\w+ ){0,4}(?:mis|discreditable )conduct\b|"
    r"\b(?:not|n['’]t)(?: yet| been| be)* (?:(?:asked|required|invited) to )?(?:enter|give|indicate)\w* (?:a |any )?pleas?\b|\bno pleas?\b|"
    r"\bplead\w* not guilty|\bpleas? of not guilty\b(?![^.;]{0,90}\baccepted)|"
    r"\b(?:charged|trial|jury|jurors|accused|court)\b[^.;]*\bden(?:y|ies|ied)\b|\bnot only\b",
    re.I,
)
_DROPPED = re.compile(
    r"\b(?:charges?|counts?|allegations?|case|prosecution|indictment)\b[^.;!?\n]*?\b(?:was|were|is|are|been|being)\s+(?:\w+ )?"
    r"(?:dropped|withdrawn|discontinued|dismissed|abandoned|thrown out)\b",
    re.I,
)


_ON_FILE = re.compile(r"\b(?:l(?:ie|ies|ying|eft|ay) (?:to lie )?on (?:the )?file)\b", re.I)
#: What stands accused, cleared or withdrawn beside people: "a further charge, of theft, was dropped" tells of nobody new.
_NO_PERSON = frozenset(
    """charge count allegation accusation complaint case prosecution indictment conviction verdict panel jury court tribunal hearing inquiry
    investigation review report judge foreman""".split()
)


def check_accusations(context: Context, fact: Fact) -> Fact | None:
    """The accusation with the status that its sentences bear out, or None where they do not tell whose or of what.

    Rows of other predicates are given back as they are.
    """
    if fact.predicate != "accusedOf":
        return fact
    if _of_somebody_new(context, fact) and not (fact.status == "denied" and _own_acquittal(context, fact)):
        return None
    text = context.document.text[slice(*fact.evidence)]
    acquitted = _ACQUITTED.search(text)
    if fact.status == "denied":
        if _ON_FILE.search(text) and not acquitted and not _DROPPED.search(text) and alone(context, fact):
            return replace(fact, status="alleged")  # "a count of theft was ordered to lie on file": nobody decided it
        if not _DENIAL.search(text):  # a denial that no word of the sentence expresses
            if _cleared_later(context, fact):
                return fact
            return replace(fact, status="alleged") if _charged_here(context, fact) else None
        if _another_cleared(context, fact):
            return None
        if _PROTEST.search(text) and not acquitted:
            return None if _IN_PRISON.search(text) else replace(fact, status="alleged")
        # A plea or a denial in a case that goes on leaves the accusation as it is.
        goes_on = (_PLEA.search(text) or _HUNG.search(text)) and not acquitted and not _DROPPED.search(text)
        return replace(fact, status="alleged") if goes_on else fact
    if fact.status == "alleged" and acquitted:
        if _told_after(context, fact, fact.evidence[0] + acquitted.start()):
            return None  # "Orr was acquitted of both. The jury could not agree on a charge of theft": it is of others
        if _clears(context, fact) and not _OTHER_OUTCOMES.search(text):
            return replace(fact, status="denied")
        # Of a sentence's only person, and where it tells of no other proceedings, an acquittal denies it; else it is not settled.
        return replace(fact, status="denied") if alone(context, fact) and not _OTHER_STEPS.search(text) else None
    return fact


def _charged_here(context: Context, fact: Fact) -> bool:
    """Whether a step of the row's sentences charges the person with the offence, and no step of the document ends the case."""
    pair = fact.subject, fact.object
    ends = outcomes(context)
    if pair in ends.cleared | ends.convicted or fact.subject in ends.quashed:
        return False
    charges = (s for s in steps_in(context, *fact.evidence) if s.kind in {"charge", "deny"} and s.status in {"asserted", "alleged"})
    return any(fact.subject in s.people and fact.object in {o for _, o in s.offences} for s in charges)


def _cleared_later(context: Context, fact: Fact) -> bool:
    """Whether a later sentence, which tells of nobody else and of no other offence, clears the person: "He was released with no action".

    The very next one need not mention the person: "Prosecutors dropped that in May"; nor a later one where nobody else stands accused.
    """
    text = context.document.text
    told = max((m.end for m, i in context.starting_in(*fact.evidence) if i == fact.object), default=fact.evidence[1])
    full_stop = NEXT_SENTENCE.search(text, told, fact.evidence[1])
    floor = full_stop.end() if full_stop else fact.evidence[1]
    for start, sentence in context.once(_clearings):
        if start < floor or _IN_DOUBT.search(text, sentence.start_char, start):
            continue
        place = max(floor, sentence.start_char), sentence.end_char
        people = {i for _, i in context.starting_in(*place, "Person") if i == fact.subject or not of_the_court(context, i)}
        named = {i for m, i in context.starting_in(*place, "Person") if m.kind == "name"} & people
        others = named - {fact.subject}
        if fact.subject not in people and _FELLOWS.search(text, *place):
            continue
        follows = not text[floor : place[0]].strip() or _only_defendant(context, fact, place[1])
        if people != {fact.subject} and (others or not follows):
            continue
        if fact.subject not in named and _second(context, fact, told):
            continue  # "Orr was arrested with Hall, accused of theft. He was cleared": it is Orr who was
        if {i for _, i in context.starting_in(*place, "Offence")} <= {fact.object}:
            return not _OTHER_STEPS.search(_CLEARED.sub("", text[slice(*place)]))
    return False


_FELLOWS = re.compile(
    r"\b(?:co-(?:defendants?|accused)|(?:another|a second|other|two|three|four|five|six|both|fellow|all) (?:[\w-]+ ){0,2}?"
    r"(?:man|men|woman|women|officers?|defendants?|constables?|policemen|suspects?|people|youths?|teenagers?|accused))\b",
    re.I,
)


def _only_defendant(context: Context, fact: Fact, end: int) -> bool:
    """Whether the document up to an offset has nobody but the row's person charged with anything, and speaks of no fellows."""
    accused = context.once(_defendants)
    sentences = context.sentences(*fact.evidence)
    beside = {i for sentence in sentences for m, i in context.within(sentence, "Person") if m.kind == "name"} - {fact.subject}
    if any(not suffered(context, i) and not of_the_court(context, i) for i in beside):
        return False  # "Orr is charged with theft and Hall with fraud"
    return accused == {fact.subject} and not _FELLOWS.search(context.document.text, context.document.body_start, end)


def _defendants(context: Context) -> set[int]:
    """All who are told to be charged or to deny a charge."""
    return {p for s in steps_of(context) if s.kind in {"charge", "deny"} for p in s.people}


def _second(context: Context, fact: Fact, told: int) -> bool:
    """Whether the sentence of the accusation names somebody else first."""
    before = context.tokens_in(told - 1, told)
    start = context.sentence(before[0]).start_char if len(before) else fact.evidence[0]
    named = ((m, i) for m, i in context.starting_in(start, told, "Person") if m.kind == "name")
    # "Mr Hall's brother Orr" tells of Orr
    first = next((i for m, i in named if not context.document.text.startswith(("'s", "’s"), m.end)), fact.subject)
    return first != fact.subject


def _set_aside(context: Context, fact: Fact) -> bool:
    """Whether what follows the words of the dismissal in the row, or the sentence after it, undoes it and tells of nobody else.

    "The tribunal set that aside."
    """
    span = context.doc.char_span(*fact.evidence, alignment_mode="expand")
    if span is None:
        return False
    start, end = fact.evidence
    last = max((m.end() for m in _DISMISSED.finditer(context.document.text, start, end)), default=end)
    full_stop = NEXT_SENTENCE.search(context.document.text, last, end)
    following = next((context.sentence(t) for t in context.doc[span.end :] if not t.is_space), None)
    places = [(full_stop.end(), end)] if full_stop else []
    places += [(following.start_char, following.end_char)] if following is not None else []
    return any(
        _SET_ASIDE.search(context.document.text, *place)
        and {i for _, i in context.starting_in(*place, "Person") if not of_the_court(context, i)} <= {fact.subject}
        for place in places
    )


def _cleared_at_once(context: Context, fact: Fact, told: int) -> bool:
    """Whether the rest of the sentence clears the person and tells of nobody else: "but will face no further action"."""
    text = context.document.text
    span = context.tokens_in(told - 1, fact.evidence[1])
    end = min(context.sentence(span[0]).end_char, fact.evidence[1]) if len(span) else told
    match = _CLEARED.search(text, told, end)
    others = {i for m, i in context.starting_in(told, end, "Person") if m.kind == "name"} - {fact.subject}
    if match is None or any(fact.object not in {o for o, _ in suffered(context, i)} for i in others):
        return False
    return not context.starting_in(told, end, "Offence") and not _OTHER_STEPS.search(text[told : match.start()] + text[match.end() : end])


#: Before words that clear somebody: it is asked for, or may come.
_IN_DOUBT = re.compile(
    r"\b(?:(?-i:may)|might|could|should|if|whether|unless|ask(?:s|ed|ing)?|urg\w+|call(?:s|ed|ing)? (?:on|for)|hop\w+|want\w*"
    r"|appl(?:y|ied|ies|ying)|argu\w+|submit\w*|seek\w*|sought|decide whether)\b[^.;]*$",
    re.I,
)


def _clearings(context: Context) -> list[tuple[int, Span]]:
    """Where words clear somebody, with the sentence of each; every accusation asks."""
    matches = [(m.start(), context.doc.char_span(*m.span(), alignment_mode="expand")) for m in _CLEARED.finditer(context.document.text)]
    return [(start, span.sent) for start, span in matches if span is not None]


def _tells_only_of(context: Context, sentence: Span, fact: Fact) -> bool:
    """Whether the row's person is the only one whom the sentence mentions."""
    inside = context.starting_in(sentence.start_char, sentence.end_char)
    return {i for m, i in inside if m.type == "Person"} == {fact.subject}


def _of_somebody_new(context: Context, fact: Fact) -> bool:
    """Whether the sentence with the offence tells it of "a teenager and two men", and the row's person stands in another one."""
    inside = [(context.span(m).root, i) for m, i in context.starting_in(*fact.evidence)]
    own = [context.sentence(token) for token, i in inside if i == fact.subject]
    for offence in (token for token, i in inside if i == fact.object):
        sentence = context.sentence(offence)
        if sentence not in own:
            subjects = [t for t in sentence if t.dep_ in {"nsubj", "nsubj:pass"} and t.pos_ == "NOUN" and base(t) not in _NO_PERSON]
            if any(c.lower_ in {"a", "an"} or c.dep_ == "nummod" for t in subjects for c in t.lefts):
                return True
    return False


def _told_after(context: Context, fact: Fact, at: int) -> bool:
    """Whether the offence is first told in a sentence after the one at an offset."""
    place = context.tokens_in(at, fact.evidence[1])
    starts = [m.start for m, i in context.starting_in(*fact.evidence) if i == fact.object]
    return bool(starts and len(place)) and min(starts) >= context.sentence(place[0]).end_char


def _another_cleared(context: Context, fact: Fact) -> bool:
    """Whether all that the sentences tell of being cleared, they tell of others: "<S> was accused of theft. Cole was cleared of fraud"."""
    steps = steps_in(context, *fact.evidence)
    cleared = [s.people for s in steps if s.kind == "clear" and s.status == "asserted" and s.people]
    return bool(cleared) and not any(fact.subject in people for people in cleared)


def _clears(context: Context, fact: Fact) -> bool:
    """Whether what the sentences tell of being cleared, they tell of the row's person alone: "A man accused of theft has been cleared"."""
    cleared = [s.people for s in steps_in(context, *fact.evidence) if s.kind == "clear" and s.status == "asserted" and s.people]
    return bool(cleared) and all(set(people) == {fact.subject} for people in cleared)


def _own_acquittal(context: Context, fact: Fact) -> bool:
    """Whether a sentence of the row acquits its person and tells of nobody else: "An officer was cleared of theft. <S> was acquitted"."""
    return any(
        _tells_only_of(context, s, fact) and _ACQUITTED.search(s.text) and not _OTHER_STEPS.search(s.text)
        for s in context.sentences(*fact.evidence)
    )


def check_dropped(context: Context, fact: Fact) -> Fact:
    """An accusation of what a charge was dropped of is denied: "a second charge, of theft, was dropped"; so is one cleared up later.

    A dismissal that the next sentence sets aside is denied as well, and so is what somebody was "wrongly arrested" for.
    """
    if fact.predicate == "dismissedFrom" and fact.status == "asserted":
        return replace(fact, status="denied") if _set_aside(context, fact) else fact
    if fact.predicate != "accusedOf" or fact.status != "alleged" or not isinstance(fact.object, int):
        return fact
    spans = [m.span() for m in _DROPPED.finditer(context.document.text, *fact.evidence)]
    mentions = [m for m, i in context.starting_in(*fact.evidence) if i == fact.object]
    dropped = bool(mentions) and any(start <= mentions[-1].start < end for start, end in spans)
    dropped = dropped or any(_whole_case(context, fact, *span) for span in spans)
    dropped = dropped or bool(mentions) and _cleared_at_once(context, fact, mentions[-1].end)
    dropped = dropped or any(_WRONGLY.search(context.document.text, max(fact.evidence[0], m.start - 80), m.start) for m in mentions)
    dropped = dropped or _falsely_accused(context, fact)
    return replace(fact, status="denied") if dropped else fact


#: Who was accused falsely, by what only a court that has found so lets a text say.
_FALSELY = re.compile(
    r"\b(?:falsely|wrongly|wrongfully) accus(?:ed|ing) (?:(?:an?|the|her|his|former) ){0,2}(?P<who>[\w'’-]+(?: [\w'’-]+){0,2}) of ", re.I
)
_FOUND_SO = re.compile(r"\b(?:jail(?:s|ed)|convicted|guilty|sentenced|admit(?:s|ted)|locked up|prison)\b", re.I)
_NOT_FOUND = re.compile(
    r"\b(?:not guilty|den(?:y|ies|ied)|alleged(?:ly)?|accused of|charged|if|cleared|acquitted|claim\w*|said|says)\b", re.I
)


def _falsely_accused(context: Context, fact: Fact) -> bool:
    """Whether somebody was found to have accused the person falsely, whom the text names by what he is: "falsely accused a PC of rape"."""
    text = context.document.text
    for start, who, offences in context.once(_false_accusations):
        names = [m for m in context.chains[fact.subject].mentions if m.kind == "name" and m.start != start]
        if fact.object in offences and any(text[max(0, m.start - len(who) - 1) : m.start].lower() == f"{who.lower()} " for m in names):
            return True
    return False


def _false_accusations(context: Context) -> list[tuple[int, str, set[int]]]:
    """Where the text tells of a false accusation that was punished, whom it was of, and of what."""
    text, found = context.document.text, []
    for match in _FALSELY.finditer(text):
        start, end = segment(context, context.tokens_in(*match.span())[0])
        if _FOUND_SO.search(text, start, end) and not _NOT_FOUND.search(text, start, end):
            offences = {i for _, i in context.starting_in(match.end(), match.end() + 1, "Offence")}
            found.append((match.start("who"), match["who"].split()[-1], offences))
    return found


def cleared_by_name(context: Context, fact: Fact) -> bool:
    """Whether a clearing that the network reads is told in so many words of the very person: a rule tells only that, not of what."""
    if fact.predicate != "accusedOf" or fact.status != "denied" or fact.confidence < _LIKELY:
        return False
    if fact.object in outcomes(context).decided:
        return False  # "Orr was jailed for murder. Hall, his friend, was acquitted": of what is not told
    for step in steps_in(context, *fact.evidence):
        if step.kind == "clear" and step.status == "asserted" and fact.subject in step.people:
            start, end = segment(context, step.token)
            named = any(i == fact.subject and m.kind == "name" for m, i in context.starting_in(start, end, "Person"))
            # what stands in a later sentence is somebody else's: "Orr was found not guilty. Hall is accused of fraud"
            told = any(i == fact.object for _, i in context.starting_in(fact.evidence[0], end, "Offence"))
            if named and told and (not step.offences or fact.object in {o for _, o in step.offences}):
                return True
    return False


_LIKELY = 0.8


def _whole_case(context: Context, fact: Fact, start: int, end: int) -> bool:
    """Whether what is dropped is all that there is against the row's person: "but the case against <S> was dropped"."""
    own = (m.start for m, i in context.starting_in(start, end, "Person") if i == fact.subject)
    return any(_WHOLE_CASE.search(context.document.text[max(0, start - 4) : at]) for at in own)

"""Rows of the learned heads about offences and proceedings, held against the text before they may stand.

A row that would call somebody an offender or a convict stands only where the text says so of that person: a verdict, a plea
or a penalty whose clause is theirs. What the text takes back anywhere (an acquittal, a quashed conviction, a dropped charge)
is denied everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.posts import held_by, of_the_court
from kg.facts.proceedings import DEEDS, PENALTY, Outcomes, acquitted_next, by_person, in_dispute, outcomes, steps_in, steps_of, suffered
from kg.facts.status import status_of
from kg.facts.steps import Step, is_passive, led_up_to, people_at, segment, subject_people, surface_status
from kg.facts.times import fact_dates
from kg.facts.words import base, occurrences
from kg.model import Fact, Mention

CHECKED = frozenset(
    {
        "accusedOf",
        "convictedOf",
        "sentencedTo",
        "victimOf",
        "offenderAgainst",
        "chargedBy",
        "investigatedBy",
        "referredTo",
        "triedAt",
    }
)
_CONVICTION = re.compile(
    r"\b(?:convict(?:ed|ion)|found (?:\w+ ){0,3}guilty|(?:pleaded|pled|pleads|changed \w+ plea to) guilty|guilty of|guilty plea|"
    r"plea of guilty|admit(?:s|ted|ting)?|"
    r"confess(?:es|ed)|owned up|jailed|imprisoned|sentenced|fined|serving|served|life (?:sentence|imprisonment|term)|"
    r"(?:given|handed|received?|got|gets) (?:[\w-]+ ){0,4}(?:years?|months?|weeks?|life|order|sentence|term|discharge)|"
    r"\d+ (?:years?|months?)(?:,? suspended)? for|prison|custody|community order|conditional discharge|bound over|murdered|"
    r"who killed|killer of|locked up|caged|behind bars|sent down|"
    r"prove[dn]|found (?:to have|that|gross misconduct|misconduct)|found (?:by|at) [^.;]{1,90}? to have|dismiss(?:ed|als?)|"
    r"guilty verdict|verdict [^.;]{0,80}\bwas guilty|accept(?:ed|s) (?:gross )?misconduct|"
    r"(?:decided|ruled|concluded) [^.;]{0,60}\bcommitted|sacked|thrown out|drummed out|required to resign|"
    r"written warning|banned|"
    r"lost (?:his|her) job|barred list|struck off|cautioned|breached|amounted to|marching orders|disqualified)\b",
    re.I,
)
_ACQUITTAL = re.compile(
    r"\b(?:cleared|acquitt(?:ed|al)|not guilty|not proven|not proved|quash(?:ed|es)|overturn(?:ed|s)|dropped|withdrawn|thrown out|"
    r"no case to answer|"
    r"no further action|(?:no|without) charges?|exonerated|discontinued|unfounded|wrongly|set (?:him|her|them) free|could not stand|"
    r"no evidence was offered|"
    r"never charged|not upheld|den(?:y|ies|ied))\b",
    re.I,
)
_PENDING = re.compile(
    r"\b(?:charged with|accused of|on suspicion of|suspected of|awaiting trial|alleged(?:ly)?|due (?:before|at|in)|faces? (?:a|an|"
    r"trial|charges?))\b",
    re.I,
)
_SENTENCE = re.compile(
    r"jail|sentence|given|gave|got|get|receiv|fine|order|serv|prison|custody|detain|imprison|impose|warn|told|ban|disqualif|barred|handed|must|years|"
    r"discharge|curfew|life|bound|admonish|hospital|unpaid|penalt|made|placed|caution|month",
    re.I,
)
_PENALTY_WORDS = re.compile(
    r"year|month|week|day|hour|life|order|sentence|fine|£|ban|discharge|curfew|warning|unpaid|service|custody|prison|jail|detain|detention|bound|admonish"
    r"|barred|disqualif|rehabilitation|compensation|register|caution|reprimand|penalty|points|reduction|dismiss|hospital|suspended|community"
    r"|^(?:a minimum of )?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)$",
    re.I,
)
#: "[jailed for] two years", which the network takes into the sentence ("jailed" alone is none); what it leaves hanging: "11 years [and]".
_VERB_OF_SENTENCING = re.compile(
    r"^(?:jailed|sentenced|imprisoned|locked up|caged|sent to prison|put behind bars)(?: (?:for|to)(?: |$)(?:a |an )?|$)", re.I
)
_DANGLING = re.compile(r"(?:,| and| or| with| to| for| of| in| at| on| (?:fined|ordered|given)(?: £)?| £)+$")
_TO_COME = re.compile(
    # "who served until 2023, was sentenced at": what came before the clause's own verb is past
    r"\b(?:due|will|['’]ll|to (?:appear|stand|be|go)|bailed (?:to|until)|awaiting|awaits|next|until|expected|set to|"
    r"committed to)\b(?:(?!, (?:was|were|has|had|appeared|stood|went|pleaded|admitted|denied) )[^.;]){0,60}$",
    re.I,
)
_DATE = re.compile(
    r"(?:on )?\d{1,2} (?:january|february|march|april|may|june|july|august|september|october|november|december)(?: \d{4})?|\d{4}", re.I
)


def check_proceedings(context: Context, fact: Fact) -> Fact | None:
    """The row as the text bears it out (status and dates mended), or None where the text speaks against it or does not say it.

    Rows of other predicates are given back as they are.
    """
    if fact.predicate not in CHECKED:
        return fact
    if _behind_nickname(context, fact):
        return None
    kept = _CHECKS[fact.predicate](context, fact, outcomes(context))
    return _dated(context, kept) if kept is not None else None


_NICKNAME = re.compile(r"[\w’'-]+ ['‘’“\"][\w -]{2,20}['’”\"] ")


def _behind_nickname(context: Context, fact: Fact) -> bool:
    """Whether all that the sentences have of the person is the surname of somebody else: "Joe 'Cod' Orr" is not Ann Orr."""
    own = [m for m, i in context.starting_in(*fact.evidence, "Person") if i == fact.subject]
    text = context.document.text
    return bool(own) and all(
        " " not in m.text
        and any(
            i != fact.subject and _NICKNAME.fullmatch(text, before.start, m.start)
            for before, i in context.starting_in(m.start - 40, m.start, "Person")
        )
        for m in own
    )


def _dated(context: Context, fact: Fact) -> Fact:
    """The row with the times of the clause that says it, where it has none."""
    if fact.start or fact.end:
        return fact
    anchor = _anchor(context, fact)
    if anchor is None:
        return fact
    start, end = fact_dates(context, anchor, fact.predicate)
    return replace(fact, start=start, end=end)


def _anchor(context: Context, fact: Fact) -> Token | None:
    """The word whose clause a row's times belong to: the step of the person in the evidence, else the object's own word."""
    for step in steps_in(context, *fact.evidence):
        if fact.subject in step.people and fact.predicate not in {"victimOf", "offenderAgainst", "accusedOf"}:
            return step.token
    words = [t for t in _object_tokens(context, fact) if _inside(fact, t)]
    if not words:
        return None
    word = words[0]
    if fact.predicate in {"accusedOf", "victimOf", "offenderAgainst"}:
        return word
    while word.head != word and word.pos_ not in {"VERB", "AUX"}:
        word = word.head
    return word


def _inside(fact: Fact, token: Token) -> bool:
    return fact.evidence[0] <= token.idx < fact.evidence[1]


def _object_tokens(context: Context, fact: Fact) -> list[Token]:
    if isinstance(fact.object, str):
        at = context.document.text.find(fact.object, *fact.evidence)
        span = context.doc.char_span(at, at + len(fact.object), alignment_mode="expand") if at >= 0 else None
        return [span.root] if span is not None and len(span) else []
    return [context.span(m).root for m, i in context.starting_in(*fact.evidence) if i == fact.object and len(context.span(m))]


def _text(context: Context, fact: Fact) -> str:
    return context.document.text[slice(*fact.evidence)]


def _named(context: Context, fact: Fact) -> bool:
    """Whether the evidence names the subject: a pronoun alone may be anybody's."""
    return any(m.kind != "pronoun" and i == fact.subject for m, i in context.starting_in(*fact.evidence))


def _others(context: Context, fact: Fact) -> set[int]:
    """Other people named in the evidence."""
    named = {i for m, i in context.starting_in(*fact.evidence) if m.type == "Person" and m.kind != "pronoun"}
    return named - {fact.subject}


def _accused(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    pair = (fact.subject, fact.object)
    if pair in ends.convicted:
        return None
    if pair in ends.cleared or fact.subject in ends.quashed:
        return replace(fact, status="denied")
    if _belongs_to_another(context, fact) or _suffers(context, fact) or _past_conviction(context, fact) or _struck(context, fact):
        return None
    cleared = _ACQUITTAL.search(_text(context, fact)) and not _cleared_of_else(context, fact)
    if fact.status == "denied" and pair in ends.charged and not cleared:
        return replace(fact, status="alleged")
    return replace(fact, status=fact.status if fact.status in {"alleged", "denied"} else "alleged")


def _cleared_of_else(context: Context, fact: Fact) -> bool:
    """Whether all acquittals of the person are told with their offences, and are of others: "denied murder. He was cleared of rape"."""
    clearings = [s for s in context.once(by_person).get(fact.subject, ()) if s.kind == "clear"]
    return bool(clearings) and all(s.offences and all(o != fact.object for _, o in s.offences) for s in clearings)


def _struck(context: Context, fact: Fact) -> bool:
    """Whether the sentence of the offence has a deed done to the row's person, and no step of theirs: "who shot <S> was cleared"."""
    if context.once(by_person).get(fact.subject):
        return False
    start, end = fact.evidence
    return any(start <= context.sentence(t).start_char < end for t in context.once(_done_to).get(fact.subject, ()))


def _done_to(context: Context) -> dict[int, list[Token]]:
    """The verbs of deeds that each person is the object of."""
    found: dict[int, list[Token]] = {}
    for token in occurrences(context, DEEDS):
        for person in (p for c in token.children if c.dep_ == "obj" and token.pos_ == "VERB" for p in people_at(context, c)):
            found.setdefault(person, []).append(token)
    return found


_CONVICTIONS_FOR = re.compile(r"\bconvictions?\b[^.,;]{0,30}\bfor(?: [\w-]+,?){0,6} $", re.I)


def _past_conviction(context: Context, fact: Fact) -> bool:
    """Whether every mention of the offence is what somebody has convictions for, of which a charge dropped later clears nobody."""
    mentions = [m for m, i in context.starting_in(*fact.evidence) if i == fact.object]
    text = context.document.text
    return bool(mentions) and all(_CONVICTIONS_FOR.search(text, max(0, m.start - 90), m.start) for m in mentions)


def _belongs_to_another(context: Context, fact: Fact) -> bool:
    """Whether every step of the evidence that holds the offence is somebody else's."""
    held = [
        s
        for s in steps_in(context, *fact.evidence)
        if any(o == fact.object and _inside_at(fact, m.start) for m, o in s.offences)
    ]
    own = [s for s in steps_in(context, *fact.evidence) if fact.subject in s.people]
    if fact.status == "denied" and any(s.kind == "clear" and not s.offences for s in own):
        return False  # "Orr was warned for misconduct. Hall was cleared"
    return bool(held) and all(s.people and fact.subject not in s.people for s in held)


def _inside_at(fact: Fact, offset: int) -> bool:
    return fact.evidence[0] <= offset < fact.evidence[1]


def _suffers(context: Context, fact: Fact) -> bool:
    """Whether the subject is named as who suffered the offence, in the evidence."""
    return any(offence == fact.object and _inside(fact, token) for offence, token in suffered(context, fact.subject))


def _convicted(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    pair = (fact.subject, fact.object)
    if pair in ends.convicted:
        return replace(fact, status="asserted")
    if pair in ends.cleared or fact.subject in ends.quashed or _suffers(context, fact):
        return None
    if fact.status != "asserted":
        return fact if fact.status in {"denied", "hypothetical"} else None
    if _belongs_to_another(context, fact):
        return None
    own = [s for s in steps_in(context, *fact.evidence) if fact.subject in s.people]
    if any(s.kind in {"charge", "deny", "clear"} and fact.object in {o for _, o in s.offences} for s in own):
        return None
    if pair in ends.charged:
        return None
    verdicts = [s.status for s in own if s.kind == "convict" and fact.object in {o for _, o in s.offences}]
    if verdicts and "asserted" not in verdicts:
        return None  # "may be jailed for theft"
    if any(s.kind == "convict" and s.offences for s in own) and all(w.dep_ == "acl:relcl" for w in _object_tokens(context, fact)):
        return None  # "jailed for the murder of Hall, whom he stabbed"
    if any(s.kind == "convict" and s.status == "asserted" and (not s.offences or len(s.people) > 1) for s in own):
        return fact
    text = _text(context, fact)
    whole = _CONVICTION.search(text) and not _PENDING.search(text) and not _ACQUITTAL.search(text)
    if not whole and not _told_apart(context, fact) and not _itemised(context, fact):
        return None
    if any(status_of(context, w, "convictedOf") not in {"asserted"} for w in _object_tokens(context, fact)):
        return None
    if all(_only_alleged(context, w) for w in _object_tokens(context, fact)):
        return None
    known = _named(context, fact) or fact.subject in context.once(_convicts_by_name) or _only_officer(context, fact)
    if not own and not known and not any(led_up_to(context, fact.subject, w) for w in _object_tokens(context, fact)):
        return None
    # Somebody else of the same sentences may be whom the verdict was on.
    rivals = {p for s in _verdicts_of(context, fact) for p in s.people} - {fact.subject}
    if rivals and fact.subject not in {p for s in own for p in s.people if s.kind == "convict"}:
        return None
    if len(_others(context, fact)) <= 1 or own:
        return fact
    words = _object_tokens(context, fact)
    claimed = any(_ALLEGES.search(context.document.text, segment(context, w)[0], w.idx) for w in words)
    return fact if fact.confidence >= _SURE_OF_IT and not claimed else None


#: Probability from which the network's word for one of several people of some sentences is taken.
_SURE_OF_IT = 0.9
_FINDING_ONLY = re.compile(r"^[’']?s? (?:panel|hearing|meeting|tribunal|proceedings|investigation|case|regulations|process|trial)\b", re.I)


def _verdicts_of(context: Context, fact: Fact) -> Iterator[Step]:
    """The verdicts of the row's sentences that may be on its offence: those of it, and those of no offence that stand beside it."""
    clauses = [_clause(context, m.start, m.end) for m, i in context.starting_in(*fact.evidence) if i == fact.object]
    for step in steps_in(context, *fact.evidence):
        here = any(start <= step.token.idx < end for start, end in clauses)
        if step.kind == "convict" and (fact.object in {o for _, o in step.offences} or here and not step.offences):
            yield step


#: Where what is told of one ends and what is told of another, or of another charge, begins.
_CLAUSE_CUT = re.compile(r";|,? \bbut\b|,? \b(?:while|whereas)\b|, (?:having|after) been\b|(?<=not proved)[,.]|(?<=not proven)[,.]")
_CONCEDED = re.compile(r"(?:^|\b)(?:Although|Though|While|Whereas)\b[^,;.\n]{1,120}(,)")


def _clause(context: Context, start: int, end: int) -> tuple[int, int]:
    """The part of a sentence in which some words stand, between "but", "while" and semicolons."""
    first, last = segment(context, context.tokens_in(start, end)[0])
    text = context.document.text
    conceded = _CONCEDED.match(text, first, last)
    cuts = [m.span() for m in _CLAUSE_CUT.finditer(text, first, last)]
    cuts += [conceded.span(1)] if conceded else []
    return max((b for _, b in cuts if b <= start), default=first), min((a for a, _ in cuts if a >= end), default=last)


#: What takes a finding back in words that follow it.
_TAKEN_BACK = re.compile(
    r"\b(?:quash\w*|overturn\w*|set (?:\w+ ){0,4}?aside|reinstat\w*|set (?:him|her|them) free|won (?:his|her) appeal"
    r"|(?:changed|withdrew|vacated|reversed) (?:his|her|their) (?:\w+ )?pleas?)\b",
    re.I,
)


def _told_apart(context: Context, fact: Fact) -> bool:
    """Whether a clause convicts the row's person of the offence, whatever its sentences tell of other charges and of others.

    "Orr was cleared of murder but convicted of manslaughter", "Misconduct was proved against Orr. The case against Hall was dropped".
    """
    text = context.document.text
    if _TAKEN_BACK.search(text, *fact.evidence):
        return False
    for mention in (m for m, i in context.starting_in(*fact.evidence) if i == fact.object):
        start, end = _clause(context, mention.start, mention.end)
        if not _CONVICTION.search(text, start, end) or _PENDING.search(text, start, end) or _ACQUITTAL.search(text, start, end):
            continue
        if _FINDING_ONLY.match(text, mention.end, end):
            continue  # "before a misconduct panel"
        people = [
            (m, i)
            for m, i in context.starting_in(start, end, "Person")
            if not of_the_court(context, i) and not mention.start <= m.start < mention.end  # "convicted of [assaulting PC Orr]"
        ]
        if any(m.kind == "name" for m, _ in people):
            if any(i == fact.subject for _, i in people):
                return True
            continue
        before = [i for _, i in context.starting_in(fact.evidence[0], end, "Person") if not of_the_court(context, i)]
        if before and before[-1] == fact.subject:
            return True
    return False


_BULLET = re.compile(r"[ \t]*(?:[•*·–—-]|\(?[a-z\d]{1,2}[.)]) ")
_DEALT_WITH_THEM = re.compile(r"\b(?:jailed|sentence[sd]?|convicted|guilty|sentencing)\b", re.I)


def _itemised(context: Context, fact: Fact) -> bool:
    """Whether an item of a list of those sentenced has the row's person first, and the offence and a penalty behind a dash.

    "• Joe Orr, 38, of Leeds - conspiracy to burgle: nine years".
    """
    text = context.document.text
    for mention in (m for m, i in context.starting_in(*fact.evidence) if i == fact.object):
        start = text.rfind("\n", 0, mention.start) + 1
        end = text.find("\n", mention.end)
        end = len(text) if end < 0 else end
        if end - start > 300 or not _BULLET.match(text, start) or _PENDING.search(text, start, end) or _TAKEN_BACK.search(text, start, end):
            continue
        first = next(iter(context.starting_in(start, end, "Person")), None)
        if first is None or first[1] != fact.subject or not _DEALT_WITH_THEM.search(text, context.document.body_start):
            continue
        dash = next((m.end() for m in _DASH.finditer(text, first[0].end, mention.start)), None)
        clear = _ACQUITTAL.search(text, start, end)
        if dash is not None and PENALTY.search(text, dash, end) and (clear is None or clear.start() > mention.end):
            return True
    return False


_DASH = re.compile(r" [–—-] |: ")


def _convicts_by_name(context: Context) -> set[int]:
    """The people whom a sentence convicts of anything by their names."""
    stand = (s for s in steps_of(context) if s.kind == "convict" and s.status == "asserted")
    named = ((s, {i for m, i in context.starting_in(*segment(context, s.token), "Person") if m.kind == "name"}) for s in stand)
    return {p for s, names in named for p in s.people if p in names}


_ALLEGED = re.compile(r"\b(?:alleg\w+|claim(?:s|ed)?|accus\w+|suspect\w*|complain\w*|case against)\b", re.I)
_DECIDED = re.compile(
    r"\b(?:found|finds|prove[dn]|upheld|substantiated|admit\w*|accept\w*|guilty|convict\w*|dismissed|sacked|ruled|concluded|decided|agreed"
    r"|jailed|sentenced|warning|barred|struck off)\b",
    re.I,
)


def _only_alleged(context: Context, word: Token) -> bool:
    """Whether its sentence brings a word in as an allegation and tells of no finding.

    "The allegation was that PC Orr broke the standards and that this amounted to gross misconduct."
    """
    start, end = segment(context, word)
    text = context.document.text
    return _ALLEGED.search(text, start, word.idx) is not None and _DECIDED.search(text, start, end) is None


_PARAGRAPH = 2_000  # characters before a finding that are looked at
_MISCONDUCT = re.compile(r"conduct|breach|standards|integrity", re.I)


def _only_officer(context: Context, fact: Fact) -> bool:
    """Whether a finding of misconduct is on the only person whom its paragraph names up to there, an officer.

    "PC Orr was before a panel. Misconduct was proved and she was warned."
    """
    if not isinstance(fact.object, int) or not _MISCONDUCT.search(context.chains[fact.object].name):
        return False
    start = context.document.text.rfind("\n", max(0, fact.evidence[0] - _PARAGRAPH), fact.evidence[0]) + 1
    if not start and fact.evidence[0] > _PARAGRAPH:
        return False
    named = {i for m, i in context.starting_in(start, fact.evidence[1], "Person") if m.kind == "name"}
    return named == {fact.subject} and any(context.reference.rank(post.role) for post in held_by(context, fact.subject))


def _sentenced(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    if not isinstance(fact.object, str) or _DATE.fullmatch(fact.object.strip()):
        return None
    penalty = _DANGLING.sub("", _VERB_OF_SENTENCING.sub("", _whole_penalty(context, fact)))
    fact = replace(fact, object=penalty)
    text = _text(context, fact)
    if not _SENTENCE.search(text) or not _PENALTY_WORDS.search(penalty) or re.search(r"-(?:month|year|week|day)$", penalty):
        return None
    words = _object_tokens(context, fact)
    for word in words:
        if surface_status(context, word) == "hypothetical":
            return replace(fact, status="hypothetical")
        verb = word
        while verb.head != verb and verb.pos_ not in {"VERB", "AUX"}:
            verb = verb.head
        for step in steps_in(context, verb.idx, verb.idx + 1):
            if step.kind == "convict" and step.people and fact.subject not in step.people:
                return None
        if verb.pos_ in {"VERB", "AUX"} and not PENALTY.match(verb.text):
            status = status_of(context, verb, "sentencedTo")
            if status in {"denied", "hypothetical"}:
                return replace(fact, status=status) if status == "hypothetical" else None
            if status == "proposed" and fact.status == "proposed":
                return fact
    return fact if fact.status in {"asserted", "hypothetical", "proposed"} else None


def _whole_penalty(context: Context, fact: Fact) -> str:
    """The penalty that the words of the row are a part of: "100 hours' unpaid work" of "100 hours"."""
    text, own = context.document.text, str(fact.object)
    at = text.find(own, *fact.evidence)
    if at < 0:
        return own
    whole = next((m for m in PENALTY.finditer(text, *fact.evidence) if m.start() <= at and at + len(own) <= m.end()), None)
    return re.sub(r"^an? ", "", whole.group()) if whole else own


def _victim(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    pair = (fact.subject, fact.object)
    if pair in ends.convicted or pair in ends.charged or pair in ends.cleared:
        return None if not _suffers(context, fact) else fact
    own = [s for s in steps_in(context, *fact.evidence) if fact.subject in s.people]
    if any(fact.object in {o for _, o in s.offences} for s in own):
        return None
    if any(not s.offences for s in own) and not _suffers(context, fact):
        return None  # "convicted Orr of assaulting a man while clearing <S>"
    disputed = _all_cleared(context, fact, ends) and not _told_to_suffer(context, fact)
    if fact.status == "asserted" and (disputed or _merely_alleged(context, fact)):
        return replace(fact, status="alleged")
    return fact


def _told_to_suffer(context: Context, fact: Fact) -> bool:
    """Whether the text itself says who did the deed to the person, whoever else was cleared of such a one: "she was raped by Orr"."""
    for token in (t for t in occurrences(context, DEEDS) if _inside(fact, t) and t.pos_ == "VERB" and is_passive(t)):
        named = any(c.dep_.startswith("obl") and any(g.lower_ == "by" for g in c.children) for c in token.children)
        if named and fact.subject in set(subject_people(context, token)) and status_of(context, token, "victimOf") == "asserted":
            return not _UNPROVED.search(context.document.text, *segment(context, token))
    return False


_ALLEGES = re.compile(r"\b(?:alleg(?:e|es|ed|ing)|claim(?:s|ed|ing)?)(?: that)?\b[^.;]*$", re.I)


def _merely_alleged(context: Context, fact: Fact) -> bool:
    """Whether all that tells of the deed stands behind "alleges that", in a document that convicts nobody of it."""
    if fact.object in outcomes(context).decided:
        return False
    words = _object_tokens(context, fact)
    text = context.document.text
    return bool(words) and all(_ALLEGES.search(text, segment(context, w)[0], w.idx) for w in words)


def _all_cleared(context: Context, fact: Fact, ends: Outcomes) -> bool:
    """Whether a court cleared whoever was charged, and whether there was an offence is what was in dispute, as where nobody died."""
    name = context.chains[int(fact.object)].name
    tried = fact.object in ends.acquitted and fact.object not in ends.decided
    if in_dispute(context, int(fact.object)):
        return True
    return tried and not re.search(r"murder$|manslaughter|death", name.replace("attempted murder", ""), re.I)


def _offender(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    if isinstance(fact.object, str):
        return None
    if _did(context, fact.object, fact.subject) and not _did(context, fact.subject, fact.object):
        return None
    harm = {offence for offence, _ in suffered(context, fact.object)}
    if fact.status == "asserted" and fact.subject not in ends.everyone and _told_as_killer(context, fact):
        return fact
    if not _did(context, fact.subject, fact.object) and _beside_another(context, fact):
        return None
    convicted = {o for p, o in ends.convicted if p == fact.subject}
    charged = {o for p, o in ends.charged if p == fact.subject}
    cleared = {o for p, o in ends.cleared if p == fact.subject}
    if not _did(context, fact.subject, fact.object) and _of_another_killing(context, fact, charged | convicted | cleared):
        return None
    if suffered(context, fact.subject) and not convicted and not charged and not _did(context, fact.subject, fact.object):
        return None
    if acquitted_next(context, fact.subject, *fact.evidence):
        return replace(fact, status="denied")  # whatever else, of the same kind, the person was convicted of
    if harm & convicted or (_did(context, fact.subject, fact.object) == "asserted" and not charged and not cleared):
        return replace(fact, status="asserted")
    if (harm & cleared and not convicted) or (cleared and not convicted and not charged - cleared) or (fact.subject in ends.quashed):
        return replace(fact, status="denied")
    left = charged - convicted - cleared
    lesser = not any(_VIOLENCE.search(context.chains[o].name) for o in convicted)
    if charged and not convicted or left and lesser:  # a plea to something else settles nothing
        freed = any(s.kind == "clear" for s in context.once(by_person).get(fact.subject, ())) or _ACQUITTAL.search(_text(context, fact))
        return replace(fact, status="denied" if fact.status == "denied" and freed else "alleged")
    named = {i for m, i in context.starting_in(*fact.evidence, "Person") if m.kind == "name"}
    if fact.status == "asserted" and (context.once(_doers).get(fact.object, set()) - {fact.subject}) & named:
        return None  # "stabbed by Hall", whoever else was convicted of something
    of_conduct = bool(convicted) and all(_MISCONDUCT.search(context.chains[offence].name) for offence in convicted)
    if fact.status == "asserted" and of_conduct and not harm and _did(context, fact.subject, fact.object) is None:
        return None  # "for misconduct, as he had lied about the recruitment of Ann Orr"
    if fact.status == "asserted" and not convicted:
        text = _text(context, fact)
        if not _CONVICTION.search(text) or _PENDING.search(text) or _ACQUITTAL.search(text):
            return None
        return fact if len(_others(context, fact)) <= 1 else None
    if fact.status == "denied" and not cleared and not _ACQUITTAL.search(_text(context, fact)):
        return None
    return fact


_HARM = (
    r"(?:murder(?:ed)?|kill(?:ed|ing)|manslaughter|rape[d]?|stabb(?:ed|ing)(?: to death)?|sho(?:t|oting)(?: dead)?|strangled|strangling"
    r"|beaten to death|battered to death|suffocated)"
)
#: Words between a victim's name and that of who did it, and the other way round: the text itself says who did it.
_DONE_BY = re.compile(
    rf"['’]s (?:killer|murderer|rapist),? (?:\w+ ){{0,2}}|['’]s {_HARM} by (?:\w+ ){{0,3}}"
    r"|,?(?: \(?(?:then |aged )?\d\d\)?,?)?(?: who)? (?:was|had been)(?: \w+ly)?"
    rf" (?:{_HARM}|knocked down and killed|abducted|kidnapped|robbed|beaten|bitten|headbutted)"
    r"(?: (?:in|at|on|near|outside|with|as|while) [^.;,]{1,80})? by (?:(?:his|her|an?|the) (?:[\w-]+ ){1,6}?(?:called |named )|"
    r"(?:his|her|an?|the) [^.;,]{1,50}, )?(?:[A-Z][A-Za-z]*\.? )?"
)
#: The same of a deed that is told by a noun: "the murder of Ann Orr by Joe Hall".
_OF_WHOM = re.compile(r"\b(?:murder|killing|rape|stabbing|shooting|manslaughter|kidnap(?:ping)?|abduction) of (?:[\w'’-]+ ){{0,4}}$")
_BY_WHOM = re.compile(r"(?: in (?:19|20)\d\d)? (?:by|at the hands of) (?:(?:his|her|an?|the) [^.;,]{1,50}, )?")
_DID_TO = re.compile(rf"['’]s {_HARM} of (?:[\w'’-]+ ){{0,4}}")


def _told_as_killer(context: Context, fact: Fact) -> bool:
    """Whether the text says in so many words who did it: "Orr's killer, Joe Hall", "Hall's murder of Ann Orr"."""
    text = context.document.text
    people = context.starting_in(*fact.evidence, "Person")
    for mention, i in people:
        for other, k in people:
            if 0 < other.start - mention.end < 140 and other.kind == "name":
                named = mention.kind == "name" or mention.kind == "pronoun" and fact.confidence >= _SURE_OF_IT
                if (i, k) == (fact.object, fact.subject) and named and _done_by(text, mention, other):
                    told = segment(context, context.span(mention)[0])
                    owned = text.startswith(("'s", "’s"), mention.end)
                    return not (_PENDING if owned else _UNPROVED).search(text, *told)
                if (i, k) == (fact.subject, fact.object) and mention.kind == "name" and _DID_TO.fullmatch(text, mention.end, other.start):
                    return not _PENDING.search(text, *segment(context, context.span(mention)[0]))
    return False


def _done_by(text: str, sufferer: Mention, doer: Mention) -> bool:
    """Whether what stands between two people says that the second did the deed to the first."""
    if _DONE_BY.fullmatch(text, sufferer.end, doer.start):
        return True
    before = text[max(0, sufferer.start - 80) : sufferer.start]
    return _OF_WHOM.search(before) is not None and _BY_WHOM.fullmatch(text, sufferer.end, doer.start) is not None


#: Of a sentence with one of these nothing is taken for told in so many words.
_UNPROVED = re.compile(
    _PENDING.pattern + r"|\b(?:alleg\w+|claim\w*|accus\w+|suspect\w*|heard|said|says|believ\w+|denied|denies|acquitted|cleared|not guilty"
    r"|whether|if|(?-i:may)|might|could|not|never|n['’]t|would|rumou?r\w*|trial|quashed|wrong\w*|self-defence)\b|\?",
    re.I,
)


def _doers(context: Context) -> dict[int, set[int]]:
    """Who is said to have done a deed to each person."""
    found: dict[int, set[int]] = {}
    for (doer, sufferer), status in context.once(_deeds).items():
        if status == "asserted":
            found.setdefault(sufferer, set()).add(doer)
    return found


def _beside_another(context: Context, fact: Fact) -> bool:
    """Whether all that tells of the victim tells of somebody else's deed: in each of its sentences another is named before, and
    the row's person in none of them; or whether the victim is a convict of the same document.

    "Cole threw a brick which struck <O>. <S> was jailed for kicking a dog."
    """
    if fact.object in context.once(_in_dock) and not suffered(context, int(fact.object)):
        return True
    told = False
    for sentence in context.sentences(*fact.evidence):
        people = list(context.within(sentence, "Person"))
        if any(i == fact.subject for _, i in people):
            if any(i == fact.object for _, i in people):
                return False
            continue
        at = next((k for k, (_, i) in enumerate(people) if i == fact.object), None)
        if at is not None:
            told = True
            if not any(m.kind == "name" for m, _ in people[:at]):
                return False
    return told


#: Verbs of which somebody in the dock is the subject: of the passive, and of the active.
_DEALT_WITH = frozenset("jail sentence imprison convict charge remand bail fine".split())
_PLEADS = frozenset("admit plead deny".split())


def _in_dock(context: Context) -> set[int]:
    """Who is told to have been tried or to plead, by a pronoun too."""
    words = (t for t in occurrences(context, _DEALT_WITH | _PLEADS) if t.pos_ == "VERB" and (base(t) in _PLEADS) != is_passive(t))
    return {p for t in words for p in subject_people(context, t)} | outcomes(context).convicts


#: Killings; and what may be charged of one.
_KILLING = re.compile(r"murder|manslaughter|kill|death", re.I)
_VIOLENCE = re.compile(
    r"murder|manslaughter|kill|death|assault|attack|harm|wound|violen|stab|shoot|robbery|arson|driving|neglect|cruelty|health", re.I
)


def _of_another_killing(context: Context, fact: Fact, offences: set[int]) -> bool:
    """Whether the victim was killed, and what the row's person is charged with or convicted of is no violence at all."""
    harm = {context.chains[o].name for o, _ in suffered(context, int(fact.object))}
    own = {context.chains[o].name for o in offences}
    return bool(harm and own) and all(map(_KILLING.search, harm)) and not any(map(_VIOLENCE.search, own))


def _did(context: Context, doer: int, sufferer: int) -> str | None:
    """The status with which some clause says that one did a deed to the other; None where none does."""
    return context.once(_deeds).get((doer, sufferer))


def _deeds(context: Context) -> dict[tuple[int, int], str]:
    """With what status the document says that one person did a deed to another: asserted where any clause does, else as the first."""
    found: dict[tuple[int, int], str] = {}
    for token in occurrences(context, DEEDS):
        if token.pos_ != "VERB":
            continue
        subjects = {p for c in token.children if c.dep_ in {"nsubj", "obl:agent"} for p in people_at(context, c)}
        objects = {p for c in token.children if c.dep_ in {"obj", "nsubj:pass"} for p in people_at(context, c)}
        if subjects and objects:
            status = status_of(context, token, "offenderAgainst")
            for pair in product(subjects, objects):
                found[pair] = status if status == "asserted" else found.get(pair, status)
    return found


def _charged(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    text = _text(context, fact)
    bodies = sorted((m.start, m.end) for m, i in context.starting_in(*fact.evidence) if i == fact.object)
    for start, end in reversed(bodies):  # the Crown Prosecution Service has the word in its name
        text = text[: start - fact.evidence[0]] + text[end - fact.evidence[0] :]
    if not re.search(r"charg|prosecut|indict|summons|requisition|report|case|private", text, re.I):
        return None
    if of_the_court(context, fact.subject) and not context.once(by_person).get(fact.subject):
        return None  # "Mr Orr, for Hall, said the Crown Prosecution Service had dropped the case"
    named = {p for s in steps_in(context, *fact.evidence) if s.kind == "charge" and base(s.token) == "charge" for p in s.people}
    if fact.subject not in named and len(named) == 1 and named & _others(context, fact):
        return None
    return fact


#: Words of looking into something, one of which tells that a body did.
_LOOKING = re.compile(
    r"\b(?:(?:re-?)?investigat\w+|[ie]nquir\w+|prob(?:e[sd]?|ing)|look\w*|examin\w+|review\w*|scrutin\w+|inspect(?:s|ed|ing|ions?)?|detect\w+"
    r"|case|hunt\w*|search\w*|arrest\w*|question\w*|interview\w*|stings?|surveillance|assess\w*|dealt|deal|handl\w+|work\w*|evidence|file|notice|found"
    r"|report\w*|watch\w*|traced?|caught|charged|unit|squad|team)\b",
    re.I,
)


def _investigated(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    if not _LOOKING.search(_text(context, fact)):
        return None  # "PC Orr was referred to the watchdog": what it makes of it is another matter
    return _by_cue(context, fact, {"investigate", "probe", "investigation", "inquiry", "look", "examine"})


def _referred(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    cues = {"refer", "referral", "report", "notify", "pass", "send", "complain", "complaint", "hand", "alert", "inform", "submit"}
    if not any(base(t) in cues for t in context.tokens_in(*fact.evidence)):
        return None  # "after information from the watchdog"
    return _by_cue(context, fact, {"refer", "referral", "report", "notify", "pass", "send"})


def _by_cue(context: Context, fact: Fact, cues: set[str]) -> Fact | None:
    """An asserted row whose only cue in the evidence is not asserted takes the cue's status."""
    words = [t for t in context.tokens_in(*fact.evidence) if base(t) in cues and t.pos_ in {"VERB", "NOUN"}]
    if fact.status != "asserted" or not words:
        return fact
    statuses = {status_of(context, w, fact.predicate) for w in words}
    return fact if "asserted" in statuses or "alleged" in statuses else replace(fact, status=sorted(statuses)[0])


def _tried(context: Context, fact: Fact, ends: Outcomes) -> Fact | None:
    if isinstance(fact.object, int) and "coroner" in context.chains[fact.object].name.lower():
        return None  # an inquest tries nobody
    if _as_witness(context, fact) or _never_in_dock(context, fact) or _only_arrested(context, fact):
        return None
    if fact.status != "asserted":
        return fact
    words = _object_tokens(context, fact)
    text = context.document.text
    beside = [{i for step in steps_in(context, *segment(context, w)) for i in step.people} for w in words]
    if words and all(people and fact.subject not in people for people in beside) and not _tried_beside(context, fact, words):
        return None  # "He met Dale. Dale was later acquitted at Leeds Crown Court"
    # Who is one of the group is told in many ways, of which the network, where it is sure, is the better reader.
    if fact.confidence < _SURE and words and all(_of_several(context, fact, w) for w in words):
        return None
    if words and all(_TO_COME.search(text[segment(context, w)[0] : w.idx]) for w in words):
        return replace(fact, status="proposed")
    for word in words:
        verb = word
        while verb.head != verb and verb.pos_ not in {"VERB", "AUX"} and verb.lower_ != "due":
            verb = verb.head
        status = "proposed" if verb.lower_ == "due" else status_of(context, verb, "triedAt")
        if status in {"asserted", "alleged", "denied"}:
            return fact
        return replace(fact, status="proposed" if status == "proposed" else fact.status)
    return fact


_SURE = 0.95
#: Who stands trial with others: "was cleared by the same jury", "his co-accused, PC Hall".
_WITH_THEM = re.compile(
    r"\b(?:same (?:jury|jurors|trial|court|hearing)|co-(?:accused|defendants?)"
    r"|(?:tried|trial|dock|sentenced|charged) (?:\w+ )?(?:with|alongside|beside) (?:him|her|them))\b",
    re.I,
)


def _tried_beside(context: Context, fact: Fact, words: list[Token]) -> bool:
    """Whether others' verdict and court are told in a sentence of the row's person too, or the person's own says "by the same jury"."""
    if fact.confidence < _ALONGSIDE or isinstance(fact.object, int) and _APPEAL_COURT.search(context.chains[fact.object].name):
        return False
    own = [segment(context, context.span(m)[0]) for m, i in context.starting_in(*fact.evidence, "Person") if i == fact.subject]
    if fact.confidence >= _SURE and any(start <= w.idx < end for w in words for start, end in own):
        return True
    return any(_WITH_THEM.search(context.document.text, *place) for place in own)


_ALONGSIDE = 0.8
_APPEAL_COURT = re.compile(r"\b(?:appeals?|supreme)\b", re.I)
_TESTIFIES = re.compile(
    r"\b(?:[Gg]iv(?:e|es|en|ing)|[Gg]ave) evidence\b|\b[Tt]estif\w+|\bwitness\b"
    r"|\b(?:tell|tells|told|telling) (?:the )?(?=[A-Z][^.;]{0,40}\b[Cc]ourt\b)"
)


def _as_witness(context: Context, fact: Fact) -> bool:
    """Whether somebody who nowhere stands accused gave evidence there: "Giving evidence at Leeds Crown Court, PC Orr said"."""
    if not _TESTIFIES.search(_text(context, fact)) or fact.subject in context.once(_in_dock):
        return False
    return not context.once(by_person).get(fact.subject)


def _never_in_dock(context: Context, fact: Fact) -> bool:
    """Whether a lawyer or judge, or somebody to whom a deed was done, stands nowhere accused: "The court heard that <S> was stabbed"."""
    if fact.subject in context.once(_in_dock) or context.once(by_person).get(fact.subject):
        return False
    return of_the_court(context, fact.subject) or bool(suffered(context, fact.subject))


#: Steps before any charge.
_HELD = frozenset("arrest question investigate want suspect suspicion".split())


def _only_arrested(context: Context, fact: Fact) -> bool:
    """Whether somebody is told to have been arrested and no more, and is named in no sentence of the court: only spoken of in it.

    "Opening the case at Leeds Crown Court, Ann Cole KC said Orr was to blame. His brother, Joe Orr, was arrested, and released."
    """
    own = context.once(by_person).get(fact.subject, ())
    if fact.confidence >= _SURE_OF_IT:
        return False  # "convicted the taxi driver": where the network is sure, it is the better reader of roles
    arrested = bool(own) and all(s.kind == "charge" and (base(s.token) in _HELD or s.token.lower_ in _HELD) for s in own)
    if not arrested or fact.subject in context.once(_in_dock):
        return False
    places = [segment(context, w) for w in _object_tokens(context, fact)]
    return not any(i == fact.subject for place in places for _, i in context.starting_in(*place, "Person"))


_SEVERAL = frozenset("two three four five six seven eight nine ten all both several".split())
_DEFENDANTS = frozenset("defendants men women officers people suspects pair trio accused three four two five both all others".split())


def _of_several(context: Context, fact: Fact, court: Token) -> bool:
    """Whether a sentence has a group brought before the court, and the row's person stands in another one only.

    "Dunn died in 2020. All three defendants were bailed by magistrates": the dead man is none of them.
    """
    sentence = context.sentence(court)
    if any(i == fact.subject for _, i in context.within(sentence, "Person")):
        return False
    subjects = (t for t in sentence if t.dep_ in {"nsubj", "nsubj:pass"} and t.i < court.i)
    return any(t.lower_ in _DEFENDANTS and (t.lower_ in _SEVERAL or any(c.lower_ in _SEVERAL | {"the"} for c in t.lefts)) for t in subjects)


_CHECKS = {
    "accusedOf": _accused,
    "convictedOf": _convicted,
    "sentencedTo": _sentenced,
    "victimOf": _victim,
    "offenderAgainst": _offender,
    "chargedBy": _charged,
    "investigatedBy": _investigated,
    "referredTo": _referred,
    "triedAt": _tried,
}

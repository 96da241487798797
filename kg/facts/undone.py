"""Convictions and findings of misconduct that the document says were undone: quashed, overturned, found unsafe. Who was so freed is
convicted of nothing by it.

It is told far from the conviction, of "him" or of nobody ("the court quashed the conviction"), and most often before it, as the news. So
it is looked for in the whole document, and where it may be any of several who were convicted, those named nearest before it are meant.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Span, Token

from kg.facts.context import Context
from kg.facts.posts import of_the_court
from kg.facts.proceedings import by_person, steps_of
from kg.facts.steps import is_passive, people_at, segment, subject_people
from kg.model import Fact

_UNDONE = re.compile(
    r"\b(?:quash(?:es|ed|ing)?|overturn(?:s|ed|ing)?|set(?:s|ting)? aside|threw out|reversed)\b[^.;\n]{0,50}"
    r"\b(?:convictions?|guilty verdicts?)\b"
    r"|\bset(?:s|ting)? (?:[\w'’-]+ ){1,5}convictions? aside\b"
    r"|\b(?:that|his|her|their|both|the(?: (?:first|original|guilty|jury['’]s))?) verdicts? (?:was|were|has been|have been"
    r"|had been) (?:later )?"
    r"(?:quashed|overturned|set aside|reversed)\b"
    r"|\b(?:it|that|this) (?:was|has been|had been) (?:\w+ )?(?:quashed|overturned|set aside|reversed) (?:\w+ )?(?:on appeal|(?:by|at|in) )"
    r"|\b(?:was|were|been|are|is) (?:\w+ )?exonerated\b"
    r"|\bone of (?:[\w,’'-]+ ){1,6}?(?:to (?:have been|be)|who (?:have|has|had|were|was)(?: been)?) (?:since )?cleared\b"
    r"|\b(?:convictions?|guilty verdicts?)\b[^.;\n]{0,70}\b(?:quashed|overturned|set aside|thrown out|reversed|unsafe)\b"
    # what another conviction took the place of
    r"|\b(?:convictions?|guilty verdicts?)\b[^.;\n]{0,50}\b(?:reduced|downgraded|changed) (?:on appeal|(?:from [^.;\n]{1,40} )?to)\b"
    r"|\breplaced (?:(?:the|his|her|their|that) (?:[\w-]+ )?convictions? with|(?:it|that) with (?:a )?convictions?)\b"
    r"|\bcleared (?:of [^.;\n]{1,50} )?(?:on|by|at) (?:appeal|the (?:Court of Appeal|appeal court|Appeal Court))\b"
    r"|\b(?:freed|released)(?: \w+){0,3} (?:by|at) (?:the )?(?:same )?(?:(?:appeal )?judges|Court of Appeal|appeal court|Appeal Court)\b"
    r"|\bfreed on appeal\b"
    r"|\b(?:appeal judges|Court of Appeal|appeal court) (?:\w+ly |later |then )?(?:freed|released|cleared) (?:him|her|them)\b"
    r"|\bha(?:d|s|ve)(?: \w+)? (?:his|her|their) names? cleared\b|\b(?:his|her|their) names? (?:was|were|has been"
    r"|have been) (?:\w+ )?cleared\b"
    r"|\bwon (?:his|her|their|an) appeals?(?: against (?:\w+ ){0,3}convictions?\b| and | at | in |(?=[.,;]))"
    r"|\bsuccessfully appealed(?: against (?:\w+ ){0,3}convictions?\b|(?=[.,;]))"
    # what a misconduct panel said, before an appeals tribunal
    r"|\b(?:quash(?:es|ed|ing)?|overturn(?:s|ed|ing)?|set(?:s|ting)? aside|reversed) (?:that|the|his|her|their|its|both)"
    r"(?: [\w'’-]+){0,3} (?:findings?|decisions?|dismissals?|sackings?)\b"
    r"|\b(?:findings?|dismissals?|sackings?|panel['’]s decisions?)\b[^.;\n]{0,70}\b(?:quashed|overturned|set aside|reversed)\b"
    r"|\bdismissed\b[^.;\n]{0,160}\b(?:be|been|was|were) reinstated\b"
    r"|\breinstat(?:es?|ed|ing) (?:him|her|them)\b|\b(?:was|were|be|been) (?:\w+ )?reinstated\b(?! until)"
    r"|\b(?:been|was|were|be) given (?:his|her|their) jobs? back\b|\b(?:got|gets|won|wins) (?:his|her|their) jobs? back\b"
    r"|\breplaced (?:the|his|her|their|that) (?:dismissals?|sackings?) with\b|\bfinding (?:was|had been) (?:unreasonable|unfair|unlawful"
    r"|irrational|flawed)\b"
    r"|\b(?:the|that|this|his|her|their) decisions? (?:was|were|has been|had been) (?:\w+ )?(?:quashed|overturned|set aside|reversed)"
    r"(?: on appeal| by (?:the |an? )?(?:[\w’'-]+ ){0,3}(?:tribunal|court|judge|judges)\b)"
    r"|\bshould (?:not|never) have been (?:sacked|dismissed)\b|\bsubstitut(?:es|ed|ing) (?:a "
    r"|the )?(?:\w+ )?findings? of (?:simple )?misconduct\b",
    re.I,
)
#: Words before it by which it is only asked for, hoped or refused.
_NOT_SO = re.compile(
    r"\b(?:refus\w+|declin\w+|dismiss\w+|reject\w+|fail\w+|not|never|no|could|(?-i:may)|might|should|would|will|ask(?:s|ed|ing)?|appl(?:y|ied"
    r"|ies|ying)"
    r"|seek\w*|sought|want(?:s|ed|ing)?|call(?:s|ed|ing)?|urg\w+|bid|hop(?:es?|ed|ing)|try\w*|tried|attempt(?:s|ed|ing)? to|if|whether"
    r"|unless"
    r"|argu\w+|claim\w*|application|challeng\w*|upheld)\b|n['’]t\b",
    re.I,
)
#: Words of what undoes that are none of these.
_ITSELF = re.compile(r"\bdismiss\w*|\bshould (?:not|never) have been\b", re.I)
#: What follows the word of a conviction in its own sentence and tells why it fell, and not whose it was: "unsafe because of X's notes".
_WHY = re.compile(
    r"\b(?:because|since|as|after|due to|owing to|in (?:the )?light of|on account of|given that|(?:made|taken|obtained|given|told) by)\b"
)
#: A trial that is still to come.
_RETRIAL = re.compile(
    r"\b(?:order(?:s|ed|ing)?|direct(?:s|ed)|grant(?:s|ed)|fac(?:e|es|ed|ing)|await(?:s|ed|ing)?|stand|set for)\b[^.;\n]{0,40}"
    r"\b(?:retrial|re-trial|(?:second|fresh|new) trial)\b|\b(?:to|will) be (?:tried again|re-?tried)\b"
    r"|\b(?:retrial|re-trial)(?: (?:has been|was|is|will be|to be))? (?:ordered|set|fixed|held|under way)\b",
    re.I,
)
_NOT_TRIED = re.compile(r"\b(?:no|not|never|without|against|declin\w+|refus\w+|decide|whether|if|could|(?-i:may)|might)\b[^.;\n]*$", re.I)
_BAIL = re.compile(r"\bbail\w*\b", re.I)
_PLEADED = re.compile(r"\b(?:pleaded guilty|pleads guilty|pled guilty|admitt\w+|admits)\b", re.I)
_AGAIN = re.compile(r"\b(?<!no )(?<!no re-)(?:retrial|re-?tried|second (?:jury|trial|time)|again|fresh trial)\b", re.I)
_CONVICTED = re.compile(r"\b(?:convicted|guilty|admitted|jailed|sentenced)\b", re.I)
_KILLING = re.compile(r"murder|manslaughter|kill|death", re.I)
_TIED = frozenset({"that", "this", "his", "her", "their"})
_APPEALED = frozenset({"won", "appealed"})
#: What is said to be undone where a panel or a chief constable decided.
_FOUND = ("finding", "decision", "dismiss", "sack", "reinstat", "job")
#: What tells that a row is a panel's finding and no court's verdict.
_BY_PANEL = re.compile(r"\b(?:misconduct|panel|tribunal|dismissed|sacked|disciplinary|required to resign)\b", re.I)
_BY_COURT = re.compile(r"\b(?:court|convicted|jailed|jury|magistrates|sentenced)\b", re.I)
#: Behind the name of somebody who is told only for whose friend another is: "Mr Cole's friend, Orr, was convicted".
_KIN_OF = re.compile(
    r"['’]s (?:[\w-]+ ){0,2}(?:friend|brother|sister|wife|husband|partner|son|daughter|mother|father|colleague|cousin|nephew|uncle|boss"
    r"|deputy"
    r"|girlfriend|boyfriend|neighbour)\b"
)
_SOON = 4  # sentences after one that undoes, in which news that opens with it names whose convictions they were
_REACH = 20  # sentences before one that undoes, in which it may be told whose conviction it is


def undone(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, with the convictions that were undone, and the deeds told of those so freed, denied.

    Who is to be tried again stands accused again, and what is told of the deed is alleged.
    """
    rows = list(facts)
    found = [f for f in rows if f.predicate == "convictedOf" and f.status == "asserted"]
    convicted = {(f.subject, f.object) for f in found}
    text = context.document.text
    by_panel = {(f.subject, f.object) for f in found if _BY_PANEL.search(text, *f.evidence) and not _BY_COURT.search(text, *f.evidence)}
    pleaded = {f.subject for f in found if _PLEADED.search(text, *f.evidence)}
    others = {f.subject for f in rows if f.predicate == "victimOf"} | {f.object for f in rows if f.predicate == "offenderAgainst"}
    told = {(f.subject, f.object, f.status) for f in rows if f.predicate == "accusedOf"}
    accused = {(p, o) for p, o, status in told if status == "alleged"} - convicted
    starts = {f.evidence[0] for f in found}
    sent_away = {(f.subject, f.object) for f in rows if f.predicate == "dismissedFrom" and f.status == "asserted"}
    open_to_it = convicted or accused or sent_away
    freed = _freed(context, convicted, by_panel | sent_away, others, accused, pleaded, starts) if open_to_it else set()
    cleared = {person for person, _ in freed & (convicted | accused)} - {person for person, _ in convicted - freed}
    open_again = {person for person, _ in freed & convicted if _tried_anew(context, person)}
    guilty = {f.subject for f in rows if f.predicate in {"convictedOf", "sentencedTo"}}
    acquitted = {p for p, _, status in told if status == "denied"} - {p for p, _, status in told if status == "alleged"} - guilty
    harm: dict[int | str, set[int]] = {}
    for fact in rows:
        if fact.predicate == "victimOf" and isinstance(fact.object, int):
            harm.setdefault(fact.subject, set()).add(fact.object)

    def of_that(fact: Fact) -> bool:
        """Whether the person was cleared of all that the victim suffered, or that the row's sentences tell of."""
        own = harm.get(fact.object, set()) or {i for _, i in context.starting_in(*fact.evidence, "Offence")}
        return bool(own) and all((fact.subject, o, "denied") in told and (fact.subject, o) not in convicted for o in own)

    def killed(fact: Fact) -> bool:
        """Whether the victim was killed, and what the person was cleared of is no killing."""
        of = (context.chains[o].name for p, o, status in told if p == fact.subject and isinstance(o, int))
        suffered = (context.chains[o].name for o in harm.get(fact.object, ()))
        return any(map(_KILLING.search, suffered)) and not any(map(_KILLING.search, of))

    freed |= {(f.subject, f.object) for f in found if _did_not(context, f)}
    for fact in rows:
        pair = fact.subject, fact.object
        if fact.predicate == "accusedOf" and fact.status == "alleged" and (*pair, "denied") in told:
            continue  # of what somebody was accused and cleared, the clearing stands
        stands = fact.predicate == "accusedOf" and fact.status == "denied" and pair in convicted - freed
        if stands and fact.subject not in context.once(_acquitted):
            continue  # "jailed for a murder he says he did not commit"
        deed = fact.predicate == "offenderAgainst" and fact.subject in cleared
        taken_back = deed or fact.predicate in {"convictedOf", "accusedOf", "dismissedFrom"} and pair in freed
        again = "alleged" if fact.subject in open_again else "denied"
        if fact.predicate == "convictedOf" and taken_back and fact.status == "asserted":
            yield replace(fact, status="denied")
            if again == "alleged" and (*pair, "alleged") not in told:
                yield replace(fact, predicate="accusedOf", status="alleged", start=None, end=None)
        elif fact.predicate == "offenderAgainst" and fact.status == "alleged" and (
            of_that(fact) or fact.subject in acquitted and not killed(fact)
        ):
            yield replace(fact, status="denied")
        else:
            standing = {"accusedOf": "alleged"}.get(fact.predicate, "asserted")
            back = "denied" if fact.predicate == "dismissedFrom" else again
            yield replace(fact, status=back) if taken_back and fact.status == standing else fact


def _did_not(context: Context, fact: Fact) -> bool:
    """Whether the text itself says that somebody did not commit what they were convicted of."""
    text = context.document.text
    for mention, i in context.starting_in(*fact.evidence, "Offence"):
        if i != fact.object:
            continue
        if _NOT_COMMITTED.match(text, mention.end):
            return True
        start, end = segment(context, context.span(mention).root)
        wronged = _WRONGED.search(text, start, end)
        people = {i for _, i in context.starting_in(start, end, "Person")}
        if wronged and people == {fact.subject} and not _SAID_SO.search(text, start, end):
            return True
    return False


_WRONGED = re.compile(r"\ban innocent (?:man|woman|person|teenager)\b|\bvictim of (?:a|the) (?:\w+ ){0,2}miscarriages? of justice\b", re.I)
_SAID_SO = re.compile(
    r"\b(?:sa(?:id|ys|ying)|claim\w*|insist\w*|maintain\w*|believ\w+|argu\w+|campaign\w*|support\w*|lawyers?|according|call\w*|if|whether"
    r"|(?-i:may)|might|could|not|never|possibl\w+|potential\w*|alleged\w*|suspect\w*|fear\w*|think\w*|thought|told|kill\w*|murder(?:ing|ed)"
    r"|attack\w*|shot|stabb\w+)\b",
    re.I,
)


#: "[a rape] in Salford that he did not commit", but not "that he says he did not commit".
_NOT_COMMITTED = re.compile(
    r"(?: (?:in|at|on|near|outside) (?:the )?[A-Z\d][\w’'-]*(?: [A-Z\d][\w’'-]*){0,3})?,? (?:(?:that|which) )?(?:he|she|they) "
    r"(?:(?:(?:did|had|has|have)(?: not|n['’]t| never)|never)(?: actually)? (?:commit(?:ted)?|done?)|never did)\b"
)
_Pairs = set[tuple[int, int | str]]


def _freed(
    context: Context, convicted: _Pairs, by_panel: _Pairs, others: set[int | str], accused: _Pairs, pleaded: set[int], told: set[int]
) -> _Pairs:
    """Which convictions were undone, as (person, offence): those ``by_panel`` by what undoes a finding.

    ``others`` are people who suffered something. Of what somebody is only told to be ``accused`` the conviction went unread: that is
    undone only where the words name or mean nobody else; and what somebody ``pleaded`` guilty to, where they name the person.
    """
    found: _Pairs = set()
    again = context.once(_tried_again)
    for noun in context.once(_undoings):
        open_to_it = by_panel if noun.lower_.startswith(_FOUND) else convicted
        if noun.lower_ in _APPEALED:
            open_to_it = by_panel | convicted
        offences = {i for _, i in context.within(context.sentence(noun), "Offence")}
        instead = _INSTEAD.search(context.document.text, context.sentence(noun).start_char, context.sentence(noun).end_char)
        kept = {i for m, i in context.within(context.sentence(noun), "Offence") if instead and m.start >= instead.end()}
        direct = _told_of(context, noun)
        of_whom = {p for p, _ in open_to_it}
        if direct and not direct & (of_whom | {p for p, _ in accused}) and _just_named(context, noun, others) <= of_whom:
            direct = None  # "Mr Cole's friend Orr was jailed. He was cleared on appeal": it is Orr who was, who was convicted
        people = _people(context, noun, {person for person, _ in open_to_it}, others, told, pleaded) if direct is None else direct
        for person in (p for p in people if again.get(p, -1) < context.sentence(noun).start):
            theirs = {o for p, o in open_to_it if p == person}
            if direct and not theirs and not noun.lower_.startswith(_FOUND) and not _BAIL.search(context.text(context.sentence(noun))):
                theirs = {o for p, o in accused if p == person}
            found |= {(person, offence) for offence in (theirs - kept) & offences or theirs - kept}
    return found


#: Before what somebody is convicted of in place of what was undone.
_INSTEAD = re.compile(r"\b(?:(?:reduced|downgraded|changed)\b[^.;\n]{0,60}?\bto|replaced\b[^.;\n]{0,60}?\bwith|substitut\w+)\b", re.I)


def _just_named(context: Context, noun: Token, others: set[int | str]) -> set[int]:
    """Whom the sentence of a word names, and the one before it."""
    sentences, starts = context.once(_sentences)
    at = bisect_right(starts, noun.i) - 1
    return {i for sentence in sentences[max(0, at - 1) : at + 1] for i in _named(context, sentence, others)}


def _undoings(context: Context) -> list[Token]:
    """What is told to be undone: the word "conviction" or "finding", or where there is none the verb."""
    text, found = context.document.text, []
    for match in _UNDONE.finditer(text):
        span = context.doc.char_span(*match.span(), alignment_mode="expand")
        if span is None:
            continue
        # "dismissed the appeal of X but allowed that of Y, whose conviction was unsafe"
        begun = max(context.sentence(span[0]).start_char, text.rfind(" but ", 0, match.start()))
        if not _NOT_SO.search(text[begun : match.start()] + _ITSELF.sub("", match.group())):
            nouns = [t for t in span if t.lower_.startswith(("conviction", "verdict", "name", *_FOUND))]
            verbs = (t for t in span if t.lower_ in {"freed", "released", "cleared", "exonerated", "won", "appealed"} and t.pos_ == "VERB")
            found.append(nouns[0] if nouns else next(verbs, span.root))
    return found


def _told_of(context: Context, noun: Token) -> set[int] | None:
    """Whom the words themselves name as freed: "X was freed by the judges", "the Court of Appeal freed him", "X's conviction".

    A family is all of that name who are named: "the Halls were freed on appeal".
    """
    if noun.pos_ == "VERB":
        passive = is_passive(noun) or noun.lower_ in _APPEALED
        words = [c for c in noun.children if c.dep_ in ({"nsubj:pass", "nsubj"} if passive else {"obj"})]
        whom = set(subject_people(context, noun)) if passive else {p for word in words for p in people_at(context, word)}
        family = {word.text[:-1] for word in words if word.text.endswith("s") and any(c.lower_ == "the" for c in word.lefts)}
        named = {i for m, i in context.of_types("Person") if family and m.kind == "name" and m.text.split()[-1] in family}
        return named or whom or None
    owner = _owner(noun)
    found = context.at(owner, "Person") if owner is not None else None
    return {found[1]} if found and found[0].kind == "name" else None


def _owner(noun: Token) -> Token | None:
    owner = next((t for t in noun.lefts if t.dep_ == "nmod:poss" or t.lower_ == "whose"), None)
    if owner is not None and owner.lower_ == "whose":
        before = noun.head if noun.head.pos_ == "PROPN" and noun.head.i < noun.i else None  # "X, whose conviction it said was unsafe"
        return next((t.head for t in (noun, *noun.ancestors) if t.dep_ == "acl:relcl"), before)
    return owner


def _people(
    context: Context, noun: Token, convicted: set[int], others: set[int | str], told: set[int], pleaded: set[int]
) -> set[int]:
    """Whose conviction it is: who alone is named beside it, else those named nearest before; or the only convict."""
    # "The conviction" is that of a convict; "his" and "that finding" follow those whom the text has just named, convicts or not.
    before = (*noun.lefts, noun.nbor(-1) if noun.i else noun)
    tied = noun.tag_ == "NNS" or noun.pos_ == "VERB" or any(t.tag_ == "PRP$" or t.lower_ in _TIED for t in before)
    sentences, starts = context.once(_sentences)
    at = bisect_right(starts, noun.i) - 1
    for sentence in reversed(sentences[max(0, at - _REACH) : at + 1]):
        named = _named(context, sentence, others)
        if not named and any(_KIN_OF.match(context.document.text, m.end) for m, _ in context.within(sentence, "Person")):
            return set()  # a relative's
        if sentence.end > noun.i:
            why = _WHY.search(context.document.text, noun.idx, sentence.end_char)
            if why:
                named = {i for m, i in context.within(sentence, "Person") if i in named and m.kind == "name" and m.start < why.start()}
        if sentence.end > noun.i and not named <= convicted:
            of_whom = noun.i + 1 < len(noun.doc) and noun.nbor(1).lower_ in {"of", "against"}
            if not of_whom and not any(i in named and m.start < noun.idx for m, i in context.within(sentence, "Person")):
                continue  # "ruled that the convictions were unsafe since a witness, Y, had been paid" tells of Y something else
            return set()  # of "X, whom Y attacked" it may be either
        if named and (tied or named & convicted or _CONVICTED.search(context.text(sentence))):
            return named & convicted
    convicts = convicted - pleaded  # nobody's plea of guilty is undone by words that do not name who made it
    at_hand = any(context.sentence(noun).start_char <= start < context.sentence(noun).end_char for start in told)
    if len(convicted) == 1:
        # The convict whom a text names may be another than the one whom its news does not: "The last of the four has been cleared".
        return convicted if at_hand or convicts and not context.once(_only_cleared) else set()
    # News that opens with it names them after: "Two men have had their convictions quashed. X and Y were found guilty in 1999".
    following = (_named(context, sentence, others) & convicts for sentence in sentences[at + 1 : at + 1 + _SOON])
    return next((named for named in following if named), set()) if tied else set()


def _acquitted(context: Context) -> set[int]:
    """All whom the document tells to be cleared of something."""
    return {p for step in steps_of(context) if step.kind == "clear" and step.status == "asserted" for p in step.people}


def _only_cleared(context: Context) -> set[int]:
    """Those of whom nothing is told but that they were cleared: of what the text's news is about."""
    told = by_person(context).items()
    return {p for p, own in told if all(s.kind == "clear" and s.status == "asserted" and not s.offences for s in own)}


def _tried_anew(context: Context, person: int) -> bool:
    """Whether the document says that a trial is still to come for somebody whose conviction was undone, and of no outcome of it."""
    text = context.document.text
    for match in _RETRIAL.finditer(text):
        span = context.doc.char_span(*match.span(), alignment_mode="expand")
        if span is None:
            continue
        start, end = segment(context, span[0])
        if _NOT_TRIED.search(text, start, match.start()):
            continue
        named = {i for m, i in context.starting_in(start, end, "Person") if m.kind == "name" and not of_the_court(context, i)}
        if (not named or person in named) and person not in context.once(_acquitted):
            return True
    return False


def _named(context: Context, sentence: Span, others: set[int | str]) -> set[int]:
    """Whom a sentence names, but for those who suffered something and those who speak in court."""
    text = context.document.text
    named = ((m, i) for m, i in context.within(sentence, "Person") if m.kind == "name" and not _KIN_OF.match(text, m.end))
    return {i for _, i in named if i not in others and not of_the_court(context, i)}


def _sentences(context: Context) -> tuple[list[Span], list[int]]:
    """The sentences, and the first token of each."""
    found = list(context.doc.sents)
    return found, [sentence.start for sentence in found]


def _tried_again(context: Context) -> dict[int, int]:
    """Who is told to have been convicted again -> the first token of the last sentence that says so."""
    told = (s for s in context.doc.sents if _AGAIN.search(text := context.text(s)) and _CONVICTED.search(text))
    return {i: s.start for s in told for _, i in context.within(s, "Person")}

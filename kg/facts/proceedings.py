"""Charges, verdicts, sentences, victims, inquiries and courts, read from the steps of proceedings that a text tells of.

The outcome of a case decides over what was said on the way: who was cleared of an offence is `accusedOf` it, denied, in the
whole document; who was convicted of it is not also accused of it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise, product

from spacy.tokens import Token

from kg.facts.claims import overlap
from kg.facts.context import Context
from kg.facts.learned import supported
from kg.facts.posts import held_by, of_the_court
from kg.facts.status import status_of
from kg.facts.steps import Step, is_passive, people_at, segment, steps, subject_people, surface_status
from kg.facts.times import fact_dates
from kg.facts.vetoes import vetoed
from kg.facts.words import base, occurrences, spelt
from kg.model import Fact, Mention

SOURCE = "proceedings"
#: Verbs for deeds done to a person.
DEEDS = frozenset(
    """murder kill rape assault attack stab shoot strangle batter beat abuse stalk harass rob defraud swindle deceive cheat wound injure
    punch kick bite kidnap groom molest torture trick blackmail burgle poison exploit traffic enslave maim suffocate drown hit strike
    execute assassinate intimidate threaten bully mug smother grope""".split()
)
#: Deeds and offences that a dead or maimed person shows to have happened, whoever did them.
_CERTAIN = re.compile(
    r"murder|manslaughter|kill|homicide|causing (?:death|serious injury)|stab|shot|shoot|wounding|attempted murder|strangl", re.I
)
_INQUIRIES = frozenset({"investigate", "probe"})
_INQUIRY_NOUNS = frozenset({"investigation", "inquiry", "probe"})
_IN_COURT = frozenset(
    """appear jail sentence convict acquit clear plead try stand fine find deny admit remand charge go give imprison hear face
    ban come order receive get walk answer bail tell attend""".split()
)
_NUMBER = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|"
    r"nineteen|twenty|a|an|one)"
)
_SPAN = rf"{_NUMBER}(?:-| )(?:and[- ]a[- ]half[- ])?(?:year|month|week|day|hour)s?"
PENALTY = re.compile(
    r"\bwhole[- ]life (?:order|term|tariff)"
    rf"|\blife(?: (?:sentence|imprisonment|term|in prison))?(?: (?:sentence )?with a minimum (?:term )?of {_SPAN})?(?![\w-])"
    rf"|\b(?:a )?(?:{_SPAN}['’]? )?(?:suspended |conditional )?(?:community order|curfew|restraining order|conditional discharge|"
    rf"absolute discharge|hospital order"
    rf"|suspended (?:prison )?sentence(?: of {_SPAN})?|suspended prison term)"
    rf"|\b\d+ hours['’]? (?:of )?(?:unpaid work|community service)"
    rf"|\bfined £\d[\d,]*(?:\.\d+)?(?:m| million)?"
    rf"|\b{_SPAN} (?:prison |jail |custodial )?(?:sentence|term)(?:,? suspended for {_SPAN})?"
    rf"|\b{_SPAN}(?:,? and {_SPAN})?(?:['’]? (?:in (?:prison|jail|custody|a young offender institution)|imprisonment|detention|"
    rf"behind bars))?(?:, suspended(?: for {_SPAN})?)?",
    re.I,
)
_SENTENCING = frozenset({"jail", "sentence", "imprison", "fine", "give", "receive", "get", "serve", "hand", "order", "ban"})


@dataclass(frozen=True)
class Outcomes:
    """What a document says became of each person's cases."""

    convicted: frozenset[tuple[int, int]]  #: (person, offence) by a step that stands
    cleared: frozenset[tuple[int, int]]
    charged: frozenset[tuple[int, int]]
    quashed: frozenset[int]  #: people whose conviction was undone
    convicts: frozenset[int]  #: people convicted of anything

    @cached_property
    def doers(self) -> dict[int, set[int]]:
        """The people convicted of or charged with each offence."""
        return _by_offence(self.convicted | self.charged)

    @cached_property
    def everyone(self) -> set[int]:
        """All who are told to be convicted or cleared of or charged with anything, or whose conviction was undone."""
        return {person for person, _ in self.convicted | self.cleared | self.charged} | self.quashed

    @cached_property
    def decided(self) -> dict[int, set[int]]:
        """The people convicted of each offence."""
        return _by_offence(self.convicted)

    @cached_property
    def acquitted(self) -> dict[int, set[int]]:
        """The people cleared of each offence."""
        return _by_offence(self.cleared)

    @cached_property
    def undecided(self) -> dict[int, set[int]]:
        """The people charged with or cleared of each offence."""
        return _by_offence(self.charged | self.cleared)


def _by_offence(pairs: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    table: dict[int, set[int]] = {}
    for person, offence in pairs:
        table.setdefault(offence, set()).add(person)
    return table


def steps_of(context: Context) -> tuple[Step, ...]:
    """The steps of a document, found once."""
    return context.once(steps)


def steps_in(context: Context, start: int, end: int) -> tuple[Step, ...]:
    """The steps whose words start at an offset from ``start`` up to but not including ``end``."""
    starts = context.once(_step_starts)
    return steps_of(context)[bisect_left(starts, start) : bisect_left(starts, end)]


def _step_starts(context: Context) -> list[int]:
    return [step.token.idx for step in steps_of(context)]


def outcomes(context: Context) -> Outcomes:
    """The outcome of every case that the document's steps settle."""
    return context.once(_outcomes)


def _outcomes(context: Context) -> Outcomes:
    convicted, cleared, charged, quashed = set(), set(), set(), set()
    for step in steps_of(context):
        pairs = {(p, o) for p in step.people for _, o in step.offences}
        if step.kind == "convict" and step.status == "asserted":
            convicted |= pairs
        elif (step.kind == "clear" and step.status == "asserted") or (step.kind in {"convict", "charge"} and step.status == "denied"):
            cleared |= pairs
        elif step.kind in {"charge", "deny"} and step.status in {"asserted", "alleged"}:
            charged |= pairs
        elif step.kind == "quash" and step.status == "asserted":
            quashed |= set(step.people)
    for person in quashed:
        cleared |= {(p, o) for p, o in convicted if p == person}
        convicted -= {(p, o) for p, o in convicted if p == person}
    for step in steps_of(context):
        if step.kind == "clear" and step.status == "asserted" and not step.offences:
            cleared |= {(p, o) for p, o in charged - convicted if p in step.people and not disciplinary(context, o)}
    return Outcomes(
        frozenset(convicted - cleared),
        frozenset(cleared - (convicted - cleared)),
        frozenset(charged),
        frozenset(quashed),
        frozenset(p for p, _ in convicted - cleared),
    )


def disciplinary(context: Context, offence: int) -> bool:
    """Whether an offence is misconduct, of which no jury clears anybody: "acquitted" may be followed by "still faces a hearing"."""
    known = context.reference.by_slug(context.chains[offence].reference or "")
    return getattr(known, "kind", "") == "misconduct"


def acquitted_next(context: Context, person: int, start: int, end: int) -> bool:
    """Whether what is told next of somebody after a charge between two offsets is an acquittal: "was tried for murder. He was cleared"."""
    own = context.once(by_person).get(person, [])
    for charge, after in pairwise(own):
        if charge.kind in {"charge", "deny"} and charge.offences and start <= charge.token.idx < end:
            same = not after.offences or {o for _, o in after.offences} & {o for _, o in charge.offences}
            if after.kind == "clear" and after.status == "asserted" and same:
                return True
    return False


def by_person(context: Context) -> dict[int, list[Step]]:
    """The steps of each person."""
    found: dict[int, list[Step]] = {}
    for step in steps_of(context):
        for person in step.people:
            found.setdefault(person, []).append(step)
    return found


def proceedings(context: Context) -> Iterator[Fact]:
    """All rows about offences and proceedings that the document's own syntax gives."""
    yield from _verdicts(context)
    yield from _sentences(context)
    yield from _victims(context)
    yield from _chargers(context)
    yield from _inquiries(context)
    yield from _referrals(context)
    yield from _courts(context)


def _fact(
    context: Context, predicate: str, subject: int, object_: int | str, status: str, anchor: Token, *tokens: Token, sure: float = 0.85
) -> Fact:
    start, end = fact_dates(context, anchor, predicate)
    return Fact(predicate, subject, object_, status, context.evidence(anchor, *tokens), SOURCE, sure, start, end)


def _verdicts(context: Context) -> Iterator[Fact]:
    """Rows of `accusedOf` and `convictedOf`."""
    ends = outcomes(context)
    for step in steps_of(context):
        for person in step.people:
            for mention, offence in step.offences:
                token = context.span(mention).root
                pair = (person, offence)
                if step.kind == "convict" and step.status == "asserted":
                    if pair in ends.cleared:
                        yield _fact(context, "accusedOf", person, offence, "denied", token, step.token)
                    else:
                        yield _fact(context, "convictedOf", person, offence, "asserted", step.token, token)
                elif step.kind in {"charge", "deny"} and step.status == "asserted" and pair not in ends.convicted:
                    yield _fact(context, "accusedOf", person, offence, "denied" if pair in ends.cleared else "alleged", token, step.token)
                elif (
                    step.kind == "charge"
                    and step.status == "denied"
                    and pair not in ends.convicted
                    or pair in ends.cleared
                    and step.kind in {"clear", "convict"}
                ):
                    yield _fact(context, "accusedOf", person, offence, "denied", token, step.token)


def acquittals(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The `accusedOf` rows of those whom a step clears, by name, of what no row tells of them: that somebody was acquitted harms nobody."""
    known = {(f.subject, f.object) for f in facts if f.predicate in {"accusedOf", "convictedOf"}}
    for step in steps_of(context):
        if step.kind == "clear" and step.status == "asserted":
            named = {i for m, i in context.starting_in(*segment(context, step.token), "Person") if m.kind == "name"}
            for person, (mention, offence) in product(step.people, step.offences):
                if person in named and (person, offence) in outcomes(context).cleared and (person, offence) not in known:
                    known.add((person, offence))
                    yield _fact(context, "accusedOf", person, offence, "denied", context.span(mention).root, step.token)


def verdicts(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The convictions of the only one named in the sentence of a verdict, whose offence a sentence before tells, that no row tells of.

    "Orr was cleared of arson. His co-accused, Hall, was found guilty": the network seldom joins what three sentences tell.
    """
    known = {(f.subject, f.object) for f in facts if f.predicate in {"accusedOf", "convictedOf"}}
    for step in steps_of(context):
        start, end = segment(context, step.token)
        if step.kind != "convict" or step.status != "asserted" or len(step.people) != 1 or not _by_court(step):
            continue
        named = {i for m, i in context.starting_in(start, end, "Person") if m.kind == "name" and not of_the_court(context, i)}
        for mention, offence in step.offences if named == {*step.people} else ():
            pair = step.people[0], offence
            if mention.end <= start and pair in outcomes(context).convicted and pair not in known:
                known.add(pair)
                row = _fact(context, "convictedOf", *pair, "asserted", step.token, context.span(mention).root, sure=0.75)
                if not vetoed(context, row):
                    yield row


def together(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """The rows of those of whom the words tell the same as of two others or more: "Orr, Hall and Cole were charged with assault"."""
    rows = [f for f in facts if f.predicate in {"accusedOf", "convictedOf"} and isinstance(f.object, int)]
    given = {(f.subject, f.object): f for f in rows}
    for step in steps_of(context):
        if len(step.people) < 3 or step.kind not in {"charge", "deny", "convict"} or step.status != "asserted":
            continue
        told = ("convictedOf", "asserted") if step.kind == "convict" else ("accusedOf", "alleged")
        for _, offence in step.offences:
            alike = (given.get((p, offence)) for p in step.people)
            like = next((f for f in alike if f is not None and (f.predicate, f.status) == told), None)
            if like is None:
                continue
            for person in step.people:
                if (person, offence) not in given:
                    row = replace(like, subject=person, source=SOURCE, confidence=round(like.confidence * 0.9, 2))
                    given[person, offence] = row
                    if not vetoed(context, row):
                        yield row


def wronged(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """`offenderAgainst` of the only one whom a document has to do with an offence, convicted of it, and its only victim, told together.

    "Ann Cole was strangled in 2019. Joe Orr pleaded guilty to her murder."
    """
    rows = list(facts)
    convicted, sufferers, doers = (dict[int, dict[int, Fact]]() for _ in range(3))
    for fact in rows:
        if not isinstance(fact.object, int):
            continue
        if fact.predicate == "convictedOf" and fact.status == "asserted":
            convicted.setdefault(fact.object, {})[fact.subject] = fact
        if fact.predicate == "victimOf":
            sufferers.setdefault(fact.object, {})[fact.subject] = fact
        if fact.predicate in {"accusedOf", "convictedOf"}:
            doers.setdefault(fact.object, {})[fact.subject] = fact
    known = {(f.subject, f.object) for f in rows if f.predicate == "offenderAgainst"}
    told = _by_offence((p, o) for step in steps_of(context) for p in step.people for _, o in step.offences) if convicted else {}
    for offence, verdicts in convicted.items():
        people, harmed = doers[offence].keys() | told.get(offence, set()), sufferers.get(offence, {})
        if len(people) != 1 or len(harmed) != 1:
            continue
        (doer, verdict), (victim, harm) = *verdicts.items(), *harmed.items()
        if doer != victim and (doer, victim) not in known and harm.status == "asserted" and overlap(verdict, harm):
            known.add((doer, victim))
            sure = round(min(verdict.confidence, harm.confidence), 2)
            row = Fact("offenderAgainst", doer, victim, "asserted", verdict.evidence, SOURCE, sure, harm.start, harm.end)
            if not vetoed(context, row):
                yield row


#: Probability from which the network takes somebody rather for a victim; and what is planned, which may have been done to nobody.
_RATHER = 0.5
_PLOT = re.compile(r"conspir", re.I)


def harmed(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """`victimOf` of whom somebody is told to have done wrong to who was convicted of one thing only, where the network finds that likely.

    The network is seldom sure of what is told of two in one sentence and of its name in another.
    """
    rows = list(facts)
    convicted: dict[int, list[Fact]] = {}
    sufferers = {f.subject for f in rows if f.predicate == "victimOf"}
    for fact in rows:
        if fact.predicate == "convictedOf" and fact.status == "asserted":
            convicted.setdefault(fact.subject, []).append(fact)
    rather = (f for f in context.once(supported) if f.predicate == "victimOf" and f.confidence >= _RATHER)
    likely: dict[tuple[int | str, int | str], Fact] = {(f.subject, f.object): f for f in rather}
    against: dict[int | str, list[Fact]] = {}
    for fact in rows:
        if fact.predicate == "offenderAgainst" and fact.status == "asserted" and fact.object not in sufferers:
            against.setdefault(fact.object, []).append(fact)
    for deeds in against.values():
        verdicts = [convicted.get(fact.subject, []) for fact in deeds]
        if any(len({verdict.object for verdict in own}) != 1 for own in verdicts):
            continue
        told = [likely.get((fact.object, own[0].object)) for fact, own in zip(deeds, verdicts, strict=True)]
        given = set()
        for fact, own, harm in zip(deeds, verdicts, told, strict=True):
            if harm is None or None in told or harm.object in given or _PLOT.match(context.chains[int(harm.object)].name):
                continue  # what one of several did to somebody untold, the others' deed alone would be told
            row = replace(harm, status="asserted", source=SOURCE, confidence=round(min(fact.confidence, own[0].confidence), 2))
            named = any(i == row.subject and m.kind == "name" for m, i in context.starting_in(*fact.evidence, "Person"))
            if named and not vetoed(context, row):  # "a woman whom he met" is not the columnist who writes it
                given.add(row.object)
                yield row


#: Probability from which the network's word is taken for who suffered the same as another of one list; what stands between the two.
_AS_WELL = 0.8
_AND_ALSO = re.compile(r",? and (?:(?:his|her|their|an?|the) [a-z][\w’' -]{1,30}?,? )?(?:[A-Z][a-z]*\.? )?")


def beside(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """`victimOf` of who stands in one list with a victim, where the network is sure: "Ann Orr and her lodger, Joe Hall, were killed"."""
    rows = [f for f in facts if f.predicate == "victimOf" and isinstance(f.object, int)]
    known = {(f.subject, f.object) for f in rows}
    likely = {(f.subject, f.object) for f in context.once(supported) if f.predicate == "victimOf" and f.confidence >= _AS_WELL}
    text = context.document.text
    for fact in rows:
        named = [(m, i) for m, i in context.starting_in(*fact.evidence, "Person") if m.kind == "name"]
        for (one, first), (other, second) in pairwise(named):
            person = second if first == fact.subject else first if second == fact.subject else None
            pair = person, fact.object
            if person is not None and pair in likely and pair not in known and _AND_ALSO.fullmatch(text, one.end, other.start):
                known.add((person, fact.object))
                row = replace(fact, subject=person, source=SOURCE, confidence=round(fact.confidence * 0.95, 2))
                if not vetoed(context, row):
                    yield row


def _sentences(context: Context) -> Iterator[Fact]:
    """Rows of `sentencedTo`: the penalty as the text gives it, after a word of sentencing in its own clause."""
    text = context.document.text
    for shares in context.once(_respective):
        for person, (penalty, at) in shares.of.items():
            yield _fact(context, "sentencedTo", person, penalty, surface_status(context, at), at)
    for token in occurrences(context, _SENTENCING):
        lemma = base(token)
        if token.pos_ not in {"VERB", "AUX"}:
            continue
        sentence = context.sentence(token)
        after = context.tokens[token.i + 1 : sentence.end]
        stop = next((t.idx for t in after if base(t) in _SENTENCING and t.pos_ == "VERB" or t.text == ";"), sentence.end_char)
        match = PENALTY.search(text, token.idx, stop)
        if not match or (lemma in {"give", "receive", "get", "serve", "hand", "order", "ban"} and not _custodial(match.group(), lemma)):
            continue
        if re.match(r"(?:-old| ago| later| earlier)\b", text[match.end() : match.end() + 9]):
            continue
        if re.search(r"\bwarning\b", text[token.idx : match.start()]):
            continue  # "a written warning for five years": that is how long it counts
        passive = is_passive(token)
        if lemma in {"receive", "get", "serve"} or passive:
            people = set(subject_people(context, token))
        else:
            people = {p for c in token.children if c.dep_ in {"obj", "iobj"} for p in people_at(context, c)}
        status = status_of(context, token)
        last = context.doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if len(people) == 1 and last is not None and len(last):
            yield _fact(context, "sentencedTo", people.pop(), re.sub(r"^an? ", "", match.group()), status, token, last[0])


@dataclass(frozen=True)
class _Shares:
    """Penalties told in one breath, and whose each is, where as many people are named before them."""

    start: int
    end: int
    of: dict[int, tuple[str, Token]]


def _respective(context: Context) -> list[_Shares]:
    """ "Ann Orr and Joe Dunn were jailed for six years and two years respectively"."""
    text, found = context.document.text, []
    for word in spelt(context, {"respectively"}):
        sentence = context.sentence(word)
        first = PENALTY.search(text, sentence.start_char, word.idx)
        if first is None:
            continue
        penalties = [p.removeprefix("and ").strip() for p in _AND.split(text[first.start() : word.idx].strip(" ,"))]
        people = dict.fromkeys(i for m, i in context.starting_in(sentence.start_char, first.start(), "Person") if m.kind == "name")
        at = context.tokens_in(first.start(), first.end())[0]
        each = len(people) == len(penalties) > 1 and all(PENALTY.fullmatch(penalty) for penalty in penalties)
        found.append(_Shares(first.start(), word.idx, dict(zip(people, ((p, at) for p in penalties), strict=True)) if each else {}))
    return found


_AND = re.compile(r",? and |, ")


def is_anothers_share(context: Context, fact: Fact) -> bool:
    """Whether a row of `sentencedTo` gives somebody a penalty of a list that gives each his own, and him another or none for certain."""
    shares = next((s for s in context.once(_respective) if fact.evidence[0] <= s.start < fact.evidence[1]), None)
    if shares is None or str(fact.object) not in context.document.text[shares.start : shares.end]:
        return False
    return shares.of.get(fact.subject, ("",))[0] != fact.object


def _custodial(penalty: str, lemma: str) -> bool:
    """Whether words after a verb of giving are a penalty by themselves."""
    if lemma == "serve":
        return bool(re.search(r"year|month|life", penalty))
    return bool(
        re.search(r"order|life|sentence|discharge|curfew|unpaid|service|suspended|prison|imprisonment|jail|custody|year|month", penalty)
    )


def victims_of(context: Context, mention: Mention) -> Iterator[int]:
    """The people an offence mention names as suffering it: "the murder of X", "assaulting X"."""
    span = context.span(mention)
    if not len(span):
        return
    yield from _suffering(context, span.root)
    if span.root.dep_ in {"compound", "amod"}:
        yield from _suffering(context, span.root.head)


def _suffering(context: Context, token: Token) -> Iterator[int]:
    if token.pos_ == "VERB" and any(c.dep_ == "nsubj" and c.lower_ in {"i", "we"} for c in token.children):
        return  # "Orr told police: 'I stabbed him'": whom he means was named before, and by others
    for child in token.children:
        case = next((c.lower_ for c in child.children if c.dep_ in {"case"}), "")
        if token.pos_ == "VERB":
            if (child.dep_ == "obj" and child.i > token.i - 1) or child.dep_ == "nsubj:pass" and token.tag_ != "VBG":
                yield from people_at(context, child)
        elif (child.dep_ == "nmod" and case in {"of", "on", "against"}) or child.dep_ == "nmod:poss":
            if child.dep_ == "nmod:poss" and not _CERTAIN.search(token.text):
                continue
            yield from people_at(context, child)


def suffered(context: Context, person: int) -> list[tuple[int, Token]]:
    """The offences that the document says a person suffered, each with the word that says so."""
    return context.once(_by_victim).get(person, [])


def _by_victim(context: Context) -> dict[int, list[tuple[int, Token]]]:
    found: dict[int, list[tuple[int, Token]]] = {}
    for victim, offence, token, _ in _deed_victims(context):
        found.setdefault(victim, []).append((offence, token))
    return found


def _deed_victims(context: Context) -> Iterator[tuple[int, int, Token, Mention]]:
    """(victim, offence, word, mention) for each offence mention and deed with its victim in the same clause."""
    offences: dict[str | None, tuple[Mention, int]] = {}
    for mention, index in context.of_types("Offence"):
        offences.setdefault(context.chains[index].reference, (mention, index))
        for victim in victims_of(context, mention):
            yield victim, index, context.span(mention).root, mention
    for token in occurrences(context, DEEDS):
        if token.pos_ == "VERB" and context.at(token, "Offence") is None:
            known = context.reference.offence(token.lower_)
            if known and known.slug in offences:
                mention, index = offences[known.slug]
                for victim in _suffering(context, token):
                    yield victim, index, token, mention


def _victims(context: Context) -> Iterator[Fact]:
    """Rows of `victimOf` and, where a step gives the offence to somebody, of `offenderAgainst`."""
    ends = outcomes(context)
    by_offence: dict[int, list[tuple[int, Token]]] = {}
    doers: dict[tuple[Mention, int], set[int]] = {}
    for step in steps_of(context):
        for named in step.offences:
            doers.setdefault(named, set()).update(step.people)
    for victim, offence, token, mention in _deed_victims(context):
        if victim in doers.get((mention, offence), ()):
            continue
        yield _fact(context, "victimOf", victim, offence, victim_status(context, token, offence), token)
        by_offence.setdefault(offence, []).append((victim, token))
    for pairs, status in (
        (ends.convicted, "asserted"),
        (ends.charged - ends.convicted - ends.cleared, "alleged"),
        (ends.cleared, "denied"),
    ):
        for person, offence in sorted(pairs):
            if status == "denied" and person in ends.convicts:
                continue
            for victim, token in by_offence.get(offence, ()):
                if victim != person and _own_case(context, person, offence, victim, token):
                    freed = status == "asserted" and acquitted_next(context, person, *segment(context, token))
                    yield _fact(context, "offenderAgainst", person, victim, "denied" if freed else status, token, sure=0.8)


def _own_case(context: Context, person: int, offence: int, victim: int, token: Token) -> bool:
    """Whether the deed of this word is the person's: of the same sentence, or the document's only case of that offence."""
    sentence = context.sentence(token)
    for step in steps_in(context, sentence.start_char, sentence.end_char):
        if person in step.people and offence in {o for _, o in step.offences}:
            return True
    doers = outcomes(context).doers
    return doers.get(offence) == {person} and not any(victim in people for people in doers.values())


#: What may be charged of a death that was no crime at all.
_MAY_BE_NONE = re.compile(r"manslaughter|culpable homicide|causing (?:the )?death|negligence", re.I)
_KILLING = re.compile(r"murder|manslaughter|homicide|kill|death", re.I)
_UNLAWFUL = re.compile(r"\bunlawful(?:ly)? kill", re.I)


def in_dispute(context: Context, offence: int) -> bool:
    """Whether all who stood charged with a killing were cleared of it, and that it was a crime was what the trial was about.

    Of a murder that is where officers were charged: else somebody murdered the victim, whoever it was.
    """
    ends = outcomes(context)
    cleared = ends.acquitted.get(offence, set())
    ended = (s for s in steps_of(context) if s.kind == "clear" and s.status == "asserted")
    acquitted = cleared or any(offence in {o for _, o in s.offences} for s in ended)
    if not acquitted or offence in ends.decided or ends.undecided.get(offence, set()) - cleared:
        return False
    if any(_KILLING.search(context.chains[o].name) for _, o in ends.convicted | ends.charged - ends.cleared):
        return False  # another is still charged with, or was convicted of, what may be the same
    name = context.chains[offence].name
    officers = (any(context.reference.rank(post.role) for post in held_by(context, p)) for p in cleared)
    murder = name.lower().endswith("murder") and "attempt" not in name.lower()
    if not _MAY_BE_NONE.search(name) and not (murder and cleared and all(officers)):
        return False
    return _UNLAWFUL.search(context.document.text) is None


def victim_status(context: Context, token: Token, offence: int) -> str:
    """Whether the text says that the deed happened, whoever is accused of it."""
    ends = outcomes(context)
    chain = context.chains[offence]
    if _CERTAIN.search(chain.name) or _CERTAIN.search(token.text):
        return "alleged" if in_dispute(context, offence) else "asserted"
    here = [s for s in steps_in(context, *segment(context, token)) if offence in {o for _, o in s.offences}]
    if here:  # somebody else may be convicted of another deed of that kind
        found = any(s.kind == "convict" and s.status == "asserted" or any((p, offence) in ends.convicted for p in s.people) for s in here)
        return "asserted" if found else "alleged"
    if offence in ends.decided:
        return "asserted"
    if offence in ends.undecided:
        return "alleged"
    return status_of(context, token, "victimOf")


def _chargers(context: Context) -> Iterator[Fact]:
    """Rows of `chargedBy`: "charged by the CPS", "West Midlands Police have charged"."""
    for step in steps_of(context):
        if step.kind != "charge" or base(step.token) not in {"charge", "prosecute", "indict"}:
            continue
        found = _charger(context, step)
        if found is None:
            continue
        for person in step.people:
            yield _fact(context, "chargedBy", person, found[1], status_of(context, step.token), step.token, context.span(found[0])[0])


def _charger(context: Context, step: Step) -> tuple[Mention, int] | None:
    """Who brought a charge: the body after "by" in the same sentence, or the subject of the active verb."""
    text = context.document.text
    start, end = segment(context, step.token)
    for mention, index in context.starting_in(start, end, "PoliceForce", "Organisation"):
        if mention.start > step.token.idx and re.search(r"\bby (?:the )?$", text[step.token.idx : mention.start]):
            return mention, index
    if is_passive(step.token):
        return None
    subject = next((c for c in step.token.children if c.dep_ == "nsubj"), None)
    return context.head_mention(subject, "PoliceForce", "Organisation") if subject is not None else None


_BODIES = ("OversightBody", "PoliceForce", "Organisation", "Unit")
_UNDER_INQUIRY = ("Person", "PoliceForce", "Incident")


def _body(context: Context, token: Token) -> int | None:
    found = context.head_mention(token, *_BODIES) or context.at(token, *_BODIES)
    return found[1] if found else None


def _targets(context: Context, token: Token) -> Iterator[int]:
    """The chains of who or what is looked into or passed on."""
    found = context.head_mention(token, *_UNDER_INQUIRY)
    if found:
        yield found[1]
    yield from (p for p in people_at(context, token) if not found or p != found[1])


def _agent(token: Token) -> Token | None:
    return next(
        (c for c in token.children if c.dep_ == "obl:agent" or (c.dep_ in {"obl", "nmod"} and any(g.lower_ == "by" for g in c.children))),
        None,
    )


def _inquiries(context: Context) -> Iterator[Fact]:
    """Rows of `investigatedBy`, from verbs and from "under investigation by"."""
    for token in occurrences(context, _INQUIRIES | _INQUIRY_NOUNS):
        lemma = base(token)
        if token.pos_ == "VERB" and lemma in _INQUIRIES:
            doer = _agent(token) if is_passive(token) else next((c for c in token.children if c.dep_ == "nsubj"), None)
            targets = list(subject_people(context, token)) if is_passive(token) else []
            targets += [t for c in token.children if c.dep_ in {"obj", "nsubj:pass"} for t in _targets(context, c)]
        elif token.pos_ == "NOUN" and lemma in _INQUIRY_NOUNS and any(c.lower_ == "under" for c in token.children):
            doer = _agent(token) or (_agent(token.head) if token.head != token else None)
            targets = list(subject_people(context, token if any(c.dep_ == "cop" for c in token.children) else token.head))
        else:
            continue
        if token.pos_ == "VERB" and not is_passive(token) and (doer is None or not targets):
            doer, targets = _around(context, token, doer, targets)
        body = _body(context, doer) if doer is not None else None
        for target in dict.fromkeys(targets):
            if doer is not None and body is not None and body != target:
                yield _fact(context, "investigatedBy", target, body, status_of(context, token), token, doer)


def _around(context: Context, verb: Token, doer: Token | None, targets: list[int]) -> tuple[Token | None, list[int]]:
    """The body named last before an active verb and what is named right after it, where the tree gives neither."""
    start, end = segment(context, verb)
    text = context.document.text
    if doer is None or _body(context, doer) is None:
        before = [m for m, _ in context.starting_in(start, verb.idx, *_BODIES) if m.end <= verb.idx]
        doer = context.span(before[-1])[0] if before and not re.search(r"[,;]", text[before[-1].end : verb.idx]) else doer
    after = next(iter(context.starting_in(verb.idx + 1, end, *_UNDER_INQUIRY)), None)
    if not targets and after and re.fullmatch(r" (?:[\w-]+ ){0,3}", text[verb.idx + len(verb) : after[0].start]):
        targets = [after[1]]
    return doer, targets


def _referrals(context: Context) -> Iterator[Fact]:
    """Rows of `referredTo`: "has been referred to the IOPC", "the force referred itself to"."""
    for token in occurrences(context, {"refer", "report"}):
        if token.pos_ != "VERB":
            continue
        to = next((c for c in token.children if c.dep_ == "obl" and any(g.lower_ == "to" for g in c.children)), None)
        body = _body(context, to) if to is not None else None
        if to is None or body is None or context.chains[body].type == "PoliceForce" and base(token) == "report":
            continue
        targets: list[int] = []
        for child in token.children:
            if child.dep_ in {"obj", "nsubj:pass"}:
                if child.lower_ in {"itself", "themselves", "himself", "herself"}:
                    subject = next((c for c in token.children if c.dep_ == "nsubj"), None)
                    targets += _targets(context, subject) if subject is not None else []
                else:
                    targets += _targets(context, child)
        if is_passive(token) and not targets:
            targets = list(subject_people(context, token))
        for target in dict.fromkeys(targets):
            if target != body:
                yield _fact(context, "referredTo", target, body, status_of(context, token), token, to)


def _courts(context: Context) -> Iterator[Fact]:
    """Rows of `triedAt`: the court of the clause in which somebody appears, pleads or is dealt with."""
    for mention, court in context.of_types("Court"):
        span = context.span(mention)
        if not len(span):
            continue
        word = span.root
        verb = word.head
        for _ in range(4):
            if verb.pos_ in {"VERB", "AUX", "ADJ"} or verb.head == verb:
                break
            verb = verb.head
        if verb.lower_ == "due" or base(verb) in _IN_COURT or verb.lower_ in {"guilty", "trial"}:
            if (
                word.dep_ == "nsubj"
                and base(verb) != "hear"
                or base(verb) in {"find", "convict", "clear", "acquit", "sentence", "jail", "order", "give", "remand"}
                and not is_passive(verb)
            ):
                people = [p for c in verb.children if c.dep_ in {"obj", "iobj"} for p in people_at(context, c)]
            else:
                people = list(subject_people(context, verb))
            status = _in_court(context, verb)
            floor = max(segment(context, word)[0], word.idx - 80)
            if status == "asserted" and _STILL_AHEAD.search(context.document.text, floor, mention.start):
                status = "proposed"
            for person in dict.fromkeys(people):
                if of_the_court(context, person) and not any(person in step.people for step in steps_of(context)):
                    continue  # "Passing sentence at the High Court, Lady Cole told him"
                yield _fact(context, "triedAt", person, court, status, verb, word)
        # Of a verdict in a sentence with one court, whatever the tree hangs the court on.
        here = segment(context, word)
        named = word.dep_ != "nmod:poss" and " " in mention.text and not _APPEAL.search(mention.text)
        if named and {i for _, i in context.starting_in(*here, "Court")} == {court}:
            for step in steps_in(context, *here):
                ahead = _AHEAD.search(context.document.text, step.token.idx, mention.start)  # "guilty, and will be sentenced at"
                if step.kind in {"convict", "clear"} and step.status == "asserted" and _by_court(step) and not ahead:
                    for person in (p for p in step.people if not of_the_court(context, p)):
                        yield _fact(context, "triedAt", person, court, "asserted", step.token, word)


#: Right before a court, that somebody is still to come before it, whatever the tree hangs it on: "was charged and will stand trial at".
_STILL_AHEAD = re.compile(
    r"\b(?:(?:will|is to|are to|due to|set to|expected to|scheduled to)(?: next)? (?:go on trial|stand trial|appear|be (?:tried|sentenced)"
    r"|face (?:a )?(?:trial|jury))(?: [^.,;:]{0,30})?|(?:is|are|now|and) due) (?:at|before|in) (?:the )?$"
)
_AHEAD = re.compile(r"\b(?:will|due|to be|until|next|await\w*|expected|returns?)\b", re.I)
_APPEAL = re.compile(r"\b(?:appeals?|supreme)\b", re.I)


def _by_court(step: Step) -> bool:
    """Whether a step is a court's: "convicted", "guilty", "acquitted", and no panel's."""
    return step.token.lower_ in {"guilty", "convicted", "acquitted", "cleared", "jailed"} and not (
        step.token.lower_ == "guilty" and step.token.head.lower_ in {"plea", "pleas", "verdict", "verdicts"}
    )


_LISTED = frozenset({"due", "fix", "set", "list", "schedule", "expect", "adjourn"})


def _in_court(context: Context, verb: Token) -> str:
    """Status of somebody's time in court: "not guilty" denies the crime and not the hearing; "his trial is fixed for May" is to come."""
    if verb.lower_ == "due":
        return "proposed"
    if verb.lower_ == "guilty":
        return status_of(context, verb.head) if verb.head.pos_ == "VERB" else "asserted"
    if verb.lower_ == "trial" and verb.dep_.startswith("nsubj") and (verb.head.lower_ == "due" or base(verb.head) in _LISTED):
        return "proposed"
    return status_of(context, verb)

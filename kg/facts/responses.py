"""Who answers a review: accepts, welcomes or rejects what it found, says sorry for it, or speaks of it or for the body that it looked at.

A reply often stands sentences after the review: "The force said it accepted the findings". Which review is meant is told by the phrase
itself ("the audit's findings", "the coroner's conclusions", "her report"), else it is the one of which results were told last, else
the one that the document begins with. What a chief officer answers, his force answers.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.reviews import actors, existence
from kg.facts.status import status_of
from kg.facts.steps import case_of
from kg.facts.words import base, occurrences, spelt
from kg.model import Fact

SOURCE = "responses"
_ACTORS = frozenset({"Person", "PoliceForce", "Organisation", "OversightBody"})
#: Verbs that answer a review whose results are their object, or, with "with", "on" and "to", what hangs on them.
_ANSWERING = frozenset(
    """accept adopt welcome reject dispute criticise endorse acknowledge condemn praise regret implement disagree agree act respond react
    study call describe""".split()
)
#: Of these those whose object may be a pronoun: "welcomed it", "accepted them all".
_OF_PRONOUNS = frozenset("accept adopt welcome reject dispute criticise endorse condemn implement".split())
_PRONOUNS = frozenset("it them that this all each most both".split())
_PLURAL = frozenset("them all each most both".split())
_RECOMMENDED = re.compile(r"\b(?:recommendations|findings|criticisms|proposals|points)\b")
#: Of these those that are the reply themselves.
_REPLYING = frozenset({"respond", "react"})
#: What reviews give, and what they are called where they are answered.
_RESULTS = frozenset(
    """finding findings recommendation recommendations conclusion conclusions criticism criticisms report reports review inquiry
    inspection audit study determination verdict document grade grades rating ratings judgement judgements judgment judgments proposals
    suggestions""".split()
)
#: Of these those that are also of other things, so that one without an article is no review's: "responded to reports of a fight".
_LOOSE = frozenset("report reports review inquiry inspection audit study document verdict grade grades rating ratings".split())
_DEFINITE = frozenset("the this that these those its his her their our every each all".split())
#: Whose results they are where no review is named: the kind of review by its maker.
_MAKERS = {
    "coroner": re.compile(r"\binquests?\b", re.I),
    "jury": re.compile(r"\binquests?\b", re.I),
    "sheriff": re.compile(r"\bfatal accident inquiry\b", re.I),
}
_SAYING = frozenset("say tell add insist admit announce confirm explain write think believe".split())
_NAMED = r"(?:reports?|review|inquiry|inspection|audit|study|document|paper|findings?|conclusions?|recommendations?|verdict|determination)"
_POINTS = r"(?:recommendations|points|proposals|suggestions)"
#: What is said of a review by whoever answers it, be it named again or not.
_REPLIES = re.compile(
    # "called it thin", "accepted all nine of its findings"
    r"\b(?:(?:call(?!s? for|ed for|ing for)|describ|welcom|thought|accept|reject|disput|endors|back|support|stud(?:y|ied)|consider)"
    r"(?:s|e[sd]?|ed|ing)?"
    rf" (?:(?:it|them|all of it|all of its \w+)\b|(?:\w+ ){{0,4}}{_NAMED}\b)"
    # "said the report was thin"
    rf"|(?:said|says|thinks?|thought|felt)(?: that)? (?:the|this|its|her|his) {_NAMED}"
    r" (?:was|were|is|are|had|has|made|bore|painted|went|ought|would)"
    rf"|(?:disappointed|dismayed|saddened|angered|reassured|heartened|relieved) (?:by|in|at|with) (?:the|this|its|her|his) {_NAMED}"
    # "would not argue with a word", "read every page"
    r"|(?:no|not) (?:quarrel|argue|argument)|argue with|every (?:word|line|page) of it"
    r"|(?:read|accept|take|took|agreed? with) every (?:word|line|page|one)"
    # "had put in place nine of the proposals", "all of the points were met"
    rf"|(?:accept|adopt|implement|met|meet|carry out|carried out|agreed?|put in place|answer(?:ed)?)(?: to)? (?:\w+ ){{0,3}}{_POINTS}"
    r"|co-?operat(?:e|es|ed|ing) (?:fully |closely )?with (?:it|the (?:\w+ )?(?:inquiry|review|inquest))\b"
    rf"|(?:{_POINTS}|findings|conclusions)(?: \w+){{0,2}} (?:was|were|are|is|been|be) (?:\w+ )?"
    r"(?:accepted|adopted|implemented|met|agreed|put in place|carried out))",
    re.I,
)
#: What is said in answer to a review by the body that it looked at.
_OWNING_UP = re.compile(
    r"\b(?:accept|welcom|disagree|implement|thank|grateful|regret|respond|apolog|sorry\b|ashamed|failings\b|failed\b|let down\b|lessons?\b"
    r"|(?:the|its|these|those) (?:findings?|recommendations?|conclusions?|criticisms?|report|review|inspectors)\b)",
    re.I,
)
#: What makes a quotation one about the review that the article is about: it speaks of it.
_ABOUT_IT = re.compile(
    r"\b(?:(?:the|this|that|those|these|its|his|her|their|all|every|each|no|any|another|such)(?:\s[\w-]+){0,2}\s"
    r"(?:reports?|reviews?|inquiry|inquests?|inspection|audit|findings?|conclusions?|recommendations?|inspectors|reviewers?|jury|coroner)\b"
    r"|recommendations are)",
    re.I,
)
#: What is no answer.
_SILENT = re.compile(r"\b(?:not|n['’]t|declin\w+ to|refus\w+ to|yet to) (?:comment|respond|reply|discuss)\b", re.I)
#: Sentences after a review within which its results are answered by "the findings", and its subject speaks of it.
_NEAR = 10
_FRESH = 3
#: Characters within which "them all" are the recommendations just told of.
_SHORTLY = 250
#: Characters from the beginning within which an article names what it is about.
_LEAD = 450


class _Place(NamedTuple):
    """A mention of a review: where it starts and in which sentence, and its chain."""

    start: int
    sentence: int
    review: int


class Reviews:
    """What a document tells of its reviews: where they stand, who made and ordered them, whom they look at, what they found."""

    def __init__(self, context: Context, rows: list[Fact]) -> None:
        self.context = context
        sentences = [s for s in context.doc.sents if not all(t.is_space for t in s)]
        self.number = {t.i: n for n, s in enumerate(sentences) for t in s}
        told = {f.subject for f in rows if f.predicate == "finds" or (f.predicate in _TELLING and f.status == "asserted")}
        told |= {i for i, chain in enumerate(context.chains) if chain.type == "Review" and any(map(_TITLE.search, chain.names))}
        places = [
            _Place(m.start, self.number.get(context.span(m).start, 0), review)
            for m, review in context.of_types("Review")
            if len(context.span(m)) and not all(map(_BYGONE.match, context.chains[review].names))
        ]
        self.told = [place for place in places if place.review in told]
        #: where a report is somebody's that is none of those known
        self.unsettled = [t.idx for t in spelt(context, _REPORTED) if _is_owned(t) and context.at(t, "Review") is None]
        self.there = {place.review for place in self.told}
        self.mentions = places
        self.leading = {place.review for place in places if place.start < context.document.body_start + _LEAD}
        at_front = [place.review for place in self.told if place.review in self.leading]
        #: the review that the document begins with, and tells most of
        self.main = max(at_front, key=lambda r: (len(context.chains[r].mentions), -r)) if at_front else None
        self.bodies: dict[int, set[int]] = {}  #: of each person the bodies that he belongs to
        for person, body in _pairs(rows, "memberOf", "headOf", "commissionerFor"):
            self.bodies.setdefault(person, set()).add(body)
        self.quoted: dict[int, list[int]] = {}  #: who is quoted in each sentence
        for fact in rows:
            if fact.predicate == "said":
                for n in {self.number[s.start] for s in context.sentences(*fact.evidence) if s.start in self.number}:
                    self.quoted.setdefault(n, []).append(fact.subject)
        #: reviews that are called for, refused or planned wherever they stand
        self.wanted = {review for review in {place.review for place in places} if self._only_wanted(review)}
        real = {place.review for place in places} - self.wanted
        self.only = next(iter(real)) if len(real) == 1 else None  #: the document's one review that is there
        self.made = _pairs(rows, "ledBy")
        self.about = _pairs(rows, "examines")
        self.makers: dict[int, set[int]] = {}  #: whoever made each review
        for review, maker in self.made:
            self.makers.setdefault(review, set()).add(maker)
        #: chief officers of whom nothing tells which force they serve in
        self.chiefs = {f.subject for f in rows if f.predicate == "holdsRole" and _CHIEFS.search(str(f.object))} - self.bodies.keys()
        self.forces = _forces(rows)
        self.heads = {f.subject for f in rows if f.predicate == "headOf" and f.status == "asserted" and not f.end} | {
            f.subject for f in rows if f.predicate == "holdsRole" and f.status == "asserted" and _HEADS.fullmatch(str(f.object))
        }
        commissioners = {f.subject for f in rows if f.predicate == "commissionerFor" and f.status == "asserted" and not f.end}
        self.commissioner = next(iter(commissioners)) if len(commissioners) == 1 else None
        by_size = sorted(((len(c.mentions), i) for i, c in enumerate(context.chains) if c.type == "PoliceForce"), reverse=True)
        #: the force that the document is about, where it names no other as often
        self.force = by_size[0][1] if by_size and (len(by_size) == 1 or by_size[0][0] >= 2 * by_size[1][0]) else None
        self.harmed = {end for f in rows if f.predicate in _OF_VICTIMS for end in (f.subject, f.object)}

    def stands_for(self, actor: int) -> set[int]:
        """Who is spoken for: the actor and the bodies that he belongs to."""
        return {actor, *self.bodies.get(actor, ())}

    def made_by(self, review: int, actor: int) -> bool:
        """Whether the actor, or a body of his, made the review, or it bears his surname: its maker does not answer it."""
        if any((review, one) in self.made for one in self.stands_for(actor)):
            return True
        if review not in self.makers and any(_INSPECTORATE.search(self.context.chains[one].name) for one in self.stands_for(actor)):
            return True  # inspectors answer no review of which nothing tells that somebody else made it
        if self.context.chains[actor].type != "Person":
            return False
        surname = self.context.chains[actor].name.split()[-1]
        # "the Cole review", but not "the review of how Ms Cole was treated"
        return any(surname in _BEFORE_SUBJECT.split(name)[0].split() for name in self.context.chains[review].names)

    def concerns(self, review: int, actor: int) -> bool:
        """Whether the review looks at the actor or a body of his."""
        return any((review, one) in self.about for one in self.stands_for(actor))

    def only_force(self, review: int) -> int | None:
        """The one force that the review looks at, else the one that the document is about."""
        looked_at = {o for r, o in self.about if r == review and self.context.chains[o].type == "PoliceForce"}
        return next(iter(looked_at)) if len(looked_at) == 1 else self.force

    def last(self, token: Token, reach: int) -> int | None:
        """The review with results that was named last up to a sentence's end, if no more than so many sentences ago."""
        now = self.number[token.i]
        at = bisect_left(self.told, (self.context.sentence(token).end_char,))
        if not at or now - self.told[at - 1].sentence > reach:
            return None
        review = self.told[at - 1]
        # "Her report found ..." of which nothing tells whether it is the review before: what follows may answer either.
        open_ = bisect_left(self.unsettled, review.start) < bisect_left(self.unsettled, self.context.sentence(token).start_char)
        return None if open_ and len(self.there) > 1 else review.review

    def newest(self, token: Token, reach: int) -> int | None:
        """The review that was named last of all up to a sentence's end, results or not, if near and not only wanted."""
        now = self.number[token.i]
        at = bisect_left(self.mentions, (self.context.sentence(token).end_char,))
        place = self.mentions[at - 1] if at else None
        return place.review if place and now - place.sentence <= reach and place.review not in self.wanted else None

    def _only_wanted(self, review: int) -> bool:
        """Whether it is called for, refused or planned wherever it stands."""
        spans = (self.context.span(mention) for mention in self.context.chains[review].mentions)
        return all(existence(self.context, span.root) != "asserted" for span in spans if len(span))


_REPORTED = ("report", "review", "inquiry", "audit")


def _is_owned(noun: Token) -> bool:
    return any(t.dep_ == "nmod:poss" and t.lower_ in {"his", "her", "their"} for t in noun.lefts)


#: Reviews that a text only looks back at: what is answered is the present one.
_BYGONE = re.compile(r"(?:the |its |a |an )?(?:previous|earlier|prior|preceding|last) ", re.I)
#: What is told of a review that is there, not only wanted.
_TELLING = frozenset({"publishedOn"})
_INSPECTORATE = re.compile(r"\bInspectorate\b|\bHMI\b")
#: What comes between a review's kind and its subject.
_BEFORE_SUBJECT = re.compile(r" (?:of|into|on|about|after|following|over|for|at|to|by)\b")
_TITLE = re.compile(r"[A-Z]\w+ (?:[Rr]eview|[Ii]nquiry|[Rr]eport|Inspection|Audit)\b")
_OF_VICTIMS = frozenset({"victimOf", "relativeOf", "accusedOf", "offenderAgainst"})


#: Posts in which somebody answers for a force.
_HEADS = re.compile(r"(?:(?:acting|temporary|interim) )?chief constable", re.I)
_CHIEFS = re.compile(r"\b(?:chief constable|(?:deputy|assistant) commissioner|chief officer)\b", re.I)


def _forces(rows: Iterable[Fact]) -> dict[int, int]:
    """The one force for which each of its heads and chief officers answers."""
    rows = [f for f in rows if f.status == "asserted" and not f.end]
    chiefs = {f.subject for f in rows if f.predicate == "holdsRole" and _CHIEFS.search(str(f.object))}
    table: dict[int, set[int]] = {}
    for fact in rows:
        if isinstance(fact.object, int) and (fact.predicate == "headOf" or (fact.predicate == "memberOf" and fact.subject in chiefs)):
            table.setdefault(fact.subject, set()).add(fact.object)
    return {person: next(iter(forces)) for person, forces in table.items() if len(forces) == 1}


def _pairs(rows: Iterable[Fact], *predicates: str) -> set[tuple[int, int]]:
    return {(f.subject, f.object) for f in rows if f.predicate in predicates and isinstance(f.object, int) and f.status != "denied"}


def responses(context: Context, facts: Iterable[Fact]) -> Iterator[Fact]:
    """Rows of ``respondsTo`` that follow from what is answered, and from who speaks of what; all are asserted."""
    if not context.of_types("Review"):
        return
    rows = list(facts)
    reviews = Reviews(context, rows)
    spoken = list(_speakers(context, reviews, rows))
    heads = [fact for fact in spoken if fact.subject in reviews.heads]
    answers = [*_for_the_force(context, reviews, [*_answers(context, reviews), *_sorry(context, reviews), *heads]), *spoken]
    yield from (fact for fact in answers if not _ANNOUNCING.search(context.document.text, *fact.evidence))


#: Who announces a review orders it, or speaks for whoever does, and answers nothing.
_ANNOUNCING = re.compile(
    r"\b[Aa]nnouncing (?:the|an?|this|that|his|her|its) (?:[\w-]+ ){0,3}(?:review|inquiry|inspection|investigation|audit)\b"
)


def _for_the_force(context: Context, reviews: Reviews, rows: Iterable[Fact]) -> Iterator[Fact]:
    """The rows, and those of the forces whose chief officers answer: a force accepts what its chief constable does."""
    for fact in rows:
        yield fact
        force = reviews.forces.get(fact.subject)
        if force is None and fact.subject in reviews.chiefs:
            force = reviews.only_force(int(fact.object))
        if force is not None and context.chains[force].type == "PoliceForce" and not reviews.made_by(int(fact.object), force):
            yield replace(fact, subject=force)


def _answers(context: Context, reviews: Reviews) -> Iterator[Fact]:
    """The results of a review as the object of a verb of answering."""
    for verb in occurrences(context, _ANSWERING):
        # "said it would study the findings" is a reply, "will respond to it by May" and "has not accepted it yet" are none.
        status = status_of(context, verb) if verb.pos_ == "VERB" else "denied"
        if status in {"denied", "hypothetical"} or (status == "proposed" and (base(verb) in _REPLYING or not _is_said(verb))):
            continue
        answered = _answered(context, verb)
        review = _meant(context, reviews, verb, answered) if answered is not None else None
        if review is None:
            continue
        for actor in _who(context, reviews, verb, review):
            if not reviews.made_by(review, actor):
                yield _row(context, actor, review, verb)


def _sorry(context: Context, reviews: Reviews) -> Iterator[Fact]:
    """Bodies, and those who speak for them, who say sorry soon after what a review found."""
    for verb in (*occurrences(context, {"apologise", "apologize"}), *occurrences(context, {"sorry", "ashamed"})):
        if verb.lower_ in {"sorry", "ashamed"} and not any(c.dep_ == "cop" for c in verb.children) and base(verb.head) != "say":
            continue
        review = reviews.last(verb, _FRESH)
        if review is None and reviews.main is not None:
            review = reviews.main if reviews.last(verb, _NEAR) == reviews.main else None
        at = verb if verb.pos_ == "VERB" or any(c.dep_ == "nsubj" for c in verb.children) else verb.head
        if review is None or reviews.newest(verb, _NEAR) != review or status_of(context, at) != "asserted":
            continue
        for actor in _who(context, reviews, at, review):
            body = context.chains[actor].type != "Person" or (actor not in reviews.harmed and actor in reviews.bodies)
            if body and not reviews.made_by(review, actor):
                yield _row(context, actor, review, verb)


def _is_said(verb: Token) -> bool:
    """Whether the verb stands in what somebody says: "said the force would act on it"."""
    return any(base(above) in _SAYING for above in verb.ancestors)


def _answered(context: Context, verb: Token) -> Token | None:
    """The word for the results that the verb answers: its object, its subject in the passive, or what its relative clause hangs on."""
    for child in verb.children:
        object_ = (child.dep_ == "obj" and child.i > verb.i) or child.dep_ == "nsubj:pass"
        if object_ or (child.dep_ in {"obl", "nmod"} and case_of(child) in {"with", "on", "to", "upon"}):
            found = child if context.head_mention(child, "Review") is not None else _results(child)
            if found is None and child.lower_ in _PRONOUNS and base(verb) in _OF_PRONOUNS:
                found = next((t for t in child.rights if t.dep_ == "nmod" and case_of(t) == "of" and t.lower_ in _PRONOUNS), child)
            if found is not None:
                return found
    return _results(verb.head) if verb.dep_ == "acl:relcl" else None


def _results(noun: Token) -> Token | None:
    """The word for results in a noun phrase: "[findings]", "every one of the [recommendations]", "nine [causes of concern]"."""
    while noun.lower_ not in _RESULTS:
        following = next((t for t in noun.rights if t.dep_ == "nmod" and case_of(t) in {"of", "for"}), None)
        if noun.lower_ in {"causes", "cause", "areas"} and following is not None and following.lower_ in {"concern", "improvement"}:
            return noun
        if following is None or case_of(following) != "of":
            return None
        noun = following
    if noun.lower_ in _LOOSE and not any(t.lower_ in _DEFINITE or t.dep_ == "nmod:poss" for t in noun.lefts):
        return None
    return noun


def _who(context: Context, reviews: Reviews, verb: Token, review: int) -> Iterator[int]:
    """Who answers: the verb's subject or agent, and who says so for it."""
    passive = any(c.dep_ == "nsubj:pass" for c in verb.children)
    if passive:
        subjects = [c for c in verb.children if c.dep_ in {"obl:agent", "obl"} and (c.dep_ == "obl:agent" or case_of(c) == "by")]
    else:
        subjects = _subjects(verb)
    governor = verb
    while not subjects and governor.dep_ in {"conj", "xcomp"}:
        governor = governor.head
        subjects = _subjects(governor)
    if not subjects:
        return
    subject = subjects[0]
    if subject.lower_ in {"which", "who"} and governor.dep_ == "acl:relcl":
        subject = governor.head
    if subject.lower_ in {"we", "i"}:
        yield from reviews.quoted.get(reviews.number[verb.i], ())
        return
    named = (list(_named(context, reviews, token, review)) for token in (subject, *subjects[1:]))
    yield from next((people for people in named if people), ())
    above = governor.head
    if governor.dep_ in {"ccomp", "parataxis"} and base(above) in _SAYING:
        named = (list(_named(context, reviews, token, review)) for token in _subjects(above))
        yield from next((people for people in named if people), ())


def _subjects(verb: Token) -> list[Token]:
    """The subjects of an active verb, the nearest first: the tree may part "the commissioner, Ann Cole" or call "the force" an object."""
    before = [c for c in verb.children if c.i < verb.i]
    return [c for c in reversed(before) if c.dep_ == "nsubj"] or [c for c in reversed(before) if c.dep_ == "obj"]


def _named(context: Context, reviews: Reviews, subject: Token, review: int) -> Iterator[int]:
    """Whom a subject names, be it the person of "Kent's commissioner, Ann Cole", or the force of "the force" that a review looked at."""
    tokens = [subject]
    for token in tokens:
        tokens += [child for child in token.children if child.dep_ == "conj"]
    for token in tokens:
        actor = next((i for i, _ in actors(context, token, *_ACTORS)), None)
        if actor is None or context.chains[actor].type != "Person":
            beside = _beside(context, token)
            actor = beside if beside is not None else actor
        if actor is None:
            actor = _described(reviews, token, review)
        if actor is not None:
            yield actor


def _beside(context: Context, title: Token, depth: int = 3) -> int | None:
    """The person whom a title introduces: "the council's lead on firearms, Chief Constable [Ann Cole]"."""
    for child in title.children if depth else ():
        if child.dep_ in {"appos", "flat"}:
            found = context.at(child, "Person")
            person = found[1] if found is not None else _beside(context, child, depth - 1)
            if person is not None:
                return person
    return None


def _described(reviews: Reviews, subject: Token, review: int) -> int | None:
    """ "The force", "the commissioner": of the one force that the review looks at, or that the document is about."""
    if not any(t.lower_ in {"the", "its"} for t in subject.lefts):
        return None
    if subject.lower_ in {"force", "constabulary", "service"}:
        return reviews.only_force(review)
    return reviews.commissioner if subject.lower_ == "commissioner" else None


def _meant(context: Context, reviews: Reviews, verb: Token, noun: Token) -> int | None:
    """The review whose results a phrase names."""
    if noun.lower_ in _PRONOUNS:
        pointed = context.at(noun, "Review")
        known = context.at(noun)
        if pointed is not None:
            return pointed[1]
        # "It made 17 recommendations. The force accepted them all."
        start = max(context.document.body_start, noun.idx - _SHORTLY)
        if noun.lower_ in _PLURAL and _RECOMMENDED.search(context.document.text, start, noun.idx):
            return reviews.last(verb, _NEAR)
        return reviews.newest(verb, 1) if known is None and noun.lower_ != "that" else None
    phrase = context.doc[noun.left_edge.i : noun.right_edge.i + 1]
    for mention, review in context.overlapping(phrase.start_char, phrase.end_char, "Review"):
        if mention.end <= phrase.end_char:
            return review
    owner = next((t for t in noun.children if t.dep_ == "nmod:poss" or (t.dep_ == "nmod" and case_of(t) in {"of", "from", "by"})), None)
    before = [p.review for p in reviews.mentions[: bisect_left(reviews.mentions, (noun.idx,))]]
    if owner is not None and owner.lower_ in _MAKERS:
        return next((r for r in reversed(before) if any(map(_MAKERS[owner.lower_].search, context.chains[r].names))), None)
    if owner is not None and (maker := context.at(owner, *_ACTORS)) is not None:
        own = next((r for r in reversed(before) if (r, maker[1]) in reviews.made), None)
        if own is not None:
            return own
    fits = (reviews.last(verb, _NEAR), reviews.main, reviews.newest(verb, _FRESH), reviews.only)
    return next((review for review in fits if review is not None), None)


def _speakers(context: Context, reviews: Reviews, rows: list[Fact]) -> Iterator[Fact]:
    """Who speaks of a review in words of a reply, and whoever it looks at, or whose body, owning up or quoted in an article about it."""
    for actor, token, words, quoted in _speeches(context, rows):
        review = reviews.last(token, _NEAR)
        if review is None and _ABOUT_IT.search(words):
            review = reviews.main
        if review is None or reviews.made_by(review, actor):
            continue
        concerned = actor not in reviews.harmed and reviews.concerns(review, actor)
        owns_up = concerned and ((quoted and review in reviews.leading) or _OWNING_UP.search(words))
        replies = _REPLIES.search(words) and (len(reviews.there) == 1 or reviews.last(token, _FRESH) is not None)
        of_it = quoted and review in reviews.leading and (_ABOUT_IT.search(words) or _names_maker(context, reviews, review, token))
        if (owns_up or replies or of_it) and not _SILENT.search(words):
            yield _row(context, actor, review, token)


def _names_maker(context: Context, reviews: Reviews, review: int, token: Token) -> bool:
    """Whether the sentence names whoever makes the review: "We will give Lady Cole whatever she asks for"."""
    makers = reviews.makers.get(review, set())
    return any(i in makers for _, i in context.within(context.sentence(token), "Person"))


def _speeches(context: Context, rows: list[Fact]) -> Iterator[tuple[int, Token, str, bool]]:
    """Speaker, a word of the sentence, the sentence's words, and whether they are a quotation's."""
    for fact in rows:
        if fact.predicate == "said" and context.chains[fact.subject].type in _ACTORS:
            for sentence in context.sentences(*fact.evidence):
                if not all(t.is_space for t in sentence):
                    yield fact.subject, sentence.root, context.text(sentence), True
    for verb in occurrences(context, _SAYING):
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        if subject is not None and verb.pos_ == "VERB" and status_of(context, verb) == "asserted":
            yield from ((actor, verb, context.text(context.sentence(verb)), False) for actor, _ in actors(context, subject, *_ACTORS))


def _row(context: Context, actor: int, review: int, token: Token) -> Fact:
    return Fact("respondsTo", actor, review, "asserted", context.evidence(token), SOURCE, 0.85)

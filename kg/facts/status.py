"""What a text commits itself to: asserted, alleged, proposed, denied or hypothetical, read from the clause of a trigger word.

Operators are collected from the trigger outwards (negation, modals, adverbs, governing verbs, conditions, questions) and
applied in that order: what a court denies of an allegation is denied; what is only possible stays hypothetical.

References: Saurí and Pustejovsky 2009, "FactBank"; White et al. 2016, "Universal Decompositional Semantics" (factuality by
clause-embedding verbs).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.times import CONDUCT, expressions_in
from kg.facts.words import base

NEGATORS = frozenset("not n't n’t never nor neither hardly nowhere".split())
NOBODY = frozenset("nobody none nothing neither noone".split())
#: Verbs (lemmas) that say that what hangs on them is not so.
DENYING = frozenset(
    """deny refuse decline reject rule dismiss dispute contest acquit clear exonerate absolve quash overturn drop withdraw abandon
    discontinue cancel scrap shelve block oppose exclude lack avoid fail stop prevent resist rebut refute disprove discount""".split()
)
#: Verbs by which somebody says a thing of which the text does not say that it is so.
ALLEGING = frozenset(
    """allege accuse suspect charge claim believe think assume fear maintain insist contend assert reckon rumour complain imply
    suggest hint indict summon summons arrest bail prosecute try investigate examine probe imagine speculate""".split()
)
#: Verbs, nouns and adjectives that look ahead to what hangs on them.
PLANNING = frozenset(
    """plan intend propose expect hope want wish aim nominate prefer tip promise pledge vow threaten offer agree decide due set
    schedule prepare urge ask call demand recommend seek need request advise invite suggest shortlist consider likely ready
    about apply bid campaign stand require pencil earmark anticipate await slate line proposal plan bid call hope intention
    recommendation request demand favourite await seek mull weigh look keen willing eager poised destine""".split()
)
#: Verbs of mere telling; in what they bring in, the facts of a crime are still only somebody's word.
TELLING = frozenset("say tell hear state add report argue submit testify recall describe explain announce note write read".split())
#: Those before whom, and by whom, a case is only put.
COURTROOM = frozenset("court jury jurors prosecutor prosecutors prosecution crown inquest hearing panel tribunal magistrates".split())
_REFUSING_FACTS = frozenset({"fail", "stop", "lack", "avoid", "prevent"})
#: Nouns for what somebody may do, which say nothing of whether it is done.
_ABLE = frozenset("power authority right chance ability duty jurisdiction option".split())
_ABOUT_DEEDS = frozenset("allegation claim accusation complaint suspicion charge rumour suggestion report count denial".split())
#: Adverbs, and then determiners and epithets of nouns, that change what is claimed.
_HEDGES = {
    "allegedly": "alleged",
    "reportedly": "alleged",
    "supposedly": "alleged",
    "apparently": "alleged",
    "purportedly": "alleged",
    "wrongly": "denied",
    "falsely": "denied",
    "wrongfully": "denied",
    "mistakenly": "denied",
    "nearly": "denied",
    "almost": "denied",
    "possibly": "hypothetical",
    "perhaps": "hypothetical",
    "maybe": "hypothetical",
    "hypothetically": "hypothetical",
    "probably": "proposed",
    "likely": "proposed",
    "unlikely": "denied",
}
_EPITHETS = {
    "alleged": "alleged",
    "suspected": "alleged",
    "reported": "alleged",
    "supposed": "alleged",
    "apparent": "alleged",
    "so-called": "alleged",
    "accused": "alleged",
    "unproven": "alleged",
    "disputed": "alleged",
    "rumoured": "alleged",
    "claimed": "alleged",
    "proposed": "proposed",
    "planned": "proposed",
    "expected": "proposed",
    "preferred": "proposed",
    "intended": "proposed",
    "prospective": "proposed",
    "forthcoming": "proposed",
    "incoming": "proposed",
    "likely": "proposed",
    "aspiring": "proposed",
    "would-be": "proposed",
    "designate": "proposed",
    "elect": "proposed",
    "possible": "hypothetical",
    "potential": "hypothetical",
    "hypothetical": "hypothetical",
    "any": "hypothetical",
    "future": "proposed",
    "no": "denied",
    "former": "asserted",
    "neither": "denied",
    "quashed": "denied",
    "false": "denied",
    "unfounded": "denied",
}
_NOMINAL_UP = frozenset(
    {"obj", "iobj", "nsubj", "nsubj:pass", "obl", "nmod", "obl:agent", "compound", "nmod:poss", "appos", "flat", "fixed", "nsubj:outer"}
)
_IN_PLACE_OF = frozenset({"without", "instead"})
#: Verbs by which somebody makes up his mind.
_SETTLING = frozenset("decide rule vote opt choose come".split())
_TIMES = frozenset("second minute hour day week month year".split())
_CLAUSE_TIE = frozenset({"xcomp", "ccomp", "csubj", "csubj:pass", "csubj:outer", "acl"})


def status_of(context: Context, trigger: Token, predicate: str | None = None) -> str:
    """The status of what ``trigger`` (a verb, a predicate noun or adjective, or an event noun) says, one of ``STATUSES``.

    ``predicate`` lets the rulings of single predicates in: what a court heard is an allegation where a crime is concerned, and
    an ``accusedOf`` is never more than alleged.
    """
    status = "asserted"
    for operator in _operators(context, trigger, predicate):
        status = compose(status, operator)
    return _ruled(status, predicate)


def compose(inner: str, outer: str) -> str:
    """The status of what is said under ``outer`` and, within that, under ``inner``."""
    if outer == "asserted" or inner == outer == "denied":
        return "alleged" if inner == outer == "denied" else inner
    if inner == "asserted":
        return outer
    if "hypothetical" in (inner, outer):
        return "hypothetical"
    if outer == "denied":
        return "denied"
    return inner


def _ruled(status: str, predicate: str | None) -> str:
    if predicate == "accusedOf" and status == "asserted":
        return "alleged"
    return status


def negated(token: Token) -> bool:
    """Whether the word's own clause is negated: by an adverb, or by a subject or object that is nobody or nothing."""
    return any(_negates(child) for child in _clause_children(token)) or _opens_with_neither(token)


def _negates(child: Token) -> bool:
    if child.dep_ in {"advmod", "cc", "cc:preconj", "neg", "det", "mark"} and child.lower_ in NEGATORS:
        return (
            not (child.lower_ in {"not", "nor"} and child.nbor(1).lower_ in {"only", "just", "least"})
            if child.i + 1 < len(child.doc)
            else True
        )
    if child.dep_ in {"nsubj", "nsubj:pass", "obj"}:
        return child.lower_ in NOBODY or any(
            c.dep_ in {"det", "cc:preconj", "advmod"} and c.lower_ in {"no", "neither", "not"} for c in child.children
        )
    return False


def _opens_with_neither(token: Token) -> bool:
    subject = next((c for c in token.children if c.dep_ in {"nsubj", "nsubj:pass"}), None)
    return subject is not None and subject.left_edge.i > 0 and subject.left_edge.nbor(-1).lower_ == "neither"


def _clause_children(token: Token) -> Iterator[Token]:
    """The word's children, and those of its auxiliaries, which some parses hang negation on."""
    for child in token.children:
        yield child
        if child.dep_ in {"aux", "aux:pass", "cop"}:
            yield from child.children


def _operators(context: Context, trigger: Token, predicate: str | None) -> Iterator[str]:
    """Statuses to apply, from the trigger outwards."""
    token: Token = trigger
    if trigger.pos_ in {"NOUN", "PROPN", "ADJ"} or trigger.dep_ in _NOMINAL_UP:
        yield from _of_noun(trigger)
    for _ in range(12):
        yield from _of_clause(context, token, predicate)
        head = token.head
        if head == token or _apart(context, token, head):
            break
        if token.dep_ in {"conj", "parataxis", "appos", "list"}:
            if token.dep_ == "conj" and not _own_clause(token):
                yield from _shared(token, head)
            elif token.dep_ == "parataxis" and base(head) in TELLING and predicate in CONDUCT:
                yield "alleged"
            token = head
            while token.dep_ == "conj" and token.head != token and not _apart(context, token, token.head):
                token = token.head  # of three joined clauses none governs another: "was arrested, denied murder but was convicted"
            if token.dep_ == "conj" or _apart(context, token, token.head):
                break
            ends = token.dep_ == "ROOT" or token.dep_ not in _CLAUSE_TIE | {"conj", "xcomp"}
            if ends and not (token.dep_ in _NOMINAL_UP and _nominal(token)):
                break
            yield from _of_link(token, predicate)
            token = token.head
            continue
        if token.dep_ in {"acl:relcl", "advcl:relcl"}:
            break
        if token.dep_ == "advcl" and not _complement(token):
            yield from _of_adverbial(token)
            break
        if token.dep_ in _CLAUSE_TIE or token.dep_ == "advcl":
            yield from _of_link(token, predicate)
            if token.dep_ == "acl" and base(head) not in _ABOUT_DEEDS | PLANNING:
                break  # "X, accused of theft, was acquitted": what befalls X is no matter of the accusation
        elif token.dep_ in _NOMINAL_UP:
            yield from _of_argument(token, head)
            if head.pos_ in {"VERB", "AUX"} and token is not trigger and token.dep_ == "obl":
                break
        elif token.dep_ not in {"cop", "aux", "aux:pass", "amod"}:
            break
        token = head
    if _asks(context, trigger):
        yield "hypothetical"
    yield from _told(trigger, predicate)


def _apart(context: Context, token: Token, head: Token) -> bool:
    """Whether a full stop stands between two words that the parser has in one sentence: what is refused there is not refused here."""
    if abs(token.i - head.i) < 4:
        return False
    first, last = sorted((token.idx, head.idx))
    return _FULL_STOP.search(context.document.text, first, last) is not None


_FULL_STOP = re.compile(r"[a-z]{3}[.!?][\"”’']?\s+(?=[A-Z])")


def _nominal(token: Token) -> bool:
    return token.pos_ in {"NOUN", "PROPN"}


def _of_noun(noun: Token) -> Iterator[str]:
    """What a noun's own determiner and epithets say of it."""
    for child in noun.children:
        if child.dep_ in {"amod", "det", "advmod", "compound"} and child.lower_ in _EPITHETS:
            yield _EPITHETS[child.lower_]


def _of_clause(context: Context, token: Token, predicate: str | None) -> Iterator[str]:
    """The operators of a word's own clause: adverbs, modals, negation, and a condition or question word that opens it."""
    no_longer = any(c.lower_ == "longer" and any(g.lower_ == "no" for g in c.children) for c in token.children)
    if no_longer and predicate in {"headOf", "commissionerFor"}:
        yield "denied"
    for child in _clause_children(token):
        if child.dep_ == "advmod" and child.lower_ in _HEDGES:
            yield _HEDGES[child.lower_]
        if child.dep_ in {"mark", "case", "cc"} and child.lower_ in _IN_PLACE_OF:
            yield "denied"
        if child.dep_ in {"mark", "case"} and child.lower_ == "against" and token.tag_ == "VBG":
            yield "denied" if base(token.head) in _SETTLING else "hypothetical"  # "decided against appointing", "argued against it"
        if (
            child.dep_ in {"mark", "advmod", "case", "cc"}
            and child.lower_ == "rather"
            and child.i + 1 < len(child.doc)
            and child.nbor(1).lower_ == "than"
        ):
            yield "denied"
        if child.dep_ == "advcl" and _conditional(child) and not _modal(token) and predicate != "accusedOf":
            yield "hypothetical"
    modal = _modal(token)
    if modal:
        yield modal
    elif _scheduled(context, token):
        yield "proposed"
    if negated(token):
        yield "denied"


def _modal(token: Token) -> str | None:
    """What a modal verb, or an infinitive that stands alone, makes of its clause."""
    auxiliaries = {c.lower_ for c in token.children if c.dep_ in {"aux", "aux:pass", "cop"}}
    perfect = bool(auxiliaries & {"have", "'ve", "’ve"})
    condition = any(c.dep_ == "advcl" and _conditional(c) for c in token.children) or _opens_with_condition(token)
    if auxiliaries & {"may", "might", "could", "can", "ca"}:
        return "hypothetical"
    # "he'd been dismissed" has happened, "he'd have been dismissed" has not
    if auxiliaries & {"would", "'d", "’d"} and not (auxiliaries & {"'d", "’d"} and token.tag_ == "VBN" and not perfect):
        return "hypothetical" if perfect or condition or not _reported(token) else "proposed"
    if auxiliaries & {"should", "ought", "must"}:
        return "hypothetical" if perfect or condition else "proposed"
    if auxiliaries & {"will", "shall", "'ll", "’ll", "wo", "won't"}:
        return "hypothetical" if condition else "proposed"
    infinitive = any(c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in token.children)
    headline = (
        token.tag_ == "VB"
        and token.i > 0
        and token.nbor(-1).lower_ == "to"
        and token.head.dep_ == "ROOT"
        and token.head.pos_ in {"NOUN", "PROPN"}
    )
    if infinitive and any(_took_its_time(t) for t in token.doc[max(0, token.i - 8) : token.i]):
        return None  # "jurors took four hours to acquit", whatever the tree hangs on what
    if headline or infinitive and (token.dep_ == "ROOT" or auxiliaries & {"is", "are", "was", "were", "'s", "’s"} and token.tag_ == "VB"):
        return "proposed"
    return None


def _opens_with_condition(token: Token) -> bool:
    """Whether the sentence begins with a condition that stands before the word ("If he is found guilty he will be")."""
    if token.dep_ != "ROOT":
        return False
    first = token.sent[0]
    return first.lower_ in {"if", "unless", "should", "had", "were"} and first.i < token.i - 2


def _conditional(clause: Token) -> bool:
    return any(c.dep_ in {"mark", "advmod"} and c.lower_ in {"if", "unless", "provided", "lest"} for c in clause.children) or (
        clause.tag_ == "VB"
        and any(
            c.dep_ == "aux" and c.lower_ == "should" and c.i < min((s.i for s in clause.children if s.dep_.startswith("nsubj")), default=-1)
            for c in clause.children
        )
    )


def _reported(token: Token) -> bool:
    """Whether the clause is what somebody said, so that "would" is the future of the past."""
    governor = token.head
    if token.dep_ in {"ccomp", "parataxis"}:
        return True
    return token.dep_ == "conj" and governor.dep_ in {"ccomp", "parataxis"}


def _scheduled(context: Context, token: Token) -> bool:
    """Whether a present tense is dated to a day after the document's ("takes over in September")."""
    today = context.document.date
    if not today or token.tag_ not in {"VBZ", "VBP"}:
        return False
    if base(token) in {"be", "have", "say"}:
        return False
    text, sentence = context.document.text, context.sentence(token)
    for item in expressions_in(text, today, sentence.start_char, sentence.end_char):
        if item.kind in {"point", "since", "from"}:
            span = context.doc.char_span(item.start, item.end, alignment_mode="expand")
            if span is not None and len(span) and item.value > today[: len(item.value)] and span.root.head == token:
                return True
    return False


def _own_clause(token: Token) -> bool:
    """Whether a conjunct has a subject or auxiliaries of its own, so that it shares none of the first one's."""
    return any(c.dep_ in {"nsubj", "nsubj:pass", "aux", "aux:pass", "cop"} for c in token.children)


def _shared(token: Token, head: Token) -> Iterator[str]:
    """The first conjunct's modals and negation, where the second leans on them."""
    if token.pos_ in {"NOUN", "PROPN"} and head.pos_ in {"NOUN", "PROPN"}:
        yield from (_EPITHETS[c.lower_] for c in head.children if c.dep_ == "det" and c.lower_ in {"no", "neither"})
        return
    finite = token.tag_ in {"VBD", "VBZ", "VBP"}
    modal = None if finite else _modal(head)
    if modal:
        yield modal
    alternative = any(c.dep_ == "cc" and c.lower_ in {"or", "nor"} for c in token.children)
    if negated(head) and (alternative or not finite) and not any(c.dep_ == "cc" and c.lower_ == "but" for c in token.children):
        yield "denied"


def _of_link(token: Token, predicate: str | None) -> Iterator[str]:
    """What the governing word makes of a complement clause."""
    head = token.head
    lemma = base(head)
    infinitive = any(c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in token.children)
    if any(c.dep_ == "mark" and c.lower_ in {"whether", "if"} for c in token.children):
        yield "hypothetical" if predicate not in CONDUCT else "alleged"
    if token.dep_ == "acl" and any(c.dep_ == "det" and c.lower_ == "no" for c in head.children):
        yield "denied"
    elif token.dep_ == "acl" and infinitive and lemma in _ABLE:
        yield "hypothetical"
    if lemma in DENYING and not (lemma in {"rule", "stop"} and token.dep_ == "ccomp"):
        yield "denied"
    elif (
        lemma in PLANNING
        and (infinitive or token.dep_ in {"ccomp", "acl"} and lemma not in {"decide", "agree", "set"})
        or infinitive
        and lemma == "be"
        and token.dep_ == "xcomp"
    ):
        yield "proposed"
    elif (
        lemma in ALLEGING
        or lemma in {"allegation", "claim", "accusation", "complaint", "suspicion", "charge", "rumour", "suggestion", "report", "count"}
        or lemma in TELLING
        and predicate in CONDUCT
    ):
        yield "alleged"


def _complement(clause: Token) -> bool:
    """Whether an adverbial clause is what its verb is about: "cleared of stealing", "accused of lying"."""
    return (
        clause.tag_ == "VBG"
        and any(c.dep_ in {"mark", "case"} and c.lower_ in {"of", "with", "for", "from"} for c in clause.children)
        and (base(clause.head) in DENYING | ALLEGING)
    )


def _of_adverbial(token: Token) -> Iterator[str]:
    marks = {c.lower_ for c in token.children if c.dep_ in {"mark", "advmod", "case"}}
    if _conditional(token) or "whether" in marks:
        yield "hypothetical"
    elif (
        "to" in marks
        and token.tag_ == "VB"
        and not _took_its_time(token.head)
        or marks & {"before", "until"}
        and token.tag_ in {"VBZ", "VBP"}
    ):
        yield "proposed"


def _took_its_time(verb: Token) -> bool:
    """Whether a verb only says how long the deed took: "jurors took three hours to clear him"."""
    return (
        base(verb) == "take" and verb.tag_ in {"VBD", "VBN"} and any(c.dep_ == "obj" and c.lemma_.lower() in _TIMES for c in verb.children)
    )


def _of_argument(token: Token, head: Token) -> Iterator[str]:
    """What a verb or noun makes of the event noun that is its argument."""
    lemma = base(head)
    case = next((c.lower_ for c in token.children if c.dep_ == "case"), "")
    if (
        token.dep_ in {"obj", "nsubj:pass", "obl"}
        and lemma in DENYING - _REFUSING_FACTS
        and (token.dep_ != "obl" or case in {"of", "from", "against"})
    ):
        yield "denied"
    elif (
        token.dep_ in {"obj", "obl", "nmod"}
        and lemma in ALLEGING
        and case in {"", "of", "with", "for", "on", "in"}
        or token.dep_ in {"nmod", "obl"}
        and lemma in {"allegation", "claim", "accusation", "complaint", "suspicion", "charge", "count"}
    ):
        yield "alleged"
    elif token.dep_ in {"obj", "nsubj:pass", "obl"} and lemma in {
        "call",
        "demand",
        "propose",
        "seek",
        "want",
        "await",
        "recommend",
        "urge",
        "request",
    }:
        yield "proposed"
    if case in {"without", "despite"} and case == "without":
        yield "denied"


def _asks(context: Context, token: Token) -> bool:
    """Whether the sentence is a question."""
    sentence = context.sentence(token)
    last = next((t for t in reversed(context.tokens[sentence.start : sentence.end]) if not t.is_space and t.text not in "”\"’')*_"), None)
    return last is not None and last.text == "?"


def _told(trigger: Token, predicate: str | None) -> Iterator[str]:
    """What a court was told, or somebody reports, about a crime is an allegation."""
    if predicate not in CONDUCT:
        return
    root = trigger.sent.root
    for token in (root, *root.children):
        if token.dep_ in {"parataxis", "ROOT"} and token is not trigger and base(token) in {"hear", "tell", "allege", "claim", "say"}:
            subjects = {c.lower_ for c in token.children if c.dep_.startswith("nsubj")}
            if subjects & COURTROOM:
                yield "alleged"

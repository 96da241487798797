"""The steps of proceedings that a document tells of: who was charged with, cleared of or convicted of what, word by word.

A step belongs to the person of its own clause: in sentences with several defendants each verdict goes to its own. What is
not said of anybody by the syntax is given to nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from kg.facts.context import Context
from kg.facts.status import negated, status_of
from kg.facts.words import base
from kg.model import Mention

#: kinds of step by the verb that tells of them; their person is the object, or the subject of the passive
CHARGE = frozenset("charge accuse arrest suspect indict summons summon prosecute try investigate question want".split())
CLEAR = frozenset("clear acquit exonerate absolve".split())
CONVICT = frozenset("convict jail imprison sentence fine".split())
#: their person is the subject
OWN_UP = frozenset({"admit", "confess"})
DENY = frozenset({"deny", "contest", "dispute"})
FACE = frozenset({"face", "answer"})
#: misconduct ends so; only "for" says that it was proved
SENT_AWAY = frozenset({"dismiss", "sack"})
#: what undoes a conviction, and what ends a charge
UNDO = frozenset({"quash", "overturn", "set", "free"})
END = frozenset({"drop", "withdraw", "discontinue", "dismiss", "throw", "abandon", "fail", "collapse", "uphold", "prove", "find"})
_CHARGES = frozenset({"charge", "allegation", "case", "count", "prosecution", "accusation", "complaint", "proceedings", "offence", "trial"})
_RELATIVE = frozenset({"who", "whom", "that", "which", "whose"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its word, the chains of the people it happened to and the offences it was about."""

    kind: str  #: "charge", "deny", "clear", "convict" or "quash"
    token: Token
    status: str
    people: tuple[int, ...]
    offences: tuple[tuple[Mention, int], ...]


def steps(context: Context) -> tuple[Step, ...]:
    """All steps of the document, in order of their words."""
    marks: dict[int, str] = {}
    for token in context.doc:
        kind = _kind(token)
        if kind:
            marks[token.i] = kind
    held = _offences(context, marks)
    found = []
    for i, kind in marks.items():
        token = context.doc[i]
        people = tuple(dict.fromkeys(_people(context, token, kind)))
        status = status_of(context, token)
        if kind == "not guilty":
            kind, status = ("deny" if _pleads(token) else "clear"), ("asserted" if status == "denied" else status)
        elif kind == "not proved":
            kind, status = "clear", "asserted"
        elif kind in {"end", "quash"} and status == "denied":
            status = "asserted"
        if kind == "end":
            kind = "clear"
        if kind == "convict" and not held.get(i) and base(token) in SENT_AWAY | OWN_UP:
            continue
        if people or held.get(i):
            found.append(Step(kind, token, status, people, tuple(held.get(i, ()))))
    return tuple(found)


def _kind(token: Token) -> str | None:
    """The kind of step a word tells of."""
    word, lemma = token.lower_, base(token)
    if word == "guilty":
        return "not guilty" if _refused(token) else "convict"
    if token.pos_ not in {"VERB", "AUX", "ADJ"} and not (token.tag_ in {"VBN", "VBD"} and token.pos_ != "NOUN"):
        if word in {"suspicion"} and _has_case(token, "on"):
            return "charge"
        return None
    if word == "proven" or (lemma == "prove" and negated(token)):
        return "not proved" if _refused(token) or negated(token) else None
    if lemma == "prove" and _of_misconduct(token):
        return "convict"
    if lemma in CHARGE:
        return "charge"
    if lemma in CLEAR:
        return "clear"
    if lemma in CONVICT or (lemma in SENT_AWAY and any(_has_case(c, "for") for c in token.children)):
        return "convict"
    if lemma in OWN_UP:
        return "convict"
    if lemma in DENY:
        return "deny"
    if lemma in FACE:
        return "charge"
    if lemma in UNDO | END:
        for child in token.children:
            if child.dep_ in {"nsubj:pass", "obj", "nsubj"}:
                if base(child) == "conviction" and lemma in UNDO:
                    return "quash"
                if base(child) in _CHARGES and lemma in END - {"prove", "find"} and (lemma != "uphold" or negated(token)):
                    return "end"
    return None


def _of_misconduct(token: Token) -> bool:
    return any(
        c.dep_ in {"nsubj:pass", "obj", "nsubj"} and c.lower_ in {"misconduct", "allegation", "allegations", "breach"}
        for c in token.children
    )


def _refused(token: Token) -> bool:
    before = token.nbor(-1).lower_ if token.i else ""
    return before == "not" or negated(token) or (token.head != token and token.dep_ == "xcomp" and negated(token.head))


def _pleads(token: Token) -> bool:
    return any(base(t) in {"plead", "say", "enter", "maintain", "insist", "plea"} for t in (token.head, *token.lefts))


def _has_case(token: Token, *words: str) -> bool:
    return any(c.dep_ in {"case", "mark"} and c.lower_ in words for c in token.children)


def _offences(context: Context, marks: dict[int, str]) -> dict[int, list[tuple[Mention, int]]]:
    """The offence mentions below each step's word, and under no nearer step."""
    held: dict[int, list[tuple[Mention, int]]] = {}
    for mention, index in context.mentions:
        if mention.type != "Offence":
            continue
        span = context.span(mention)
        if not len(span):
            continue
        owner = _owner(span.root, marks, {t.i for t in span})
        if owner is not None:
            held.setdefault(owner, []).append((mention, index))
    return held


def _owner(root: Token, marks: dict[int, str], own: set[int]) -> int | None:
    """The step that an offence belongs to: the nearest one above it in its own clause, or the predicate it hangs on."""
    token = root
    for _ in range(8):
        if token.i in marks and token.i not in own:
            return _joined(token, marks)
        beside = [
            c.i
            for c in token.children
            if c.i in marks and c.i not in own and c.lower_ == "guilty" and c.dep_ in {"xcomp", "obj", "amod", "acl", "advmod", "ccomp"}
        ]
        if beside:
            return beside[0]
        if (
            token.head == token
            or token.dep_ in {"acl:relcl", "advcl:relcl"}
            or (token.dep_ in {"nsubj", "nsubj:pass"} and base(token.head) not in END | UNDO)
        ):
            return None
        if token.dep_ in {"advcl", "conj"} and token is not root and any(c.dep_ in {"nsubj", "nsubj:pass"} for c in token.children):
            return None
        token = token.head
    return None


def _joined(token: Token, marks: dict[int, str]) -> int:
    """ "Found guilty", "pleaded guilty": the adjective tells the outcome."""
    for child in token.children:
        if child.lower_ == "guilty" and child.i in marks:
            return child.i
    return token.i


def _people(context: Context, token: Token, kind: str) -> Iterator[int]:
    """The chains of the people a step happened to."""
    lemma = base(token)
    if token.lower_ == "guilty":
        yield from _of_guilty(context, token)
    elif token.lower_ == "suspicion":
        head = token.head
        if base(head) not in CHARGE:
            yield from subject_people(context, head)
    elif kind in {"end", "quash", "not proved"}:
        for child in token.children:
            if child.dep_ in {"nsubj", "nsubj:pass", "obj"} and child.pos_ == "NOUN":
                yield from _of_charge(context, child)
        yield from (p for c in token.children if c.dep_ == "obl" and _has_case(c, "against") for p in people_at(context, c))
        if lemma == "free":
            yield from (p for c in token.children if c.dep_ == "obj" for p in people_at(context, c))
    elif lemma in OWN_UP | DENY | FACE:
        yield from subject_people(context, token)
    elif lemma == "prove":
        yield from (p for c in token.children if c.dep_ == "obl" and _has_case(c, "against") for p in people_at(context, c))
    elif is_passive(token):
        yield from subject_people(context, token)
    else:
        yield from (p for c in token.children if c.dep_ in {"obj", "iobj"} for p in people_at(context, c))


def _of_charge(context: Context, noun: Token) -> Iterator[int]:
    """Whose charge or conviction it is: "the charge against X", "X's conviction", "the conviction of X"."""
    for child in noun.children:
        if child.dep_ == "nmod:poss" or (child.dep_ in {"nmod", "obl"} and _has_case(child, "against", "of")):
            yield from people_at(context, child)


def _of_guilty(context: Context, token: Token) -> Iterator[int]:
    head = token.head
    if any(c.dep_ in {"nsubj", "cop"} for c in token.children):
        yield from subject_people(context, token)
    elif base(head) == "find" and not is_passive(head):
        yield from (p for c in head.children if c.dep_ in {"obj", "iobj"} for p in people_at(context, c))
    elif head != token and head.pos_ in {"VERB", "AUX"}:
        yield from subject_people(context, head)
    else:
        yield from subject_people(context, token)


def is_passive(token: Token) -> bool:
    """Whether a verb is passive: said so by its auxiliary or subject, or a participle that hangs on what it is said of."""
    deps = {c.dep_ for c in token.children}
    if deps & {"aux:pass", "nsubj:pass", "obl:agent"}:
        return True
    if token.tag_ not in {"VBN", "VBD"} or deps & {"nsubj", "obj"} or any(c.dep_ == "aux" and base(c) == "have" for c in token.children):
        return False
    if token.dep_ == "conj" and token.head.pos_ == "VERB":
        return is_passive(token.head) if base(token.head) not in {"admit", "appear", "plead"} else token.tag_ == "VBN"
    return token.tag_ == "VBN" or token.dep_ in {"acl", "advcl", "amod"}


def subject_people(context: Context, verb: Token) -> Iterator[int]:
    """The people who are the subject of a verb or predicate, through control, coordination and relative clauses."""
    token = verb
    for _ in range(6):
        subject = next((c for c in token.children if c.dep_ in {"nsubj", "nsubj:pass"}), None)
        if subject is not None:
            if subject.lower_ in _RELATIVE and token.dep_ in {"acl:relcl", "acl", "conj"}:
                noun = token.head if token.dep_ != "conj" else token.head.head
                yield from people_at(context, noun)
            else:
                yield from people_at(context, subject)
            return
        if token.dep_ in {"acl", "acl:relcl", "amod"} or (
            token.dep_ in {"advcl", "appos", "parataxis"} and token.head.pos_ in {"NOUN", "PROPN"}
        ):
            yield from people_at(context, token.head)
            return
        if token.dep_ in {"conj", "xcomp", "advcl", "parataxis", "ccomp"} and token.head.pos_ in {"VERB", "AUX", "ADJ"}:
            if token.dep_ in {"ccomp"}:
                return
            token = token.head
            continue
        break
    yield from _opening(context, verb)


def _opening(context: Context, verb: Token) -> Iterator[int]:
    """In lists and headlines without a verb of their own, the one person named before the word."""
    before = {index for mention, index in context.mentions if mention.type == "Person" and verb.sent.start_char <= mention.start < verb.idx}
    if len(before) == 1:
        yield from before


def people_at(context: Context, token: Token) -> Iterator[int]:
    """The chains of the person a noun stands for, of those joined to it, and of those it is a description of."""
    yield from _person(context, token)
    for child in token.children:
        if child.dep_ == "conj" and child.pos_ in {"NOUN", "PROPN", "PRON"}:
            yield from people_at(context, child)


def _person(context: Context, token: Token) -> Iterator[int]:
    if token.lower_ in _RELATIVE and token.head.dep_ == "acl:relcl":
        token = token.head.head
    found = context.head_mention(token, "Person") or (context.at(token, "Person") if token.pos_ in {"PROPN", "PRON"} else None)
    if found:
        yield found[1]
        return
    for child in token.children:
        if child.dep_ in {"appos", "flat", "compound", "nmod:desc"}:
            hit = context.head_mention(child, "Person") or (context.at(child, "Person") if child.dep_ != "compound" else None)
            if hit and hit[0].kind != "pronoun":
                yield hit[1]
                if child.dep_ in {"flat", "appos"}:
                    return

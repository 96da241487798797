"""The value types that pass between the stages; nothing here knows spaCy or rdflib.

All offsets are characters into ``Document.text`` as read, end exclusive.
The names of entity types, predicates and statuses are those of the project's facts contract (see ``ontology/kg.ttl``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

STATUSES: tuple[str, ...] = ("asserted", "alleged", "proposed", "denied", "hypothetical")

ENTITY_TYPES: tuple[str, ...] = (
    "Person", "PoliceForce", "Unit", "OversightBody", "Organisation", "Court",
    "Review", "Programme", "Incident", "Offence", "Place",
)

LITERAL = "Literal"

#: predicate -> (types its subject may have, types its object may have); ``Literal`` is text from the document.
_ORGS = frozenset({"PoliceForce", "OversightBody", "Organisation"})
_ACTORS = _ORGS | {"Person"}
_PERSON = frozenset({"Person"})
_TEXT = frozenset({LITERAL})
SIGNATURES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "headOf": (_PERSON, _ORGS | {"Unit"}),
    "commissionerFor": (_PERSON, frozenset({"PoliceForce"})),
    "memberOf": (_PERSON, _ORGS),
    "servesIn": (_PERSON, frozenset({"Unit"})),
    "holdsRole": (_PERSON, _TEXT),
    "succeeds": (_PERSON, _PERSON),
    "appointedBy": (_PERSON, frozenset({"Person", "OversightBody", "Organisation"})),
    "dismissedFrom": (_PERSON, _ORGS),
    "resignedFrom": (_PERSON, _ORGS),
    "retiredFrom": (_PERSON, _ORGS),
    "suspendedFrom": (_PERSON, _ORGS),
    "age": (_PERSON, _TEXT),
    "residesIn": (_PERSON, frozenset({"Place"})),
    "relativeOf": (_PERSON, _PERSON),
    "unitOf": (frozenset({"Unit"}), _ORGS | {"Unit"}),
    "polices": (frozenset({"PoliceForce"}), frozenset({"Place"})),
    "basedIn": (_ORGS | {"Court", "Unit"}, frozenset({"Place"})),
    "worksWith": (_ACTORS | {"Unit"}, _ACTORS | {"Unit"}),
    "participatesIn": (_ACTORS, frozenset({"Programme"})),
    "funds": (_ACTORS, _TEXT),
    "examines": (frozenset({"Review"}), _ACTORS | {"Unit", "Incident"}),
    "ledBy": (frozenset({"Review"}), _ACTORS),
    "commissionedBy": (frozenset({"Review"}), _ACTORS),
    "promptedBy": (frozenset({"Review"}), frozenset({"Incident", "Person"})),
    "publishedOn": (frozenset({"Review"}), _TEXT),
    "finds": (frozenset({"Review"}), _TEXT),
    "respondsTo": (_ACTORS, frozenset({"Review"})),
    "accusedOf": (_PERSON, frozenset({"Offence"})),
    "convictedOf": (_PERSON, frozenset({"Offence"})),
    "sentencedTo": (_PERSON, _TEXT),
    "victimOf": (_PERSON, frozenset({"Offence"})),
    "offenderAgainst": (_PERSON, _PERSON),
    "chargedBy": (_PERSON, frozenset({"PoliceForce", "Organisation"})),
    "investigatedBy": (frozenset({"Person", "PoliceForce", "Incident"}), _ORGS | {"Unit"}),
    "referredTo": (frozenset({"Person", "PoliceForce", "Incident"}), _ORGS | {"Unit"}),
    "triedAt": (_PERSON, frozenset({"Court"})),
    "said": (_ACTORS, _TEXT),
    "reports": (_ACTORS | {"Review"}, _TEXT),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One text to be read. ``text[body_start:]`` is what is read; before it stands front matter."""

    id: str  #: file name without its suffix; unique in a build
    text: str  #: exactly as read (for HTML, PDF and the like: the main text that was extracted)
    path: str = ""  #: where it came from, for messages
    date: str | None = None  #: ISO 8601 day, or None where it is not certain
    title: str | None = None
    source: str | None = None
    url: str | None = None
    body_start: int = 0
    #: where the date is not certain: an ISO 8601 day from which weekdays and months without a year may be reckoned
    anchor: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A stretch of text that stands for something."""

    start: int
    end: int
    text: str
    type: str  #: one of ENTITY_TYPES
    kind: str = "name"  #: "name", "nominal" ("the force", "the 47-year-old") or "pronoun"


@dataclass(frozen=True, slots=True)
class Chain:
    """The mentions of one thing within one document, in order of offset."""

    type: str
    name: str  #: the fullest name, without honorific or rank for people
    mentions: tuple[Mention, ...]
    reference: str | None = None  #: slug of the reference entity (force, body, review, offence) it is
    aliases: tuple[str, ...] = ()  #: further names known for it ("West Mercia" read as "West Mercia Police")

    @property
    def names(self) -> tuple[str, ...]:
        """Canonical name first, then further names and the distinct surface forms that are not pronouns."""
        forms = (m.text for m in self.mentions if m.kind != "pronoun")
        return tuple(dict.fromkeys((self.name, *self.aliases, *forms)))


@dataclass(frozen=True, slots=True)
class Fact:
    """One row read from one document. ``subject`` and an entity ``object`` are positions in the document's chains."""

    predicate: str
    subject: int
    object: int | str  #: a chain's position, or literal text
    status: str
    evidence: tuple[int, int]  #: start, end of the sentence(s) it was read from
    source: str  #: name of the rule or model that produced it
    confidence: float
    start: str | None = None  #: ISO 8601 / EDTF at the text's precision
    end: str | None = None
    decisions: tuple[str, ...] = ()  #: keys of the people's decisions that accepted or corrected it


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything read from one document: what the annotation stages give and the graph stage takes."""

    document: Document
    chains: tuple[Chain, ...]
    facts: tuple[Fact, ...]
    words: int = 0  #: tokens read, for the summary


@dataclass(frozen=True, slots=True, order=True)
class Likeness:
    """Why two keys, or two entities, are or may be one thing."""

    one: str
    other: str
    score: float  #: how likely they are one, 0 to 1
    reasons: tuple[str, ...]  #: what speaks for it, in words
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing across documents: the chains that were resolved to it."""

    id: str  #: the local part of its IRI, e.g. "person/pippa-mills-west-mercia"
    type: str
    name: str
    names: tuple[str, ...]
    members: tuple[tuple[str, int], ...]  #: (document id, position of the chain), sorted
    reference: str | None = None
    keys: tuple[str, ...] = ()  #: the key of each member, where they have several
    joined: tuple[Likeness, ...] = ()  #: why the keys are one, one fewer than there are different keys
    possible: tuple[Likeness, ...] = ()  #: which entities with later ids this one may be, by their ids; never joined


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that kept a document or a row from being read; shown to the user as one line."""

    path: str
    place: str  #: "", "line 3", "byte 1024"
    message: str  #: what was wrong and what would be right

    def __str__(self) -> str:
        return ": ".join(part for part in (self.path, self.place, self.message) if part)


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was read of the input: the documents by id, and what could not be read."""

    documents: Sequence[Document]
    problems: tuple[Problem, ...] = field(default=())

"""Every IRI of the project: its own terms, the vocabularies it reuses, and how the IRIs of things are minted.

A minted IRI is the configurable base, a kind and readable path segments. Segments are percent-encoded outside
the unreserved characters of RFC 3986, so no name, however hostile, can end an IRI early or climb out of its kind.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from kg.model import Chain, Document, Mention


@dataclass(frozen=True, slots=True)
class Namespace:
    """The start of a vocabulary's IRIs; called with a local name it gives the IRI."""

    iri: str

    def __call__(self, local: str) -> str:
        return self.iri + local


KG = Namespace("https://policing-kg.example/ontology#")
SCHEME = Namespace("https://policing-kg.example/scheme/")
SHAPE = Namespace("https://policing-kg.example/shapes#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
ORG = Namespace("http://www.w3.org/ns/org#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
PROV = Namespace("http://www.w3.org/ns/prov#")
OA = Namespace("http://www.w3.org/ns/oa#")
SCHEMA = Namespace("https://schema.org/")
DC = Namespace("http://purl.org/dc/elements/1.1/")
DCT = Namespace("http://purl.org/dc/terms/")
SH = Namespace("http://www.w3.org/ns/shacl#")
WIKIDATA = Namespace("http://www.wikidata.org/entity/")

#: the schemes of SKOS concepts in ``ontology/schemes.ttl``: a concept is ``SCHEME(scheme/name)``
STATUS = Namespace(SCHEME("status/"))
HOLDING_KIND = Namespace(SCHEME("holding/"))
CAPACITY = Namespace(SCHEME("capacity/"))
STEP_KIND = Namespace(SCHEME("step/"))
REVIEW_KIND = Namespace(SCHEME("review/"))
REVIEW_ROLE = Namespace(SCHEME("review-role/"))
UNIT = Namespace(SCHEME("unit/"))
DECISION_KIND = Namespace(SCHEME("decision/"))

#: prefix -> namespace, for queries and for Turtle
PREFIXES: dict[str, str] = {
    "kg": KG.iri, "status": STATUS.iri, "holding": HOLDING_KIND.iri, "capacity": CAPACITY.iri, "step": STEP_KIND.iri,
    "review": REVIEW_KIND.iri, "reviewrole": REVIEW_ROLE.iri, "unit": UNIT.iri, "decision": DECISION_KIND.iri,
    "rdf": RDF.iri, "rdfs": RDFS.iri, "owl": OWL.iri, "xsd": XSD.iri, "skos": SKOS.iri, "org": ORG.iri, "foaf": FOAF.iri,
    "prov": PROV.iri, "oa": OA.iri, "schema": SCHEMA.iri, "dc": DC.iri, "dct": DCT.iri, "wd": WIKIDATA.iri,
}

#: entity type -> the class of a wider vocabulary that its instances are given too, for tools that know only that
STANDARD_CLASSES: dict[str, str] = {
    "Person": FOAF("Person"),
    "PoliceForce": ORG("FormalOrganization"),
    "Unit": ORG("OrganizationalUnit"),
    "OversightBody": ORG("FormalOrganization"),
    "Organisation": ORG("Organization"),
    "Court": ORG("Organization"),
    "Review": PROV("Activity"),
    "Programme": SCHEMA("Project"),
    "Incident": SCHEMA("Event"),
    "Offence": SKOS("Concept"),
    "Place": SCHEMA("Place"),
}

#: kinds of things that belong to one document: their IRIs begin with the base, the kind and the document's id. All others rest on what
#: several documents say, such as copies (named after the first of them), merges, possible matches and people's decisions
DOCUMENT_KINDS = ("document", "chain", "mention", "evidence", "assertion", "quotation", "observation", "unnamed")

_HASH_LENGTH = 20  # 80 bits
_SLUG_LENGTH = 60
_SURROGATE = re.compile("[\ud800-\udfff]")


def segment(text: str) -> str:
    """The text as one path segment of an IRI, never empty, ``.`` or ``..`` (which would be resolved away)."""
    quoted = quote(encodable(text), safe="") or "%00"
    return quoted if quoted.strip(".") else quoted.replace(".", "%2E")


def slug(text: str) -> str:
    """The text as a short readable path segment; texts that differ in case or punctuation alone share it."""
    name = "-".join(re.findall(r"\w+", text.casefold()))
    if not name or len(name) > _SLUG_LENGTH:
        name = f"{name[:_SLUG_LENGTH]}-{digest(text)}".lstrip("-")
    return segment(name)


def digest(*parts: str) -> str:
    """A short hash of the parts, the same on any machine."""
    joined = "\x1f".join(encodable(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:_HASH_LENGTH]


def encodable(text: str) -> str:
    """The text with what UTF-8 cannot carry (lone surrogates) replaced by U+FFFD; its length stays."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _path(entity_id: str) -> str:
    return "/".join(map(segment, entity_id.split("/")))


@dataclass(frozen=True, slots=True)
class Minter:
    """Mints the IRIs of things under one base, an absolute IRI that ends in ``/``, ``#`` or ``:``."""

    base: str

    def thing(self, kind: str, *segments: str) -> str:
        """The IRI of a thing of a kind; each segment is made safe."""
        return "/".join((self.base + kind, *map(segment, segments)))

    def entity(self, entity_id: str) -> str:
        """The IRI of an entity from its id (``person/pippa-mills``); the slashes of the id stay."""
        return self.base + _path(entity_id)

    def about(self, kind: str, entity_ids: Iterable[str], *segments: str) -> str:
        """The IRI of a thing that entities and further segments identify."""
        return "/".join((self.base + kind, *map(_path, entity_ids), *map(segment, segments)))

    def document(self, document_id: str) -> str:
        """The IRI of a document."""
        return self.thing("document", document_id)

    def chain(self, document_id: str, chain: Chain) -> str:
        """The IRI of a chain of mentions: its document, its type and its first mention's offsets (its name, where it has no mention)."""
        first = f"{chain.mentions[0].start}-{chain.mentions[0].end}" if chain.mentions else digest(chain.name)
        return self.thing("chain", document_id, f"{chain.type.lower()}-{first}")

    def mention(self, document_id: str, mention: Mention) -> str:
        """The IRI of a mention: its document, type and offsets."""
        return self.thing("mention", document_id, f"{mention.type.lower()}-{mention.start}-{mention.end}")

    def evidence(self, document_id: str, start: int, end: int) -> str:
        """The IRI of a stretch of a document's text."""
        return self.thing("evidence", document_id, f"{start}-{end}")


def web_address(url: str | None) -> str | None:
    """The address with unsafe characters percent-encoded, or None unless it is an http(s) address with a host.

    Anything else (``javascript:``, a file path) must never become a link in a page made from the graph.
    """
    if not url:
        return None
    try:
        parts = urlsplit(encodable(url).strip())
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        return None
    return quote(parts.geturl(), safe=":/?#@!$&'()*+,;=%-._~")


def document_sha256(document: Document) -> str:
    """The hash of a document's text in UTF-8, in hexadecimal."""
    return hashlib.sha256(encodable(document.text).encode()).hexdigest()

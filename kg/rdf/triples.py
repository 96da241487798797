"""Collects triples as lines of N-Triples; the one place where a term is written, so that escaping happens once."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pyoxigraph

from kg.rdf.dates import Bounds
from kg.vocabulary import KG, RDF, RDFS, SKOS, XSD, encodable


class Triples:
    """A set of triples as lines. IRIs given here are those of ``kg.vocabulary``, which are safe; text may be anything.

    ``common`` takes what several documents or things give rise to alike, such as the node of a rank; the same set unless another is given.
    """

    def __init__(self, common: Triples | None = None) -> None:
        self.lines: set[str] = set()
        self.common = common if common is not None else self

    def link(self, subject: str, predicate: str, *objects: str) -> None:
        """Triples between things."""
        for iri in objects:
            self.lines.add(f"<{subject}> <{predicate}> <{iri}> .")

    def type(self, subject: str, *classes: str) -> None:
        """What the subject is."""
        self.link(subject, RDF("type"), *classes)

    def text(self, subject: str, predicate: str, *texts: str) -> None:
        """Triples with plain text."""
        for text in texts:
            self.lines.add(f"<{subject}> <{predicate}> {pyoxigraph.Literal(encodable(text))} .")

    def integer(self, subject: str, predicate: str, value: int) -> None:
        """A triple with an xsd:integer."""
        self._typed(subject, predicate, str(value), "integer")

    def decimal(self, subject: str, predicate: str, value: Decimal) -> None:
        """A triple with an xsd:decimal in its canonical form, with at most four places."""
        whole, _, places = f"{value:.4f}".partition(".")
        self._typed(subject, predicate, f"{whole}.{places.rstrip('0') or '0'}", "decimal")

    def flag(self, subject: str, predicate: str) -> None:
        """A triple that says true."""
        self._typed(subject, predicate, "true", "boolean")

    def date(self, subject: str, predicate: str, day: str) -> None:
        """A triple with an xsd:date."""
        self._typed(subject, predicate, day, "date")

    def address(self, subject: str, predicate: str, url: str) -> None:
        """A triple with an xsd:anyURI."""
        self._typed(subject, predicate, url, "anyURI")

    def names(self, subject: str, name: str, further: Iterable[str]) -> None:
        """The name as rdfs:label and the further ones that differ from it as skos:altLabel."""
        self.text(subject, RDFS("label"), name)
        self.text(subject, SKOS("altLabel"), *{other for other in further if other.strip()} - {name})

    def bounds(self, subject: str, which: str, bounds: Bounds | None) -> None:
        """The two xsd:date bounds of a start or an end (``which``), where they are known."""
        if bounds:
            self.date(subject, KG(which + "Earliest"), bounds.earliest)
            self.date(subject, KG(which + "Latest"), bounds.latest)

    def _typed(self, subject: str, predicate: str, value: str, datatype: str) -> None:
        # Written here from digits, dates and encoded addresses alone, so there is nothing to escape.
        self.lines.add(f'<{subject}> <{predicate}> "{value}"^^<{XSD(datatype)}> .')

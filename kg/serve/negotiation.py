"""Which of the formats on offer a client would rather have: its ``Accept`` header weighed as RFC 9110 has it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

#: format -> media type, for rows and booleans; the first is given to who takes anything
RESULTS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
#: format -> media type, for triples
GRAPHS = {
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}
#: what clients also ask for -> format
_ALSO = {
    "application/json": "json", "application/xml": "xml", "text/xml": "xml",
    "application/x-turtle": "turtle", "text/plain": "ntriples", "application/xhtml+xml": "html",
}
_CHARSETS = {"csv", "tsv", "turtle", "ntriples", "html"}


def content_type(form: str) -> str:
    """A format's media type as a header has it."""
    media = {**RESULTS, **GRAPHS, "html": "text/html"}[form]
    return f"{media}; charset=utf-8" if form in _CHARSETS else media


@lru_cache(maxsize=256)
def best(accept: str, offered: Sequence[str]) -> str | None:
    """The format among those offered that an ``Accept`` header likes best, the earlier at a tie; None where it takes none."""
    ranges = _ranges(accept) or [("*/*", 1.0)]
    quality, place = max((_quality(form, ranges), -at) for at, form in enumerate(offered))
    return offered[-place] if quality > 0 else None


def _ranges(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = 1.0
        for parameter in parameters:
            if parameter.startswith("q="):
                try:
                    weight = min(1.0, max(0.0, float(parameter[2:])))
                except ValueError:
                    weight = 0.0
        if media:
            found.append((media, weight))
    return found


def _quality(form: str, ranges: list[tuple[str, float]]) -> float:
    """The weight of the most specific range that covers the format."""
    media = content_type(form).partition(";")[0]
    names = {media, *(also for also, name in _ALSO.items() if name == form)}
    kinds = {media.partition("/")[0] + "/*": 1, "*/*": 0}
    found = [(2 if one in names else kinds[one], weight) for one, weight in ranges if one in names or one in kinds]
    return max(found)[1] if found else 0.0

"""Reviews under different keys that are one: led by one person and published in one month, and about nothing that differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from kg.entities.evidence import Comparison
from kg.entities.joining import Pair
from kg.entities.view import View

#: people of a lead's name who publish another review in the same month
_OTHERS = 0.001
_LIMIT = 0.01
_PUBLISHED = 7  #: length of "2024-06", the least that tells a month


@dataclass(slots=True)
class Inquiry:
    """What the documents say of one review."""

    documents: set[str]
    leads: dict[str, str]  #: record of a person who led it -> name
    months: set[str]  #: in which it was published
    subjects: set[str]  #: forces it examines


def inquiries(views: Sequence[View], record_of: Mapping[tuple[str, int], str]) -> dict[str, Inquiry]:
    """The reviews outside the reference data by record. ``record_of`` gives the record of a document's chain."""
    found: dict[str, Inquiry] = {}
    for view in views:
        document = view.reading.document.id
        for i, chain in enumerate(view.chains):
            if chain.type != "Review" or (tail := view.tail(i)) and tail.reference:
                continue
            inquiry = found.setdefault(record_of[document, i], Inquiry(set(), {}, set(), set()))
            inquiry.documents.add(document)
            inquiry.leads.update((record_of[document, lead], view.chains[lead].name) for lead in view.objects(i, "ledBy", "asserted")
                                 if view.chains[lead].type == "Person")
            inquiry.months.update(day[:_PUBLISHED] for day in view.literals(i, "publishedOn", "asserted") if len(day) >= _PUBLISHED)
            inquiry.subjects.update(text for force in view.objects(i, "examines", "asserted")
                                    if view.chains[force].type == "PoliceForce" and (text := view.text(force)))
    return found


def compared(found: Mapping[str, Inquiry]) -> dict[Pair, Comparison]:
    """The pairs that one person led and that were published in one month."""
    sharing: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(found):
        for lead in found[key].leads:
            for month in found[key].months:
                sharing[lead, month].append(key)
    comparisons = {}
    for (lead, month), keys in sorted(sharing.items()):
        for a, b in combinations(keys, 2):
            if not conflict(found, a, b):
                reasons = (f"both were led by {found[a].leads[lead]}", f"both were published in {month}")
                comparisons[a, b] = Comparison(_OTHERS, True, _LIMIT, reasons, ())
    return comparisons


def conflict(found: Mapping[str, Inquiry], a: str, b: str) -> bool:
    """Whether the two cannot be one: a document has both, or they examine different forces, or have different leads or months."""
    one, other = found[a], found[b]
    pairs = ((one.subjects, other.subjects), (one.leads.keys(), other.leads.keys()), (one.months, other.months))
    return bool(one.documents & other.documents) or any(x and y and not x & y for x, y in pairs)

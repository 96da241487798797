"""Reviews under different keys that are one: led by one person and published in one month, and about nothing that differs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from kg.entities.evidence import Comparison
from kg.entities.joining import Pair
from kg.entities.view import View

#: people of a lead's name who publish another review in the same month
_OTHERS = 0.001
_LIMIT = 0.01
_PUBLISHED = 7  #: length of "2024-06", the least that tells a month


@dataclass(frozen=True, slots=True)
class Account:
    """What one document says of one review."""

    leads: tuple[tuple[int, str], ...]  #: position and name of each chain of a person who led it
    months: frozenset[str]  #: in which it was published
    subjects: frozenset[str]  #: forces it examines


@dataclass(slots=True)
class Inquiry:
    """What the documents say of one review."""

    documents: set[str]
    leads: dict[str, str]  #: what a person who led it is called across documents -> name
    months: set[str]
    subjects: set[str]


def account(view: View, i: int) -> Account:
    """What a document says of a review."""
    return Account(
        tuple((lead, view.chains[lead].name) for lead in view.objects(i, "ledBy", "asserted") if view.chains[lead].type == "Person"),
        frozenset(day[:_PUBLISHED] for day in view.literals(i, "publishedOn", "asserted") if len(day) >= _PUBLISHED),
        frozenset(text for force in view.objects(i, "examines", "asserted")
                  if view.chains[force].type == "PoliceForce" and (text := view.text(force))))


def inquiries(told: Iterable[tuple[str, str, Account]], called: Callable[[tuple[str, int]], str]) -> dict[str, Inquiry]:
    """The reviews by what they are called, given that, the document and what it says, for each.

    ``called`` tells what a person is called across documents, given a document and the position of a chain.
    """
    found: dict[str, Inquiry] = {}
    for name, document, account in told:
        inquiry = found.setdefault(name, Inquiry(set(), {}, set(), set()))
        inquiry.documents.add(document)
        inquiry.leads.update((called((document, lead)), said) for lead, said in account.leads)
        inquiry.months |= account.months
        inquiry.subjects |= account.subjects
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

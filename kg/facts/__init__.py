"""Facts: one extractor a file, each a function from a Context to Facts, listed in one visible tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.facts.ages import ages
from kg.facts.careers import careers
from kg.facts.checked import reconciled
from kg.facts.context import Context
from kg.facts.dated import dated
from kg.facts.decision import decided
from kg.facts.implied import implied
from kg.facts.learned import SUPPORT, learned
from kg.facts.organisations import organisations
from kg.facts.people import people
from kg.facts.posts import posts
from kg.facts.proceedings import proceedings
from kg.facts.quotations import quotations
from kg.facts.reviews import reviews
from kg.facts.service import service
from kg.facts.settle import settle
from kg.facts.vetoes import vetoed
from kg.facts.voices import voices
from kg.model import Fact

Extractor = Callable[[Context], Iterable[Fact]]

#: The rules; what the network reads is held against them in `checked.py`.
EXTRACTORS: tuple[Extractor, ...] = (
    ages, quotations, posts, service, careers, organisations, people, proceedings, reviews,
)  # fmt: skip

#: What follows from the rows of all extractors together.
IMPLICATIONS: tuple[Callable[[Context, Iterable[Fact]], Iterable[Fact]], ...] = (voices, implied)


def extract(context: Context) -> tuple[Fact, ...]:
    """All rows of a document, settled."""
    rows = tuple(f for f in decided(context, *candidates(context)) if not vetoed(context, f))
    return dated(settle(context, [*rows, *(fact for implication in IMPLICATIONS for fact in implication(context, rows))]))


def candidates(context: Context) -> tuple[tuple[Fact, ...], list[Fact], list[Fact]]:
    """The rows to be decided on, and what the rules and the network say."""
    rules = [fact for extractor in EXTRACTORS for fact in extractor(context)]
    network = list(learned(context, SUPPORT))
    return settle(context, reconciled(context, rules, network)), rules, network

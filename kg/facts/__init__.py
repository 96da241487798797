"""Facts: one extractor a file, each a function from a Context to Facts, listed in one visible tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg.facts.ages import ages
from kg.facts.context import Context
from kg.facts.learned import learned
from kg.facts.quotations import quotations
from kg.model import Fact

Extractor = Callable[[Context], Iterable[Fact]]

EXTRACTORS: tuple[Extractor, ...] = (ages, quotations, learned)

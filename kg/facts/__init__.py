"""Facts: one extractor a file, each a function from a Context to Facts, listed in one visible tuple."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from kg import plugins
from kg.facts.ages import ages
from kg.facts.ahead import ahead
from kg.facts.careers import candidacies, careers, departures, nominations
from kg.facts.checked import reconciled
from kg.facts.checks_accusations import cleared_by_name
from kg.facts.context import Context
from kg.facts.dated import dated
from kg.facts.decision import decided
from kg.facts.endings import ended
from kg.facts.findings import findings, listed
from kg.facts.grounds import grounded
from kg.facts.groups import groups
from kg.facts.implied import chairs, counterparts, implied, led_before, successions
from kg.facts.learned import supported
from kg.facts.occasions import OCCASIONS
from kg.facts.organisations import operations, organisations
from kg.facts.people import people
from kg.facts.posts import posts, told_elsewhere
from kg.facts.proceedings import acquittals, beside, harmed, proceedings, together, verdicts, wronged
from kg.facts.published import published, reported
from kg.facts.quotations import quotations
from kg.facts.refusals import refusals
from kg.facts.responses import responses
from kg.facts.reviews import examined, ordered, presided, reviews
from kg.facts.service import service
from kg.facts.settle import paid_for_once, settle
from kg.facts.shared import shared
from kg.facts.timing import timed
from kg.facts.undone import undone
from kg.facts.vetoes import vetoed
from kg.facts.voices import voices
from kg.facts.watchdogs import watchdogs
from kg.model import SIGNATURES, Fact

Extractor = Callable[[Context], Iterable[Fact]]

#: The rules; what the network reads is held against them in `checked.py`.
EXTRACTORS: tuple[Extractor, ...] = (
    ages, quotations, posts, service, careers, organisations, people, proceedings, published, reviews,
    watchdogs,
)  # fmt: skip

#: What follows from the rows of all extractors together.
IMPLICATIONS: tuple[Callable[[Context, Iterable[Fact]], Iterable[Fact]], ...] = (
    ordered, presided, reported, examined, voices, operations, findings, responses, implied, chairs, successions, counterparts,
    listed, departures, nominations, candidacies, acquittals, verdicts, together, wronged, harmed, beside, groups,
    refusals,
)  # fmt: skip


def extract(context: Context) -> tuple[Fact, ...]:
    """All rows of a document, settled and dated, each with the sentences that show it; past leads only with the end that a row tells."""
    rows = tuple(told_elsewhere(context, timed(context, settled(context))))
    before = tuple(led_before(context, rows))
    leads = {(f.predicate, f.subject, f.object) for f in before}
    told: tuple[Fact, ...] = (*rows, *before)
    for occasion in OCCASIONS:
        told = occasion(context, told)
    told = dated(told, context.document.date or context.document.anchor)
    return tuple(grounded(context, (f for f in told if f.end or (f.predicate, f.subject, f.object) not in leads)))


def settled(context: Context) -> tuple[Fact, ...]:
    """All rows of a document, with the dates that rules give them."""
    added = list(plugins.facts(context))
    known = [fact for fact in added if fact.predicate in SIGNATURES]
    sure = (f for f in decided(context, *candidates(context, known)) if not vetoed(context, f))
    rows = tuple(ahead(context, undone(context, ended(context, shared(context, sure)))))
    implied_rows = (fact for implication in IMPLICATIONS for fact in implication(context, rows))
    # What a plug-in reads of its own predicates the network knows nothing of, so there is nothing to weigh it against.
    return paid_for_once(settle(context, [*rows, *implied_rows, *(fact for fact in added if fact.predicate not in SIGNATURES)]))


def candidates(context: Context, added: Iterable[Fact] = ()) -> tuple[tuple[Fact, ...], list[Fact], list[Fact]]:
    """The rows to be decided on, and what the rules (those ``added`` by plug-ins among them) and the network say."""
    rules = [*(fact for extractor in EXTRACTORS for fact in extractor(context)), *added]
    network = list(context.once(supported))
    rules += [fact for fact in network if cleared_by_name(context, fact)]
    return settle(context, reconciled(context, rules, network)), rules, network

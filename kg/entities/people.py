"""What pins a person down across documents. See the package for the principle: in doubt, nothing does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg import names
from kg.entities.view import CHIEF_OFFICER, View, part
from kg.model import Fact
from kg.reference import Rank

ADVERSE = frozenset({"accusedOf", "convictedOf", "sentencedTo", "dismissedFrom", "suspendedFrom", "offenderAgainst", "chargedBy"})
_LEFT = frozenset({"dismissedFrom", "resignedFrom", "retiredFrom", "suspendedFrom"})
_BODIES = ("PoliceForce", "OversightBody", "Organisation")
#: kinds of organisation so large that a name and membership do not make one person
_LARGE = frozenset(
    {"political party", "armed force", "government", "government department", "parliament", "assembly", "broadcaster", "trade union"}
)
_OFFICES = {"minister": "minister", "law officer": "law-officer", "office": "office", "politician": "politician", "judicial": "judge"}
#: offices of those kinds that too many people hold
_COMMON_OFFICES = frozenset(
    """councillor alderman mayor deputy-mayor council-leader leader-of-the-council lord-mayor metro-mayor peer
    magistrate coroner judge sheriff""".split()
)
_TITLED = frozenset({"sir", "dame", "lord", "lady", "baroness", "baron"})


@dataclass(frozen=True, slots=True)
class Tie:
    """A person's tie to a body: how strong (0 strongest), to what, and when."""

    body: str
    kind: str
    tier: int
    ended: bool
    start: str


def person_tail(view: View, i: int) -> str | None:
    """Full name and anchor, or None for a name of one word and for people whom nothing in the document pins down."""
    name = view.chains[i].name
    if not names.is_full(name):
        return None
    found = next((anchor for method in _ANCHORS if (anchor := method(view, i))), None)
    return f"{part(names.person_key(name))}.{found}" if found else None


# Posts


def _body(view: View, i: int) -> str | None:
    tie = _strongest(view, [tie for tie, _ in ties(view, i)])
    if tie is None:
        return None
    if tie.tier <= 1:
        return tie.body
    common = view.reference.is_common_surname(names.parse(view.chains[i].name).surname)
    if tie.kind == "PoliceForce":
        standing = _standing(view, i)
        if standing == "chief-officer":
            return tie.body
        if common:
            return None
        return f"{tie.body}.{standing}.case" if _is_adverse(view, i) else f"{tie.body}.{standing}"
    if common or _is_large(view, tie.body):
        return None
    return f"{tie.body}.case" if _is_adverse(view, i) else tie.body


def ties(view: View, i: int) -> Iterator[tuple[Tie, int]]:
    """The person's ties to bodies, each with the position of the body's chain."""
    for fact in view.out[i]:
        tier = _tier(fact, view)
        if tier is None or not isinstance(fact.object, int):
            continue
        for target in bodies_of(view, fact.object):
            body = view.tail(target)
            if body is not None:
                yield Tie(body.text, view.chains[target].type, tier, bool(fact.end), fact.start or ""), target


def _tier(fact: Fact, view: View) -> int | None:
    at_unit = isinstance(fact.object, int) and view.chains[fact.object].type == "Unit"
    if fact.predicate in {"headOf", "commissionerFor"} and not at_unit:
        return {"asserted": 0, "proposed": 1}.get(fact.status)
    if fact.status != "asserted":
        return None
    if fact.predicate in {"memberOf", "servesIn", "headOf"}:
        return 2
    return 3 if fact.predicate in _LEFT else None


def bodies_of(view: View, target: int) -> list[int]:
    """The body itself, or those a unit is part of, through units within units."""
    seen, queue, bodies = {target}, [target], []
    while queue:
        at = queue.pop()
        if view.chains[at].type in _BODIES:
            bodies.append(at)
        elif view.chains[at].type == "Unit":
            parents = [p for p in view.objects(at, "unitOf", "asserted") if p not in seen]
            seen.update(parents)
            queue += parents
    return bodies


def _strongest(view: View, found: list[Tie]) -> Tie | None:
    """The one tie to go by: current before ended, strong before weak, force before other bodies, the latest, the document's force."""
    if not found:
        return None
    best = min((t.ended, t.tier, _BODIES.index(t.kind)) for t in found)
    found = [t for t in found if (t.ended, t.tier, _BODIES.index(t.kind)) == best]
    if len({t.body for t in found}) > 1:
        latest = max(t.start for t in found)
        found = [t for t in found if t.start == latest]
    if len({t.body for t in found}) > 1:
        found = [t for t in found if t.body == view.main_force]
    return found[0] if found else None


def _standing(view: View, i: int) -> str:
    """"chief-officer" (also where nothing is said of anybody blameless), the slug of the highest rank held, another role, or "officer"."""
    roles = list(view.literals(i, "holdsRole", "asserted"))
    if highest := highest_rank(view, i):
        return "chief-officer" if int(highest.order) >= CHIEF_OFFICER else highest.slug
    telling = [role for role in roles if not _is_vague(view, role)]
    if telling:
        return part(min(telling))
    return "officer" if roles or _is_adverse(view, i) else "chief-officer"


def highest_rank(view: View, i: int) -> Rank | None:
    """The highest rank that the document gives the person as a fact."""
    ranks = [rank for role in view.literals(i, "holdsRole", "asserted") if (rank := view.reference.rank(role)) and rank.order]
    return max(ranks, key=lambda rank: (int(rank.order), rank.slug)) if ranks else None


def _is_vague(view: View, role: str) -> bool:
    title = view.reference.title(role.removeprefix("serving ").removeprefix("former "))
    return title is not None and title.slug in {"police-officer", "detective", "policeman", "policewoman"}


def _is_adverse(view: View, i: int) -> bool:
    return any(fact.predicate in ADVERSE for fact in view.out[i])


def _is_large(view: View, tail: str) -> bool:
    found = view.reference.by_slug(tail)
    return getattr(found, "kind", "") in _LARGE


# Other anchors


def _office(view: View, i: int) -> str | None:
    common = view.reference.is_common_surname(names.parse(view.chains[i].name).surname)
    return next((office for office in offices(view, i) if office in {"minister", "law-officer"} or not common), None)


def offices(view: View, i: int) -> Iterator[str]:
    """The kinds of high office that the person holds or is to hold."""
    titles = [t for role in view.literals(i, "holdsRole", "asserted", "proposed") if (t := view.reference.title(role))]
    for kind, anchor in _OFFICES.items():
        if any(t.kind == kind and t.slug not in _COMMON_OFFICES for t in titles):
            yield anchor


def _titled(view: View, i: int) -> str | None:
    """A knighthood or peerage beside an uncommon name."""
    chain = view.chains[i]
    styles = {names.fold(t) for form in chain.names for t in names.parse(form).titles}
    if styles & _TITLED and not view.reference.is_common_surname(names.parse(chain.name).surname):
        return "titled"
    return None


def _lead(view: View, i: int) -> str | None:
    reviews = {view.text(f.subject) for f in view.into[i] if f.predicate == "ledBy" and f.status in {"asserted", "proposed"}} - {None}
    return f"led.{min(r for r in reviews if r)}" if reviews else None


def _death(view: View, i: int) -> str | None:
    """The person's own death, where the document has it as an event that others can have too."""
    event = f"death.{part(names.person_key(view.chains[i].name))}"
    return "death" if any(chain.type == "Incident" and view.text(j) == event for j, chain in enumerate(view.chains)) else None


def _other_party(view: View, i: int) -> str | None:
    """The person offended against, or the offender, by full name: the pair is one pair.

    An IRI bears no status and outlives an acquittal, so its words tell that there is a case, and not who did what to whom.
    """
    victims = [f.object for f in view.out[i] if f.predicate == "offenderAgainst" and isinstance(f.object, int)]
    offenders = [f.subject for f in view.into[i] if f.predicate == "offenderAgainst"]
    for word, others in (("case-with", victims), ("case-of", offenders)):
        if found := _full_names(view, others):
            return f"{word}.{found[0]}"
    return None


def _kin(view: View, i: int) -> str | None:
    """A relative by full name, unless both surnames are common."""
    others = [f.object for f in view.out[i] if f.predicate == "relativeOf" and f.status == "asserted" and isinstance(f.object, int)]
    others += [f.subject for f in view.into[i] if f.predicate == "relativeOf" and f.status == "asserted"]
    common = view.reference.is_common_surname
    own = common(names.parse(view.chains[i].name).surname)
    found = _full_names(view, [o for o in others if not (own and common(names.parse(view.chains[o].name).surname))])
    return f"kin.{found[0]}" if found else None


def _full_names(view: View, others: list[int]) -> list[str]:
    return sorted(part(names.person_key(view.chains[o].name)) for o in others if names.is_full(view.chains[o].name))


#: the first that holds decides
_ANCHORS = (_body, _office, _titled, _lead, _death, _other_party, _kin)

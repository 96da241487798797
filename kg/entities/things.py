"""The keys of everything that is not a person and not in the reference data."""

from __future__ import annotations

import re

from kg import names
from kg.entities.view import GENERIC, Method, View, is_proper, part

_COMPANY = re.compile(r"\s+(?:ltd|limited|llp|plc|inc)\.?$", re.IGNORECASE)
_STREET = re.compile(
    r"\b(?:road|street|lane|avenue|close|drive|way|place|square|crescent|terrace|court|gardens|park|estate|hill|centre|station|hall"
    r"|office|headquarters)$"
)
_COURT_AT = re.compile(r"^(?P<kind>.*(?:court|tribunal)|magistrates) (?:in|at|sitting in|sitting at) (?P<place>.+)$")
_OPERATION = re.compile(r"^(?:operation|op|project|ymgyrch) \w+")
_REVIEW = re.compile(
    r"^(?:(?:[Tt]he|[Bb]aroness|[Ll]ord|[Ll]ady|[Dd]ame|[Ss]ir) )*(?P<name>[A-Z].*?)(?:['’]s?)? "
    r"(?P<kind>[Rr]eview|[Ii]nquiry|[Rr]eport|[Aa]udit|Commission)$"
)
_REVIEW_KINDS = {"report": "review"}
_REVIEW_WORDS = GENERIC | frozenset(
    """peel internal peer statutory judicial damning critical draft final interim first second third new latest hmicfrs iopc hmic ipcc
    pirc domestic homicide serious case annual follow-up separate wider government""".split()
)
_FATAL = re.compile(
    r"\b(?:murder|murdered|murders|killing|killed|manslaughter|death|died|dies|shooting|stabbing|homicide|suicide"
    r"|shot dead|stabbed to death)\b"
)
_EVENT = re.compile(r"\b(?:assault|attack|rape|robbery|kidnap|abduction|disappearance|arrest|crash|pursuit)\b")
_OF_NAME = re.compile(r"\bof (?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+)$")
_OWN = re.compile(r"\b(?:him|his|her|their|them|my|our|your|it|mr|mrs|ms|miss|the|this|that|\w*\d\w*)\b")


def body_tail(view: View, i: int) -> str | None:
    """Name of an organisation, body or force that is not in the reference data, if it is a name and no description."""
    name = _COMPANY.sub("", view.chains[i].name)
    return part(name) if is_proper(name) else None


def unit_tail(view: View, i: int) -> str | None:
    """Name and parents; a unit whose parent is not known is the document's own."""
    parents = sorted({p for p in map(view.text, view.objects(i, "unitOf", "asserted")) if p})
    return ".".join((part(view.chains[i].name), *parents)) if parents else None


def court_tail(view: View, i: int) -> str | None:
    """Name with its town first: "magistrates in Folkestone" is "folkestone-magistrates-court"; a bare kind is the document's own."""
    name = names.key(view.chains[i].name)
    if found := _COURT_AT.match(name):
        name = f"{found['place']} {found['kind']}"
    if name.endswith(" magistrates"):
        name += " court"
    return part(name) if any(word not in GENERIC for word in name.split()) else None


def offence_tail(view: View, i: int) -> str | None:
    """The phrase, unless it is one particular deed ("the assault on him")."""
    phrase = names.fold(view.chains[i].name)
    return None if _OWN.search(phrase) else part(phrase)


def place_tail(view: View, i: int) -> str | None:
    """A known place; of several of a name the one that a force of the document polices; others within its force."""
    name = view.chains[i].name
    known = view.reference.places_named(name)
    if len(known) > 1:
        known = tuple(place for place in known if place.force in view.forces)
        return known[0].slug if len(known) == 1 else None
    if known:
        return known[0].slug
    first, comma, rest = name.partition(",")
    if comma:
        return part(name) if view.reference.place(rest) and is_proper(first) else None
    if not name[:1].isupper() or _STREET.search(names.key(name)) or view.main_force is None:
        return None
    return f"{part(name)}.{view.main_force}"


def programme_tail(view: View, i: int) -> str | None:
    """A name of several words; one word and code names ("Operation Lantern" is several) only within a force."""
    name = view.chains[i].name
    if not is_proper(name) or not name[:1].isupper():
        return None
    if not _OPERATION.match(names.key(name)) and " " in names.key(name):
        return part(name)
    partners = (f.subject for f in view.into[i] if f.predicate == "participatesIn" and view.chains[f.subject].type == "PoliceForce")
    runner = min((force for force in map(view.text, partners) if force), default=view.main_force)
    return f"{part(name)}.{runner}" if runner else None


def review_tail(view: View, i: int) -> str | None:
    """A proper name ("Halloran Review"); or who led it, on whom, published on which day; or who led it into which event."""
    return _named_review(view, i) or _review_by_report(view, i)


def _named_review(view: View, i: int) -> str | None:
    name = view.chains[i].name
    subjects = _subjects(view, i)
    if _OPERATION.match(names.key(name)):
        about = subjects[0] if subjects else view.main_force
        return f"{part(name)}.{about}" if about else None
    found = _REVIEW.match(name)
    if not found:
        return None
    whom, reference = found["name"], view.reference
    words = names.key(whom).split()
    if all(w in _REVIEW_WORDS for w in words) or len(words) > 5 or any(w in {"of", "into", "on", "by", "for"} for w in words):
        return None
    if reference.force(whom) or reference.force_by_area(whom) or reference.body(whom) or reference.places_named(whom):
        return None
    kind = found["kind"].casefold()
    stem = f"{part(whom)}-{_REVIEW_KINDS.get(kind, kind)}"
    if not reference.is_common_surname(words[-1]):
        return stem
    return f"{stem}.{subjects[0]}" if subjects else None


def _review_by_report(view: View, i: int) -> str | None:
    leads = sorted({t for o in view.objects(i, "ledBy", "asserted") if view.chains[o].type != "Person" and (t := view.text(o))})
    if not leads:
        return None
    days = sorted({d for d in view.literals(i, "publishedOn", "asserted") if re.fullmatch(r"\d{4}-\d\d-\d\d", d)})
    subjects = _subjects(view, i)
    if days and subjects:
        return f"{leads[0]}.{subjects[0]}.{days[0]}"
    events = sorted({t for o in view.objects(i, "examines", "asserted") if view.chains[o].type == "Incident" and (t := view.text(o))})
    return f"{leads[0]}.into.{events[0]}" if events else None


def _subjects(view: View, i: int) -> list[str]:
    """Tails of the forces, or else the other bodies, that the review examines."""
    found = [(view.chains[o].type, t) for o in view.objects(i, "examines", "asserted") if (t := view.text(o))]
    forces = sorted({t for kind, t in found if kind == "PoliceForce"})
    return forces or sorted({t for kind, t in found if kind in {"OversightBody", "Organisation", "Unit"}})


def incident_tail(view: View, i: int) -> str | None:
    """What happened to whom: a death or another event, and its one victim by full name, if the surname is uncommon."""
    texts = view.chains[i].names
    victims = _people_named(view, texts)
    if len(victims) != 1:
        return None
    victim = victims.pop()
    if view.reference.is_common_surname(victim.split()[-1]):
        return None
    folded = " ; ".join(map(names.fold, texts))
    event = _EVENT.search(folded)
    kind = "death" if _FATAL.search(folded) else event.group() if event else None
    return f"{kind}.{part(victim)}" if kind else None


def _people_named(view: View, texts: tuple[str, ...]) -> set[str]:
    """The keys of the people whose full names stand in the texts: people of the document, or else what follows "of"."""
    keyed = [f" {names.key(text)} " for text in texts]
    people = {names.person_key(chain.name) for chain in view.chains if chain.type == "Person" and names.is_full(chain.name)}
    found = {person for person in people if any(f" {names.key(person)} " in text for text in keyed)}
    return found or {names.person_key(m["name"]) for text in texts if (m := _OF_NAME.search(text))}


TAILS: dict[str, Method] = {
    "PoliceForce": body_tail,
    "OversightBody": body_tail,
    "Organisation": body_tail,
    "Unit": unit_tail,
    "Court": court_tail,
    "Review": review_tail,
    "Programme": programme_tail,
    "Incident": incident_tail,
    "Offence": offence_tail,
    "Place": place_tail,
}

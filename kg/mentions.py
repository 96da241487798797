"""An annotated text to mentions: the statistical names, put right by what is known for certain.

Closed classes (forces, bodies, courts, offences, named reviews) come from the reference data; the network finds the rest
and decides what an ambiguous form ("West Mercia", the force or the place) is in its sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter

import numpy as np
from spacy.tokens import Doc, Span, Token

from kg.language.components import LITERALS
from kg.model import Mention
from kg.names import GROUPS, HONORIFICS, NUMERALS, OFFICERS, PARTICLES, PERSON_HEADS, plurals
from kg.reference import Reference

SPANS = "kg_names"

#: "HM Inspectorate of Constabulary" ends in what a force's name does, and is none.
_FORCE_TAIL = re.compile(r"^(?!.*\bInspector(?:ate)?s?\b).*(?:Police|Constabulary|Police Service|Police Force)$")
_COURT = re.compile(
    r"(?<!\w)(?<!\w['’.-])(?:"  # within a word nothing begins; tried at each of its letters, a long one would take for ever
    r"(?!(?:At|In|The|From|Outside|Inside|For|On|And|But|When|After|Before|Both|A|An|His|Her|Their|Its|Our|This|That|No|Every|Another"
    r"|Any|Each) )"
    r"(?:(?:[A-Z][\w'’-]+|St\.|upon|of|the|and|on) ){0,5}?[A-Z][\w'’-]+ "
    r"(?:(?:Crown|Magistrates['’]?|Magistrate['’]s|Sheriff|County|Combined|Coroner['’]s|Youth|Family) Court(?: of Justiciary)?"
    r"|(?:crown|magistrates['’]?|sheriff|county|coroner['’]s|youth|family) court\b)|"
    r"(?:[A-Z][\w-]+ )?High Court(?: of Justiciary)?(?: in [A-Z]\w+)?|Court of (?:Appeal|Session|Protection)|Supreme Court|"
    r"Employment Tribunal|Police Appeals Tribunal|[A-Z][\w'’-]+ magistrates\b(?! )|Old Bailey)"
)
_OPERATION = re.compile(r"\b(?:Operation|Op|Project) [A-Z][\w'’-]+")
#: What parts of a force do, as they are described in small letters: "the fraud squad", "its child protection unit".
_DUTIES = """adult protection, air support, anti-corruption, anti-social behaviour, armed policing, armed response, burglary,
    business crime, call handling, call-handling, case review, child abuse, child exploitation, child protection,
    child sexual exploitation, cold case, collision investigation, community policing, community safety, complaints,
    contact, counter terrorism, counter-corruption, counter-terror, counter-terrorism, covert, cyber, cyber crime,
    cybercrime, digital, digital forensic, digital forensics, digital media, disclosure, dog, domestic abuse,
    domestic violence, drone, drug, drugs, economic crime, family liaison, family protection, financial crime, fingerprint,
    firearms, firearms licensing, forced marriage, forensic, forensics, fraud, gang, gangs, gun crime, harassment,
    harm reduction, hate crime, homicide, human trafficking, intelligence, investigation, knife crime, licensing,
    local policing, major crime, major incident, major investigation, marine, missing people, missing person,
    missing persons, modern slavery, mounted, murder investigation, neighbourhood policing, offender management, operations,
    organised crime, professional standards, protecting vulnerable people, public order, public protection, rape,
    road policing, roads policing, robbery, rural, rural crime, safeguarding, scene of crime, scenes of crime,
    serious and organised crime, serious crime, sex offence, sex offences, sexual exploitation, sexual offence,
    sexual offences, stalking, surveillance, traffic, transport, vehicle crime, vetting, vice, victim liaison,
    vulnerability, vulnerable people, wildlife crime, witness care"""
_DUTY = "|".join(sorted(" ".join(_DUTIES.split()).split(", "), key=lambda duty: (-len(duty), duty)))
_DESCRIBED_UNIT = re.compile(
    rf"(?<![\w-])(?<!\b[Nn]o )(?<!\b[Aa]ny )(?<!\b[Ee]very )(?<!\b[Ee]ach )(?:(?:joint |regional )?(?:(?:{_DUTY})(?: and | )){{1,3}}"
    r"(?:unit|team|squad|command|branch|directorate|department|section|division|task ?force|bureau|desk|hub|laboratory)"
    r"|regional crime squad|contact centre|directorate of professional standards|special branch)(?![\w-])"
)
_FORCE_HEADS = frozenset({"force", "constabulary", "service"})
_REVIEW_HEADS = frozenset({"review", "inquiry", "report", "inspection", "investigation", "audit", "probe"})
_BODY_HEADS = frozenset({"watchdog", "inspectorate", "panel", "ombudsman", "board", "authority", "regulator", "commission"})
_ORG_HEADS = frozenset(
    "council federation association charity union company college department agency trust foundation society partnership firm".split()
)
_UNIT_HEADS = frozenset({"unit", "team", "squad", "branch", "division", "directorate", "taskforce", "command"})
#: Last words of descriptions in small letters that tell which part or body it is: "firearms licensing unit", "county council".
_DESCRIBED_BY: dict[str, frozenset[str]] = {
    "Unit": _UNIT_HEADS | frozenset("department room centre section standards bureau desk hub laboratory wing group".split()),
    "OversightBody": frozenset({"panel", "authority", "board"}),
    "Organisation": frozenset({"council", "trust", "partnership", "board", "service"}),
}
_AGED = re.compile(r"(?i)\b(?:the|a) (\d{2})-year-old\b")
#: a word of a name: "Orr", "O'Brien", "Tarrant-Boyle"
_A_NAME = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: words a person's name may not consist of
_NOT_NAMES = set(HONORIFICS) | {"police", "force", "court", "the", "council", "panel"}
#: after one of these, a name is a person's even where a place is called so
_TITLES_OF_PEOPLE = frozenset(
    "mr mrs ms miss sir dame lord lady baroness dr justice judge pc sgt insp supt constable sergeant inspector superintendent cllr".split()
)
#: Ranks as papers put them before a name: none is a part of one.
_RANKS = frozenset("PC Pc WPC DC Dc Sgt PS Det Const Insp DI DCI DS DSI Supt Det-Sgt Det-Insp Ch PCSO".split())
#: What hearings call officers whom they do not name, where a rank or words say that it is one.
_CIPHER = r"(?!I\b)(?:[A-Z]{1,3}\d{1,4}|[A-Z])\b(?!['’-]\w|\.\w|\.? [A-Z][a-z])"
_ANONYMOUS = re.compile(
    r"\b(?:PC|Pc|WPC|DC|Sgt|PS|Insp|[Oo]fficer|Sergeant|Constable|Inspector|Superintendent"
    r"|(?:officer|marksman|constable|sergeant|inspector|detective|policeman|policewoman)\b[^.;\n]{0,40}?\b(?:codenamed|called|named only as"
    rf"|(?:known|referred to|identified) (?:only |simply )?as)) (?P<sign>{_CIPHER})"
)
#: What opens a sentence before the name of whom it is done to: "Jailing Orr for a year, the judge said".
_DEALING = frozenset(
    "Jailing Sentencing Convicting Fining Clearing Acquitting Dismissing Sacking Suspending Remanding Releasing Banning".split()
)
_LEADING = frozenset({"the", "a", "an", "his", "her", "their", "its", "our", "this", "that", "own"})


@dataclass(frozen=True)
class Gazetteer:
    """Closed-class names as token sequences: form's first word (folded) -> [(words, the same folded, type, slug, ambiguous)]."""

    entries: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str, str, bool]]]

    @classmethod
    @lru_cache(maxsize=2)
    def of(cls, reference: Reference) -> Gazetteer:
        """All forms of the reference data, longest first."""
        table: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], str, str, bool]]] = {}
        forms = [
            *reference.surface_forms(),
            *(
                (p.name, "Place", "", False)
                for p in reference.places
                if " " in p.name and not p.ambiguous and reference.force_by_area(p.name) is None
            ),
        ]
        for form, kind, slug, ambiguous in forms:
            words = tuple(_WORD.findall(form.replace("’", "'")))
            if words:
                folded = tuple(word.casefold() for word in words)
                table.setdefault(folded[0], []).append((words, folded, kind, slug, ambiguous))
        for rows in table.values():
            rows.sort(key=lambda r: (-len(r[0]), r))
        return cls(table)

    def find(self, text: str) -> Iterator[tuple[int, int, str, str, bool]]:
        """(start, end, type, slug, ambiguous) in characters, leftmost longest; capitals must agree except in offences."""
        text = text.replace("’", "'")
        tokens = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]
        folded = tuple(token[0].casefold() for token in tokens)
        i = 0
        while i < len(tokens):
            best = None
            for words, same, kind, slug, ambiguous in self.entries.get(folded[i], ()):
                if folded[i : i + len(words)] != same:
                    continue
                run = tokens[i : i + len(words)]
                if any(not _agrees(w, t[0], kind) for w, t in zip(words, run, strict=True)):
                    continue
                if any(not _GAP.fullmatch(text, a[2], b[1]) for a, b in zip(run, run[1:], strict=False)):
                    continue
                best = (run[0][1], run[-1][2], kind, slug, ambiguous)
                break
            if best:
                yield best
                while i < len(tokens) and tokens[i][1] < best[1]:
                    i += 1
            else:
                i += 1


_WORD = re.compile(r"[\w£&]+(?:'(?!s\b)\w+)?")
_GAP = re.compile(r"(?!.*\n\s*\n)(?:[\s.,'()-]|'s)*", re.S)


def _agrees(form: str, word: str, kind: str) -> bool:
    """Whether a word that is the form but for capitals has them where it must."""
    return (
        kind == "Offence" or form == word or form.islower() or word.isupper() and len(word) > 3 or word[:1].isupper() and len(form) > 4
    )


def find_mentions(doc: Doc, reference: Reference, body_start: int = 0) -> list[Mention]:
    """Names and nominals of a document, sorted; nested ones are kept, doubles and clashes are not."""
    text = doc.text  # spaCy joins all tokens anew each time it is asked
    names = _names(doc, text, reference)
    names += _described_reviews(doc, text, names)
    found = [m for m in [*names, *nominals(doc, names)] if m.start >= body_start]
    return sorted(set(found), key=lambda m: (m.start, -m.end, m.type))


def _names(doc: Doc, text: str, reference: Reference) -> list[Mention]:
    statistical = [m for s in _whole(doc, _joined(doc)) if (m := _statistical(doc, text, s, reference))]
    statistical += _anonymous(text)
    statistical += _described_units(text, reference)  # of two that overlap the longer stays
    certain: list[Mention] = []
    for start, end, kind, _, ambiguous in Gazetteer.of(reference).find(text):
        if kind == "Offence" and text.endswith("driving", start, end) and (caused := _CAUSING.search(text, max(0, start - 90), start)):
            start = caused.start()
        if not ambiguous or kind == "PoliceForce" and _is_force(doc, text, start, end):
            certain.append(Mention(start, end, text[start:end], kind))
    for pattern, kind in ((_COURT, "Court"), (_OPERATION, "Programme")):
        for match in pattern.finditer(text):
            start = match.start() + (4 if match.group().lower().startswith("the ") else 0)
            certain.append(Mention(start, match.end(), text[start : match.end()], kind))
    return _grown(text, _settle(certain, _consistent(doc, statistical, reference), reference))


#: Before the driving by which somebody, who is named between, was killed or hurt: both are one offence.
_CAUSING = re.compile(
    r"\b(?:caus(?:ing|ed|es) (?:the )?(?:death of|serious injur(?:y|ies) to)|kill(?:ing|ed)) (?:[^\s.;,]+,? ){1,6}by $"
)


def _consistent(doc: Doc, mentions: list[Mention], reference: Reference) -> list[Mention]:
    """One name, one type: a person's full name or surname is that person wherever the network took it for something else."""
    mentions = _past_names(mentions)
    full = {m.text for m in mentions if m.type == "Person" and " " in m.text}
    surnames = {name.split()[-1] for name in full}
    out = []
    for m in mentions:
        if m.type == "Incident" and m.text in full | surnames:
            continue
        if m.type in {"Place", "Organisation", "OversightBody", "Unit"} and (
            m.text in full or (m.text in surnames and (not reference.places_named(m.text) or _acts(doc, m)))
        ):
            m = Mention(m.start, m.end, m.text, "Person")
        out.append(m)
    return out


def _acts(doc: Doc, mention: Mention) -> bool:
    """Whether a surname that places have too is whose deed or fate a verb tells: "Wallsend was fined", "Wallsend, 52, said"."""
    span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
    if span is None or not len(span):
        return False
    root = span.root
    return root.dep_ in {"nsubj", "nsubj:pass"} and root.head.pos_ == "VERB" and not any(t.dep_ == "case" for t in root.lefts)


def _past_names(mentions: list[Mention]) -> list[Mention]:
    """Incidents broken off within a person's name go on to its end: "manslaughter of Sarah [Cole]", else the name would be lost."""
    people = _Ground(m for m in mentions if m.type == "Person")
    out = []
    for m in mentions:
        crossed = next((p for p in people.under(m) if m.start < p.start < m.end < p.end), None) if m.type == "Incident" else None
        out.append(Mention(m.start, crossed.end, f"{m.text}{crossed.text[m.end - crossed.start :]}", m.type) if crossed else m)
    return out


def _grown(text: str, mentions: list[Mention]) -> list[Mention]:
    """Incidents with the person they befell: "the murder of Sarah Everard", "Sarah Everard's murder"."""
    people = {m.start: m for m in mentions if m.type == "Person"}
    ends = {m.end: m for m in mentions if m.type == "Person"}
    named: list[Mention] = []
    for match in _DEED_OF.finditer(text):
        if person := people.get(match.end()):
            named.append(Mention(match.start(), person.end, text[match.start() : person.end], "Incident"))
    for match in _DEED_AFTER.finditer(text):
        if person := ends.get(match.start()):
            named.append(Mention(person.start, match.end(), text[person.start : match.end()], "Incident"))

    befell = _Ground(named)
    kept = [m for m in mentions if m.type != "Incident" or not befell.under(m)] + named
    following = sorted(m for m in kept if m.type not in _DESCRIBED)
    return [_completed(text, m, following) for m in kept] + list(_namesakes(text, _Ground(kept)))


_BLANK = re.compile(r"\s*")
_DANGLING = re.compile(
    r"(?:,? (?:of|into|the|on|at|within|in|a|an|by|for|with|and|about|its|his|her|who|which|that|was|is|Dr|Professor|Sir|Dame|Lord))+$"
)


def _completed(text: str, mention: Mention, following: list[Mention]) -> Mention:
    """A review or incident broken off at a preposition: with the name that follows, else without the loose end.

    ``following`` are the names that may, sorted.
    """
    if mention.type not in _DESCRIBED:
        return mention
    at = bisect_left(following, mention.end, key=attrgetter("start"))
    within = (m for m in following[max(0, at - 3) : at] if mention.type == "Review" and m.type in _AUTHORS)
    if (crossed := next((m for m in within if mention.start < m.start and m.end > mention.end), None)) is not None:
        return replace(mention, end=crossed.end, text=text[mention.start : crossed.end])  # "an inquiry by Sir Ivor [Cole]"
    if not (loose := _DANGLING.search(mention.text)):
        return mention
    gap = _BLANK.match(text, mention.end)
    after = gap is not None and at < len(following) and following[at].start <= gap.end() and not _CLAUSE_OPENS.search(mention.text)
    end = following[at].end if after else mention.start + loose.start()
    return Mention(mention.start, end, text[mention.start : end], mention.type)


#: What opens a clause that a description was broken off in.
_CLAUSE_OPENS = re.compile(r" (?:who|which|that|was|is)$")


_NAMESAKE = re.compile(
    r"\b(?:Baroness|Lord|Lady|Sir|Dame|Dr|Professor|Judge) (?:[A-Z][\w'’-]+ )?[A-Z][\w'’-]+"
    r"(?= (?:Review|Inquiry|Report|report|review|inquiry)\b)"
)


def _namesakes(text: str, mentions: _Ground) -> Iterator[Mention]:
    """The people reviews are called after: "Baroness Casey" in "the Baroness Casey Review"."""
    for match in _NAMESAKE.finditer(text):
        found = Mention(match.start(), match.end(), match.group(), "Person")
        near = mentions.under(found)
        inside = any(m.type == "Review" and m.start <= found.start and found.end <= m.end for m in near)
        if inside and all(m.type != "Person" for m in near):
            yield found


_DEEDS = "murder|killing|manslaughter|death|fatal shooting|shooting|stabbing|abduction|kidnap|disappearance|rape"
_CALLINGS = "[Cc]onstable|officer|PC|Pc|Sgt|Mr|Mrs|Ms|Miss|Dr|shopkeeper|student|driver|teacher|nurse|soldier|teenager|schoolgirl|schoolboy"
_DEED_OF = re.compile(rf"\b(?:{_DEEDS})(?: (?:in|on) \w+(?: \d{{4}})?)? of (?:(?:[a-z-]+ ){{0,2}}(?:{_CALLINGS}) )?")
_DEED_AFTER = re.compile(rf"['’]s (?:\w+ )?(?:{_DEEDS})\b")


def _joined(doc: Doc) -> list[Span]:
    """The network's spans; two of one type that touch are one name broken in two ("Joint" + "Major Investigation Team")."""
    out: list[Span] = []
    spans = [piece for span in doc.spans.get(SPANS, ()) for piece in _within_paragraphs(doc, span)]
    for span in sorted(spans, key=lambda s: (s.label_, s.start)):
        last = out[-1] if out else None
        touch = last is not None and last.label_ == span.label_ and last.end == span.start
        if last is not None and touch and (span.label_ != "Person" or last.text.casefold() in PARTICLES):  # "Di" + "Pietro"
            out[-1] = Span(doc, last.start, span.end, label=span.label_)
        else:
            out.append(span)
    return out


def _within_paragraphs(doc: Doc, span: Span) -> Iterator[Span]:
    """A person's name in its pieces between blank lines: a heading "Ann Cole" and the "Cole, 43," below it are two mentions."""
    start = span.start
    if span.label_ != "Person":
        yield span
        return
    for i in range(span.start, span.end):
        if doc[i].is_space and doc[i].text.count("\n") > 1:
            if i > start:
                yield Span(doc, start, i, label=span.label_)
            start = i + 1
    if start < span.end:
        yield Span(doc, start, span.end, label=span.label_)


#: Names of which the network takes too short a piece: what these types are called is often several names and small words long.
_BODIES = frozenset({"Organisation", "OversightBody", "Unit", "Programme"})
#: Words with a capital that stand beside a body's name and are no part of it.
_BESIDE = frozenset(
    """the a an but and in on at for from with by this that his her its their our after before when while as if it he she they we
    chief deputy assistant detective constable sergeant inspector superintendent commander commissioner acting temporary former
    director head chair chairman chairwoman president secretary minister mr mrs ms miss dr sir dame lord lady pc dc ds di dci dcs
    acc dcc professor councillor cllr spokesman spokeswoman""".split()
)

#: Whom bodies are for: what is theirs belongs to the body's name.
_FOLK = frozenset("women men children girls boys people victims survivors families officers superintendents constables workers".split())


def _whole(doc: Doc, spans: list[Span]) -> list[Span]:
    """Names of bodies with the words in capitals beside them ("Scottish" + "Women's Aid"), and past a preposition they break off at."""
    taken = {t.i for s in spans if s.label_ != "Review" for t in s}
    out = []
    for span in spans:
        if span.label_ in _BODIES and span.text[:1].isupper():
            start, end = span.start, span.end
            while start > 0 and _belongs(doc, start - 1, taken) and not doc[start - 1].is_sent_start:
                start -= 1
            if end > start + 1 and doc[end - 1].lower_ in {"of", "for", "on"}:
                after = end + 1 if end < len(doc) and doc[end].lower_ == "the" else end
                if after < len(doc) and doc[after].is_title and doc[after].is_alpha:
                    end = after + 1
            while end < len(doc):
                if _belongs(doc, end, taken):
                    end += 1
                elif end + 1 < len(doc) and doc[end].tag_ == "POS" and doc[end - 1].lower_ in _FOLK and _belongs(doc, end + 1, taken):
                    end += 2  # "Centre for Women['s Safety]"
                else:
                    break
            span = Span(doc, start, end, label=span.label_)
        out.append(span)
    return out


def _belongs(doc: Doc, i: int, taken: set[int]) -> bool:
    token = doc[i]
    return i not in taken and token.is_alpha and token.is_title and token.lower_ not in _BESIDE and not token.is_sent_start


class _Ground:
    """Mentions by where they stand, so that those which overlap a stretch are found without looking at all others."""

    def __init__(self, mentions: Iterable[Mention] = ()) -> None:
        self.cells: dict[int, list[Mention]] = {}
        for mention in mentions:
            self.add(mention)

    def add(self, mention: Mention) -> None:
        for cell in range(mention.start >> 8, (mention.end >> 8) + 1):
            self.cells.setdefault(cell, []).append(mention)

    def remove(self, mention: Mention) -> None:
        for cell in range(mention.start >> 8, (mention.end >> 8) + 1):
            self.cells[cell].remove(mention)

    def under(self, mention: Mention) -> list[Mention]:
        cells = range(mention.start >> 8, (mention.end >> 8) + 1)
        near = dict.fromkeys(m for cell in cells for m in self.cells.get(cell, ()))
        return [m for m in near if m.start < mention.end and mention.start < m.end]

    def all(self) -> list[Mention]:
        return list(dict.fromkeys(m for cell in sorted(self.cells) for m in self.cells[cell]))


def _settle(certain: Iterable[Mention], statistical: Iterable[Mention], reference: Reference) -> list[Mention]:
    """A certain name beats a statistical one that it covers or crosses; a longer statistical one around it stands, and
    the certain one inside it stands too where it is of another type and may nest."""
    ground = _Ground()
    for mention in sorted(certain, key=lambda m: (m.start - m.end, m.start, m.type)):
        if all(k.type != mention.type and _nests(k, mention) for k in ground.under(mention)):
            ground.add(mention)
    sure = set(ground.all())
    for mention in sorted(statistical, key=lambda m: (m.start - m.end, m.start, m.type)):
        losers = [k for k in ground.under(mention) if not _nests(k, mention) and not _nests(mention, k)]
        if all(k in sure and _yields(k, mention, reference) for k in losers):
            for k in losers:
                ground.remove(k)
            ground.add(mention)
    return ground.all()


def _yields(certain: Mention, mention: Mention, reference: Reference) -> bool:
    """Whether a certain name gives way to a longer one around it: "theft" to "theft by employee"."""
    if not (mention.start <= certain.start and certain.end <= mention.end) or (certain.start, certain.end) == (mention.start, mention.end):
        return False
    if certain.type == mention.type == "Offence":
        return reference.offence(mention.text) is not None
    return certain.type != mention.type and mention.type in _FLAT


_FLAT = {"Organisation", "Unit", "Court", "OversightBody", "Programme"}
_OUTER = {
    "Review": {"PoliceForce", "Person", "Unit", "Offence", "OversightBody", "Organisation", "Place", "Incident"},
    "Incident": {"Person", "Offence", "Place", "Unit", "Organisation", "PoliceForce"},
    "Offence": {"Person", "PoliceForce", "Place"},
    "OversightBody": {"PoliceForce"},
    "Unit": {"PoliceForce"},
}


def _nests(outer: Mention, inner: Mention) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end and inner.type in _OUTER.get(outer.type, ())


#: What no name of a person begins with in small letters.
_NOT_OF_NAMES = frozenset({"VERB", "AUX", "ADV", "SCONJ", "CCONJ"})


def _statistical(doc: Doc, text: str, span: Span, reference: Reference) -> Mention | None:
    """A span of the network as a mention: without article, title and stray punctuation; None where nothing is left."""
    start, end = span.start, span.end
    if span.label_ in _DESCRIBED:
        end = _phrase_end(doc, end)
    if span.label_ == "Review":
        end = _clause_end(doc, start, end)
    if span.label_ == "Offence" and _STANDARDS.match(text, doc[start].idx):
        breach = _breach(doc, start)
        if breach is None:
            return None
        start = breach
    if span.label_ == "Review":
        start, end = _review_start(doc, start, end), _subject_end(doc, start, _review_end(doc, end))
        while end > start + 1 and (doc[end - 1].lower_ in _OF_A_REVIEW or doc[end - 1].tag_ == "POS"):
            end -= 1  # "inquest [jury]", "the review['s findings]"
        if end - start > 2 and doc[end - 2].lower_ in {"has", "have", "had"} and doc[end - 1].dep_ == "ROOT":
            end -= 2  # "a report by the Ombudsman [has found]"
    while start < end and (doc[start].lower_ in _LEADING or doc[start].is_punct or doc[start].is_space or doc[start].lower_ == "and"):
        start += 1
    while end > start and (doc[end - 1].text in {"'s", "’s", ",", "(", ";", ":", "-", "–", "of"} or doc[end - 1].is_space):
        end -= 1
    while span.label_ == "Offence" and end > start and doc[end - 1].lower_.rstrip(".") in HONORIFICS:
        end -= 1  # "assaulting [Mr] Cole"
    if span.label_ == "Unit":
        start, end = _unit(doc, start, end, reference)
    if span.label_ == "Person":
        while end > start and doc[end - 1].text in _CALLED_AFTER_PEOPLE:
            end -= 1
        while start < end and doc[start].text.islower() and doc[start].lower_ not in PARTICLES and doc[start].pos_ in _NOT_OF_NAMES:
            start += 1  # "[rang] Molly"
        start = _past_titles(doc, start, end, reference)
        if start < end and doc[start].lower_ == "of":
            return None  # "the Bishop of Ludlow"
        if start < end - 1 and doc[start].text in _DEALING:
            start = _past_titles(doc, start + 1, end, reference)
        if start < end and doc[end - 1].text in _RANKS and end < len(doc) and doc[end].text[:1].isupper():
            return None  # "Shamed Insp" before "Ann Orr"
        own = [doc[i] for i in range(start, end)]
        if all(t.lower_ in _NOT_NAMES or not _A_NAME.fullmatch(t.text) for t in own) or not any(t.text[:1].isupper() for t in own):
            return None
    if span.label_ == "Review" and _told_to_do(doc, start, end):
        return None  # "Review the key points", "Review its use of force": an invitation
    if start >= end:
        return None
    a, b = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    if "\n" in text[a:b] or end == start + 1 and text[a:b].casefold() in _COMMON:
        return None  # a lone common word ("Panel", "constabulary") is a description at best, never a name
    titled = start > 0 and doc[start - 1].lower_.rstrip(".") in _TITLES_OF_PEOPLE
    label = "Person" if titled and span.label_ in {"Person", "Place"} else _type(text[a:b], span.label_, reference)
    if label == "PoliceForce" and reference.force(text[a:b]) is None and _is_home(text, a, b):
        label = "Place"
    if label == "Person" and end - start == 1 and _STREET.search(text, max(0, a - 40), a) and _ENDS.match(text, b):
        label = "Place"
    if label == "Organisation" and _AGED_OF.search(text, max(0, a - 20), a) and text.startswith(", ", b):
        label = "Place"  # "Cole, aged 19, of College Piece, Dover"
    if label == "Court" and _HOUSES.search(text[a:b]) and _ADDRESS.search(text, max(0, a - 20), a):
        label = "Place"
    return Mention(a, b, text[a:b], label) if label else None


def _told_to_do(doc: Doc, start: int, end: int) -> bool:
    """Whether the word that a review's description opens with is a verb, by what follows it."""
    if end - start > 1 and doc[start].pos_ == "VERB" and doc[start + 1].pos_ == "DET":
        return True
    return doc[start : start + 1].text == "Review" and doc[start + 1 : start + 2].text.lower() in {"the", "its", "their", "your", "our"}


_SUCH = frozenset({"present", "new", "old", "former", "current", "same", "then", "whole"})


def _unit(doc: Doc, start: int, end: int, reference: Reference) -> tuple[int, int]:
    """A unit's description without what only tells which or whose: "[South Wales] child protection unit", "Exploitation Unit [of 24]"."""
    if end - start > 3 and doc[end - 2].lower_ == "of" and doc[end - 1].like_num:
        end -= 2
    small = next((i for i in range(start, end) if doc[i].is_lower), start)
    if small > start and all(t.is_lower for t in doc[small:end]):
        owner = doc[start:small].text
        if reference.force(owner) is not None or reference.force_by_area(owner) is not None:
            start = small
    while start < end - 1 and doc[start].text in _SUCH:
        start += 1
    return start, end


#: What the standards of professional behaviour are called: a breach of one is misconduct, the standard itself is none.
_STANDARDS = re.compile(
    r"(?:honesty and integrity|orders and instructions|duties and responsibilities|equality and diversity|authority, respect and courtesy"
    r"|use of force|confidentiality|fitness for (?:work|duty))\b",
    re.I,
)


def _breach(doc: Doc, start: int) -> int | None:
    """The word "breach" or "breached" of the same clause, from which on the misconduct is told; None where there is none."""
    for i in range(start - 1, max(-1, start - 16), -1):
        if doc[i].lower_.startswith("breach"):
            return i
        if doc[i].text in {".", ";", ":"} or doc[i].is_space:
            return None
    return None


#: The last words of names that open with a person's: "the Cole Review".
_CALLED_AFTER_PEOPLE = frozenset({"Review", "Inquiry", "Report", "Inquest", "review", "inquiry", "report", "inquest"})
_DESCRIBED = frozenset({"Offence", "Review", "Incident"})
_UNFINISHED = frozenset({"case", "det", "mark", "amod", "compound", "nummod", "nmod:poss", "aux", "aux:pass", "flat"})


#: When something came out, from its first word on.
_WHEN = re.compile(
    r"(?:(?:on|in|last|this|earlier this) )?(?:\d{1,2} )?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|yester|to)day|morning|week|month|year|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: \d{4})?|\d{4})\b"
)


def _phrase_end(doc: Doc, end: int) -> int:
    """Where the phrase ends that a description was broken off in: "inquiry into 'the [revolving door]", "failing to [record it]"."""
    last = doc[end - 1]
    while last.i < last.head.i < end + 8 and last.sent == last.head.sent and last.dep_ in _UNFINISHED:
        last = last.head
        verbs_object = next((t for t in last.rights if t.dep_ == "obj" and t.i < end + 8), None)
        if last.pos_ == "VERB" and verbs_object is not None:
            last = verbs_object
    return max(end, last.i + 1)


def _clause_end(doc: Doc, start: int, end: int) -> int:
    """Where a clause ends within which a review's description was broken off: "look at how [that has gone]"."""
    clause = any(t.lower_ in _CLAUSED or t.lower_ == "which" and t.nbor(-1).lower_ == "in" for t in doc[start + 1 : end])
    if not clause or end >= len(doc) or doc[end].is_punct or doc[end].is_space:
        return end
    last = doc[end - 1]
    verb = last if last.pos_ == "VERB" else last.head if last.dep_ in _OF_A_CLAUSE and last.head.pos_ in {"VERB", "ADJ"} else None
    if verb is None or not (last == verb or end <= verb.i < end + 8) or verb.dep_ == "ROOT":
        return end
    after = next((t for t in verb.rights if t.i > verb.i and t.left_edge.i == max(end, verb.i + 1) and t.dep_ in {"obj", "ccomp"}), None)
    stop = max(end, verb.i + 1 if after is None else after.right_edge.i + 1)
    plain = not any(t.is_punct and t.text not in "-'’" or t.is_space for t in doc[end:stop])
    return stop if plain and stop - end <= 8 else end


#: What opens a clause that tells what a review is of, and what such a clause breaks off at.
_CLAUSED = frozenset("how what why".split())
_OF_A_CLAUSE = frozenset({"nsubj", "nsubj:pass", "expl", "advmod", "aux", "aux:pass", "mark", "obj"})


def _review_end(doc: Doc, end: int) -> int:
    """Where the description ends of a review of which it is told when it came out: "report published [on Wednesday]"."""
    last = end - 1 if doc[end - 1].lower_ in {"on", "in"} else end
    after = doc[last : last + 6].text
    when = _WHEN.match(after) if doc[last - 1].lower_ in {"published", "issued", "released", "printed", "unveiled"} else None
    return last + len(after[: when.end()].split()) if when else end


def _subject_end(doc: Doc, start: int, end: int) -> int:
    """Where the description ends of a review that was broken off before what it is of: "audit [of the force's dog section]"."""
    noun = next((doc[i] for i in (end - 1, end - 2) if i >= start and doc[i].lower_ in _LOOKED_INTO | _HEARD), None)
    if noun is None or not noun.is_lower or noun.i + 1 >= len(doc) or doc[noun.i + 1].lower_ not in _INTO:
        return end
    if noun.i == start > 0 and (doc[start - 1].tag_ == "POS" or doc[start - 1].text in {"'", "’"}):
        return end  # "the accountants' [review] of the books": told with who did it
    last = noun.i + 2
    while last < min(noun.i + 2 + _LONGEST, len(doc)) and (doc[last].pos_ in _OF_NAMES | {"DET"} or doc[last].tag_ == "POS"):
        last += 1
    owner = next((i for i in range(noun.i + 2, last) if doc[i].tag_ == "POS"), None)
    if owner is None:
        return end
    while last > owner and doc[last - 1].pos_ not in {"NOUN", "PROPN"}:
        last -= 1
    subject = next((t for t in noun.rights if t.dep_ == "nmod" and any(c.i == noun.i + 1 for c in t.lefts)), None)
    told = _told_of(noun, subject) if subject is not None and subject.i > owner else None
    return max(end, last if last - 1 > owner else end, told or end)


#: Parts of speech within a noun's own words.
_OF_NAMES = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})


def _review_start(doc: Doc, start: int, end: int) -> int:
    """Where a review's description begins that was broken off in a body's name: "Independent Office for Police Conduct ([IOPC) inquiry"."""
    least = max(0, start - 12)
    if doc[start].lower_ == "own" and start > 1 and doc[start - 1].tag_ == "POS":
        return doc[start - 2].left_edge.i if doc[start - 2].left_edge.i >= least else start  # "the panel's own inquiry"
    words = [t.text for t in doc[start:end]]
    if ")" not in words or "(" in words[: words.index(")")]:
        return start
    opening = next((i for i in range(start - 1, least, -1) if doc[i].text == "("), None)
    if opening is None:
        return start
    while opening > least and (doc[opening - 1].is_title or doc[opening - 1].lower_ in {"of", "for", "and", "&"}):
        opening -= 1
    return opening


#: Words after a review's name that tell of something that it has.
_OF_A_REVIEW = frozenset("jury jurors team inspectors findings recommendations conclusions chair chairman chairwoman".split())
#: words that alone, or in lower case, name no body
_COMMON = frozenset(
    """police panel constabulary force board council commission independent joint party service authority department unit team squad
    federation association government ministers review inquiry report inspection""".split()
)


#: What a court's name has in it.
_SITS_THERE = re.compile(
    r"court|bailey|tribunal|assize|magistrate|bench|session|inquest|justice|judge|panel|appeal|jury|chamber|diplock|lords|privy|recorder"
    r"|martial|sheriff",
    re.I,
)
_CAPITAL = frozenset({"Person", "PoliceForce", "Unit", "OversightBody", "Organisation", "Court", "Place", "Programme"})
#: Roads and the places where people post are no places and bodies that a text tells anything of.
_NO_NAME = re.compile(
    r"[ABM]\d+(?:\(M\))?|WhatsApp|Facebook|Twitter|Instagram|TikTok|Snapchat|YouTube|PA Media|HM|Getty Images|M[PS]s?|MSPs?|[QK]Cs?"
)
_TELLING = re.compile(  # "a report that he had stalked her", "a report Ann Cole had": no document
    r"\breports? (?:that(?: (?:has|have|had|was|were|is|are)\b.*)?|(?:[A-Z][\w’'-]+ ){1,3}(?:has|have|had|was|were|is|are))$"
)
#: Who looks into things, or is looked into: "a second police force".
_NO_REVIEW = re.compile(
    r"(?:(?!re|inq|insp|audit|look|stud|exam)[\w-]+ ){1,3}(?:forces?|officers?|inspectorate|watchdog|coroner)"
    r"|operation(?! review)\b.*"
    r"|(?:[\w-]+ )*(?:court report|judicial review|pre-inquest review|pre-inquest hearing)"
    r"|(?:[\w-]+ )?report of (?:an? |the )?(?:[\w-]+ ){0,2}(?:abuse|assault|attack|break-in|burglary|collision|crash|crime|disorder"
    r"|disturbance|explosion|fight|fire|gunshots?|incident|man|men|missing \w+|rape|robbery|shooting|shots|stabbing|theft|violence"
    r"|woman|women)"
    r"|(?:[\w-]+ )?reports? (?:about|of|that) (?:an? )?(?:concerns?|suspicious|gunfire|people|someone|somebody|her|his|their)\b.*"
    r"|(?:(?:close|closer|greater|further|public|more) )?scrutiny"
    r"|(?:(?:forensic|post-mortem|medical) )?examination of the (?:body|car|house|phone|premises|scene|van|vehicle)"
    r"|.*\b(?:assessing|considering|deciding|whether)(?: whether)?(?: to)?"
    r"|reviews? (?:its|their|the|our|this) (?:arrangements|options|performance|policies|policy|position|practices?|procedures|processes"
    r"|progress|provision)"
)
#: What the nouns of reviews, and of those who come back to a thing, have in them.
_A_REVIEW = re.compile(
    r"\b(?:re-?)?(?:review|inquir|enquir|report|inspect|audit|investigat|inquest|stud(?:y|ies)\b|look|evaluat|exercise|assess|complaint|visit"
    r"|document|survey|finding|debrief|paper|research|thematic|follow|commission|probe|sampl|examin|scrutin|snapshot|stocktake|appraisal"
    r"|check|analys|letter|poll\b|hearing|panel|statement|prevention|fieldwork|fact-find|picture|work\b|ones?\b|opinion|one\b|another\b"
    r"|first\b|second\b|third\b|fourth\b|fifth\b|longer\b|return\b)",
    re.I,
)
#: Where the noun of a description ends and what it is about begins.
_HEAD = re.compile(
    r" (?:of|into|on|about|after|following|over|for|at|to|by|in|from|with|between|across|that|which|whether|how|published|commissioned"
    r"|led|carried|ordered|chaired)\b"
)
#: What sentences are passed or deferred for: "an indeterminate sentence for public protection".
_NO_OFFENCE = re.compile(
    r"public protection|consensual (?!image).*|(?:the )?(?:good behaviour|good of (?:his|her|their) behaviour)"
    r"|(?:crack )?cocaine|heroin|cannabis|ketamine|(?:class [ABC] )?drugs"
    r"|(?:avoid|escap|dodg|evad)(?:e|ing) (?:a |his |her |their )?(?:jail|prison|custody|sentence|punishment|dismissal|the sack).*",
    re.I,
)
_REVIEW_TAIL = re.compile(r"\b[A-Z]\w+ (?:Review|Inquiry)$")


def _type(text: str, label: str, reference: Reference) -> str | None:
    """The network's type, unless the name itself says better; None where it can be nothing."""
    if label in _CAPITAL and not any(c.isupper() for c in text):  # a description: told by what it does, or not at all
        return label if " " in text and text.split()[-1] in _DESCRIBED_BY.get(label, ()) else None
    if label in {"Incident", "Review"} and " " not in text and text.islower():
        return None
    if label == "Review" and (_TELLING.search(text) or _NO_REVIEW.fullmatch(text) or _of_another_kind(text)):
        return None
    if _REVIEW_TAIL.search(text) and label in {"Organisation", "OversightBody", "Programme", "Unit", "Place"}:
        return "Review"
    if _NO_NAME.fullmatch(text):
        return None
    if label in _CAPITAL and text.split()[0].casefold() in _TITLES_OF_PEOPLE and " " in text:
        return "Person"
    if label in _BODIES and (title := reference.title(text)) is not None and title.kind == "commissioner":
        return None  # "the police and crime commissioner (PCC)" is a person
    if label == "Unit" and (reference.is_title(text.split()[-1]) or " " not in text and text.endswith("al")):
        return None  # "Rural Beat Officer", "Divisional"
    if label == "Court" and not _SITS_THERE.search(text):
        return None  # "three of the Stockwell Six left court", "HMP Wakefield"
    force = reference.force(text) is not None or bool(_FORCE_TAIL.search(text)) and len(text.split()) > 1
    if label in {"Place", "Organisation", "OversightBody", "Unit", "Programme"} and force:
        return "PoliceForce"
    if label == "Offence" and _NO_OFFENCE.fullmatch(text):
        return None
    if label == "Offence":  # conduct may be described at length; a single word is an offence's name or none
        return label if " " in text or reference.offence(text) else None
    places = reference.places_named(text)
    if label == "PoliceForce" and not force and reference.force_by_area(text) is None:
        return "Place" if places else None
    if (
        label in {"Person", "Organisation", "PoliceForce"}
        and places
        and not any(p.ambiguous for p in places)
        and reference.force_by_area(text) is None
    ):
        return "Place"
    if label == "Person" and (reference.is_title(text) or text.casefold().rstrip(".") in HONORIFICS):
        return None
    return label


def _of_another_kind(text: str) -> bool:
    """Whether the noun of a description in small letters is none of a review: "the new code of practice", "its contact with Ann Cole"."""
    noun = _HEAD.split(text, maxsplit=1)[0]
    return noun.split()[-1:] != [] and noun.split()[-1][:1].islower() and _A_REVIEW.search(noun) is None


def _past_titles(doc: Doc, start: int, end: int, reference: Reference) -> int:
    """The first token of a person's own name: "Det Ch Insp Jane Doe" -> "Jane"."""
    best = start
    for stop in range(start + 1, end):
        text = doc[start:stop].text.rstrip(".").rstrip()
        if text == "Di":  # the name; the rank is "DI"
            break
        if text.casefold().rstrip(".") in HONORIFICS or reference.is_title(text):
            best = stop
    while best < end - 1 and (doc[best].text == "." or doc[best].lower_.rstrip(".") in HONORIFICS):
        best += 1
    return best if best == start else _past_titles(doc, best, end, reference)


#: A bare area where somebody comes from: before its name, "from Otley, [West Yorkshire]", and behind it, "[Suffolk] man".
_FROM = re.compile(r"\b(?:of|from|in|near|at) (?:[A-Z][\w'’.-]+(?: (?=[A-Z])|, )){1,5}$")
_LISTED = re.compile(r",? (?:and )?[A-Z]")
_INHABITANT = re.compile(
    r" (?:man|men|woman|women|teenager|teen|boy|girl|mum|mother|dad|father|couple|pensioner|resident|family|driver|motorist|farmer|teacher"
    r"|nurse|student|brothers|sisters|grandmother|grandfather)s?\b"
)
#: "of [Allen Court], Otley", where a name of houses is taken for that of a court.
_HOUSES = re.compile(
    r"^(?!.*(?:Crown|Youth|Family|County|High|Supreme|Sheriff|Magistrates|Royal|Civil|Criminal|Appeal))(?:[A-Z][\w'’-]+ ){1,3}Court$"
)
#: What stands after a street is the town: "of Mill Close, [Purley], were jailed".
_STREET = re.compile(
    r"\b(?:of|from|in) (?:\w+ )?(?:[A-Z][\w'’]+ ){1,3}?"
    r"(?:Street|Road|Avenue|Close|Lane|Drive|Crescent|Gardens|Terrace|Grove|Court|Place), $"
)
_AGED_OF = re.compile(r"\b\d\d,? of $")
_ENDS = re.compile(r"[.;)]|, (?!who\b|an?\b|the\b|\d|said\b|told\b|[A-Z])")
_ADDRESS = re.compile(r"(?:\b(?:of|[Ff]lats?|number|lives (?:at|in)|home (?:at|in)) |\b\d+[a-z]?,? )$")


def _is_home(text: str, start: int, end: int) -> bool:
    """Whether a bare area name tells where somebody lives, so that it is no force: "Orr, of Otley, West Yorkshire, told the court"."""
    if _FORCE_NEXT.match(text, end):
        return False
    listed = _LISTED.match(text, end)  # "takes in Sussex, Surrey and Kent"
    return bool(_INHABITANT.match(text, end)) or not listed and bool(_FROM.search(text, max(0, start - 60), start))


_FORCE_VERBS = frozenset(
    """say tell confirm announce admit apologise deny launch refer sack suspend dismiss recruit charge investigate arrest spend record
    accept appoint insist add respond face""".split()
)
_FORCE_NEXT = re.compile(
    r"['’]s (?:chief|new chief|acting chief|top|deputy|assistant chief|most senior|temporary|professional standards|head of|officers|"
    r"former chief|police)|['’]s \w+ (?:chief constable|unit|team|squad|department)|"
    r"(?: officers?| chief constable| PC\b| detectives?| constable)\b"
)


def _is_force(doc: Doc, text: str, start: int, end: int) -> bool:
    """Whether a bare area name stands for its force: it acts, or has officers and a chief."""
    if _FORCE_NEXT.match(text, end):
        return True
    if _is_home(text, start, end):
        return False
    span = doc.char_span(start, end, alignment_mode="expand")
    if span is None or not len(span):
        return False
    root = span.root
    return root.dep_ == "nsubj" and root.head.lemma_.lower() in _FORCE_VERBS


#: Nouns of reviews; one of them with "a" and what it was of is told for the first time: "a dip sample of 80 files".
_LOOKED_INTO = frozenset("review inspection audit evaluation assessment inquiry sample study scrutiny analysis".split())
#: Further nouns of them that tell of one only with who did it, or what it is of: "the watchdog's report".
_HEARD = frozenset("report investigation debrief examination stocktake look probe appraisal".split())
_INTO = frozenset("of into at on".split())
#: "Her report" is one told of before where any is within so many characters.
_NEAR = 800
#: Longest description of a review, in words.
_LONGEST = 14


def _described_reviews(doc: Doc, text: str, names: Iterable[Mention]) -> list[Mention]:
    """Reviews that the network passed over: inquests, and what is first told of with "a" and its subject ("a review of cash seizures")."""
    names = list(names)
    ground = _Ground(m for m in names if m.type == "Review")
    named = {m.start: m for m in names if m.type in _AUTHORS}
    bodies = {m.end: m for m in names if m.type in _REPORTING}
    called = {word for m in names if m.type == "Review" for word in m.text.casefold().split()}
    found = []
    heads = np.isin(doc.to_array("LOWER"), [doc.vocab.strings[word] for word in (*_LOOKED_INTO, *_HEARD, *_TOLD_BY, "inquest")])
    for token in (doc[int(i)] for i in np.flatnonzero(heads)):
        span = _inquest(token) if token.lower_ == "inquest" else _reviewing(token) if token.lower_ in _LOOKED_INTO else None
        if span is None and token.lower_ in _TOLD_BY:
            span = _reported(token, text, named)
        reach = 0
        if span is None and (span := _owned(token)) is not None:
            bodys = _bodys(token, text, bodies)
            reach = 0 if bodys else _NEAR
            span = span if bodys or token.lower_ in _LOOKED_INTO or token.lower_ in {"report", "inquest"} else None
        if span is not None:
            mention = Mention(span.start_char, span.end_char, text[span.start_char : span.end_char], "Review")
            kept = not ground.under(replace(mention, start=max(0, mention.start - reach)))
            if len(span) == 1 and token.lower_ in _LOOKED_INTO and token.lower_ in called:
                continue  # "A review has found" that is told of by its name elsewhere
            if kept and not _NO_REVIEW.fullmatch(mention.text):
                found.append(mention)
                ground.add(mention)
    return found


def _inquest(token: Token) -> Span | None:
    """The lone word "inquest" where it is a particular one."""
    whole = token.head if token.dep_ == "compound" and token.head.lower_ in _OF_A_REVIEW else token  # "an inquest jury"
    pointed = any(t.lower_ in {"the", "an", "his", "her", "their"} for t in (*token.doc[max(0, token.i - 1) : token.i], *whole.lefts))
    return token.doc[token.i : token.i + 1] if pointed and token.pos_ == "NOUN" and whole.dep_ != "compound" else None


def _owned(token: Token) -> Span | None:
    """ "Her report", "The watchdog's report", "the council's own 2019 inquiry"."""
    owner = next((t for t in token.lefts if t.dep_ == "nmod:poss"), None)
    if owner is None and token.i > 1 and token.nbor(-1).tag_ == "POS" and token.nbor(-1).dep_ == "case":
        owner = token.nbor(-1).head  # "The watchdog's inquiry was begun": the tree may hang both on the verb
    if owner is None or token.pos_ != "NOUN" or token.i - owner.left_edge.i > 8 or owner.lower_ in {"my", "your", "whose", "our"}:
        return None
    if owner.i >= token.i:
        return None
    first = next(t for t in owner.subtree if t.dep_ != "case" and not t.is_space)
    subject = next((t for t in token.rights if t.dep_ == "nmod" and any(c.lower_ in {"of", "into"} for c in t.lefts)), None)
    end = _told_of(token, subject) if subject is not None and token.lower_ in _HEARD - {"report"} | {"scrutiny"} else None
    return token.doc[first.i : end or token.i + 1]


def _bodys(token: Token, text: str, bodies: dict[int, Mention]) -> bool:
    """Whether a review is owned by a body that does such work, so that it is told of at first hand: "the IOPC's report"."""
    sign = next((t for t in token.doc[max(0, token.i - 4) : token.i] if t.tag_ == "POS"), None)
    if sign is None or sign.i == 0:
        return False
    body = bodies.get(sign.idx)
    kind = body.type if body is not None else _NOMINALS.get(sign.nbor(-1).lower_, "")
    return kind in _REPORTING


#: Bodies whose investigations are reviews; those of a police force are mostly into crimes.
_REPORTING = frozenset({"OversightBody", "Organisation"})
#: Who writes reports.
_AUTHORS = frozenset({"Person", "OversightBody", "Organisation", "Unit"})
#: Nouns of reviews that are told of without their subject; some only with their author, as they mean many things.
_MANY_THINGS = frozenset({"sample", "scrutiny", "analysis", "exercise", "assessment", "inquiry"})
_TOLD_BY = _LOOKED_INTO | {"report", "debrief", "stocktake", "exercise", "re-examination"}
#: What happens to reviews, besides: "an inspection rated", "a safeguarding review was ordered by the partnership".
_HELD = re.compile(
    r"(?: (?:after|following) [^.;:]{2,40}?)?,? (?:(?:has|have|had|which|that|was|is|were|being|been|and|later|also|then|since|already"
    r"|last \w+|this \w+|on \w+|in \w+|earlier) ){0,4}"
    r"(?:ordered|commissioned|set up|carried out|conducted|led|chaired|written|asked for|requested|launched|announced|completed|published"
    r"|released|found|finds|concluded|concludes|warned|revealed|criticised|graded|rated|reported|looked)\b"
)
#: What makes "a report" a document: who wrote it, that it is out, or what it says; "a report of a fight" is none.
_WRITTEN_BY = re.compile(r" (?:by|from) (?:the )?")
_OUT = re.compile(
    r",? (?:(?:also|has|which|that|was|is|being|to be|due to be|highly|deeply|heavily|severely|and|later|today|last \w+|this \w+"
    r"|on \w+) ){0,3}"
    r"(?:published|released|issued|unveiled|said|says|stated|found|finds|warned|warns|revealed|reveals|concluded|concludes|shows|showed"
    r"|criticised|criticising|critical|highlighted|described|blamed|praised|graded|rated|into)\b",
    re.I,
)


def _reported(token: Token, text: str, named: dict[int, Mention]) -> Span | None:
    """ "A report by the inspectorate", "a damning report, released today", "an audit has found", without its article."""
    doc = token.doc
    article = next((t for t in token.lefts if t.dep_ == "det" and t.lower_ in {"a", "an"}), None)
    if article is None or token.i - article.i > 5 or any(t.is_punct and t.text != "-" for t in doc[article.i : token.i]):
        return None
    end = token.idx + len(token)
    by = _WRITTEN_BY.match(text, end)
    author = named.get(by.end()) if by else None
    if author is not None and (token.lower_ == "report" or author.type in _REPORTING):
        last = doc.char_span(author.start, author.end, alignment_mode="expand")
        return doc[article.i + 1 : last.end] if last is not None and last.end - token.i < _LONGEST else None
    if token.lower_ == "report":
        return doc[article.i + 1 : token.i + 1] if _OUT.match(text, end) else None
    told = token.pos_ == "NOUN" and token.lower_ not in _MANY_THINGS and _HELD.match(text, end) is not None
    return doc[article.i + 1 : token.i + 1] if told else None


def _reviewing(token: Token) -> Span | None:
    """The noun with its adjectives and what it is of, where the article is "a"."""
    doc = token.doc
    article = next((t for t in token.lefts if t.dep_ == "det" and t.lower_ in {"a", "an"}), None)
    subject = next((t for t in token.rights if t.dep_ == "nmod" and any(c.lower_ in {"of", "into"} for c in t.lefts)), None)
    if article is None or subject is None or token.pos_ != "NOUN":
        return None
    end = _told_of(token, subject)
    return None if end is None else doc[article.i + 1 : end]


def _told_of(noun: Token, subject: Token) -> int | None:
    """Where what a review is of ends; None where that is broken by a stop or too long to be its description."""
    end = subject.i + 1
    for t in subject.rights:  # past "the use of handcuffs on children", not past a comma, another clause or who did it
        by = any(c.lower_ in {"from", "by", "after", "in", "at"} for c in t.lefts)
        if t.dep_ != "nmod" or by or t.right_edge.i - noun.i > _LONGEST:
            break
        end = t.right_edge.i + 1
    within = noun.doc[noun.i : end]
    return end if len(within) <= _LONGEST and not any(t.is_punct and t.text not in "-'’" or t.is_space for t in within) else None


#: The name of a place right before the description of a unit, which is called after it: "the [Skegness] neighbourhood policing team".
_CALLED_AFTER = re.compile(r"(?<=[a-z] )(?:[A-Z][a-z]+ ){1,2}$")


def _anonymous(text: str) -> Iterator[Mention]:
    """Officers known by a letter or a call sign, wherever they stand in the text: "PC A", "the officer, known only as NX14"."""
    signs = dict.fromkeys(match["sign"] for match in _ANONYMOUS.finditer(text))
    for match in _ANONYMOUS.finditer(text):
        yield Mention(match.start("sign"), match.end("sign"), match["sign"], "Person")
    long = [re.escape(sign) for sign in signs if len(sign) > 1]  # a letter by itself may be any word
    for match in re.finditer(rf"\b(?:{'|'.join(long)})\b", text) if long else ():
        yield Mention(match.start(), match.end(), match.group(), "Person")


def _described_units(text: str, reference: Reference) -> Iterator[Mention]:
    """Parts of a force told by their duty, in small letters."""
    for match in _DESCRIBED_UNIT.finditer(text):
        start, place = match.start(), _CALLED_AFTER.search(text, max(0, match.start() - 40), match.start())
        if place and reference.force(place.group().strip()) is None and reference.force_by_area(place.group().strip()) is None:
            start = place.start()
        yield Mention(start, match.end(), text[start : match.end()], "Unit")


_TELLS = frozenset({"Review", "Incident"})


def nominals(doc: Doc, names: list[Mention]) -> Iterator[Mention]:
    """Descriptions that point back: "the force", "the 47-year-old", "the chief constable", "the review"."""
    text = doc.text
    # What a description tells has things of its own in it: "review of how the force treats its cadets".
    taken = _covered(text, (m for m in names if not (m.type in _TELLS and m.text[:1].islower())))
    described = _covered(text, (m for m in names if m.type == "Review"))
    for match in _AGED.finditer(text):
        yield Mention(match.start(), match.end(), match.group(), "Person", "nominal")
    introduced = {token.i: token for token in (*_introduced(doc, taken), *_several(doc, taken))}
    for token in introduced.values():
        first = token
        if first.i > first.sent.start and first.nbor(-1).lower_ == "police" and not taken[first.nbor(-1).idx]:
            first = first.nbor(-1)  # "A [police] officer": "police" alone is no title
        yield Mention(first.idx, token.idx + len(token), text[first.idx : token.idx + len(token)], "Person", "nominal")
    roles = {span.root.lower_ for span in doc.spans.get(LITERALS, ()) if span.label_ == "Role"} - _NOMINALS.keys() - _NO_ROLES
    heads = np.isin(doc.to_array("LOWER"), [doc.vocab.strings[word] for word in (*_NOMINALS, *sorted(roles))])
    for token in (doc[int(i)] for i in np.flatnonzero(heads)):
        called = token.lower_ in roles and token.tag_ == "NN" and any(t.lower_ == "the" for t in token.lefts)
        called = called and not any(t.lower_ == "old" for t in token.lefts)  # who is told by his age is found by it
        kind = "Person" if called else _nominal_type(token)
        if kind is None or taken[token.idx] or token.i in introduced or kind in _TELLS and described[token.idx]:
            continue
        if token.i + 1 < len(doc) and _nominal_type(doc[token.i + 1]) == kind:
            continue  # "the chief" of "the chief constable", whatever the tree says
        determiner = _determiner(token, kind)
        if determiner is None or token.lower_ == "service" and _is_policing(token):
            continue
        start = min([determiner.idx, *(t.idx for t in token.lefts if t.dep_ in {"compound", "amod"} and t.i > determiner.i)])
        if any(taken[start : token.idx]):
            start = token.idx  # "a Metropolitan officer": the modifier is a name of its own
        yield Mention(start, token.idx + len(token), text[start : token.idx + len(token)], kind, "nominal")


def _introduced(doc: Doc, taken: bytearray) -> Iterator[Token]:
    """The heads of people whom sentences begin with, who may be named next: "A call handler has admitted misconduct".

    By the order of words, as trees of such sentences go wrong where a name stands in them ("A serving Kent Police officer").
    """
    roles = {doc[span.end - 1].i for span in doc.spans.get(LITERALS, ()) if span.label_ == "Role"}
    for sentence in doc.sents:
        first = next((t for t in sentence if not t.is_space), sentence[0])
        if first.lower_ not in _INTRODUCING:
            continue
        words = [t for t in doc[first.i : min(first.i + _OPENING, sentence.end)] if not t.is_space]
        stops = (t.pos_ in {"AUX", "ADP"} or t.is_punct and t.text != "-" or t.lower_ in _STOPS for t in words[1:])
        stop = next((k for k, stop in enumerate(stops, 1) if stop), 0)
        head = words[stop - 1] if stop > 1 else None
        several = words[0].lower_ not in {"a", "an"}
        if head is None or head.tag_ not in ({"NNS"} if several else {"NN", "NNP"}) or taken[head.idx]:
            continue
        answers = words[stop].lower_ == "who" or not _ANSWERS.isdisjoint(t.lower_ for t in words[stop : stop + 4])
        kind = _NOMINALS.get(head.lower_.removesuffix("s")) if several else _nominal_type(head)
        if kind == "Person" or kind is None and (head.i in roles or answers and head.lower_ not in _NOBODY):
            yield head


def _several(doc: Doc, taken: bytearray) -> Iterator[Token]:
    """The heads of what points back at several people by their number: "both officers", "the two men", "all three", "the pair"."""
    heads = np.isin(doc.to_array("LOWER"), [doc.vocab.strings[word] for word in _PLURALS | _NUMBERS])
    for token in (doc[int(i)] for i in np.flatnonzero(heads)):
        before = [t.lower_ for t in doc[max(token.sent.start, token.i - 3) : token.i]]
        after = doc[token.i + 1] if token.i + 1 < token.sent.end else None
        if taken[token.idx] or after is not None and (after.lower_ in _ANEW or after.tag_ == "POS"):
            continue
        if token.lower_ in _NUMBERS:
            alone = after is None or after.pos_ not in {"NOUN", "ADJ", "NUM", "PROPN", "DET", "ADP"}
            points = alone and token.dep_ in {"nsubj", "nsubj:pass", "obj"} and (token.lower_ == "both" or before[-1:] == ["all"])
        else:
            numbered = token.lower_ in GROUPS or not _NUMBERS.isdisjoint(before)
            points = numbered and not _POINTING.isdisjoint(before)
        if points and not _PART.intersection(before):
            yield token


_PLURALS = plurals(PERSON_HEADS | OFFICERS).union(GROUPS)
_NUMBERS = frozenset({"both", *NUMERALS})
_POINTING = frozenset("the both all these those".split())
#: What tells anew who is meant ("the two officers who arrested him"), and what tells of some of them, or of others.
_ANEW = frozenset("who that whose whom involved responsible accused charged named of in at on from with".split())
_PART = frozenset("of other one others another more further than".split())
_INTRODUCING = frozenset({"a", "an", *NUMERALS})
#: Words of a sentence's opening within which it tells whom it is about.
_OPENING = 16
_STOPS = frozenset("who whom whose that which accused charged convicted jailed described suspected caught facing wanted alleged".split())
#: What only people are told to have done or to suffer.
_ANSWERS = frozenset(
    """charged jailed convicted arrested sentenced imprisoned acquitted cleared sacked dismissed suspended admitted denied pleaded appeared
    bailed remanded guilty accused suspected caged banned resigned""".split()
)
#: Of what companies and the like are told in the same words.
_NOBODY = frozenset(
    """company firm business council school trust club website newspaper charity pub hospital home group gang court jury judge panel hearing
    inquest inquiry review report bid plan scheme trial case study video letter family couple pair dog car van woman's man's total number
    third half majority string series body""".split()
)


def _is_policing(token: Token) -> bool:
    """Whether "the police service" is policing at large, which people join and retire from, as no force of the text is called so."""
    return token.i > 0 and token.nbor(-1).lower_ == "police" and "Police Service" not in token.doc.text


def _covered(text: str, mentions: Iterable[Mention]) -> bytearray:
    """Of each character of a text whether a mention covers it."""
    found = bytearray(len(text))
    for mention in mentions:
        found[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    return found


def _determiner(token: Token, kind: str) -> Token | None:
    """The word that makes a noun point at something: "the", and for people also "a", who may be named next."""
    words = {"the", "this", "that", "a", "an"} if kind == "Person" else {"the", "this", "that"}
    before = next((child for child in token.lefts if child.dep_ == "det" and child.lower_ in words), None)
    if before is None and token.i and token.i + 1 < len(token.doc) and token.doc[token.i + 1].tag_ == "POS":
        before = token.doc[token.i - 1]  # "the force's control room": the tree may hang the article on the room
        before = before if before.lower_ in words else None
    if before is None and kind == "Review" and token.lower_ in _OUTCOMES:
        whose = token.nbor(-2 if token.i > 1 and token.nbor(-1).lower_ in _FINAL else -1) if token.i else token
        before = whose if whose.lower_ in _POSSESSIVES else None
    return before


#: What comes of a review is called that of who did it: "The inspectors came in May. Their report".
_OUTCOMES = frozenset({"report"})
_FINAL = frozenset({"final", "full"})
_POSSESSIVES = frozenset({"his", "her", "its", "their"})
#: Nouns that end what people are brought in as and are mostly used of something else.
_NO_ROLES = frozenset("police head lead member staff team officer worker service force office".split())
_NOMINALS: dict[str, str] = {
    **dict.fromkeys(_UNIT_HEADS, "Unit"),
    **dict.fromkeys(_ORG_HEADS, "Organisation"),
    **dict.fromkeys(_BODY_HEADS, "OversightBody"),
    **dict.fromkeys(_REVIEW_HEADS, "Review"),
    **dict.fromkeys(PERSON_HEADS, "Person"),
    **dict.fromkeys(_FORCE_HEADS, "PoliceForce"),
}


def _nominal_type(token: Token) -> str | None:
    kind = _NOMINALS.get(token.lower_)
    return kind if kind and (token.tag_ == "NN" or token.text.istitle()) else None

"""Sentences with their mentions and titles put as short signs, so that a pattern over words can say who does what to whom.

"Chief Constable Ann Moss of Kent Police has quit" becomes "<T0> <P3> of <F1> has quit": a letter for the type and a number for the
chain (for a title: for its place in ``titles``). Possessive pronouns that are settled read as "<P3>'s". Patterns over such
sentences are data beside the extractor that uses them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from spacy.tokens import Doc, Span, Token

from kg.facts.context import Context
from kg.facts.words import longest
from kg.language.components import LITERALS
from kg.model import Mention
from kg.reference import Reference

SIGNS: dict[str, str] = {
    "Person": "P",
    "PoliceForce": "F",
    "Unit": "U",
    "OversightBody": "B",
    "Organisation": "O",
    "Place": "L",
    "Programme": "G",
    "Court": "C",
}
_POSSESSIVE = frozenset({"his", "her", "its", "their"})
_HONORIFIC = (
    r"(?:(?:the late )?(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Lord|Lady|Baroness|Baron|Rev|Reverend|Sister|Father|(?:Right"
    r"|Rt) Hon)\b\.? )+"
)
_BEFORE_NAME = re.compile(_HONORIFIC + r"$")
#: Words that say in what capacity a post is held, as a part of the title.
_CAPACITY = r"(?:(?:acting|temporary|temp\.?|interim)[ -]|[TA]/ ?)"
_PHRASES = (
    r"(?:deputy |assistant |acting |temporary |interim )?heads? of (?!(?:the|a|its|his|her|their)\b)[a-z]+(?: and [a-z]+"
    r"| [a-z]+){0,2}?(?=[,.;:]| (?:at|for|in|of|with|said|was|is|has)\b)",
    r"(?:regional |assistant |deputy |acting )?directors? of (?!(?:the|a|its|his|her|their)\b)[a-z]+(?: and [a-z]+"
    r"| [a-z]+)?(?=[,.;:]| (?:at|for|in|of|with|said|was|is|has)\b)",
    r"(?:deputy |acting |interim |temporary )?heads?",
    r"(?:local policing |operations |silver |bronze |force |divisional |basic command unit |neighbourhood )commander",
    r"(?:deputy |acting |temporary |interim |assistant )?chief|second-in-command|number two|deputy(?=, )",
)


class Title(NamedTuple):
    """A rank or title in the text."""

    start: int
    end: int
    role: str  #: in full, lower case


@dataclass(frozen=True)
class Masked:
    """A sentence as signs. ``sentence`` is the span it stands for, ``titles`` what the T signs count."""

    text: str
    sentence: Span
    titles: tuple[Title, ...]
    places: dict[str, tuple[int, int]]  #: sign -> offsets of its first occurrence

    @cached_property
    def chains(self) -> frozenset[int]:
        """The positions of the chains that its signs tell."""
        return frozenset(int(sign) for sign in re.findall(r"<[A-SU-Z](\d+)>", self.text))

    def token(self, context: Context, sign: str) -> Token:
        """The last token of what the sign stands for."""
        start, end = self.places[sign]
        span = context.doc.char_span(start, end, alignment_mode="expand")
        return span[-1] if span else self.sentence[0]

    def word(self, sign: str, word: str) -> Token:
        """The first token of that form from the sign on; the sentence's root where there is none."""
        start = self.places[sign][0] if sign in self.places else 0
        for token in self.sentence:
            if token.idx >= start and token.lower_ == word.lower():
                return token
        return self.sentence.root


def chain_of(sign: str) -> int:
    """The chain's position that a sign such as "P3" tells."""
    return int(sign[1:])


def main_force(context: Context, times: float = 1.5) -> int | None:
    """The force an article is about: its only one, or the one that it names first and so many times as often as any other."""
    named = context.once(_forces_by_names)
    if not named or named[0][0] < times * context.once(_other_areas):
        return None
    if len(named) < 2:
        return named[0][2]
    first, second = named[:2]
    if first[0] >= times * second[0] and first[1] == max(n[1] for n in named):
        return first[2]
    # Of two named as often as each other it is the one that the article goes on to speak of: "the force", "its officers".
    one, other = (context.chains[i].mentions for _, _, i in (first, second))
    spoken_of = times <= _USUAL and len(named) == _TWO and first[1] > second[1] and one[0].kind == "name"
    return first[2] if spoken_of and len(one) >= _SPOKEN_OF * len(other) else None


_TWO = 2
#: How much oftener than any other a force must be named that the article is about, where nothing grave hangs on it.
_USUAL = 1.5
#: How much oftener an article must speak, by whatever words, of a force that it names no oftener than the only other one.
_SPOKEN_OF = 2.0


def _other_areas(context: Context) -> int:
    """How often the document names the area of a force that it does not name, the one that it names most."""
    forces = {chain.reference for chain in context.chains if chain.type == "PoliceForce"}
    return max((times for slug, times in context.once(_areas).items() if slug not in forces), default=0)


def _areas(context: Context) -> dict[str, int]:
    """How often the area, the panel or the commissioner's office of each force is named."""
    beside: dict[str, int] = {}
    for chain in context.chains:
        if chain.type in {"OversightBody", "Place"}:
            area = chain.name if chain.type == "Place" else _OF_AREA.sub("", chain.name)
            force = context.reference.force_by_area(area) if area != chain.name or chain.type == "Place" else None
            if force is not None and force.local_policing_body_type:  # not of a force that is no more, whose area is a region now
                beside[force.slug] = beside.get(force.slug, 0) + sum(m.kind == "name" for m in chain.mentions)
    return beside


def _forces_by_names(context: Context) -> list[tuple[int, int, int]]:
    """How often each force is named, where it is mentioned first (from the end), and its chain, those named most first.

    Its panel and its area count for it: an article on West Mercia's panel is about West Mercia Police, wherever the new chief comes from.
    """
    beside = context.once(_areas)
    return sorted(
        (
            (
                sum(m.kind == "name" for m in chain.mentions) + beside.get(chain.reference or "", 0),
                -chain.mentions[0].start,
                i,
            )
            for i, chain in enumerate(context.chains)
            if chain.type == "PoliceForce" and chain.mentions
        ),
        reverse=True,
    )


#: Pronouns, and the titles of those whom they do not mean.
OTHER_SEX = {
    **dict.fromkeys(("he", "him", "his"), re.compile(r"\b(?:Ms|Mrs|Miss|Dame|Lady)\.? $")),
    **dict.fromkeys(("she", "her"), re.compile(r"\b(?:Mr|Sir|Lord)\.? $")),
}
#: What follows the area in the name of a body that oversees its force.
_OF_AREA = re.compile(r"(?: Police)?(?:, Fire)?(?: and| &) Crime (?:Panel|Commissioner).*$|(?:'s|’s)? Police (?:Authority|Board).*$", re.I)


def of_area(name: str) -> str:
    """The area in the name of a body that oversees a force: of "Kent Police and Crime Panel" Kent; nothing of any other."""
    area = _OF_AREA.sub("", name)
    return area if area != name else ""


def secure(context: Context, m: Masked, sign: str, besides: frozenset[int] = frozenset()) -> bool:
    """Whether a person is named in the sentence up to his sign, was the last person named before it, or is brought in by it.

    Pronouns go to the wrong person too often to hang what is grave on any other. ``besides`` are those whom the sign cannot mean.
    """
    (start, end), chain = m.places[sign], chain_of(sign)
    others = OTHER_SEX.get(context.document.text[start:end].lower())
    near = context.overlapping(m.sentence.start_char, end, "Person")
    if any(i == chain and mention.kind == "name" for mention, i in near):
        return True
    described = {i for mention, i in near if mention.kind != "name" and mention.start == start}
    if chain in described and (len(described) > 1 or context.chains[chain].mentions[0].start == start):
        return True  # "All three were sacked"; "A constable was sacked. Ann Cole, ..."
    people = context.of_types("Person")
    for at in range(bisect_left(people, start, key=_start), 0, -1):
        mention, i = people[at - 1]
        if mention.kind == "name" and mention.end <= start:
            if others and i != chain and others.search(context.document.text, max(0, mention.start - 6), mention.start):
                continue  # "he" is not Ms Dale
            if i in besides:
                continue  # "Ann Cole will succeed him"
            return i == chain
    return False


def _start(pair: tuple[Mention, int]) -> int:
    return pair[0].start


@lru_cache(maxsize=2)
def _title_pattern(reference: Reference) -> re.Pattern[str]:
    """Every rank and title with the capacities that may stand before them; abbreviations need their capitals."""
    words: set[str] = set()
    capitals: set[str] = set()
    for form, _ in reference.rank_forms():
        form = form.removeprefix("the ")  # "the Commissioner": whether an article stands before a title tells who holds it
        (capitals if form.upper() == form or len(form) <= 5 or "/" in form else words).add(form)
    for title in reference.titles:
        words.add(title.title)
        for form in (*title.abbreviations, *title.ambiguous):
            (capitals if form.upper() == form or len(form) <= 4 else words).add(form)
    for rank in reference.ranks:
        capitals.update(rank.detective_abbreviations)
    long = longest(form.lower() for form in words)
    body = rf"(?:(?i:(?:{'|'.join([long, *_PHRASES])})s?)|(?:{longest(capitals)})s?\b\.?)"
    body = body.replace("'", "['’]")
    whole = r"(?!(?i:(?<=chief) (?:constable|superintendent|inspector|executive)))"  # "the Kent police chief constable" is no police chief
    return re.compile(rf"(?<![\w-])(?i:{_CAPACITY})?{body}(?![\w]){whole}(?!['’]s [a-z]+ (?:office|order)\b)")


def masked(context: Context) -> tuple[Masked, ...]:
    """The document's sentences as signs, in order."""
    return context.once(_masked)


def masked_in(context: Context, start: int, end: int) -> tuple[Masked, ...]:
    """The sentences that have a character of those from ``start`` up to but not including ``end``."""
    ends, starts = context.once(_bounds)
    return masked(context)[bisect_right(ends, start) : bisect_left(starts, end)]


def _bounds(context: Context) -> tuple[list[int], list[int]]:
    """The ends and the starts of the sentences."""
    return [m.sentence.end_char for m in masked(context)], [m.sentence.start_char for m in masked(context)]


def _masked(context: Context) -> tuple[Masked, ...]:
    sentences = (s for s in context.doc.sents if s.end_char > context.document.body_start)
    return tuple(_sentence(context, s) for s in sentences if not context.text(s).isspace())


def _sentence(context: Context, sentence: Span) -> Masked:
    pieces = _pieces(context, sentence)
    titles = _titles(context, sentence, pieces)
    signs = [(start, end, sign, tail) for start, end, sign, tail in pieces]
    signs += [(t.start, t.end, f"T{k}", "") for k, t in enumerate(titles)]
    text: list[str] = []
    places: dict[str, tuple[int, int]] = {}
    at = sentence.start_char
    for start, end, sign, tail in sorted(signs):
        for title in titles:  # "West Mercia Police and Crime Commissioner": the title takes its words
            if start < title.start < end and sign[0] != "T":
                end = title.start
        if start < at:
            continue
        text.append(context.document.text[at:start])
        text.append(f"<{sign}>{tail}")
        if end < len(context.document.text) and context.document.text[end - 1] == " ":
            text.append(" ")
        places.setdefault(sign, (start, end))
        at = end
    text.append(context.document.text[at : sentence.end_char])
    return Masked(_evened("".join(text)), sentence, tuple(titles), places)


#: An age after a name, with the comma behind it where a verb follows: "<P0>, 54, has led" is said of <P0> as "<P0> has led" is.
_AGE = re.compile(
    r"(<P\d+>)(?:,| \() ?(?:now |then |aged )*\d\d\)?"
    r"(?:,(?= (?:has|had|was|is|will|led|leads|joined|became|took|takes|served|left|retired|resigned|moved|heads|runs)\b)"
    r"|(?=,| (?:and|of|from|who|has|had|was|is|will)\b|\.|$))"
)


def _evened(text: str) -> str:
    """White space, apostrophes, ages and brackets after titles made alike."""
    text = " ".join(text.replace("’", "'").replace("‘", "'").split())
    text = _AGE.sub(r"\1", text)
    return re.sub(r"(<T\d+>) \((?:[A-Z][a-z]+(?: [A-Za-z]+){0,3}|P?F?CC|<[TB]\d+>)\)", r"\1", text)


def _pieces(context: Context, sentence: Span) -> list[tuple[int, int, str, str]]:
    """Outermost mentions of the types that have signs: start, end, sign, what follows the sign."""
    taken: list[tuple[int, int]] = []
    found = []
    inside = [(m, i) for m, i in context.within(sentence) if m.type in SIGNS]
    for mention, chain in sorted(inside, key=lambda p: (p[0].start - p[0].end, p[0].start, p[1])):
        start, end = mention.start, mention.end
        if any(a < end and start < b for a, b in taken) or mention.kind == "nominal" and _apposed(context, start, end):
            continue
        taken.append((start, end))
        if mention.type == "Person" and mention.kind == "name":
            start = _name_start(context, sentence, start, end)
        tail = "'s" if mention.text.lower() in _POSSESSIVE and _is_possessive(context, mention.start) else ""
        found.append((start, end, f"{SIGNS[mention.type]}{chain}", tail))
    return [*found, *_the_force(context, sentence, taken), *_its(context, sentence, taken)]


_ITS = re.compile(r"\s*[\"“‘']?(?:But |And |Now |Yet )?(its)\b", re.I)
#: Before the name with which a sentence opens that is told of one body.
_OPENS = re.compile(r"\s*[\"“‘']?(?:(?:But|And|Now|Yet|However),? )?(?:[Tt]he )?(?:charity |union |group )?")


def _its(context: Context, sentence: Span, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, str, str]]:
    """ "Its", which opens a sentence and coreference left open, where the sentence before opens with a body that is no police force.

    "The Cole Foundation was not told. Its director, Ann Cole, said": the name must end where a verb, an aside or a clause begins.
    """
    text = context.document.text
    match = _ITS.match(text, sentence.start_char, sentence.end_char)
    if match is None or any(a < match.end() and match.start(1) < b for a, b in taken) or not sentence.start:
        return
    before = context.sentence(context.doc[sentence.start - 1])
    if context.text(before).isspace() and before.start:
        before = context.sentence(context.doc[before.start - 1])
    opens = _OPENS.match(text, before.start_char, before.end_char)
    start = opens.end() if opens else before.start_char
    for mention, chain in context.starting_in(start, start + 1, "OversightBody", "Organisation"):
        if mention.kind == "name" and re.match(r",? [a-z(]|,$", text[mention.end : mention.end + 3]):
            yield match.start(1), match.end(1), f"{SIGNS[mention.type]}{chain}", "'s"
            return


_THE_FORCE = re.compile(r"\bthe (?:force|constabulary)\b", re.I)


def _the_force(context: Context, sentence: Span, taken: list[tuple[int, int]]) -> Iterator[tuple[int, int, str, str]]:
    """ "The force" where coreference left it open and the article is about one force, whose paragraph names no other before."""
    main = main_force(context)
    paragraph = context.document.text.rfind("\n", 0, sentence.start_char) + 1
    for match in _THE_FORCE.finditer(context.document.text, sentence.start_char, sentence.end_char) if main is not None else ():
        others = {i for _, i in context.starting_in(paragraph, match.start(), "PoliceForce")} - {main}
        if not others and not any(a < match.end() and match.start() < b for a, b in taken):
            yield match.start(), match.end(), f"F{main}", ""


#: Words before a description by which somebody is told to be, or to become, what it says.
_SAID_OF = re.compile(
    r"\b(?:(?:named|unveiled|announced|confirmed|chosen|selected|appointed|sworn in|elected|nominated|recommended|put forward) as"
    r"|(?:appointed|elected|become|becomes|became|to be|will be)|took over as|takes over as|step(?:s|ped)? up as) (?:the )?$",
    re.I,
)


#: Behind a title: "The chief constable [of Kent Police,] Ann Moss, said".
_OF_ITS = re.compile(
    r" (?:of|for) (?:the )?[A-Z][\w'’&-]*(?: (?:and|of|the|&|[A-Z][\w'’&-]*)){0,6}, "
    r"(?:(?:Sir|Dame|Mr|Mrs|Ms|Miss|Dr|Lady|Lord) )?[A-Z][\w'’-]+ [A-Z]"
)


def _apposed(context: Context, start: int, end: int) -> bool:
    """Whether a description of a person is a title beside a name ("the chief constable, Ann Moss"), or what somebody was "named as":
    then it is read as one."""
    names = [m for m, _ in context.overlapping(start - 4, end + 4, "Person") if m.kind == "name"]
    text = context.document.text
    beside = any(
        m.end < start <= m.end + 3 and "," in text[m.end : start] or end < m.start <= end + 3 and "," in text[end : m.start] for m in names
    ) or _OF_ITS.match(text, end, end + 60) is not None
    said = _SAID_OF.search(text, max(0, start - 40), start)
    return bool(beside or said) and _title_pattern(context.reference).search(text, start, end) is not None


def _is_possessive(context: Context, start: int) -> bool:
    span = context.doc.char_span(start, start + 1, alignment_mode="expand")
    if span is None or not len(span) or _OBJECT.match(context.document.text, span.end_char):
        return False
    return span[0].tag_ == "PRP$" or span[0].dep_ == "nmod:poss"


#: What stands behind a "her" that owns nothing: "was appointed to succeed her by the board".
_OBJECT = re.compile(r"[.,;:!?)]|\s+(?:by|to|in|on|at|from|for|with|when|after|before|until|as|and|the|an?|this)\s")


def _name_start(context: Context, sentence: Span, start: int, end: int) -> int:
    """Where a name begins: past titles that are part of the mention, honorifics before it taken in."""
    text = context.document.text
    pattern = _title_pattern(context.reference)
    for match in [*pattern.finditer(text, start, end)][-1:]:
        if match.end() < end and text[match.end() :].lstrip()[:1].isupper():
            start = match.end() + (len(text[match.end() : end]) - len(text[match.end() : end].lstrip()))
    before = _BEFORE_NAME.search(text, max(sentence.start_char, start - 30), start)
    return before.start() if before else start


def _titles(context: Context, sentence: Span, pieces: list[tuple[int, int, str, str]]) -> list[Title]:
    """The titles of a sentence that are no part of another name, in order."""
    found: list[Title] = []
    text = context.document.text
    spans = [m.span() for m in _title_pattern(context.reference).finditer(text, sentence.start_char, sentence.end_char)]
    doc, roles = sentence.doc, literals(context, "Role", sentence)
    spans += [(doc[past_names(context.reference, doc, s.start, s.end)].idx, s.end_char) for s in roles]
    for start, end in spans:
        if any(a <= start < b and end <= b for a, b, *_ in pieces) or any(a < end and start < b for a, b, *_ in found):
            continue
        if any(start < a < end for a, *_ in pieces) or _is_verb(sentence, start, end):
            continue
        role = _role(context, text[start:end])
        if role and role not in _TO_COME:
            found.append(Title(start, end, role))
    return sorted(found)


#: What stands behind a title of somebody not yet in post, and is none itself.
_TO_COME = frozenset({"designate", "elect"})


def _is_verb(sentence: Span, start: int, end: int) -> bool:
    """Whether what looks like a title says what somebody does: "who chairs the panel", "prosecuting"."""
    span = sentence.doc.char_span(start, end)
    return span is not None and span[-1].tag_ in {"VBG", "VBZ"} and span[-1].lower_.endswith(("ing", "s"))


#: Words after which a name before a title is a part of it: "High Court judge", "Mayor of London".
_LINKING = frozenset({"of", "for", "and", "in", "to", "the", "court"})


def past_names(reference: Reference, doc: Doc, start: int, end: int) -> int:
    """Where a title begins after the name of a body or place that stands before it: "[Kent Police] sergeant", "[Dover] councillor"."""
    small = next((i for i in range(start, end) if doc[i].is_lower and doc[i].is_alpha), start)
    if small == start or (small == start + 1 and doc[start].is_sent_start):
        return start
    linked = any(doc[i].lower_ in _LINKING for i in range(start, small + 1))
    return start if linked or reference.title(doc[start:end].text) is not None else small


def literals(context: Context, kind: str, sentence: Span) -> list[Span]:
    """The literal spans of a kind that the network found within a sentence."""
    found, starts = context.once(_literals).get(kind, ([], []))
    return [s for s in found[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)] if s.end <= sentence.end]


def _literals(context: Context) -> dict[str, tuple[list[Span], list[int]]]:
    """The literal spans by kind, and their first tokens; spaCy makes all of them anew each time it is asked."""
    table: dict[str, tuple[list[Span], list[int]]] = {}
    for span in sorted(context.doc.spans.get(LITERALS, ()), key=lambda s: (s.start, s.end)):
        found, starts = table.setdefault(span.label_, ([], []))
        found.append(span)
        starts.append(span.start)
    return table


def _role(context: Context, text: str) -> str:
    role = context.reference.expand_title(text.replace("\n", " "))
    role = re.sub(
        r"^(?:the|a|an|its|(?:his|her)(?! majesty)|their|our|former|then|new|retired|ex|current|late|first|next"
        r"|incoming|outgoing)[ -]+", "", role
    )
    return role.strip(" ,.")

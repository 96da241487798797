"""Whom the words around a speech verb name: "Ms Mills, its chair, said", "said his daughter, Amina", "she added".

The order of the words is read first, as attributions in English news follow few patterns; chains of pronouns and nominals
come second. What names nobody, or somebody without a name, gives a speaker without chains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from kg import names
from kg.facts.context import Context, strip_end
from kg.facts.masked import main_force
from kg.facts.posts import of_the_court
from kg.language.spans import quotations
from kg.model import SIGNATURES, Mention

SPEAKERS = tuple(sorted(SIGNATURES["said"][0]))
BODIES = tuple(t for t in SPEAKERS if t != "Person")


def forms(*verbs: str) -> frozenset[str]:
    """The inflected forms of regular verbs."""
    found = set()
    for verb in verbs:
        if verb.endswith("y") and verb[-2] not in "aeiou":
            found |= {verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"}
            continue
        stem = verb[:-1] if verb.endswith("e") else verb
        plural = verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s")
        found |= {verb, plural, stem + "ed", stem + "ing"}
    return frozenset(found)


#: Verbs that bring in speech of their own subject: regular ones, then the forms of the others.
_REGULAR = """
    accept accuse acknowledge add admire advise agree allege announce answer apologise appeal argue ask assure believe
    blog boast brand call chuckle cite claim comment complain concede conclude condemn confess confirm contend continue
    counter criticise cry declare demand deny describe direct dismiss dub echo email emphasise enthuse exclaim expect
    explain express fear grin hail hint hope inform insist joke label lament laugh maintain mention message murmur
    mutter note observe plead pledge point post praise predict present promise protest question quip recall record
    reflect reiterate reject remark repeat reply report respond retort reveal rule shout shrug sigh smile snort state
    stress submit suggest summarise telegraph term testify text thank tweet urge volunteer vow warn welcome whisper wonder
"""
_IRREGULAR = """
    admits admit admitted admitting beg begs begged begging began begins begin feel feels felt paid
    pays put puts quipping read reads regret regrets regretted said say says saying speak speaks spoke speaking swear
    swears swore tell tells told telling think thinks thought thinking went write writes wrote writing written
"""
SPEECH = forms(*_REGULAR.split()) | frozenset(_IRREGULAR.split())
#: Verbs that need a further word to be of speech.
_WITH = {"went": "on", "point": "out", "points": "out", "pointed": "out", "paid": "tribute", "pays": "tribute", "put": "it", "puts": "it"}
#: Verbs whose object follows them, so that a name behind is no speaker.
TELLING = forms(*"inform assure ask thank warn urge accuse call describe brand label dub term advise praise".split()) | frozenset(
    "told tell tells telling".split()
)
_CONTINUING = forms("add", "continue") | {"went"}
#: Infinitives that still bring in speech: "declined to say", "went on to describe"; not "people who ring to report".
_SAYING_INFINITIVES = frozenset("say add comment admit describe call ask warn insist tell explain".split())
_SPOKESPEOPLE = frozenset("spokesman spokeswoman spokesperson spokespeople representative".split())
_LEADS = frozenset("in at on for after before during speaking outside from through with as while when by according to of under".split())
_OPENERS = frozenset("that but and because while if whether as so although though since what where when".split())
_UNNAMED = frozenset("a an another one some two three four five several many most both no".split())
_RELATIVES = frozenset("who which whose whom that where".split())
_SKIPPED = frozenset(
    "has have had also later then once merely only would could may might 's 've 'd ’s ’d ’ve n't not n’t still never".split()
)
_POSTS = frozenset("ombudsman commissioner chair chairman coroner minister".split())
#: Posts that one person of a document may bear alone, and what makes another post of one.
_TITLES = _POSTS | frozenset(
    "judge chairwoman secretary mayor sheriff barrister solicitor prosecutor superintendent inspector sergeant detective commander"
    " councillor director president recorder professor coroner magistrate canon deemster convener".split()
)
_LESSER = frozenset("deputy assistant former predecessor acting temporary vice successor".split())
_PEOPLE = {"he": "m", "she": "f", "him": "m", "her": "f", "his": "m"}
_WOMEN = "mother wife widow sister daughter aunt niece mum grandmother granddaughter girlfriend fiancée policewoman chairwoman"
_MEN = "father husband widower brother son uncle nephew dad grandfather grandson boyfriend fiancé policeman chairman"
_KIN = {**dict.fromkeys(_WOMEN.split(), "f"), **dict.fromkeys(_MEN.split(), "m")}
_SENTENCE = re.compile(r"[.!?…][”\"’')\]]*(?=\s)|\n")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Prof|Rev|Sgt|Insp|Supt|Ch|Det|Cllr|Lt|Col|Gen|Hon|No|vs?|[A-Z])\.$")


@dataclass(frozen=True, slots=True)
class Speaker:
    """One chain, two who speak together, or nobody who can be named; and the words that say so."""

    chains: tuple[int, ...]
    tokens: tuple[Token, ...] = ()
    confidence: float = 0.9
    direct: bool = True  #: a speech verb beside the quotation says so


NOBODY = Speaker(())


def speaks(token: Token) -> bool:
    """Whether the word is a verb of speech."""
    if token.lower_ not in SPEECH or (token.pos_ in {"NOUN", "PROPN", "ADP", "SCONJ"} and token.dep_ != "ROOT"):
        return False
    needs = _WITH.get(token.lower_)
    if token.i and token.nbor(-1).lower_ == "to" and token.lower_ not in _SAYING_INFINITIVES:
        return False
    return not needs or any(token.i + k < len(token.doc) and token.nbor(k).lower_ == needs for k in (1, 2))


def before_verb(context: Context, words: Sequence[Token], at: int) -> Speaker:
    """The speaker whom the words before the verb ``words[at]`` name."""
    verb = words[at]
    if _passive(words, at):
        by = next((i for i in range(at + 1, min(at + 4, len(words))) if words[i].lower_ == "by"), None)
        return after_verb(context, words[by + 1 :], verb) if by is not None else NOBODY
    end = at
    while end and not context.at(words[end - 1]) and (words[end - 1].lower_ in _SKIPPED or words[end - 1].pos_ in {"AUX", "ADV"}):
        end -= 1
    if end and words[end - 1].lower_ == "to":  # "declined to say": the subject is the other verb's
        end -= 1
        while end and words[end - 1].pos_ in {"VERB", "AUX", "ADV", "ADJ", "PART"}:
            end -= 1
    if not end:
        return NOBODY
    if verb.tag_ == "VBG" or verb.lower_.endswith("ing") or words[end - 1].lower_ in {"and", "but", "or"}:
        return _clause_subject(context, words[:end], verb)
    last = words[end - 1]
    found = _subject(context, words[:end], last, verb)
    if not found.chains and verb.lower_ in _CONTINUING and last.pos_ == "NOUN" and words[0].lower_ == "the":
        return _gone_on(context, words[0], verb)
    return found


def _gone_on(context: Context, token: Token, verb: Token) -> Speaker:
    """Whoever spoke in the sentence before goes on: "the senior officer added"; without a verb of speech there, its only person."""
    text = narration(context)
    for start, end in list(sentences_before(text, token.idx, text.rfind("\n", 0, token.idx) + 1))[:2]:
        span = context.doc.char_span(start, end, alignment_mode="expand")
        words = [t for t in span or () if not text[t.idx].isspace()]
        for at in (i for i in reversed(range(len(words))) if speaks(words[i])):
            before, after = before_verb(context, words[: at + 1], at), after_verb(context, words[at + 1 :], words[at])
            turned = at > 0 and words[at - 1].text == ","  # "the force failed her, said Mr Orr"
            chains = after.chains or before.chains if turned else before.chains or after.chains
            return Speaker(chains, (token, verb), 0.75) if chains else NOBODY
        people = {chain for mention, chain in context.starting_in(start, end, "Person") if mention.kind == "name"}
        if people:
            return Speaker((people.pop(),), (token, verb), 0.75) if len(people) == 1 else NOBODY
    return NOBODY


_SUBORDINATORS = frozenset({"after", "when", "while", "because", "although"})


def _subject(context: Context, words: Sequence[Token], last: Token, verb: Token) -> Speaker:
    """The speaker whom words that end in ``last``, right before the verb, name."""
    end = len(words)
    if last.lower_ in {"that", "which"} and end > 1 and words[end - 2].lower_ in _WRITTEN:
        return _sender(context, words[: end - 2], verb)
    if last.lower_ in {"who", "which"}:
        return _antecedent(context, words[: end - 1], verb)
    if last.text in {",", ")", "–", "—", "-"}:
        return _segments(context, words[: end - 1], verb)
    if last.lower_ in _PEOPLE or last.lower_ in {"it", "they", "we", "i"}:
        return _pronoun(context, last, verb)
    if _described(words[:end]):
        return NOBODY
    for i in range(end - 1, 0, -1):
        if words[i].text == ",":
            break
        if words[i].lower_ in _SUBORDINATORS and any(t.pos_ == "VERB" for t in words[:i]):
            return _phrase(context, words[i + 1 : end], verb) or NOBODY  # "Mr Cole spoke after Ms Dunn complained it was"
    return _phrase(context, _run(words[:end]), verb) or _segments(context, words[:end], verb)


#: What somebody writes to others, and what he does with it.
_WRITTEN = frozenset("text message email letter note post tweet voicemail card".split())
_SENT = frozenset("sent sends wrote writes left posted posts tweeted emailed".split())


def _sender(context: Context, words: Sequence[Token], verb: Token) -> Speaker:
    """Who wrote the words that speak: "Ann Cole told the court that [her son] sent her a text that said"."""
    at = next((i for i in range(len(words) - 1, 0, -1) if words[i].lower_ in _SENT), 0)
    clause = next((i + 1 for i in range(at, 0, -1) if words[i].lower_ == "that"), 0)
    return before_verb(context, words[clause : at + 1], at - clause) if at > clause else NOBODY


def _described(words: Sequence[Token]) -> bool:
    """Whether who speaks is told by a deed alone, in which others are named: "The detective who caught Cole and Dunn said"."""
    if len(words) < 4 or words[0].lower_ not in {"the", "a", "an"} or any(t.text == "," for t in words):
        return False
    noun = next((i for i, t in enumerate(words[1:4], 1) if t.lower_ in names.PERSON_HEADS and i + 1 < len(words)), None)
    return noun is not None and words[noun + 1].lower_ == "who" and any(t.pos_ == "PROPN" for t in words[noun + 2 :])


def after_verb(context: Context, words: Sequence[Token], verb: Token) -> Speaker:
    """The speaker whom the words behind the verb name: "said Ms Mills, who", "said his daughter, Amina"."""
    parts = _split(words)
    if not parts:
        return NOBODY
    first = parts[0]
    found = _phrase(context, first, verb)
    if found and (found.chains and context.chains[found.chains[0]].type == "Person"):
        return found
    if len(parts) > 1 and (person := _bare_person(context, parts[1], verb)):
        return person
    return found or NOBODY


def colon(context: Context, words: Sequence[Token]) -> Speaker | None:
    """Whom a lead-in without a speech verb is about: "Her sister, Ann, was less forgiving:", "THE CHAIR:"."""
    for part in _split(words):
        if part[0].lower_ in _LEADS | _RELATIVES:
            continue
        if part[0].lower_ in {"he", "she"}:
            return _pronoun(context, part[0], part[0])
        found = _phrase(context, part, part[0], anywhere=True)
        if found and found.chains:
            return found
    return None


#: Who is dead says nothing: "one message referred to the death of Joe Dunn, and in another he said".
_DEATH_OF = re.compile(r"\b(?:death|murder|killing|manslaughter|shooting|loss)s? of (?:[A-Z][a-z]{0,4}\.? )?$")


def subject_of_sentence(context: Context, start: int, end: int, sex: str | None = None) -> int | None:
    """The person whom the sentence ``text[start:end]`` is about: the first named in it who does not merely own something."""
    told = narration(context)
    for mention, chain in context.starting_in(start, end, "Person"):
        if mention.end > end or told[mention.start].isspace():
            continue
        if _DEATH_OF.search(told, max(start, mention.start - 40), mention.start):
            continue
        if mention.kind == "name" and not _owns(context, mention) and sex in {None, _sex(context, chain) or sex}:
            return chain
    return None


def sentences_before(text: str, at: int, floor: int) -> Iterator[tuple[int, int]]:
    """The sentences of ``text[floor:at]``, nearest first, as offsets."""
    cuts = [floor]
    for match in _SENTENCE.finditer(text, floor, at):
        if match.group() == "\n" or not _ABBREVIATION.search(text, max(floor, match.start() - 8), match.start() + 1):
            cuts.append(match.end())
    cuts.append(at)
    for start, end in reversed(list(zip(cuts, cuts[1:], strict=False))):
        if text[start:end].strip():
            yield start, end


def _passive(words: Sequence[Token], at: int) -> bool:
    """As in "was told": a participle after a form of be."""
    if not words[at].lower_.endswith(("ed", "told", "written")):
        return False
    i = at - 1
    while i >= 0 and words[i].pos_ in {"ADV", "PART"}:
        i -= 1
    return i >= 0 and words[i].lower_ in {"was", "were", "been", "being", "is", "are", "be"}


def _run(words: Sequence[Token]) -> list[Token]:
    """The words since the last comma or the word that opens their clause."""
    found: list[Token] = []
    for token in reversed(words):
        if token.text in {",", ":", ";", "(", ")", "–", "—"} or (token.lower_ in _OPENERS and token.pos_ != "DET"):
            break
        found.append(token)
    return found[::-1]


def _split(words: Sequence[Token]) -> list[list[Token]]:
    """The words between commas."""
    parts: list[list[Token]] = [[]]
    for token in words:
        if token.text in {",", "(", ")", "–", "—", ":", ";"}:
            parts.append([])
        else:
            parts[-1].append(token)
    return [p for p in parts if p]


def _segments(context: Context, words: Sequence[Token], verb: Token) -> Speaker:
    """As in "In a statement, his brother, Imran Shah, a driver, said": the first part that names the subject."""
    parts = _split(words)
    fallback = None
    skipping = False
    for i, part in enumerate(parts):
        head = part[0].lower_
        if head in _RELATIVES:
            skipping = True
            continue
        lead = head in _LEADS or part[0].tag_ == "VBG" or (part[0].pos_ == "ADV" and len(part) < 3)
        if lead and len(parts) > i + 1:
            stated = head == "in" and len(part) > 3 and part[1].lower_ in {"a", "her", "his", "its"} and all(t.lower_ != "by" for t in part)
            inside = _phrase(context, _run(part), verb) if stated else None
            if inside and inside.chains and context.at(part[-1], *SPEAKERS):  # "In a statement Mair Llewelyn, his widow, said"
                return inside
            continue
        found = _phrase(context, _after_opener(part), verb)
        if found and found.chains:
            post = not _named(context, part, "Person") and (part[-1].lower_ in _POSTS or not context.at(_head(part), *BODIES))
            person = _bare_person(context, parts[i + 1], verb) if post and i + 1 < len(parts) else None
            return person or found
        if not skipping or fallback is None:
            fallback = fallback or found
    return fallback or NOBODY


def _head(part: Sequence[Token]) -> Token:
    """The last word of a noun phrase before its first preposition."""
    for i, token in enumerate(part):
        if i and token.lower_ in {"of", "for", "at", "in", "from", "with", "on"}:
            return part[i - 1]
    return part[-1]


def _after_opener(part: list[Token]) -> list[Token]:
    for i, token in enumerate(part):
        if token.lower_ in {"as", "but", "and", "that", "while"} and i + 1 < len(part) and i < 12 and token.pos_ != "DET" and i == 0:
            return part[i + 1 :]
    return part


def _bare_person(context: Context, part: Sequence[Token], verb: Token) -> Speaker | None:
    """A part that is a person's name, with titles at most."""
    for token in part:
        found = context.at(token, "Person")
        if found and found[0].kind == "name":
            if _owns(context, found[0]) or token.i - part[0].i > 6:
                return None
            return Speaker((found[1],), (token, verb))
        if token.pos_ in {"VERB", "AUX"} and token.tag_ not in {"NNP", "NN"}:
            return None
    return None


def _phrase(context: Context, words: Sequence[Token], verb: Token, *, anywhere: bool = False) -> Speaker | None:
    """The speaker whom a noun phrase names; a speaker without chains where it is somebody without a name; None for no noun phrase."""
    if not words:
        return None
    people = _named(context, words, "Person")
    if people:
        if len(people) == 2 and any(t.lower_ == "and" for t in words) and not anywhere:
            return Speaker(tuple(c for _, c in people), (people[0][0], verb), 0.8)
        return Speaker((people[0][1],), (people[0][0], verb))
    if any(t.lower_ in _SPOKESPEOPLE for t in words):
        return _spoken_for(context, words, verb)
    bodies = _named(context, words, *BODIES)
    last = words[-1]
    here = context.at(last, *SPEAKERS)
    if bodies and here and here[1] == bodies[-1][1]:
        head = words[: next(i for i, t in enumerate(words) if t == bodies[0][0])]
        if not any(t.lower_ in {"of", "at", "for", "from", "in", "with", "by"} for t in head):
            return Speaker((here[1],), (last, verb))
    if words[0].lower_ in _UNNAMED:
        return NOBODY
    return _nominal(context, words, verb)


def _named(context: Context, words: Sequence[Token], *types: str) -> list[tuple[Token, int]]:
    """The things of some types that the words name, without those who merely own what is named."""
    found: dict[int, Token] = {}
    for token in words:
        hit = context.at(token, *types)
        if hit and hit[0].kind == "name" and not _owns(context, hit[0]) and hit[1] not in found:
            if "Person" in types and _belonging(context, token, words):
                continue
            found[hit[1]] = token
    return [(t, c) for c, t in found.items()]


def _belonging(context: Context, token: Token, words: Sequence[Token]) -> bool:
    """The person is not whom the phrase stands for but whose that is: "a neighbour of Chief Constable Mills"."""
    i = token.i - 1
    while i >= words[0].i:
        before = token.doc[i]
        if before.lower_ in {"of", "for", "with", "to", "against", "about", "from"}:
            return i > words[0].i
        if not before.text[0].isupper() or context.at(before, *BODIES):
            return False
        i -= 1
    return False


def _owns(context: Context, mention: Mention) -> bool:
    """As in "Mr Omondi's", "the Hughes' "."""
    text = context.document.text
    follows = text[mention.end : mention.end + 2]
    return (
        follows in {"'s", "’s"}
        or mention.text.endswith(("'s", "’s", "s'", "s’"))
        or (mention.text.endswith("s") and follows in {"' ", "’ "})
    )


def _spoken_for(context: Context, words: Sequence[Token], verb: Token) -> Speaker:
    """The body whose spokeswoman speaks."""
    for token in words:
        found = context.at(token, *BODIES)
        if found and token.lower_ not in {"its", "their"}:
            return Speaker((found[1],), (token, verb), 0.85)
    called = next((body for t in words if (body := called_so(context, t)) is not None), None)
    if called is not None:
        return Speaker((called,), (words[0], verb), 0.8)
    if any(t.lower_ in _OF_A_FORCE for t in words) and (force := main_force(context)) is not None:
        return Speaker((force,), (words[0], verb), 0.8)
    if words[0].lower_ in {"its", "their"} and (body := _body_topic(context, words[0])) is not None:
        return Speaker((body,), (words[0], verb), 0.8)
    return NOBODY


#: What "a force spokeswoman" of the article's force is called after.
_OF_A_FORCE = frozenset({"force", "police", "constabulary"})
#: What papers call bodies after their trade, and the names of those they mean.
_CALLED = {
    "watchdog": re.compile(r"Office for Police Conduct|Police Ombudsman|Investigations and Review|Inspectorate of Constabulary"),
    "inspectorate": re.compile(r"Inspectorate"),
    "federation": re.compile(r"Federation"),
    "ombudsman": re.compile(r"Ombudsman"),
}


def called_so(context: Context, noun: Token) -> int | None:
    """The one body of the document that is called "the watchdog" and the like, where it names no other that could be."""
    pattern = _CALLED.get(noun.lower_)
    if pattern is None or context.at(noun, *SPEAKERS):
        return None
    found = [i for i, name in context.once(_body_names) if pattern.search(name)]
    return found[0] if len(found) == 1 else None


def _body_names(context: Context) -> tuple[tuple[int, str], ...]:
    return tuple((i, c.name) for i, c in enumerate(context.chains) if c.type in BODIES)


def _body_topic(context: Context, token: Token) -> int | None:
    """The first thing that the sentence before names, if it is a body."""
    text = narration(context)
    floor = text.rfind("\n", 0, token.idx) + 1
    before = list(sentences_before(text, token.idx, floor))[:1]
    for start, end in before:
        for mention, chain in context.starting_in(start, end):
            if mention.kind == "name" and not text[mention.start].isspace():
                return chain if mention.type in BODIES and not _owns(context, mention) else None
    return None


def _nominal(context: Context, words: Sequence[Token], verb: Token) -> Speaker | None:
    """As in "the commissioner", "the force", "its chairman": by a title that one person of the document bears, else by its chain."""
    last = _head(words)
    found = context.at(last, *SPEAKERS)
    if found and found[0].kind != "pronoun" and context.chains[found[1]].type != "Person":
        return Speaker((found[1],), (last, verb), 0.85)
    if words[0].lower_ == "the" and (called := called_so(context, last)) is not None:
        return Speaker((called,), (last, verb), 0.8)
    titled = _titled(context, last)
    if titled is None and found and found[0].kind == "nominal" and last.lower_ not in names.PERSON_HEADS:
        titled = found[1]  # "said the jeweller": only who was brought in as one is in a chain by it
    if titled is not None:
        return Speaker((titled,), (last, verb), 0.8)
    return NOBODY


def _titled(context: Context, noun: Token) -> int | None:
    """The one person whose title, before the name or in apposition to it, has the noun as its head; named before."""
    word = noun.lower_
    if word not in _TITLES:
        return None
    lesser = {t.lower_ for t in noun.subtree} & _LESSER
    found = {chain for chain, others in context.once(_bearers).get(word, ()) if others == lesser}
    return found.pop() if len(found) == 1 else None


def _bearers(context: Context) -> dict[str, set[tuple[int, frozenset[str]]]]:
    """Who bears each title beside a name, with what makes it another post."""
    table: dict[str, set[tuple[int, frozenset[str]]]] = {}
    text = context.document.text
    for mention, chain in context.of_types("Person"):
        if mention.kind != "name":
            continue
        ahead = re.split(r"[.;:!?\n](?!\w)", text[max(0, mention.start - 40) : mention.start].replace("Dr.", "Dr"))[-1]
        behind = re.match(r",? [^,.;\n]{0,40}", text[mention.end : mention.end + 50])
        titles = f"{ahead} {mention.text} {behind.group() if behind else ''}".casefold()
        here = set(re.findall(r"\w+", titles))
        for word in here & _TITLES:
            table.setdefault(word, set()).add((chain, frozenset(here & _LESSER)))
    return table


def _antecedent(context: Context, words: Sequence[Token], verb: Token) -> Speaker:
    """The named speaker before "who" or "which"."""
    while words and words[-1].text in {",", "and"}:
        words = words[:-1]
    for part in reversed(_split(words)):
        people = _named(context, part, "Person") or _named(context, part, *BODIES)
        if people:
            return Speaker((people[-1][1],), (people[-1][0], verb))
        if part[-1].pos_ == "NOUN" and part is _split(words)[-1] and part[0].lower_ in _UNNAMED:
            return NOBODY
    return NOBODY


def _clause_subject(context: Context, words: Sequence[Token], verb: Token) -> Speaker:
    """The subject of the clause that a participle or a second verb hangs on: its first pronoun or name."""
    parts = _split(words)
    if parts and parts[-1][0].lower_ == "with" and (people := _named(context, parts[-1], "Person")):
        return Speaker((people[-1][1],), (people[-1][0], verb), 0.85)  # "..., with Mr Cole insisting"
    for part in parts:
        if part[0].lower_ in _LEADS:
            continue
        for i, token in enumerate(part):
            if token.lower_ in {"he", "she", "it", "they"}:
                meant = _pronoun(context, token, verb)
                # "He strangled her before declaring": whoever did it, and not the judge who told of it
                return NOBODY if any(of_the_court(context, chain) for chain in meant.chains) else meant
            found = context.at(token, *SPEAKERS)
            if found and found[0].kind == "name" and not _owns(context, found[0]):
                return Speaker((found[1],), (token, verb), 0.85)
            if token.pos_ in {"VERB", "AUX"} and i and (subject := _phrase(context, part[:i], verb)):
                if subject.chains:
                    return subject
                break
    return NOBODY


def _pronoun(context: Context, token: Token, verb: Token) -> Speaker:
    """Whom a pronoun beside a speech verb means."""
    sex = _PEOPLE.get(token.lower_)
    found = context.at(token, *SPEAKERS)
    if sex is None:
        body = found and context.chains[found[1]].type in BODIES
        return Speaker((found[1],), (token, verb), 0.8) if body and found else NOBODY
    local = topic(context, token.idx, sex)
    if local is not None:
        return Speaker((local,), (token, verb), 0.85)
    if found and context.chains[found[1]].type == "Person" and _sex(context, found[1]) in {None, sex}:
        return Speaker((found[1],), (token, verb), 0.75)
    return NOBODY


def topic(context: Context, at: int, sex: str | None) -> int | None:
    """The person of that sex whom the narration before the offset is about, within its paragraph and the one before."""
    text = context.document.text
    floor = text.rfind("\n", 0, at) + 1
    paragraph_before = text.rfind("\n", 0, strip_end(text, 0, floor)) + 1
    for i, (start, end) in enumerate(sentences_before(narration(context), at, max(paragraph_before, context.document.body_start))):
        if i == 0 and re.match(r"\W*(?:Through|In|On|At|For|With|By) (?:his|her)\b", text[start:end]):
            continue  # "Through his solicitor, Ann Wray, he said"
        if (opening := re.match(r"\W*(He|She)\b", text[start:end])) and sex in {None, "m" if opening.group(1) == "He" else "f"}:
            continue  # "He added that Smith would be dismissed": whom "he" means was named before
        chain = subject_of_sentence(context, start, end, sex)
        if chain is not None:
            return chain
    return None


def narration(context: Context) -> str:
    """The text with all words in quotation marks blanked out, offset for offset."""
    return context.once(_narration)


def _narration(context: Context) -> str:
    parts, at = [], 0
    text = context.document.text
    for start, end in quotations(text):
        parts += [text[at:start], re.sub(r"[^.!?\n]", " ", text[start:end])]
        at = end
    return "".join(parts) + text[at:]


def _sex(context: Context, chain: int) -> str | None:
    """'f' or 'm' where honorifics, given names or words of kinship beside the name tell it."""
    return context.once(_sexes).get(chain)


def _sexes(context: Context) -> dict[int, str]:
    told: dict[int, set[str]] = {}
    for mention, chain in context.mentions:
        if mention.kind == "name" and (sex := _told(context, mention)):
            told.setdefault(chain, set()).add(sex)
    return {chain: sexes.pop() for chain, sexes in told.items() if len(sexes) == 1}


def _told(context: Context, mention: Mention) -> str | None:
    ahead = context.document.text[max(0, mention.start - 24) : mention.start]
    title = re.search(r"(\w+)\.? $", ahead)
    if title and (by_title := names.HONORIFICS.get(title.group(1).casefold())):
        return by_title
    kin = re.search(r"(\w+),? $", ahead)
    return (_KIN.get(kin.group(1).casefold()) if kin else None) or names.gender(mention.text)

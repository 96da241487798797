"""The dictionary form of the verbs that extractors look for, so that they do not hang on a statistical lemmatiser."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

from spacy.tokens import Token

from kg.facts.context import Context

_REGULAR = """
    abandon absolve accept accuse acquit admit admonish adjourn advise agree aim allege analyse announce answer anticipate
    apologise appeal appear apply appoint argue arrest ask assault assert assess assume attack attribute audit avoid await back
    bail ban bar batter believe block blame bully burgle call campaign cancel carry chair charge claim clear cite clock close
    command comment commission commit compare compile complain concede conclude condemn conduct confess confirm consider contact
    contend contest convict coordinate count criticise deceive decide declare decline defraud demand deny describe design detain
    deliver destine detect direct disagree discharge disclose discontinue discount dismiss disprove disqualify dispute document
    dress drop drown earmark elect employ enter escalate establish estimate evade examine exclude execute exonerate expect explain
    exploit express face fail fear file fine follow gather grade greet groom handle happen harass hand harm head highlight hint
    hire hope host hurt identify imagine imply imprison improve include indict indicate injure insist inspect instruct intend
    interview invite investigate issue jail join judge kick kidnap kill lack land launch lock look lodge maintain maim manage
    manipulate mention mistreat molest mow mug murder name nominate note notify observe offer open oppose order outline overhear
    paint pass pause pencil photograph place plan plead pledge poison praise prefer prepare present press prevent probe produce
    promise propose prosecute prove publish punch punish push pursue quash question rape reach react receive reckon recommend
    reconsider record recruit refer reflect refuse refute regard reject relate release remand report request require resign resist
    respond result retire return reveal review rob rubbish rule rumour run save scrap scrutinise seek seem serve shelve slap slate
    smother speculate spike stab stalk start state stop strangle study submit suffocate suggest summon support suppose survey
    suspect suspend swindle tally target test testify thank think threaten tip total torture trade traffic trial trick try turn
    undertake uphold urge verify view visit vow vote want warn warrant watch welcome wish withdraw withhold work worry wound
    commend jail praise voice convene lead scrutinise kidnap imprison total record cost cover sample log register admonish caution
    detain sack fund ditch axe curtail hold deliberate underline show slam blast hail lambast echo back acknowledge regret sue
    cheat con fleece scam trap drug beat assassinate execute intimidate coerce control shortlist line mull weigh bid look stand
    exclude summons prioritise praise rebut
""".split()
_IRREGULAR = {
    "be": "is are was were been being am 's 're 'm",
    "have": "has had having 've",
    "say": "says said saying",
    "tell": "tells told telling",
    "hear": "hears heard hearing",
    "find": "finds found finding",
    "give": "gives gave given giving",
    "get": "gets got getting gotten",
    "see": "sees saw seen seeing",
    "take": "takes took taken taking",
    "bring": "brings brought bringing",
    "lead": "leads led leading",
    "hold": "holds held holding",
    "write": "writes wrote written writing",
    "make": "makes made making",
    "set": "sets setting",
    "put": "puts putting",
    "send": "sends sent sending",
    "sentence": "sentences sentenced sentencing",
    "shoot": "shoots shot shooting",
    "strike": "strikes struck striking",
    "hit": "hits hitting",
    "beat": "beats beaten beating",
    "steal": "steals stole stolen stealing",
    "overturn": "overturns overturned overturning",
    "withdraw": "withdraws withdrew withdrawn withdrawing",
    "seek": "seeks sought seeking",
    "throw": "throws threw thrown throwing",
    "lie": "lies lay lain lying lied",
    "leave": "leaves left leaving",
    "step": "steps stepped stepping",
    "arrive": "arrives arrived arriving",
    "transfer": "transfers transferred transferring",
    "think": "thinks thought thinking",
    "know": "knows knew known knowing",
    "stand": "stands stood standing",
    "sit": "sits sat sitting",
    "go": "goes went gone going",
    "plead": "pleads pled pleaded pleading",
    "swear": "swears swore sworn swearing",
    "speak": "speaks spoke spoken speaking",
    "rise": "rises rose risen rising",
    "fall": "falls fell fallen falling",
    "grow": "grows grew grown growing",
    "show": "shows showed shown showing",
    "uphold": "upholds upheld upholding",
    "undertake": "undertakes undertook undertaken undertaking",
    "read": "reads reading",
    "rule": "rules ruled ruling",
    "die": "dies died dying",
    "let": "lets letting",
    "cut": "cuts cutting",
    "cost": "costs costing",
    "bite": "bites bit bitten biting",
    "begin": "begins began begun beginning",
    "run": "runs ran running",
    "withhold": "withholds withheld",
    "free": "frees freed freeing",
    "understand": "understands understood",
    "oversee": "oversees oversaw overseen overseeing",
    "drive": "drives drove driven driving",
    "mean": "means meant meaning",
    "order": "orders ordered ordering",
    "offer": "offers offered offering",
    "rebuke": "rebukes rebuked",
    "quit": "quits quitting",
    "come": "comes came coming",
    "sell": "sells sold selling",
    "spend": "spends spent spending",
}
_NOUNS = """
    allegation claim accusation complaint suspicion charge rumour suggestion report count conviction verdict sentence review
    inquiry investigation inspection audit probe proposal plan call hope intention recommendation request demand denial
""".split()


def _inflected(verb: str) -> set[str]:
    stem = verb[:-1] if verb.endswith("e") else verb
    forms = {verb, verb + ("es" if verb.endswith(("s", "sh", "ch", "x", "z")) else "s"), stem + "ed", stem + "ing"}
    if verb.endswith("y") and verb[-2] not in "aeiou":
        forms |= {verb[:-1] + "ies", verb[:-1] + "ied"}
    if verb[-1] in "bdglmnprt" and verb[-2] in "aeiou":
        forms |= {verb + verb[-1] + "ed", verb + verb[-1] + "ing"}
    return forms


@cache
def _bases() -> dict[str, str]:
    table: dict[str, str] = {}
    for noun in _NOUNS:
        table[noun] = noun
        table[noun[:-1] + "ies" if noun.endswith("y") else noun + "s"] = noun
    for verb in _REGULAR:
        table.update(dict.fromkeys(_inflected(verb), verb))
    for verb, forms in _IRREGULAR.items():
        table.update(dict.fromkeys([verb, *forms.split()], verb))
    return table


def longest(forms: Iterable[str]) -> str:
    """A pattern for the longest of some forms that stands at a place; it goes letter by letter, not through one form after another."""
    after: dict[str, set[str]] = {}
    for form in forms:
        after.setdefault(form[:1], set()).add(form[1:])
    branches = [re.escape(first) + (f"(?:{longest(rest)})" if any(rest) else "") for first, rest in sorted(after.items()) if first]
    return "|".join([*branches, ""] if "" in after else branches)


def base(token: Token) -> str:
    """The word's dictionary form: from the table of trigger verbs, else the pipeline's lemma; always lower case."""
    return _base(token.lower_, token.lemma_)


def _base(lower: str, lemma: str) -> str:
    word = lower.replace("’", "'")
    return _bases().get(word) or lemma.lower() or word


def occurrences(context: Context, bases: Collection[str]) -> list[Token]:
    """The words of a document that have one of the dictionary forms, in order."""
    table = context.once(_by_base)
    return [context.doc[i] for i in sorted(i for form in bases for i in table.get(form, ()))]


def spelt(context: Context, words: Collection[str]) -> list[Token]:
    """The words of a document that are, in lower case, one of some words, in order."""
    table = context.once(_by_word)
    return [context.doc[i] for i in sorted(i for word in words for i in table.get(word, ()))]


def _by_base(context: Context) -> dict[str, list[int]]:
    table: dict[str, list[int]] = {}
    for (lower, lemma), places in context.once(_by_form).items():
        table.setdefault(_base(lower, lemma), []).extend(places)
    return table


def _by_word(context: Context) -> dict[str, list[int]]:
    table: dict[str, list[int]] = {}
    for (lower, _), places in context.once(_by_form).items():
        table.setdefault(lower, []).extend(places)
    return table


def _by_form(context: Context) -> dict[tuple[str, str], list[int]]:
    """Where each word of the document stands, by its lower-case form and its lemma; spaCy's arrays spare it a token for each."""
    found: dict[tuple[int, int], list[int]] = {}
    for i, (lower, lemma) in enumerate(context.doc.to_array(["LOWER", "LEMMA"]).tolist()):
        found.setdefault((lower, lemma), []).append(i)
    strings = context.doc.vocab.strings
    return {(strings[lower], strings[lemma]): places for (lower, lemma), places in found.items()}

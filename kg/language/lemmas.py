"""Lemmas as edit rules on the lower-cased or the written form: "c|k|suffix" keeps case c, drops k letters, adds suffix."""

from __future__ import annotations

from os.path import commonprefix


def rule(form: str, lemma: str) -> str:
    """The rule that turns the form into the lemma; of the two cases the one that keeps more of the form ("The" the, "US" US)."""
    lower, written = form.lower(), form
    case, base = ("w", written) if _shared(written, lemma) > _shared(lower, lemma) else ("l", lower)
    kept = _shared(base, lemma)
    return f"{case}|{len(base) - kept}|{lemma[kept:]}"


def _shared(a: str, b: str) -> int:
    return len(commonprefix((a, b)))


def apply(rule_: str, form: str) -> str:
    """The lemma that the rule makes of the form; the lower-cased form where the rule does not fit."""
    case, drop, suffix = rule_.split("|", 2)
    base = form if case == "w" else form.lower()
    if int(drop) > len(base):
        return base
    return (base[: len(base) - int(drop)] + suffix) or base

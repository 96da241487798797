"""Lemmas as edit rules on the lower-cased or the written form: "c|k|suffix" keeps case c, drops k letters, adds suffix."""

from __future__ import annotations


def rule(form: str, lemma: str) -> str:
    """The rule that turns the form into the lemma."""
    for case, base in (("l", form.lower()), ("w", form)):
        common = 0
        while common < min(len(base), len(lemma)) and base[common] == lemma[common]:
            common += 1
        if common or len(base) <= 3:
            return f"{case}|{len(base) - common}|{lemma[common:]}"
    return "l|0|"


def apply(rule_: str, form: str) -> str:
    """The lemma that the rule makes of the form; the lower-cased form where the rule does not fit."""
    case, drop, suffix = rule_.split("|", 2)
    base = form if case == "w" else form.lower()
    if int(drop) > len(base):
        return base
    return (base[: len(base) - int(drop)] + suffix) or base

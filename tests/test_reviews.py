"""Who led and ordered a review, and when it came out, on frozen trees."""

from __future__ import annotations

import pytest
from parses import context, parsed, rows

from kg.facts.published import published
from kg.facts.reviews import reviews

CASES = [(row[0], row[1]) for row in rows("reviews")]


@pytest.mark.parametrize(("expected", "frozen"), CASES)
def test_rows_of_a_sentence(expected: str, frozen: str) -> None:
    case = context(parsed(frozen))
    found = {
        f"{case.chains[f.subject].name} {f.predicate} {f.object if isinstance(f.object, str) else case.chains[f.object].name} {f.status}"
        for f in (*published(case), *reviews(case))
    }
    assert found == {e for e in expected.split("; ") if e}, case.document.text

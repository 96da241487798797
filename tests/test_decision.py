"""How sure a row is: what rules and network say of it, weighed; unsure rows are not given."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

from signs import context

from kg.facts.decision import decided, described
from kg.model import Fact

TEXT = "Ann Cole and Bob Dale were at Kent Police."
CHAINS = {"cole": ("Person", "Ann Cole"), "dale": ("Person", "Bob Dale"), "kent": ("PoliceForce", "Kent Police")}
COLE, DALE, KENT = range(3)


def row(subject: int, confidence: float = 0.9, source: str = "rule", status: str = "asserted") -> Fact:
    return Fact("memberOf", subject, KENT, status, (0, len(TEXT)), source, confidence)


def properties(fact: Fact, rules: list[Fact], network: list[Fact]) -> dict[str, float]:
    ((_, found),) = described(context(TEXT, **CHAINS), [fact], rules, network)
    return found


def test_a_rule_and_the_network_are_told_apart() -> None:
    alone = properties(row(COLE), [], [row(COLE, 0.5, "learned")])
    backed = properties(row(COLE), [row(COLE)], [row(COLE, 0.5, "learned")])
    assert "rule" not in alone and backed["rule"] == backed["rule memberOf"] == 1.0
    assert alone["network"] == backed["network"] == 0.0


def test_a_rule_under_another_status_is_no_support() -> None:
    assert "rule" not in properties(row(COLE), [row(COLE, status="denied")], [])


def test_a_rival_for_the_same_is_seen() -> None:
    assert properties(row(COLE), [], [])["rival"] == 0.0
    assert properties(row(COLE), [], [row(DALE, 0.9, "learned")])["rival"] > 5


def test_rows_under_the_threshold_are_not_given_and_the_rest_have_the_weighed_confidence() -> None:
    found = context(TEXT, **CHAINS)
    found.network = SimpleNamespace(decision={"rule": 3.0, "network": 1.0})
    rows = list(decided(found, [row(COLE), row(DALE)], [row(COLE)], []))
    assert [(f.subject, f.confidence) for f in rows] == [(COLE, 0.5)]


def test_without_weights_rows_stay_as_they_are() -> None:
    assert list(decided(context(TEXT, **CHAINS), [row(COLE, 0.3)], [], [])) == [row(COLE, 0.3)]


def test_what_a_rule_reads_as_still_to_come_is_mistrusted_less() -> None:
    found = context(TEXT, **CHAINS)
    found.network = SimpleNamespace(decision={"any": -1.0})  # 0.27 for every row
    ahead = replace(row(COLE, status="proposed"), predicate="funds", object="a bench")
    for known in (ahead, replace(ahead, predicate="memberOf", object=KENT), replace(ahead, status="asserted")):
        assert bool([*decided(found, [known], [known], [])]) == (known == ahead)
    assert not [*decided(found, [ahead], [], [ahead])]


def test_the_network_alone_is_heard_on_the_courts_that_are_still_to_try_somebody() -> None:
    found = context(TEXT, **CHAINS)
    found.network = SimpleNamespace(decision={"any": -0.6})  # 0.35 for every row
    ahead = replace(row(COLE, status="proposed"), predicate="triedAt")
    assert [*decided(found, [ahead], [], [ahead])]
    assert not [*decided(found, [replace(ahead, status="asserted")], [], [ahead])]

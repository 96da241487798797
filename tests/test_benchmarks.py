"""What the benchmarks print is what is drawn of it, and every benchmark that ``make bench`` runs is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks.measure import Row, peak, table, timed


def test_a_table_is_drawn_as_it_was_measured(tmp_path: Path) -> None:
    rows = [
        Row("people joined", 863, "documents", 0.479, memory=35), Row("people joined", 8541, "documents", 6.658, "863, each", 1.4, 164),
        Row("shapes, 18,245 triples", 1000, "focus nodes", 1234.5, "pySHACL", 0.034, 107), Row("shapes, 9 triples", 10, "focus nodes", 1.0),
    ]
    printed = f"Some words.\n\n{table(rows)}\n\n| another | table |\n|---|---|\n| a | 1 documents |\n"
    found = bench.curves(printed)
    assert found == {"people joined (documents)": [(863, 0.479), (8541, 6.658)], "shapes (focus nodes)": [(1000, 1234.5), (10, 1.0)]}
    bench.draw({"one": found}, tmp_path / "curves.svg")
    drawn = (tmp_path / "curves.svg").read_bytes()
    assert b"<svg" in drawn
    bench.draw({"one": found}, tmp_path / "curves.svg")
    assert (tmp_path / "curves.svg").read_bytes() == drawn


@pytest.mark.parametrize("name", bench.BENCHMARKS)
def test_every_benchmark_says_what_it_is_for(name: str) -> None:
    assert bench._purpose(name).endswith(".")
    assert (bench.FOLDER / f"{name}.py").is_file()


def test_time_and_memory_are_those_of_the_work() -> None:
    assert timed(lambda: sum(range(3_000_000))) > timed(lambda: None) >= 0
    assert peak() > 10


def test_results_tell_the_machine_and_what_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.md")
    monkeypatch.setattr(bench, "CURVES", tmp_path / "scaling.svg")
    monkeypatch.setattr(bench, "BENCHMARKS", {"measure": (), "language": ("no such folder",)})
    assert bench.main(["measure"]) == 0
    assert bench.main(["measure", "language"]) == 1
    written = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert "## measure\n\nWhat the benchmarks share" in written
    assert "It ended with 1." in written.partition("## language")[2]
    assert written.count("pyoxigraph") == 2
    assert not (tmp_path / "scaling.svg").exists()  # nothing was measured at two sizes


def test_what_is_not_measured_again_stays_and_what_was_printed_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.md")
    monkeypatch.setattr(bench, "CURVES", tmp_path / "scaling.svg")
    monkeypatch.setattr(bench, "BENCHMARKS", {"measure": (), "corpora": ()})
    printed = table([Row("people joined", size, "documents", size / 1000) for size in (10, 100)])
    (tmp_path / "printed").write_text(printed, encoding="utf-8")
    assert bench.main([f"corpora={tmp_path / 'printed'}"]) == 0
    before = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert before.endswith(f"\n\n{printed}\n")
    assert (tmp_path / "scaling.svg").exists()
    assert bench.main(["measure"]) == 0
    after = (tmp_path / "results.md").read_text(encoding="utf-8")
    assert after.index("## measure") < after.index("## corpora")
    assert after.partition("## corpora")[2] == before.partition("## corpora")[2]

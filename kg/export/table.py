"""The facts as a table: the contract's rows made flat, one column a value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from kg.answers import csv_lines
from kg.rows import Row, facts
from kg.store import Store

FACT_COLUMNS = (
    "document", "subject", "subject_type", "subject_id", "predicate", "object", "object_type", "object_id", "status",
    "start", "end", "confidence", "source", "evidence_start", "evidence_end", "evidence",
)
ENTITY_COLUMNS = ("document", "id", "type", "name", "names", "mentions")


def fact_cells(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Each fact's values in the order of FACT_COLUMNS; None where there is none."""
    for row in rows:
        subject, object_, evidence = row["subject"], row["object"], row["evidence"]
        yield (row["document"], subject["name"], subject["type"], subject["id"], row["predicate"],
               object_["name"], object_["type"], object_.get("id"), row["status"], row["start"], row["end"],
               row["confidence"], row["source"], evidence["start"], evidence["end"], evidence["text"])


def entity_cells(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """Each entity's values in the order of ENTITY_COLUMNS; names joined by ``; ``, mentions as ``start-end``."""
    for row in rows:
        spans = "; ".join(f"{mention['start']}-{mention['end']}" for mention in row["mentions"])
        yield (row["document"], row["id"], row["type"], row["name"], "; ".join(row["names"]), spans)


def write_csv(store: Store, out: IO[bytes]) -> None:
    """The facts as CSV in UTF-8, safe to open in a spreadsheet."""
    out.writelines(line.encode() for line in csv_lines(FACT_COLUMNS, fact_cells(facts(store))))

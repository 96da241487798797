"""Tables for pandas, polars and Arrow: the facts and entities with typed columns, and the facts as a Parquet file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from kg.errors import ExportError
from kg.export.table import ENTITY_COLUMNS, FACT_COLUMNS, entity_cells, fact_cells
from kg.rows import entities, facts
from kg.store import Queryable, Store

if TYPE_CHECKING:
    import pyarrow

_AT_ONCE = 50_000  # rows
_TYPES = {"confidence": "double", "evidence_start": "int64", "evidence_end": "int64"}


def facts_table(store: Queryable) -> pyarrow.Table:
    """The facts in the columns of the CSV export; ``.to_pandas()`` and ``polars.from_arrow`` make frames of it.

    Raises ExportError where pyarrow is not installed.
    """
    return _table(FACT_COLUMNS, fact_cells(facts(store)))


def entities_table(store: Queryable) -> pyarrow.Table:
    """The entities, a row an entity and document; raises ExportError where pyarrow is not installed."""
    return _table(ENTITY_COLUMNS, entity_cells(entities(store)))


def write_parquet(store: Store, out: IO[bytes]) -> None:
    """The facts as Parquet; raises ExportError where pyarrow is not installed."""
    _write(FACT_COLUMNS, fact_cells(facts(store)), out)


def write_entities_parquet(store: Store, out: IO[bytes]) -> None:
    """The entities, a row an entity and document, as Parquet; raises ExportError where pyarrow is not installed."""
    _write(ENTITY_COLUMNS, entity_cells(entities(store)), out)


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> pyarrow.Table:
    return _arrow().Table.from_batches(_batches(columns, rows), _schema(columns))


def _write(columns: Sequence[str], rows: Iterable[Sequence[object]], out: IO[bytes]) -> None:
    """Write rows as Parquet, so many at a time."""
    _arrow()
    from pyarrow import parquet

    with parquet.ParquetWriter(out, _schema(columns), compression="zstd") as writer:
        for batch in _batches(columns, rows):
            writer.write_batch(batch)


def _batches(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[pyarrow.RecordBatch]:
    schema, rest = _schema(columns), iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        yield _arrow().record_batch(
            [_arrow().array(column, kind) for column, kind in zip(zip(*some, strict=True), schema.types, strict=True)], schema=schema)


def _schema(columns: Sequence[str]) -> pyarrow.Schema:
    return _arrow().schema([(name, _TYPES.get(name, "string")) for name in columns])


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError as error:
        raise ExportError("Parquet and frames need pyarrow; install it with: pip install 'kg[frames]'") from error
    return pyarrow

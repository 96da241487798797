"""Tables for pandas, polars and Arrow: the facts and entities with typed columns, and the facts as a Parquet file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING

from kg.errors import ExportError
from kg.export.table import ENTITY_COLUMNS, FACT_COLUMNS, entity_cells, fact_cells
from kg.rows import entities, facts
from kg.store import Queryable, Store

if TYPE_CHECKING:
    import pyarrow

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
    table = facts_table(store)
    from pyarrow import parquet

    parquet.write_table(table, out, compression="zstd")


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> pyarrow.Table:
    try:
        import pyarrow
    except ImportError as error:
        raise ExportError("Parquet and frames need pyarrow; install it with: pip install 'kg[frames]'") from error
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    schema = pyarrow.schema([(name, _TYPES.get(name, "string")) for name in columns])
    return pyarrow.table([pyarrow.array(column, kind) for column, kind in zip(values, schema.types, strict=True)], schema=schema)

"""Where the files that ship with the package lie: in the wheel under ``kg/``, in a checkout beside it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def ontology_dir() -> Path:
    """The folder with the ontology, shapes, schemes, reference data and named queries."""
    shipped = _PACKAGE / "ontology"
    return shipped if shipped.is_dir() else _PACKAGE.parent / "ontology"


def model_dir() -> Path:
    """The folder with the shipped language model."""
    return _PACKAGE / "language" / "model"

"""Language: the spaCy pipeline that ships with the package, and its use on documents."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import ModelError
from kg.resources import model_dir

if TYPE_CHECKING:
    from spacy.language import Language


def folder(name: str | None = None) -> Path:
    """Where the files of a pipeline lie, found without loading it. Raises ModelError where there is none of the name."""
    if name is None:
        return model_dir()
    if Path(name).is_dir():
        return Path(name)
    try:
        found = find_spec(name)
    except (ImportError, ValueError):
        found = None
    if found is None or not found.origin or not Path(found.origin).is_file():
        raise ModelError(f"{name}: no spaCy pipeline is installed under this name, and no folder is there; "
                         "give the name of an installed one, or its folder")
    return Path(found.origin).parent


def title(folder: Path) -> str:
    """Language, name and version of the pipeline whose files lie in a folder; raises ModelError where it does not tell."""
    try:
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        return f"{meta['lang']}_{meta['name']} {meta['version']}"
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = f"{folder}: no spaCy pipeline lies here, or its meta.json is damaged ({error}); give an installed pipeline or its folder"
        raise ModelError(" ".join(message.split())) from error


def load(name: str | Path | None = None) -> Language:
    """The shipped pipeline, or another installed spaCy pipeline (a package's name or a folder).

    Raises ModelError where it cannot be found or opened.
    """
    import spacy

    from kg.language import components, foreign  # noqa: F401 (the factory must be known where the package is not installed)
    from kg.language.tokens import TOKENIZER, configure

    path = Path(name) if name else model_dir()
    own = (path / "kg_encoder").is_dir()
    try:
        # What lies on disk of our own tokenizer and vocabulary is what they are anyway, and takes longer to read than to make.
        nlp = spacy.load(path, exclude=["tokenizer", "vocab"], config=TOKENIZER) if own else spacy.load(name or path)
    except (OSError, ValueError) as error:
        message = f"{name or model_dir()}: no spaCy pipeline can be loaded from here: {str(error)[:200]}"
        raise ModelError(" ".join(message.split())) from error
    if "kg_encoder" in nlp.pipe_names:
        configure(nlp)
    else:
        foreign.adapt(nlp)
    return nlp

"""Language: the spaCy pipeline that ships with the package, and its use on documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import ModelError
from kg.resources import model_dir

if TYPE_CHECKING:
    from spacy.language import Language


def load(name: str | None = None) -> Language:
    """The shipped pipeline, or another installed spaCy pipeline (a package's name or a folder).

    Raises ModelError where it cannot be found or opened.
    """
    import spacy

    from kg.language import components, foreign  # noqa: F401 (the factory must be known where the package is not installed)
    from kg.language.tokens import configure

    try:
        nlp = spacy.load(name or model_dir())
    except (OSError, ValueError) as error:
        message = f"{name or model_dir()}: no spaCy pipeline can be loaded from here: {str(error)[:200]}"
        raise ModelError(" ".join(message.split())) from error
    if "kg_encoder" in nlp.pipe_names:
        configure(nlp)
    else:
        foreign.adapt(nlp)
    return nlp

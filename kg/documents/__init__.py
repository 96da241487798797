"""Files, folders and standard input to Documents: the first stage.

    walk.py      paths to the files to read (recursive, sorted, `.kgignore` honoured)
    readers.py   the table of file types, and what a file is by its content
    text.py html.py pdf.py docx.py records.py    one reader a file type
    metadata.py  `metadata.csv` and front matter
    dates.py     the day a text was published, where the text makes it certain
    corpus.py    all of it together
"""

import logging

from kg.documents.corpus import open_corpus, read_corpus
from kg.documents.dates import infer_anchor, infer_date

for _name in ("charset_normalizer", "courlan", "htmldate", "pdfminer", "trafilatura"):
    # what they say of a bad file, the Problem says; without a handler Python would print it on standard error
    logging.getLogger(_name).addHandler(logging.NullHandler())

__all__ = ["infer_anchor", "infer_date", "open_corpus", "read_corpus"]

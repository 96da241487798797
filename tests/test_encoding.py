"""Words to the encoder's input: pieces, shapes, and padding that changes nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from kg.language.components import session
from kg.language.encoding import MAX_PIECES, MAX_PIECES_OF_WORD, SHAPES, Pieces, collate, shape


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> Pieces:
    """Pieces of a tiny vocabulary: letters and a few words."""
    vocabulary = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "police": 1, "said": 2, ".": 3}
    vocabulary |= {f"{mark}{c}": 110 + k for k, (mark, c) in enumerate((m, c) for m in ("", "##") for c in "abcdefghijklmnopqrstuvwxyz")}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=1000))
    tokenizer.normalizer, tokenizer.pre_tokenizer = BertNormalizer(lowercase=True), BertPreTokenizer()
    path = tmp_path_factory.mktemp("pieces") / "tokenizer.json"
    tokenizer.save(str(path))
    return Pieces(Path(path))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("police", 0), ("Police", 1), ("A", 1), ("IOPC", 2), ("2021", 3), ("A1", 3), ("McBride", 4), ("iPhone", 4), ("O'Neill", 4),
        (".", 5), ("—", 5), ("😀", 5), ("Élan", 1), ("ÉLAN", 2),
    ],
)  # fmt: skip
def test_shapes_tell_what_an_uncased_encoder_forgets(word: str, expected: int) -> None:
    assert shape(word) == expected


@given(st.text(min_size=1, max_size=8))
def test_every_word_has_a_shape(word: str) -> None:
    assert 0 <= shape(word) < SHAPES


def test_a_word_has_at_least_one_piece_and_not_too_many(pieces: Pieces) -> None:
    assert pieces.of("police") == (1,)
    assert len(pieces.of("abcdefghijklmnop")) == MAX_PIECES_OF_WORD
    assert pieces.of("\u200b") == (100,)  # nothing is left of it, and yet it needs a place
    assert len(pieces.of("a" * 1_000_000)) == MAX_PIECES_OF_WORD


def test_rows_begin_and_end_with_the_marks_the_encoder_knows(pieces: Pieces) -> None:
    batch = collate(pieces, [(["Police", "said", "."], [True, False, False])])
    assert batch.ids.tolist() == [[101, 1, 2, 3, 102]]
    assert batch.mask.tolist() == [[1, 1, 1, 1, 1]]
    assert batch.first.tolist() == batch.last.tolist() == [[1, 2, 3]]
    assert batch.shapes.tolist() == [[1 + SHAPES, 0, 5]]


def test_a_word_of_several_pieces_is_found_by_its_first_and_last(pieces: Pieces) -> None:
    batch = collate(pieces, [(["police", "abc", "."], [True, False, False])])
    assert batch.first.tolist() == [[1, 2, 5]]
    assert batch.last.tolist() == [[1, 4, 5]]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(["police", "abc", ".", "\u200b", "Zz"]), min_size=1, max_size=9), min_size=1, max_size=4))
def test_padding_changes_no_row(pieces: Pieces, texts: list[list[str]]) -> None:
    windows = [(words, [k == 0 for k in range(len(words))]) for words in texts]
    together = collate(pieces, windows)
    for row, window in enumerate(windows):
        alone = collate(pieces, [window])
        for name, array in alone.arrays().items():
            padded = together.arrays()[name][row]
            assert padded[: array.shape[1]].tolist() == array[0].tolist(), name
            assert not padded[array.shape[1] :].any(), name


def test_a_row_never_grows_over_what_the_encoder_takes(pieces: Pieces) -> None:
    batch = collate(pieces, [(["abcdefgh"] * 200, [False] * 200)])
    assert batch.ids.shape == (1, MAX_PIECES + 2)
    assert batch.last.max() <= MAX_PIECES
    assert batch.ids.dtype == np.int64


def _field(number: int, value: int | bytes) -> bytes:
    """One field of a Protocol Buffers message: a small number or bytes shorter than 16,384."""
    if isinstance(value, int):
        return bytes([number << 3, value])
    return bytes([number << 3 | 2, len(value) & 127 | 128, len(value) >> 7]) + value


def _onnx_product_of_bytes(weights: np.ndarray) -> bytes:
    """An ONNX model: unsigned bytes ``a`` (1, k) times signed ``weights`` (k, n), as 32-bit sums ``y``."""

    def tensor(name: bytes, element: int, *shape: int) -> bytes:
        sizes = b"".join(_field(1, _field(1, size)) for size in shape)
        return _field(1, name) + _field(2, _field(1, _field(1, element) + _field(2, sizes)))

    k, n = weights.shape
    node = _field(1, b"a") + _field(1, b"b") + _field(2, b"y") + _field(4, b"MatMulInteger")
    constant = _field(1, k) + _field(1, n) + _field(2, 3) + _field(8, b"b") + _field(9, weights.tobytes())
    graph = _field(1, node) + _field(2, b"g") + _field(5, constant) + _field(11, tensor(b"a", 2, 1, k)) + _field(12, tensor(b"y", 6, 1, n))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 13))


def test_sums_of_products_of_bytes_are_exact_on_every_processor(tmp_path: Path) -> None:
    weights = np.full((64, 16), 127, dtype=np.int8)
    (tmp_path / "product.onnx").write_bytes(_onnx_product_of_bytes(weights))
    values = np.full((1, 64), 255, dtype=np.uint8)
    (sums,) = session(tmp_path / "product.onnx").run(None, {"a": values})
    assert (sums == values.astype(np.int32) @ weights.astype(np.int32)).all()

"""Words and windows: every word once, in order, within the limit, however long the word or the paragraph."""

from __future__ import annotations

from itertools import pairwise

import pytest
from annotated import cpu_seconds, tokenizer
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.language.tokens import Words, begins_after_quotation, closes, may_begin, windows, words_of

LIMIT = 24


@st.composite
def runs(draw: st.DrawFn) -> tuple[Words, list[int]]:
    rows = draw(st.lists(st.tuples(st.sampled_from(["a", "b", ".", "?", "”"]), st.integers(0, 9), st.integers(1, 8)), max_size=120))
    return Words(list(range(len(rows))), [w for w, _, _ in rows], [k == 0 for _, k, _ in rows]), [size for _, _, size in rows]


class Counted(list):
    """A list that counts how often it is looked into."""

    reads = 0

    def __getitem__(self, index):
        Counted.reads += 1
        return super().__getitem__(index)


@settings(deadline=None)
@given(runs())
def test_windows_hold_every_word_once_in_order_and_within_the_limit(case: tuple[Words, list[int]]) -> None:
    words, sizes = case
    found = list(windows(words, sizes, LIMIT))
    assert [i for start, end in found for i in range(start, end)] == list(range(len(sizes)))
    assert all(start < end and sum(sizes[start:end]) <= LIMIT for start, end in found)


@settings(deadline=None)
@given(runs())
def test_a_paragraph_is_cut_only_where_it_is_too_long_for_a_window(case: tuple[Words, list[int]]) -> None:
    words, sizes = case
    begins = [0, *(i for i, b in enumerate(words.breaks) if b and i), len(sizes)]
    short = {i for a, b in pairwise(begins) if sum(sizes[a:b]) <= LIMIT for i in range(a + 1, b)}
    cuts = {start for start, _ in windows(words, sizes, LIMIT)}
    # A short paragraph may be cut only by a window that began inside a long one before it.
    long_before = {b for a, b in pairwise(begins) if sum(sizes[a:b]) > LIMIT}
    assert all(max(k for k in begins if k <= cut) in long_before for cut in cuts & short)


def test_a_long_paragraph_is_cut_after_a_full_stop() -> None:
    words = [*("word" for _ in range(14)), ".", *("word" for _ in range(30))]
    assert next(iter(windows(Words([], words, [True] + [False] * 44), [1] * 45, LIMIT))) == (0, 15)


def test_a_word_larger_than_the_limit_stands_alone() -> None:
    assert list(windows(Words([], ["a", "b", "c"], [True, False, False]), [1, LIMIT + 1, 1], LIMIT)) == [(0, 1), (1, 2), (2, 3)]


def test_nothing_has_no_windows() -> None:
    assert list(windows(Words([], [], []), [], LIMIT)) == []


@pytest.mark.parametrize("breaks_every", [None, 1, 30, 100])
def test_cutting_looks_at_each_word_a_few_times_at_most(breaks_every: int | None) -> None:
    n = 20_000
    sizes = Counted([1] * n)
    Counted.reads = 0
    breaks = [i == 0 or bool(breaks_every) and i % breaks_every == 0 for i in range(n)]
    list(windows(Words([], ["word"] * n, breaks), sizes, LIMIT))
    assert Counted.reads <= 8 * n


def test_line_breaks_are_marked_on_the_word_after_them() -> None:
    words = words_of(tokenizer()("Police said no.\n\nA man\r\nwas here \u2028and left"))
    assert [w for w, b in zip(words.words, words.breaks, strict=True) if b] == ["Police", "A", "was"]


def test_words_leave_white_space_out_and_keep_their_places() -> None:
    doc = tokenizer()("  One \t two\n \nthree  ")
    words = words_of(doc)
    assert words.words == ["One", "two", "three"]
    assert [doc[i].text for i in words.indices] == words.words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the 2020–21 plan", ["the", "2020", "–", "21", "plan"]),
        ("officers—and staff", ["officers", "—", "and", "staff"]),
        ("‘No,’ he said", ["‘", "No", ",", "’", "he", "said"]),
        ("resigned.The force", ["resigned", ".", "The", "force"]),
        ("Dyfed-Powys’s chief", ["Dyfed", "-", "Powys", "’s", "chief"]),
        ("see https://kent.police.uk/a?b=c.", ["see", "https://kent.police.uk/a?b=c", "."]),
        ("“(Yes!)”", ["“", "(", "Yes", "!", ")", "”"]),
        ("Ann ColeImage source, BBC", ["Ann", "Cole", "Image", "source", ",", "BBC"]),
        ("Pic: Bob DalePolice chief", ["Pic", ":", "Bob", "Dale", "Police", "chief"]),
        ("Images of Policewoman McDonald", ["Images", "of", "Policewoman", "McDonald"]),
    ],
)
def test_british_press_text_comes_apart_at_dashes_and_quotation_marks(text: str, expected: list[str]) -> None:
    assert [t.text for t in tokenizer()(text)] == expected


@pytest.mark.parametrize(
    ("words", "i", "expected"),
    [
        (["Yes", ".", "No"], 2, True),
        (["Yes", ",", "no"], 2, False),
        (["he", "said", ".", "”", "She"], 4, True),
        (["Wells"], 0, True),
        (["a", "name", ".", "b"], 1, False),
    ],
)
def test_a_sentence_begins_only_after_something_that_ends_one(words: list[str], i: int, expected: bool) -> None:
    assert may_begin(words, i) is expected


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ('"It was wrong." He resigned.', ["He"]),
        ("“It was wrong.” “Very,” she said.", ["“"]),
        ('He left. "We are glad," she said.', []),  # the mark opens
        ('She called it "odd". Nobody did.', []),
        ('"Was it wrong?" asked Mr Hay.', []),
        ('He had "erred." and left', []),
    ],
)
def test_a_quotation_that_closed_with_its_sentence_ends_it(text: str, begins: list[str]) -> None:
    words = words_of(tokenizer()(text))
    found = [words.words[i] for i in range(len(words.words)) if begins_after_quotation(words.words, words.glued, i)]
    assert found == begins


@pytest.mark.parametrize(("text", "i", "expected"), [('It was." He', 3, True), ('It was. "He', 3, False), ('It was."', 3, True)])
def test_no_sentence_begins_with_a_closing_mark(text: str, i: int, expected: bool) -> None:
    words = words_of(tokenizer()(text))
    assert words.words[i] == '"'
    assert closes(words.words, words.glued, i) is expected


@given(st.text(max_size=60))
@settings(deadline=None)
def test_tokens_give_back_the_text(text: str) -> None:
    assert tokenizer()(text).text == text


@pytest.mark.parametrize(
    "unit", ["a", "ab.", "(", "()", "’", "’s", "x’s)", "—", "1,", "http://", "http://a.", "a@b.", "a-", "£1", "_", "\n", "\u200b", "😀"]
)
def test_a_long_word_takes_time_in_proportion(unit: str) -> None:
    small, large = (unit * (size // len(unit)) for size in (4_000, 16_000))
    assert cpu_seconds(lambda: tokenizer()(large)) < 0.2 + 9 * cpu_seconds(lambda: tokenizer()(small))


def test_a_word_of_a_megabyte_is_read() -> None:
    doc = tokenizer()("a" * 1_000_000)
    assert len(doc) == 1

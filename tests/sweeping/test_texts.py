"""Columns of text as places in a list of texts."""

import pickle

import numpy as np
import pytest

from hetsim.sweeping.texts import Texts

WORDS = np.array([["cut-off", "", "time"], ["time", "time", ""]], dtype=object)


def test_texts_come_back() -> None:
    made = Texts.of(WORDS)
    np.testing.assert_array_equal(np.asarray(made), WORDS)
    assert made.shape == (2, 3)
    assert len(made) == 2
    assert made[0][0] == "cut-off"
    np.testing.assert_array_equal(np.asarray(made[:, 2]), ["time", ""])
    np.testing.assert_array_equal(np.asarray(pickle.loads(pickle.dumps(made))), WORDS)
    assert dict(zip(made.known, made.counts(), strict=True)) == {"cut-off": 1, "": 2, "time": 3}


def test_of_texts_is_the_same() -> None:
    made = Texts.of(WORDS)
    assert Texts.of(made) is made


@pytest.mark.parametrize("given", [WORDS, Texts.of(WORDS[::-1])[::-1]])
def test_rows_are_set_from_other_lists_of_texts(given: object) -> None:
    made = Texts.blank((4, 3))
    made[3] = "before"
    made[np.array([2, 0])] = given
    expected = np.full((4, 3), "", dtype=object)
    expected[3] = "before"
    expected[[2, 0]] = WORDS
    np.testing.assert_array_equal(np.asarray(made), expected)


def test_a_text_that_is_in_no_row_is_not_taken_over() -> None:
    made = Texts.blank((1,))
    made[:] = Texts(np.array([1], np.int32), ["never", "here"])
    assert "never" not in made.known
    assert made[0] == "here"


def test_parts_follow_each_other() -> None:
    parts = [Texts.of(WORDS), Texts.of(WORDS[:1]), Texts.blank((1, 3))]
    joined = np.asarray(Texts.joined(parts))
    np.testing.assert_array_equal(joined, np.concatenate([WORDS, WORDS[:1], [["", "", ""]]]))

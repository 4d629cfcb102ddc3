from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.data.tokens import kept_tokens, tokens_now

TEXTS = st.lists(st.lists(st.integers(0, 30_000), min_size=1, max_size=12), min_size=1, max_size=20)


def tokenise_of(texts, types=None):
    return lambda rows: ([texts[row] for row in rows], None if types is None else [types[row] for row in rows])


@given(TEXTS, st.booleans(), st.randoms())
def test_a_batch_holds_the_texts_padded_to_the_longest(texts, left, random):
    table = tokens_now(len(texts), tokenise_of(texts, [[1] * len(text) for text in texts]))
    positions = np.array([random.randrange(len(texts)) for _ in range(5)])
    ids, mask, types = table.padded(positions, padding=7, left=left)
    assert ids.shape[1] == max(len(texts[each]) for each in positions)
    for row, position in enumerate(positions):
        assert ids[row][mask[row] == 1].tolist() == texts[position]
        assert (ids[row][mask[row] == 0] == 7).all()
        assert mask[row][-1 if left else 0] == 1
        assert types[row].tolist() == mask[row].tolist()
    assert table.ids_of(positions).tolist() == [token for each in positions for token in texts[each]]


def test_kept_tokens_are_made_once_and_are_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    texts = [[number] * (number % 7 + 1) for number in range(5_000)]  # more than one portion
    calls = []

    def tokenise(rows):
        calls.append(len(rows))
        return tokenise_of(texts)(rows)

    first, second = kept_tokens(len(texts), tokenise, "a"), kept_tokens(len(texts), tokenise, "a")
    assert sum(calls) == 5_000
    for table in (first, second, tokens_now(len(texts), tokenise_of(texts))):
        assert table.ids.tolist() == [token for text in texts for token in text]
        assert table.lengths.tolist() == [len(text) for text in texts]
        assert table.types is None
    kept_tokens(len(texts), tokenise, "b")
    assert sum(calls) == 10_000

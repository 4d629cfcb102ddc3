"""What the names of columns tell: evidence, never a condition, since data also comes with names like "v1" and "v2"."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# In the singular, see `words_of`.
_LABELS = _words(
    "label class classe category categorie target sentiment intent topic tag y emotion polarity stance gold outcome"
    " annotation verdict klasse kategorie etiqueta categoria"
)
_MAYBE_LABELS = _words(
    "rating star score type kind genre department section language lang status group answer quality spam toxic is"
    " duplicate relation entailment similarity subject priority queue result decision grade level"
)
_NO_LABELS = _words(
    "id idx index count confidence date time timestamp created updated user username author source url link year age"
    " price vote length number num zip timezone location country city state lat lon unnamed file filename path name"
    " annotator worker probability"
)
_TEXTS = _words(
    "text sentence review comment tweet content body message description document utterance post question query article"
    " abstract sms transcript email mail complaint phrase statement headline title subject summary caption feedback"
    " note narrative string request command passage premise hypothesis story new lyric instruction texto texte inhalt"
    " beschreibung"
)
_HEADINGS = _words("title subject headline heading summary titel titre titulo")
_NAMED_THINGS = (["name"], ["product", "name"], ["item", "name"])
_BODIES = _words(
    "text body content description abstract message article review comment post selftext story document summary"
)
_PAIRS = (
    ("premise", "hypothesis"),
    ("sentence1", "sentence2"),
    ("question1", "question2"),
    ("text1", "text2"),
    ("text_a", "text_b"),
    ("query", "passage"),
    ("query", "document"),
    ("question", "sentence"),
    ("question", "passage"),
    ("question", "context"),
    ("question", "answer"),
    ("claim", "evidence"),
    ("context", "response"),
    ("context", "hypothesis"),
    ("post", "reply"),
)
_READABLE = ("text", "name", "str", "string", "description")


def words_of(name: str) -> list[str]:
    """The words of "Review Text", "reviewText" or "review_texts": review and text. Digits are words of their own."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [_singular(word) for word in re.findall(r"[^\W\d_]+|\d+", spaced.lower())]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def is_known(name: str) -> bool:
    """Whether it is a name that tables use for a column, so that a row with it is a header."""
    words = words_of(name)
    known = _LABELS | _MAYBE_LABELS | _NO_LABELS | _TEXTS
    return 1 <= len(words) <= 3 and len(name) <= 30 and words[-1] in known and (len(words) > 1 or name.islower())


def label_evidence(name: str) -> float:
    """How much a name speaks for a column of classes, from -3 to 4."""
    words = words_of(name)
    if not words:
        return 0.0
    if len(words) == 1 and words[0] in _LABELS:
        return 4.0
    if words[-1] in _NO_LABELS and not (set(words[:-1]) & _LABELS):
        return -3.0
    if words[-1] in _LABELS:
        return 3.5
    if set(words) & _LABELS:
        return 1.0 if words[-1] in _NO_LABELS - {"index", "id", "name"} else 3.0
    if set(words) & _MAYBE_LABELS:
        return 2.0
    return 0.0


def text_evidence(name: str) -> float:
    """How much a name speaks for a column of texts, from -2 to 3."""
    words = words_of(name)
    if not words:
        return 0.0
    if words[-1] in _TEXTS:
        return 3.0
    if set(words) & _TEXTS:
        return 1.5
    return -2.0 if words[-1] in _NO_LABELS else 0.0


def is_heading(name: str) -> bool:
    return bool(set(words_of(name)) & _HEADINGS) or words_of(name) in _NAMED_THINGS


def is_body(name: str) -> bool:
    return bool(set(words_of(name)) & _BODIES)


def is_pair(first: str, second: str) -> bool:
    """Whether two columns are two sides of one example: by known names, or alike but for 1 and 2, a and b."""
    plain = tuple("".join(words_of(name)) for name in (first, second))
    if any(plain == tuple(name.replace("_", "") for name in pair) for pair in _PAIRS):
        return True
    differing = [pair for pair in zip(words_of(first), words_of(second), strict=False) if pair[0] != pair[1]]
    return len(words_of(first)) == len(words_of(second)) > 1 and differing in ([("1", "2")], [("a", "b")])


def names_classes_of(name: str, other: str) -> bool:
    """Whether `other` is called like the readable form of `name`: label and label_text, class_id and class_name."""
    stem, readable = words_of(name), words_of(other)
    if stem[-1:] in (["id"], ["idx"], ["index"]):
        stem = stem[:-1]
    return len(readable) > 1 and readable[-1] in _READABLE and readable[:-1] == stem

"""Which column means what, on tables shaped like well-known data sets."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.data.open import open_data
from core.errors import BadData
from core.settings.data import DataOptions

N = 240


def opened(path, **options):
    return open_data(DataOptions(path=str(path), **options))


def roles(imported):
    found = {"text": [], "text_pair": [], "label": [], "split": []}
    for column in imported.columns:
        found.get(column.role, []).append(column.name)
    return {role: names for role, names in found.items() if names}


def turn(values, number):
    return values[number % len(values)]


def row_of(name, number, sentence):
    """A cell for a column of this name, as such columns look in public data sets."""
    day = date(2020, 1, 1) + timedelta(days=number)
    makers = {
        "id": lambda: number,
        "": lambda: number,
        "uuid": lambda: f"{number * 7919:08x}-41d4-a716-{number * 104729:012x}",
        "tweet_id": lambda: 567588278875213824 + number,
        "text": lambda: sentence(number),
        "short": lambda: f"{turn(['red', 'blue', 'old'], number)} {turn(['lamp', 'chair', 'sofa'], number)} {number}",
        "title": lambda: sentence(number, 4),
        "body": lambda: sentence(number + 5000, 40),
        "two": lambda: turn(["negative", "positive"], number * number),
        "three": lambda: turn(["negative", "neutral", "positive"], number // 3),
        "binary": lambda: number // 2 % 2,
        "stars": lambda: number % 5 + 1,
        "airline": lambda: turn(["United", "Delta", "Virgin America"], number // 5),
        "half_empty": lambda: turn(["Bad Flight", "Late Flight"], number) if number % 3 == 0 else "",
        "rare": lambda: "negative" if number == 7 else "",
        "share": lambda: round(0.3 + number % 67 / 100, 4),
        "user": lambda: f"user{number * 31 % 200}",
        "date": lambda: f"{day} 11:35:52 -0800",
        "tweetdate": lambda: f"Mon Apr {day.day:02d} 22:19:45 PDT 2009",
        "url": lambda: f"https://example.org/{number}.html",
        "place": lambda: turn(["", "Boston, MA", "London", "somewhere over there"], number),
        "tree": lambda: turn(["( ( the ) )", "( a ( b ) )"], number) + str(number),
        "many": lambda: f"intent {number % 60}",
        "measure": lambda: round(number % 97 / 19, 3),
        "constant": lambda: "NO_QUERY",
        "list": lambda: ["joy", "anger"][: number % 3],
        "age": lambda: 18 + number * 7 % 70,
        "empty": lambda: "",
        "part": lambda: "train" if number % 5 else "test",
    }
    return makers[name]()


AIRLINE = {
    "tweet_id": "tweet_id",
    "airline_sentiment": "three",
    "airline_sentiment_confidence": "share",
    "negativereason": "half_empty",
    "airline": "airline",
    "airline_sentiment_gold": "rare",
    "name": "user",
    "retweet_count": "binary",
    "text": "text",
    "tweet_created": "date",
    "tweet_location": "place",
}
SHAPES = {
    "sst": ({"sentence": "text", "sentiment": "two"}, ["sentence"], None, "sentiment"),
    "glue": ({"index": "id", "sentence": "text", "label": "binary"}, ["sentence"], None, "label"),
    "imdb": ({"review": "text", "sentiment": "two"}, ["review"], None, "sentiment"),
    "airline": (AIRLINE, ["text"], None, "airline_sentiment"),
    "spam": ({"v1": "two", "v2": "text", "": "empty", " ": "empty"}, ["v2"], None, "v1"),
    "ag_news": (
        {"Class Index": "stars", "Title": "title", "Description": "body"},
        ["Title", "Description"],
        None,
        "Class Index",
    ),
    "yelp": ({"stars": "stars", "text": "body"}, ["text"], None, "stars"),
    "banking": ({"text": "text", "category": "many"}, ["text"], None, "category"),
    "products": (
        {"product_name": "short", "brand": "airline", "category": "three"},
        ["product_name"],
        None,
        "category",
    ),
    "food": (
        {
            "Id": "id",
            "ProductId": "uuid",
            "ProfileName": "user",
            "Score": "stars",
            "Time": "tweet_id",
            "Summary": "title",
            "Text": "body",
        },
        ["Summary", "Text"],
        None,
        "Score",
    ),
    "disaster": (
        {"id": "id", "keyword": "airline", "location": "place", "text": "text", "target": "binary"},
        ["text"],
        None,
        "target",
    ),
    "hate": ({"": "id", "count": "stars", "class": "three", "tweet": "text"}, ["tweet"], None, "class"),
    "snli": (
        {"gold_label": "three", "sentence1_parse": "tree", "sentence1": "text", "sentence2": "title", "pairID": "uuid"},
        ["sentence1"],
        "sentence2",
        "gold_label",
    ),
    "mrpc": (
        {"Quality": "binary", "#1 ID": "id", "#2 ID": "tweet_id", "#1 String": "text", "#2 String": "title"},
        ["#1 String"],
        "#2 String",
        "Quality",
    ),
    "qqp": (
        {
            "id": "id",
            "qid1": "id",
            "qid2": "tweet_id",
            "question1": "text",
            "question2": "title",
            "is_duplicate": "binary",
        },
        ["question1"],
        "question2",
        "is_duplicate",
    ),
    "rte": ({"premise": "text", "hypothesis": "title", "label": "two"}, ["premise"], "hypothesis", "label"),
    "boolq": ({"question": "title", "passage": "body", "answer": "binary"}, ["question"], "passage", "answer"),
    "pairs": ({"text_a": "title", "text_b": "text", "label": "two"}, ["text_a"], "text_b", "label"),
    "news": (
        {"headline": "title", "category": "many", "short_description": "text", "link": "url", "date": "date"},
        ["headline", "short_description"],
        None,
        "category",
    ),
    "nameless": ({"a": "uuid", "b": "text", "c": "date", "d": "three", "e": "url"}, ["b"], None, "d"),
    "tickets": (
        {"ticket": "uuid", "Customer Complaint": "body", "Product": "airline", "zip": "tweet_id"},
        ["Customer Complaint"],
        None,
        "Product",
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_tables_shaped_like_known_data_sets(data, write_csv, sentence, shape):
    columns, text, pair, label = SHAPES[shape]
    rows = [[row_of(kind, number, sentence) for kind in columns.values()] for number in range(N)]
    imported = opened(write_csv(data / "a.csv", [name.strip() for name in columns], rows))
    expected = {"text": text, "label": [label]} | ({"text_pair": [pair]} if pair else {})
    assert roles(imported) == expected
    assert all(column.said()["why"].endswith(".") for column in imported.columns)
    assert not imported.bad


def test_ten_rows_are_enough(data, write_csv, sentence):
    rows = [[row_of("text", number, sentence), row_of("two", number, sentence)] for number in range(10)]
    assert roles(opened(write_csv(data / "a.csv", ["x1", "x2"], rows))) == {"text": ["x1"], "label": ["x2"]}


def test_single_words_are_texts_too(data, write_csv):
    rows = [
        [f"{turn('ABCDEFGH', number)}{chr(97 + number % 26)}{chr(97 + number // 26)}er", turn(["de", "en"], number)]
        for number in range(200)
    ]
    assert roles(opened(write_csv(data / "a.csv", ["surname", "language"], rows))) == {
        "text": ["surname"],
        "label": ["language"],
    }


def test_readable_names_are_preferred_to_the_numbers_they_stand_for(data, write_jsonl, sentence):
    objects = [
        {"text": sentence(n), "label": n % 2, "label_text": turn(["negative", "positive"], n)} for n in range(60)
    ]
    imported = opened(write_jsonl(data / "a.jsonl", objects))
    assert imported.labels() == ["negative", "positive"]
    assert not imported.problems
    objects[5]["label_text"] = "positive" if objects[5]["label"] == 0 else "negative"
    assert opened(write_jsonl(data / "b.jsonl", objects)).labels() == ["0", "1"]
    assert opened(data / "a.jsonl", label_column="label").labels() == ["0", "1"]


def test_a_column_that_says_the_part(data, write_csv, sentence):
    kinds = ("text", "two", "part")
    rows = [[row_of(kind, number, sentence) for kind in kinds] for number in range(N)]
    imported = opened(write_csv(data / "a.csv", ["text", "label", "split"], rows))
    assert roles(imported) == {"text": ["text"], "label": ["label"], "split": ["split"]}
    assert imported.table["split"].to_pylist().count("test") == N // 5


@pytest.mark.parametrize("kind", ["stars", "airline"])
def test_a_close_runner_up_is_named_with_the_way_to_choose_it(data, write_csv, sentence, kind):
    rows = [
        [row_of("text", number, sentence), row_of("three", number, sentence), row_of(kind, number, sentence)]
        for number in range(N)
    ]
    imported = opened(write_csv(data / "a.csv", ["a", "b", "c"], rows))
    (problem,) = imported.problems
    assert problem.kind == "ambiguous-label"
    assert list(problem.examples) == ["c"]
    assert "data.label_column=c" in problem.said()["text"]


def test_a_second_text_is_named_with_the_way_to_choose_it(data, write_csv, sentence):
    rows = [[sentence(number), sentence(number + 999), row_of("two", number, sentence)] for number in range(N)]
    imported = opened(write_csv(data / "a.csv", ["first", "other", "label"], rows))
    (problem,) = imported.problems
    assert problem.kind == "ambiguous-text"
    assert "data.text_columns=[other]" in problem.said()["text"]


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("label", "list", "several classes"),
        ("score", "measure", "regression"),
        ("label", "measure", "regression"),
        ("label", "uuid", "too many to be classes|No column looks like a class"),
        ("when", "date", "No column looks like a class"),
    ],
)
def test_labels_that_are_no_classes(data, write_jsonl, sentence, name, kind, said):
    objects = [{"text": sentence(number), name: row_of(kind, number, sentence)} for number in range(N)]
    with pytest.raises(BadData, match=said):
        opened(write_jsonl(data / "a.jsonl", objects))


def test_lists_written_in_a_csv_are_lists_too(data, write_csv, sentence):
    rows = [[sentence(number), "['joy', 'anger']"] for number in range(40)]
    with pytest.raises(BadData, match="several classes"):
        opened(write_csv(data / "a.csv", ["text", "emotions"], rows))


def test_no_text(data, write_csv, sentence):
    kinds = ("id", "date", "url", "share", "two")
    rows = [[row_of(kind, number, sentence) for kind in kinds] for number in range(N)]
    with pytest.raises(BadData, match="No column looks like text"):
        opened(write_csv(data / "a.csv", list(kinds), rows))


def test_empty_headings_do_not_spoil_a_joined_text(data, write_csv, sentence):
    rows = [[sentence(n, 4) if n % 4 else " ", sentence(n + 999, 20), turn("ab", n)] for n in range(80)]
    imported = opened(write_csv(data / "a.csv", ["title", "text", "label"], rows))
    assert not imported.bad
    assert imported.table["text"][0].as_py() == rows[0][1]
    assert imported.table["text"][1].as_py() == f"{rows[1][0]}\n{rows[1][1]}"


def test_labels_come_in_natural_order(data, write_csv, sentence):
    def labels(values):
        rows = [[sentence(number), turn(values, number)] for number in range(60)]
        return opened(write_csv(data / f"{len(values)}{values[0]}.csv", ["text", "label"], rows)).labels()

    assert labels(["10", "9", "-1"]) == ["-1", "9", "10"]
    assert labels(["class 10", "class 9"]) == ["class 9", "class 10"]


def test_languages_without_blanks(data, write_csv):
    signs = "這部電影情節很好看演員表現不錯可是音樂太吵了我喜歡討厭"
    texts = ["".join(signs[(number * step) % len(signs)] for step in range(1, 14)) + str(number) for number in range(N)]
    rows = [[turn(["好评", "差评"], number), text] for number, text in enumerate(texts)]
    assert roles(opened(write_csv(data / "a.csv", ["甲", "乙"], rows))) == {"text": ["乙"], "label": ["甲"]}
    found = opened(write_csv(data / "b.csv", None, rows))
    assert roles(found) == {"text": ["column_2"], "label": ["column_1"]}


def test_few_phrases_spoken_by_many(data, write_csv):
    phrases = ["turn on", "turn off", "louder", "go left", "go right", "stop", "lights on", "lights off"]
    rows = [[f"s{number % 40}", turn(phrases, number), turn(["device", "move"], number // 3)] for number in range(400)]
    imported = opened(write_csv(data / "a.csv", ["speaker", "command", "action"], rows))
    assert roles(imported) == {"text": ["command"], "label": ["action"]}

"""A card can be read by Hugging Face, shows names as they are, and tells nothing of the person's machine."""

import numpy as np
import pytest
import yaml

from core.evaluation.card import CardFacts, model_card
from core.evaluation.report import metrics_document
from core.spec import spec_from
from core.tasks import task_named

HOME = "/home/mary"


def card(labels=("ham", "spam"), base_model="google/bert-tiny", license="apache-2.0", data=f"{HOME}/mails/"):
    numbers = np.arange(len(labels)).repeat(10)
    spec = spec_from(
        {
            "task": {"id": "text-classification", "max_length": 128},
            "data": {"path": data, "text_columns": ["subject", "body_text"]},
            "model": {"ref": f"{HOME}/models/bert"},
            "method": {"id": "lora", "rank": 8},
            "training": {"epochs": 3},
        }
    )
    document = metrics_document(
        task_named("text-classification"),
        labels,
        np.full(len(labels), 40),
        (numbers, numbers),
        (numbers, np.roll(numbers, 2)),
        train_samples=10,
        train_seconds=1,
        best_step=7,
        bootstrap_samples=100,
        seed=0,
    )
    examples = {"train": 80, "validation": 20, "test": 20}
    return model_card(CardFacts("My *mails*", base_model, license, spec, examples, document, "print('hello')\n"))


def front_matter(text):
    assert text.startswith("---\n")
    return yaml.safe_load(text.split("---\n")[1])


def row(text, start):
    return next(line for line in text.splitlines() if line.startswith(f"| {start} "))


def test_hugging_face_can_read_it():
    assert front_matter(card()) == {
        "license": "apache-2.0",
        "base_model": "google/bert-tiny",
        "pipeline_tag": "text-classification",
        "tags": ["attune", "text-classification"],
        "metrics": ["accuracy", "precision", "recall", "f1"],
    }


def test_a_stranger_finds_what_it_is_and_how_good():
    text = card()
    assert "# My \\*mails\\*\n" in text
    assert "**Text classification.** One class for each text" in text
    assert "2 classes: ham, spam." in text
    assert "The examples of mails:" in text
    assert row(text, "train") == "| train | 80 |"
    assert row(text, "accuracy").startswith("| accuracy | 100.0 % | 80.0 % | ")
    assert row(text, "accuracy").endswith(" % | 50.0 % |")
    assert row(text, "ham").endswith(" | 10 |")
    assert "2 of 2 classes have fewer than 30 test examples" in text
    assert "```python\nprint('hello')\n```\n" in text


def test_settings_that_differ_are_listed_and_no_others():
    text = card()
    settings = text[text.index("## Settings") : text.index("## Results")]
    rows = [line for line in settings.splitlines() if line.startswith("| `")]
    assert sorted(rows) == [
        "| `data.text_columns` | \\['subject', 'body\\_text'\\] |",
        "| `method.id` | lora |",
        "| `method.rank` | 8 |",
        "| `task.max_length` | 128 |",
        "| `training.epochs` | 3 |",
    ]


@pytest.mark.parametrize(
    ("base_model", "shown"),
    [
        (f"{HOME}/models/bert/", "bert"),
        ("C:\\Users\\mary\\bert", "bert"),
        ("torchvision:resnet18@C:/Users/mary/w.pth", "torchvision:resnet18@w.pth"),
        (f"torchvision:resnet18@{HOME}/w.pth", "torchvision:resnet18@w.pth"),
        ("starter:minilm", "starter:minilm"),
        ("google/bert", "google/bert"),
    ],
)
def test_no_folder_of_the_machine_is_told(base_model, shown):
    text = card(base_model=base_model, data="C:\\Users\\mary\\mails.csv")
    assert "mary" not in text
    assert f"Fine-tuned from {shown} with" in text
    assert "The examples of mails.csv:" in text


def test_a_base_model_that_is_no_hub_id_stays_out_of_the_front_matter():
    assert "base_model" not in front_matter(card(base_model="starter:minilm", license=""))
    assert front_matter(card(license=""))["license"] == "unknown"


def test_a_label_shows_as_it_is():
    text = card(labels=("a|b", "<b>*x*</b>\n# head"))
    assert row(text, "a\\|b").count(" | ") == 4
    assert "\\<b\\>\\*x\\*\\</b\\> \\# head" in text
    assert "\n# head" not in text


def test_a_thousand_classes_do_not_fill_the_card():
    text = card(labels=[f"class {number}" for number in range(1000)])
    assert "and 950 more" in text
    assert len(text.splitlines()) < 150

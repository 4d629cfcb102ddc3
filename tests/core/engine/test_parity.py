"""The same work on transformers' own Trainer gives the same losses, step by step: Attune is quicker, not different."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from PIL import Image
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import (
    AutoImageProcessor,
    AutoModelForImageClassification,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    BertConfig,
    BertModel,
    BertTokenizerFast,
    DataCollatorWithPadding,
    ResNetConfig,
    ResNetModel,
    Trainer,
    TrainingArguments,
    default_data_collator,
    set_seed,
)

from core.engine.order import epoch_batches
from core.engine.run import carry_out
from core.events import Step, from_line
from core.runs.folder import create_run
from core.spec import spec_from

STEPS, BATCH, SEED = 50, 8, 3
RATE = 3e-3
SUBJECTS = ("film", "plot", "actor", "scene", "song", "ending", "camera", "joke")
KIND = ("good", "great", "moving", "funny", "clever")
HARSH = ("bad", "dull", "slow", "empty", "loud")
FILLERS = ("the", "a", "was", "and", "really", "in", "this", "very", "one", "of", "my", "for")
PARTS = {"train": 96, "validation": 16, "test": 16}  # 96 is 12 whole batches: the Trainer then cuts them alike


def attune_losses(tmp_path, task, data, model, weight_decay=0.0, micro_batch=None):
    spec = spec_from(
        {
            "task": task,
            "data": {"path": str(data)},
            "model": {"ref": str(model)},
            "training": {
                "max_steps": STEPS, "batch_size": BATCH, "micro_batch_size": micro_batch,
                "learning_rate": RATE, "head_learning_rate": RATE,
                "schedule": "constant", "warmup": 0, "weight_decay": weight_decay, "max_grad_norm": 1.0,
                "early_stopping": 0, "precision": "fp32", "threads": 1,
            },
            "evaluation": {"every_steps": STEPS, "bootstrap_samples": 100},
            "seed": SEED,
            "device": "cpu",
        }
    )  # fmt: skip
    folder = create_run(tmp_path / "run", spec)
    carry_out(folder.path)
    events = [from_line(line) for line in folder.events.read_bytes().splitlines()]
    return [event.loss for event in events if isinstance(event, Step)]


def trainer_losses(tmp_path, module, examples, collator, weight_decay=0.0):
    arguments = TrainingArguments(
        output_dir=str(tmp_path / "trainer"), max_steps=STEPS, per_device_train_batch_size=BATCH, learning_rate=RATE,
        lr_scheduler_type="constant", weight_decay=weight_decay, max_grad_norm=1.0, logging_steps=1, use_cpu=True,
        train_sampling_strategy="sequential", report_to="none", save_strategy="no", disable_tqdm=True,
    )  # fmt: skip
    trainer = Trainer(module, arguments, data_collator=collator, train_dataset=examples)
    trainer.train()
    return [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]


def in_attunes_order(examples, lengths=None):
    """The examples of all steps, one after the other."""
    epochs = -(-STEPS * BATCH // len(examples))
    batches = [batch for epoch in range(epochs) for batch in epoch_batches(len(examples), BATCH, SEED, epoch, lengths)]
    return [examples[position] for position in np.concatenate(batches)]


@pytest.fixture
def sentences(tmp_path):
    """A folder with train.csv, validation.csv and test.csv: (text, class) by part."""
    random = np.random.default_rng(0)
    folder = tmp_path / "sentences"
    folder.mkdir()
    rows = {}
    for part, count in PARTS.items():
        rows[part] = []
        for number in range(count):
            words = [str(word) for word in random.choice(FILLERS, random.integers(1, 14))]
            words += [str(random.choice(SUBJECTS)), *map(str, random.choice((HARSH, KIND)[number % 2], 2))]
            rows[part].append((" ".join(words), ("bad", "good")[number % 2]))
        lines = ["text,label", *(f"{text},{label}" for text, label in rows[part])]
        (folder / f"{part}.csv").write_text("\n".join(lines) + "\n")
    return folder, rows


@pytest.fixture
def bert(tmp_path):
    """A tiny BERT without a head, and a word-piece tokenizer, in a Transformers folder."""
    words = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *FILLERS, *SUBJECTS, *KIND, *HARSH)
    vocabulary = {word: number for number, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    folder = tmp_path / "bert"
    BertTokenizerFast(tokenizer_object=tokenizer).save_pretrained(folder)
    config = BertConfig(
        vocab_size=200, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=64, initializer_range=0.1, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, pad_token_id=0,
    )  # fmt: skip
    torch.manual_seed(1)
    BertModel(config).save_pretrained(folder)
    return folder


@pytest.mark.parametrize(("weight_decay", "micro_batch"), [(0.0, None), (0.01, None), (0.0, 3)])
def test_texts_are_learnt_as_the_trainer_learns_them(tmp_path, sentences, bert, weight_decay, micro_batch):
    data, rows = sentences
    ours = attune_losses(tmp_path, {"id": "text-classification"}, data, bert, weight_decay, micro_batch)

    tokenizer = AutoTokenizer.from_pretrained(bert)
    examples = [{**tokenizer(text), "label": ("bad", "good").index(label)} for text, label in rows["train"]]
    lengths = np.array([len(example["input_ids"]) for example in examples])
    set_seed(SEED)
    module = AutoModelForSequenceClassification.from_pretrained(bert, num_labels=2)
    collator = DataCollatorWithPadding(tokenizer)
    theirs = trainer_losses(tmp_path, module, in_attunes_order(examples, lengths), collator, weight_decay)

    assert len(ours) == len(theirs) == STEPS
    assert np.mean(theirs[-10:]) < 0.5 * theirs[0]  # it is learning: agreement is not that of standing still
    assert ours == pytest.approx(theirs, abs=1e-3)


@pytest.fixture
def shapes(tmp_path):
    """A folder train/CLASS/*.png and so on: bright squares and stripes on noise, the size a model does not expect."""
    random = np.random.default_rng(0)
    folder = tmp_path / "shapes"
    for part, count in PARTS.items():
        for number in range(count):
            pixels = random.integers(0, 120, (60, 40, 3), dtype=np.uint8)
            top, left = random.integers(0, 20, 2)
            if number % 2:
                pixels[top : top + 16, left : left + 16] += 100
            else:
                pixels[top::6] += 100
            place = folder / part / ("stripes", "square")[number % 2]
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels).save(place / f"{number:03}.png")
    return folder


@pytest.fixture
def resnet(tmp_path):
    """A tiny ResNet without a head, and a ConvNeXt image processor, in a Transformers folder."""
    folder = tmp_path / "resnet"
    config = ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16, 32], depths=[1, 1, 1], layer_type="basic", num_channels=3
    )
    torch.manual_seed(1)
    ResNetModel(config).save_pretrained(folder)
    processor = {
        "image_processor_type": "ConvNextImageProcessor",
        "size": {"shortest_edge": 32}, "crop_pct": 0.875, "do_resize": True, "do_rescale": True, "do_normalize": True,
        "image_mean": [0.485, 0.456, 0.406], "image_std": [0.229, 0.224, 0.225], "resample": 3,
    }  # fmt: skip
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    return folder


def test_pictures_are_learnt_as_the_trainer_learns_them(tmp_path, shapes, resnet):
    task = {"id": "image-classification", "augmentation": "none", "flip": False}
    ours = attune_losses(tmp_path, task, shapes, resnet)

    processor = AutoImageProcessor.from_pretrained(resnet, backend="pil")
    paths = sorted((shapes / "train").glob("*/*.png"))
    examples = [
        {
            "pixel_values": processor(Image.open(path), return_tensors="pt")["pixel_values"][0],
            "labels": ("square", "stripes").index(path.parent.name),
        }
        for path in paths
    ]
    set_seed(SEED)
    module = AutoModelForImageClassification.from_pretrained(resnet, num_labels=2)
    theirs = trainer_losses(tmp_path, module, in_attunes_order(examples), default_data_collator)

    assert len(ours) == len(theirs) == STEPS
    assert np.mean(theirs[-10:]) < 0.5 * theirs[0]
    assert ours == pytest.approx(theirs, abs=1e-3)

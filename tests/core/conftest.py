"""Tiny real models and data, made in a moment."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from PIL import Image

WORDS = {
    "fruit": "apple pear plum cherry melon grape peach lemon",
    "tool": "hammer saw drill wrench pliers chisel file clamp",
    "bird": "heron robin crow owl finch swan wren hawk",
}
FILLERS = ["the", "a", "old", "new", "my", "your", "one", "very", "small", "big", "good", "near", "with", "and", "this"]


@pytest.fixture(autouse=True)
def fresh_accelerator():
    """accelerate remembers precision and device for the life of a process; a run has a process of its own."""
    yield
    import sys

    if "accelerate" in sys.modules:
        from accelerate.state import AcceleratorState

        AcceleratorState._reset_state(reset_partial_state=True)


@pytest.fixture(scope="session")
def words_csv(tmp_path_factory):
    """90 short texts in three classes that a word decides."""
    random = np.random.default_rng(0)
    path = tmp_path_factory.mktemp("words") / "words.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["text", "label"])
        for number in range(90):
            label = list(WORDS)[number % 3]
            filled = list(random.choice(FILLERS, random.integers(2, 9)))
            filled.insert(int(random.integers(0, len(filled))), str(random.choice(WORDS[label].split())))
            table.writerow([" ".join(filled), label])
    return path


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory):
    """A BERT of two layers with random weights and a WordPiece tokenizer of its own."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, set_seed

    folder = tmp_path_factory.mktemp("tiny-bert")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *FILLERS, *" ".join(WORDS.values()).split(), *map(str, range(60))]
    vocabulary = {word: number for number, word in enumerate(words)}
    backend = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    backend.normalizer, backend.pre_tokenizer = BertNormalizer(), BertPreTokenizer()
    backend.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]",
        model_max_length=64, model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )  # fmt: skip
    set_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def colours(tmp_path_factory):
    """60 pictures in three class folders; the class is the colour."""
    random = np.random.default_rng(0)
    root = tmp_path_factory.mktemp("colours")
    for channel, name in enumerate(("red", "green", "blue")):
        (root / name).mkdir()
        for number in range(20):
            pixels = random.integers(0, 90, (40 + number % 3, 48, 3), dtype=np.uint8)
            pixels[..., channel] += 150
            Image.fromarray(pixels).save(root / name / f"{number}.{'png' if number % 2 else 'jpg'}", quality=95)
    return root


@pytest.fixture(scope="session")
def tiny_vit(tmp_path_factory):
    """A vision transformer of two layers for pictures of 32 pixels, resized exactly as ViT's processor does."""
    from transformers import ViTConfig, ViTForImageClassification, set_seed

    folder = tmp_path_factory.mktemp("tiny-vit")
    set_seed(0)
    config = ViTConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, image_size=32, patch_size=8
    )
    ViTForImageClassification(config).save_pretrained(folder)
    processor = {"image_processor_type": "ViTImageProcessor", "size": {"height": 32, "width": 32}, "resample": 2}
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    return folder


@pytest.fixture(scope="session")
def tiny_timm(tmp_path_factory):
    """timm's smallest ResNet with random weights, for pictures of 32 pixels."""
    from transformers import TimmWrapperConfig, TimmWrapperForImageClassification, set_seed

    folder = tmp_path_factory.mktemp("tiny-timm")
    set_seed(0)
    config = TimmWrapperConfig.from_dict(
        {
            "architecture": "test_resnet",
            "num_classes": 4,
            "pretrained_cfg": {"input_size": [3, 32, 32], "crop_pct": 0.875, "interpolation": "bilinear",
                               "mean": [0.5] * 3, "std": [0.5] * 3, "classifier": "fc"},
        },
        num_labels=4,
    )  # fmt: skip
    TimmWrapperForImageClassification(config).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def resnet18(tmp_path_factory):
    """torchvision's ResNet-18 with random weights as a .pth file: a reference."""
    import torch
    from torchvision import models

    torch.manual_seed(0)
    path = tmp_path_factory.mktemp("torchvision") / "resnet18.pth"
    torch.save(models.resnet18(weights=None).state_dict(), path)
    return f"torchvision:resnet18@{path}"


@pytest.fixture
def attune(capfd):
    """Calls the command line in this process; returns the exit code and what it printed."""
    from core.cli import main

    def call(*words):
        capfd.readouterr()
        code = main([str(word) for word in words])
        printed = capfd.readouterr()
        return code, printed.out, printed.err

    return call

"""Classify texts with this adapter: python predict.py BASE "a text" ["another" ...]   (pip install transformers peft)

BASE is the folder of the model the adapter was trained on; adapter_config.json names it. For a model of text pairs
write "first ||| second".
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder = Path(__file__).parent
labels = json.loads((folder / "labels.json").read_text("utf-8"))
base = AutoModelForSequenceClassification.from_pretrained(
    sys.argv[1], num_labels=len(labels), ignore_mismatched_sizes=True
)
model = PeftModel.from_pretrained(base, folder).eval()
tokenizer = AutoTokenizer.from_pretrained(folder)

for given in sys.argv[2:]:
    first, _, second = given.partition(" ||| ")
    inputs = tokenizer(first, second or None, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        scores = model(**inputs).logits.softmax(dim=-1)[0]
    best = int(scores.argmax())
    print(f"{labels[best]}\t{scores[best]:.4f}\t{given}")

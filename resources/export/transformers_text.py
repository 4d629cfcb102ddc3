"""Classify texts with this folder: python predict.py "a text" ["another" ...]   (pip install transformers torch)

For a model of text pairs write: python predict.py "first ||| second"
"""

import sys
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

folder = Path(__file__).parent
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(folder).eval()

for given in sys.argv[1:]:
    first, _, second = given.partition(" ||| ")
    inputs = tokenizer(first, second or None, truncation=True, return_tensors="pt")
    with torch.inference_mode():
        scores = model(**inputs).logits.softmax(dim=-1)[0]
    best = int(scores.argmax())
    print(f"{model.config.id2label[best]}\t{scores[best]:.4f}\t{given}")

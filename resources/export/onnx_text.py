"""Classify texts without PyTorch: python predict.py "a text" [...]   (pip install onnxruntime tokenizers numpy)

For a model of text pairs write: python predict.py "first ||| second"
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

folder = Path(__file__).parent
labels = json.loads((folder / "labels.json").read_text("utf-8"))
tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.enable_truncation(json.loads((folder / "preprocessing.json").read_text("utf-8"))["max_length"])
tokenizer.no_padding()
session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
wanted = [each.name for each in session.get_inputs()]

for given in sys.argv[1:]:
    first, _, second = given.partition(" ||| ")
    text = tokenizer.encode(first, second) if second else tokenizer.encode(first)
    known = {"input_ids": text.ids, "attention_mask": text.attention_mask, "token_type_ids": text.type_ids}
    logits = session.run(["logits"], {name: np.array([known[name]], dtype=np.int64) for name in wanted})[0][0]
    scores = np.exp(logits - logits.max())
    scores /= scores.sum()
    best = int(scores.argmax())
    print(f"{labels[best]}\t{scores[best]:.4f}\t{given}")

"""Classify pictures with this adapter: python predict.py BASE PICTURE [...]   (pip install transformers peft timm)

BASE is the folder of the model the adapter was trained on; adapter_config.json names it.
"""

import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from PIL import Image, ImageOps
from transformers import AutoImageProcessor, AutoModelForImageClassification

folder = Path(__file__).parent
labels = json.loads((folder / "labels.json").read_text("utf-8"))
base = AutoModelForImageClassification.from_pretrained(
    sys.argv[1], num_labels=len(labels), ignore_mismatched_sizes=True
)
model = PeftModel.from_pretrained(base, folder).eval()
processor = AutoImageProcessor.from_pretrained(sys.argv[1])

for given in sys.argv[2:]:
    with Image.open(given) as file:
        inputs = processor(ImageOps.exif_transpose(file).convert("RGB"), return_tensors="pt")
    with torch.inference_mode():
        scores = model(**inputs).logits.softmax(dim=-1)[0]
    best = int(scores.argmax())
    print(f"{labels[best]}\t{scores[best]:.4f}\t{given}")

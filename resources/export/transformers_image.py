"""Classify pictures with this folder: python predict.py PICTURE [PICTURE ...]   (pip install transformers timm)"""

import sys
from pathlib import Path

import torch
from PIL import Image, ImageOps
from transformers import AutoImageProcessor, AutoModelForImageClassification

folder = Path(__file__).parent
processor = AutoImageProcessor.from_pretrained(folder)
model = AutoModelForImageClassification.from_pretrained(folder).eval()

for given in sys.argv[1:]:
    with Image.open(given) as file:
        inputs = processor(ImageOps.exif_transpose(file).convert("RGB"), return_tensors="pt")
    with torch.inference_mode():
        scores = model(**inputs).logits.softmax(dim=-1)[0]
    best = int(scores.argmax())
    print(f"{model.config.id2label[best]}\t{scores[best]:.4f}\t{given}")

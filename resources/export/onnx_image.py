"""Classify pictures without PyTorch: python predict.py PICTURE [...]   (pip install onnxruntime pillow numpy)"""

import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image, ImageOps

folder = Path(__file__).parent
labels = json.loads((folder / "labels.json").read_text("utf-8"))
picture = json.loads((folder / "preprocessing.json").read_text("utf-8"))
session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])


def prepared(path):
    """The picture as [1, 3, height, width]: resized, cut from the centre, scaled."""
    with Image.open(path) as file:
        image = ImageOps.exif_transpose(file).convert("RGB")
    if picture["resize"][0] == "exact":
        image = image.resize((picture["resize"][2], picture["resize"][1]), picture["resample"])
    else:
        short, side = min(image.size), picture["resize"][1]
        size = tuple(side if each == short else int(side * each / short) for each in image.size)
        image = image.resize(size, picture["resample"])
    height, width = picture["size"]
    left, top = round((image.width - width) / 2), round((image.height - height) / 2)
    pixels = np.asarray(image.crop((left, top, left + width, top + height)), dtype=np.float32) / 255
    pixels = (pixels - np.array(picture["mean"], np.float32)) / np.array(picture["std"], np.float32)
    return pixels.transpose(2, 0, 1)[None]


for given in sys.argv[1:]:
    logits = session.run(["logits"], {"pixel_values": prepared(given)})[0][0]
    scores = np.exp(logits - logits.max())
    scores /= scores.sum()
    best = int(scores.argmax())
    print(f"{labels[best]}\t{scores[best]:.4f}\t{given}")

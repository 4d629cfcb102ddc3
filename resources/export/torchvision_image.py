"""Classify pictures with this folder: python predict.py PICTURE [...]   (pip install torchvision safetensors)"""

import json
import sys
from pathlib import Path

import torch
from PIL import Image, ImageOps
from safetensors.torch import load_file
from torchvision import models
from torchvision.transforms import v2

folder = Path(__file__).parent
config = json.loads((folder / "config.json").read_text("utf-8"))
labels, picture = config["labels"], config["picture"]

model = models.get_model(config["architecture"], weights=None, num_classes=len(labels)).eval()
model.load_state_dict(load_file(folder / "model.safetensors"))
resize = picture["resize"][1] if picture["resize"][0] == "shortest" else picture["resize"][1:]
transform = v2.Compose(
    [
        v2.Resize(resize, interpolation={0: v2.InterpolationMode.NEAREST, 3: v2.InterpolationMode.BICUBIC}.get(
            picture["resample"], v2.InterpolationMode.BILINEAR)),
        v2.CenterCrop(picture["size"]),
        v2.ToImage(),
        v2.ToDtype(torch.float32, scale=True),
        v2.Normalize(picture["mean"], picture["std"]),
    ]
)  # fmt: skip

for given in sys.argv[1:]:
    with Image.open(given) as file:
        pixels = transform(ImageOps.exif_transpose(file).convert("RGB"))
    with torch.inference_mode():
        scores = model(pixels[None]).softmax(dim=-1)[0]
    best = int(scores.argmax())
    print(f"{labels[best]}\t{scores[best]:.4f}\t{given}")

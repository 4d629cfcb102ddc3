"""What Attune does, without a window: data, models, fine-tuning, judging, export. Never imports Qt."""

__version__ = "0.1.0"

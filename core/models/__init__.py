"""Where pretrained models come from, and how they are loaded without running anything they bring along."""

"""How fast Attune fine-tunes, beside transformers' own Trainer on the same machine. README.md says how to run it."""

"""Text classification: python -m tests.benchmarks.text [--data sentiment/] [--accuracy]"""

from tests.benchmarks.measure import ROOT, Variants, main

VARIANTS: Variants = {
    "best": {"arguments": {"bf16": True, "train_sampling_strategy": "group_by_length"}},
    "bf16": {"arguments": {"bf16": True}},
    "defaults": {"arguments": {}},
    "example script": {"arguments": {}, "pad_to": 128},
}

if __name__ == "__main__":
    sample = ROOT / "resources" / "samples" / "customer-messages" / "messages.csv"
    main("text-classification", str(sample), "starter:minilm", VARIANTS)

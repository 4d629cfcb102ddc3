"""What a person can set about data, model, method, training and judging. Light: `core.spec` composes it."""

"""Training only the used rows of an embedding gives the same weights, and leaves the others in peace."""

import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import AdamW
from transformers import BertConfig, BertForSequenceClassification, GPT2Config, GPT2LMHeadModel

from core.engine.used_rows import UsedRows, restore_rows, train_used_rows
from core.models.network import Network

VOCABULARY, PADDING = 60, 0
USED = np.array([0, 2, 3, 10, 11, 12, 40, 59])


def network(module=None):
    if module is None:
        torch.manual_seed(0)
        module = BertForSequenceClassification(
            BertConfig(
                vocab_size=VOCABULARY, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                intermediate_size=32, max_position_embeddings=16, pad_token_id=PADDING, hidden_dropout_prob=0.0,
                attention_probs_dropout_prob=0.0,
            )
        )  # fmt: skip
    return Network(
        module, family="transformers", architecture="bert", labels=("a", "b"), head=("classifier",), fresh=frozenset()
    )


def batches():
    random = np.random.default_rng(1)
    for _ in range(20):
        tokens = torch.from_numpy(random.choice(USED[1:], (4, 8)))
        tokens[1, 5:] = PADDING
        mask = (tokens != PADDING).long()
        yield {"input_ids": tokens, "attention_mask": mask, "labels": torch.from_numpy(random.integers(0, 2, 4))}


def trained(made):
    optimizer = AdamW([each for each in made.module.parameters() if each.requires_grad], lr=1e-2, weight_decay=0)
    made.module.train()
    for batch in batches():
        made.module(**batch).loss.backward()
        nn.utils.clip_grad_norm_(made.module.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
    return made


def test_training_used_rows_gives_the_same_weights():
    whole, spared = network(), network()
    before = whole.module.get_input_embeddings().weight.detach().clone()
    trained(whole)

    train_used_rows(spared, USED)
    assert sum(each.numel() for each in spared.module.parameters()) < sum(
        each.numel() for each in whole.module.parameters()
    )
    trained(spared)
    restore_rows(spared)

    assert spared.module.state_dict().keys() == whole.module.state_dict().keys()
    for name, tensor in whole.module.state_dict().items():
        torch.testing.assert_close(spared.module.state_dict()[name], tensor, rtol=1e-5, atol=1e-6, msg=name)
    unused = np.setdiff1d(np.arange(VOCABULARY), USED)
    after = spared.module.get_input_embeddings().weight
    assert torch.equal(after[unused], before[unused])
    assert not torch.equal(after[USED], before[USED])


def test_restoring_puts_back_a_plain_embedding_with_the_exact_rows():
    made = network()
    before = made.module.get_input_embeddings().weight.detach().clone()
    train_used_rows(made, USED)
    stand_in = made.module.get_input_embeddings()
    assert isinstance(stand_in, UsedRows)
    stand_in.rows.data += 1
    restore_rows(made)

    embedding = made.module.get_input_embeddings()
    expected = before.clone()
    expected[USED] += 1
    assert type(embedding) is nn.Embedding
    assert torch.equal(embedding.weight, expected)
    assert embedding.weight.requires_grad
    assert (embedding.padding_idx, embedding.num_embeddings, embedding.embedding_dim) == (PADDING, VOCABULARY, 16)


def test_unknown_tokens_use_the_resting_rows_when_judging():
    made = network()
    tokens = torch.arange(VOCABULARY).view(4, 15)
    made.module.eval()
    before = made.module(tokens).logits
    train_used_rows(made, USED)
    made.module.eval()
    assert torch.equal(made.module(tokens).logits, before)
    assert torch.equal(trained_eval(made, tokens), trained_eval(made, tokens))


def trained_eval(made, tokens):
    made.module.eval()
    with torch.inference_mode():
        return made.module(tokens).logits


def test_judging_with_the_stand_in_equals_judging_the_restored_model():
    made = trained_with_used_rows()
    tokens = torch.arange(VOCABULARY).view(4, 15)
    standing_in = trained_eval(made, tokens)
    restore_rows(made)
    assert torch.equal(trained_eval(made, tokens), standing_in)


def trained_with_used_rows():
    made = network()
    train_used_rows(made, USED)
    return trained(made)


def test_the_padding_row_is_never_moved():
    made = network()
    before = made.module.get_input_embeddings().weight[PADDING].detach().clone()
    train_used_rows(made, USED[1:])  # not even where the texts need no padding
    trained(made)
    restore_rows(made)
    assert torch.equal(made.module.get_input_embeddings().weight[PADDING], before)


def test_a_vocabulary_in_full_use_is_left_alone():
    made = network()
    train_used_rows(made, np.arange(VOCABULARY - 3))
    assert type(made.module.get_input_embeddings()) is nn.Embedding


def test_an_embedding_that_is_the_output_layer_too_is_left_alone():
    tied = network(GPT2LMHeadModel(GPT2Config(vocab_size=VOCABULARY, n_embd=8, n_layer=1, n_head=2, n_positions=16)))
    train_used_rows(tied, USED)
    assert type(tied.module.get_input_embeddings()) is nn.Embedding


@pytest.mark.parametrize("family", ["transformers", "torchvision"])
def test_a_network_without_an_embedding_is_left_alone(family):
    made = network(nn.Sequential(nn.Conv2d(3, 4, 3)))
    made.family = family
    weights = copy.deepcopy(made.module.state_dict())
    train_used_rows(made, None)
    restore_rows(made)
    assert made.module.state_dict().keys() == weights.keys()


def test_only_trained_rows_are_in_the_state():
    """The best weights are kept in a file again and again: the resting rows need not be in it."""
    made = network()
    train_used_rows(made, USED)
    names = [name for name in made.module.state_dict() if "word_embeddings" in name]
    assert names == ["bert.embeddings.word_embeddings.rows"]

"""Measures transformers on the shapes of `troupe bench`, for a comparison in the same run.

Usage: python transformers_peer.py decode|train --hidden 192 --layers 6 ... ; prints one JSON object a line.
Needs torch and transformers; Troupe itself uses no Python.
"""

import argparse
import json
import time

import torch
from transformers import LlamaConfig, LlamaForCausalLM


def model(options):
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=options.vocabulary,
        hidden_size=options.hidden,
        intermediate_size=options.feed_forward,
        num_hidden_layers=options.layers,
        num_attention_heads=options.heads,
        num_key_value_heads=options.kv_heads,
        head_dim=options.head_size,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=None,
        pad_token_id=0,
    )
    return LlamaForCausalLM(config)


def decode(options):
    network = model(options).eval()
    prompt = torch.randint(3, options.vocabulary, (options.sequences, options.prompt))

    def once():
        network.generate(
            prompt,
            attention_mask=torch.ones_like(prompt),
            max_new_tokens=options.tokens,
            min_new_tokens=options.tokens,
            do_sample=True,
            use_cache=True,
        )

    return measure(once, options.sequences * options.tokens, options.seconds)


def train(options):
    network = model(options).train()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4)
    tokens = torch.randint(3, options.vocabulary, (options.sequences, options.tokens))

    def once():
        loss = network(input_ids=tokens, labels=tokens).loss
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    return measure(once, options.sequences * options.tokens, options.seconds)


def measure(once, tokens, seconds):
    """Tokens a second: the median over repeats that fill the given time, after one warm-up."""
    once()
    rates = []
    begin = time.perf_counter()
    while time.perf_counter() - begin < seconds or len(rates) < 3:
        start = time.perf_counter()
        once()
        rates.append(tokens / (time.perf_counter() - start))
    return sorted(rates)[len(rates) // 2]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["decode", "train"])
    for name, default in [
        ("hidden", 192),
        ("layers", 6),
        ("heads", 6),
        ("kv-heads", 2),
        ("head-size", 32),
        ("feed-forward", 512),
        ("vocabulary", 64),
        ("prompt", 16),
        ("tokens", 32),
        ("sequences", 64),
        ("threads", 2),
        ("seconds", 10),
    ]:
        parser.add_argument("--" + name, type=int, default=default)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rate = decode(options) if options.what == "decode" else train(options)
    print(json.dumps({"peer": "transformers", "what": options.what, "tokensPerSecond": rate}))


if __name__ == "__main__":
    main()

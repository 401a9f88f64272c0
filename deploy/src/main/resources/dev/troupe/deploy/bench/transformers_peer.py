"""Measures transformers on the shapes of `troupe bench`, for a comparison in the same run.

Usage: python transformers_peer.py decode|train|loop|trl --hidden 192 --layers 6 ... ; prints one JSON object a line.
Needs torch and transformers, trl for trl; Troupe itself uses no Python.
"""

import argparse
import json
import os
import random
import tempfile
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


ALPHABET = "0123456789+="
FIRST = 3  # after padding, beginning and end
END = 2


def encode(text):
    return [FIRST + ALPHABET.index(character) for character in text]


def problem(source):
    """A sum of two numbers of up to two digits: the prompt and the right answer, lowest digit first."""
    a, b = source.randrange(100), source.randrange(100)
    return "%02d+%02d=" % (a, b), ("%03d" % (a + b))[::-1]


def token_log_probs(network, tokens, answer):
    logits = network(input_ids=tokens[:, :-1], logits_to_keep=answer).logits
    return torch.log_softmax(logits, -1).gather(-1, tokens[:, -answer:, None]).squeeze(-1)


def loop(options):
    """GRPO by hand: generate with the cache, verify, advantages of groups, one PPO-clip update with AdamW."""
    network = model(options)
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.0)
    source = random.Random(0)

    def once():
        problems = [problem(source) for _ in range(options.groups)]
        prompts = torch.tensor([encode(prompt) for prompt, _ in problems for _ in range(options.group_size)])
        network.eval()
        tokens = network.generate(
            prompts,
            attention_mask=torch.ones_like(prompts),
            max_new_tokens=options.tokens,
            do_sample=True,
            use_cache=True,
            eos_token_id=END,
        )
        network.train()
        answer = tokens.size(1) - prompts.size(1)
        completions = tokens[:, prompts.size(1) :]
        ended = (completions == END).int().cumsum(1)
        mask = ((ended - (completions == END).int()) == 0).float()
        rewards = torch.tensor(
            [float(row[: len(right)] == right and row[len(right) : len(right) + 1] in ([], [END]))
             for row, right in zip(completions.tolist(), (encode(a) for _, a in problems for _ in range(options.group_size)))]
        )
        groups = rewards.view(options.groups, options.group_size)
        advantages = ((groups - groups.mean(1, keepdim=True)) / (groups.std(1, keepdim=True) + 1e-4)).view(-1, 1)
        with torch.no_grad():
            old = torch.cat([token_log_probs(network, part, answer) for part in tokens.split(options.micro_batch)])
        optimizer.zero_grad()
        rows = zip(*(each.split(options.micro_batch) for each in (tokens, old, advantages, mask)))
        for part, before, advantage, trained in rows:
            ratio = (token_log_probs(network, part, answer) - before).exp()
            gain = torch.min(ratio * advantage, ratio.clamp(0.8, 1.28) * advantage)
            (-(gain * trained).sum() / mask.sum()).backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()

    return measure(once, options.groups * options.group_size, options.seconds)


def trl(options):
    """TRL's trainer on the same shapes: completions a second from its third step on."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from datasets import Dataset
    from tokenizers import Regex, Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, TrainerCallback
    from trl import GRPOConfig, GRPOTrainer

    words = {"<pad>": 0, "<s>": 1, "</s>": END, **{c: FIRST + i for i, c in enumerate(ALPHABET)}}
    inner = Tokenizer(models.WordLevel(words, unk_token="<pad>"))
    inner.pre_tokenizer = pre_tokenizers.Split(Regex("."), "isolated")
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<pad>"
    )
    source = random.Random(0)
    rows = [dict(zip(("prompt", "answer"), problem(source))) for _ in range(20_000)]

    def reward(completions, answer, **_):
        return [float(said.replace(" ", "") == right) for said, right in zip(completions, answer)]

    marks = []

    class Clock(TrainerCallback):
        def on_step_end(self, args, state, control, **_):
            marks.append(time.perf_counter())
            if len(marks) >= 5 and marks[-1] - marks[1] > options.seconds:
                control.should_training_stop = True

    completions = options.groups * options.group_size
    network = model(options)
    network.config.eos_token_id = network.generation_config.eos_token_id = END
    with tempfile.TemporaryDirectory() as folder:
        config = GRPOConfig(
            output_dir=folder,
            per_device_train_batch_size=completions,
            gradient_accumulation_steps=1,
            num_generations=options.group_size,
            max_completion_length=options.tokens,
            max_steps=1_000,
            learning_rate=1e-4,
            beta=0.0,
            use_cpu=True,
            bf16=False,
            report_to=[],
            save_strategy="no",
            logging_strategy="no",
            disable_tqdm=True,
            gradient_checkpointing=False,
        )
        GRPOTrainer(
            model=network,
            reward_funcs=reward,
            args=config,
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            callbacks=[Clock()],
        ).train()
    return completions * (len(marks) - 2) / (marks[-1] - marks[1])


def measure(once, tokens, seconds):
    """Tokens (or completions) a second: the median over repeats that fill the given time, after one warm-up."""
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
    parser.add_argument("what", choices=["decode", "train", "loop", "trl"])
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
        ("groups", 64),
        ("group-size", 8),
        ("micro-batch", 64),
        ("threads", 2),
        ("seconds", 10),
    ]:
        parser.add_argument("--" + name, type=int, default=default)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rate = {"decode": decode, "train": train, "loop": loop, "trl": trl}[options.what](options)
    unit = "tokensPerSecond" if options.what in ("decode", "train") else "completionsPerSecond"
    print(json.dumps({"peer": "transformers", "what": options.what, unit: rate}))


if __name__ == "__main__":
    main()

"""Reads an exported policy as docs/environments.md says and records what PyTorch makes of a played
fragment: pytorch_probe.py EXPORTED FRAGMENT.json FIXTURE.json
"""

import json
import sys

import torch
from safetensors.torch import load_file

exported, played, fixture = sys.argv[1:]
config = json.load(open(exported + "/config.json"))
weights = load_file(exported + "/model.safetensors")
w = [weights[name] for name in config["parameters"]]
policy = torch.jit.load(exported + "/policy.pt")
fragment = json.load(open(played))
steps, lanes = fragment["steps"], fragment["lanes"]
observations = torch.tensor(fragment["observations"]).view(steps, lanes, -1)
kind = torch.float32 if config["actions"]["kind"] == "box" else torch.int64
actions = torch.tensor(fragment["actions"], dtype=kind).view(steps, lanes, -1)
state = torch.zeros(lanes, config["state_size"])
log_probabilities, greedy = [], []
for step in range(steps):
    seen = observations[step]
    log_probabilities += policy.log_probabilities(seen, actions[step], state, w).tolist()
    best, _ = policy.greedy(seen, state, w)
    greedy += best.flatten().tolist()
    _, state = policy.distribution(seen, state, w)
fragment |= {"pytorch": torch.__version__, "logProbs": log_probabilities, "greedy": greedy}
json.dump(fragment, open(fixture, "w"))

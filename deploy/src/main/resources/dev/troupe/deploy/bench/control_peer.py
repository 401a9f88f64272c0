"""What others do in environments, for ./troupe bench: the last line printed is one JSON object.

  control_peer.py steps VECTOR ID COUNT     random choices: steps a second
  control_peer.py sampling VECTOR ID COUNT  choices of a 64-64 tanh network in PyTorch
  control_peer.py ppo NAME SEED             CartPole-v1 until the last 100 episodes returned 475

VECTOR is gymnasium or envpool. NAME is one of

  sb3      Stable-Baselines3's PPO with rl-zoo's hyper-parameters
  cleanrl  PPO in one plain loop on Gymnasium's vector with CleanRL's hyper-parameters
  envpool  the same loop on EnvPool with those of recipes/cartpole.conf

A package that is missing is named by {"missing": NAME}.
"""

import json
import sys
import time
from collections import deque

GOAL = 475
EPISODES = 100


class Vector:
    """Environments that begin their next episode by themselves, whoever made them."""

    def __init__(self, kind, name, count, seed):
        self.count, self.seed = count, seed
        if kind == "envpool":
            import envpool

            self.environments = envpool.make(
                name, env_type="gymnasium", num_envs=count, seed=seed
            )
            self.choices = self.environments.action_space.n
        else:
            import gymnasium
            from gymnasium.vector import AutoresetMode

            self.environments = gymnasium.make_vec(
                name,
                num_envs=count,
                vectorization_mode="sync",
                vector_kwargs={"autoreset_mode": AutoresetMode.SAME_STEP},
            )
            self.choices = self.environments.single_action_space.n

    def reset(self):
        if type(self.environments).__module__.startswith("gymnasium"):
            return self.environments.reset(seed=self.seed)[0]
        return self.environments.reset()[0]

    def step(self, actions):
        observations, rewards, terminated, truncated, _ = self.environments.step(actions)
        return observations, rewards, terminated | truncated


def rates(play, count):
    """Steps a second by the clock and of the process's processor time."""
    play(0.5)
    begun, busy, rounds = time.perf_counter(), time.process_time(), play(2)
    return {
        "clock": rounds * count / (time.perf_counter() - begun),
        "processor": rounds * count / (time.process_time() - busy),
    }


def played(step):
    def play(seconds):
        begun, rounds = time.perf_counter(), 0
        while time.perf_counter() - begun < seconds:
            for _ in range(20):
                step()
            rounds += 20
        return rounds

    return play


def steps(kind, name, count):
    import numpy

    vector = Vector(kind, name, count, 1)
    random = numpy.random.default_rng(1)
    vector.reset()
    return rates(played(lambda: vector.step(random.integers(vector.choices, size=count))), count)


def tanh_network(torch, sizes, gain):
    layers = []
    for at, (inputs, outputs) in enumerate(zip(sizes, sizes[1:])):
        layer = torch.nn.Linear(inputs, outputs)
        last = at == len(sizes) - 2
        torch.nn.init.orthogonal_(layer.weight, gain if last else 2**0.5)
        torch.nn.init.zeros_(layer.bias)
        layers += [layer] if last else [layer, torch.nn.Tanh()]
    return torch.nn.Sequential(*layers)


def sampling(kind, name, count):
    import torch

    torch.set_num_threads(1)
    vector = Vector(kind, name, count, 1)
    seen = torch.as_tensor(vector.reset(), dtype=torch.float32)
    actor = tanh_network(torch, [seen.shape[1], 64, 64, int(vector.choices)], 0.01)

    def step():
        nonlocal seen
        drawn = torch.distributions.Categorical(logits=actor(seen))
        actions = drawn.sample()
        drawn.log_prob(actions)
        seen = torch.as_tensor(vector.step(actions.numpy())[0], dtype=torch.float32)

    with torch.no_grad():
        return rates(played(step), count)


def now():
    return time.perf_counter(), time.process_time()


def result(begun, made, solved):
    clock, processor = (end - start for start, end in zip(begun, now()))
    return {"seconds": clock, "processorSeconds": processor, "steps": made, "solved": solved}


def sb3(seed):
    import torch
    from stable_baselines3 import PPO
    from stable_baselines3.common.callbacks import BaseCallback
    from stable_baselines3.common.env_util import make_vec_env

    class Goal(BaseCallback):
        solved = False

        def _on_step(self):
            ended = self.model.ep_info_buffer
            self.solved = len(ended) == EPISODES and (
                sum(episode["r"] for episode in ended) / EPISODES >= GOAL
            )
            return not self.solved

    torch.set_num_threads(1)
    begun = now()
    goal = Goal()
    model = PPO(
        "MlpPolicy",
        make_vec_env("CartPole-v1", n_envs=8, seed=seed),
        n_steps=32,
        batch_size=256,
        gae_lambda=0.8,
        gamma=0.98,
        n_epochs=20,
        ent_coef=0.0,
        learning_rate=lambda left: left * 1e-3,
        clip_range=lambda left: left * 0.2,
        seed=seed,
        device="cpu",
    )
    model.learn(100_000, callback=goal)
    return result(begun, model.num_timesteps, goal.solved)


def ppo(
    kind,
    seed,
    count,
    steps,
    epochs,
    minibatches,
    rate,
    annealed,
    gamma,
    trace,
    entropy,
    most,
    clip=0.2,
    clipped_values=False,
):
    """PPO as CleanRL has it: one loop, Adam, separate networks, advantages of each minibatch."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    begun = now()
    vector = Vector(kind, "CartPole-v1", count, seed)
    seen = torch.as_tensor(vector.reset(), dtype=torch.float32)
    width = seen.shape[1]
    actor = tanh_network(torch, [width, 64, 64, int(vector.choices)], 0.01)
    critic = tanh_network(torch, [width, 64, 64, 1], 1.0)
    weights = [*actor.parameters(), *critic.parameters()]
    adam = torch.optim.Adam(weights, lr=rate, eps=1e-5)
    observations = torch.zeros(steps, count, width)
    actions = torch.zeros(steps, count, dtype=torch.int64)
    sampled, values, rewards, begins = (torch.zeros(steps, count) for _ in range(4))
    over = torch.zeros(count)
    returns, ended = torch.zeros(count), deque(maxlen=EPISODES)
    batch = steps * count
    updates = most // batch
    for update in range(updates):
        if annealed:
            adam.param_groups[0]["lr"] = rate * (1 - update / updates)
        with torch.no_grad():
            for t in range(steps):
                observations[t], begins[t], values[t] = seen, over, critic(seen)[:, 0]
                drawn = torch.distributions.Categorical(logits=actor(seen))
                actions[t] = drawn.sample()
                sampled[t] = drawn.log_prob(actions[t])
                after, gained, dones = vector.step(actions[t].numpy())
                seen = torch.as_tensor(after, dtype=torch.float32)
                rewards[t] = torch.as_tensor(gained, dtype=torch.float32)
                over = torch.as_tensor(dones, dtype=torch.float32)
                returns += rewards[t]
                for lane in dones.nonzero()[0]:
                    ended.append(returns[lane].item())
                    returns[lane] = 0
            if len(ended) == EPISODES and sum(ended) / EPISODES >= GOAL:
                return result(begun, (update + 1) * batch, True)
            advantages, carried = torch.zeros(steps, count), torch.zeros(count)
            following, goes_on = critic(seen)[:, 0], 1 - over
            for t in reversed(range(steps)):
                error = rewards[t] + gamma * following * goes_on - values[t]
                carried = error + gamma * trace * goes_on * carried
                advantages[t], following, goes_on = carried, values[t], 1 - begins[t]
        rows = [observations.view(batch, width)]
        rows += [each.view(batch) for each in (actions, sampled, advantages, values)]
        for _ in range(epochs):
            for chosen in torch.randperm(batch).view(minibatches, -1):
                o, a, before, advantage, value = (each[chosen] for each in rows)
                target = advantage + value
                advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
                drawn = torch.distributions.Categorical(logits=actor(o))
                ratio = (drawn.log_prob(a) - before).exp()
                policy = -torch.min(
                    advantage * ratio, advantage * ratio.clamp(1 - clip, 1 + clip)
                ).mean()
                valued = critic(o)[:, 0]
                loss = (valued - target) ** 2
                if clipped_values:
                    bounded = value + (valued - value).clamp(-clip, clip)
                    loss = torch.max(loss, (bounded - target) ** 2)
                loss = policy + 0.25 * loss.mean() - entropy * drawn.entropy().mean()
                adam.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(weights, 0.5)
                adam.step()
    return result(begun, updates * batch, False)


def solve(name, seed):
    if name == "sb3":
        return sb3(seed)
    if name == "cleanrl":
        return ppo(
            "gymnasium",
            seed,
            count=4,
            steps=128,
            epochs=4,
            minibatches=4,
            rate=2.5e-4,
            annealed=True,
            gamma=0.99,
            trace=0.95,
            entropy=0.01,
            most=500_000,
            clipped_values=True,
        )
    return ppo(
        "envpool",
        seed,
        count=32,
        steps=32,
        epochs=8,
        minibatches=4,
        rate=2e-3,
        annealed=False,
        gamma=0.98,
        trace=0.9,
        entropy=0.0,
        most=1_000_000,
    )


def main():
    what, *rest = sys.argv[1:]
    try:
        if what == "ppo":
            said = solve(rest[0], int(rest[1]))
        else:
            said = {"steps": steps, "sampling": sampling}[what](rest[0], rest[1], int(rest[2]))
    except ModuleNotFoundError as error:
        said = {"missing": error.name}
    print(json.dumps(said), flush=True)


main()

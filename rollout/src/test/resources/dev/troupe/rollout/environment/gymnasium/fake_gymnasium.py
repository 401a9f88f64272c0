"""What the worker needs of gymnasium, with environments that do what tests want of them."""

import os
import sys
import time


class Box:
    def __init__(self, low, high, shape):
        self.low, self.high, self.shape, self.dtype = low, high, shape, "float32"


class Discrete:
    def __init__(self, n, start=0):
        self.n, self.start, self.shape = n, start, ()


class MultiDiscrete:
    def __init__(self, nvec):
        self.nvec, self.shape, self.dtype = nvec, (len(nvec),), "int64"


class MultiBinary:
    def __init__(self, n):
        self.n, self.shape, self.dtype = n, (n,), "int8"


class Dict:
    pass


class Walk:
    """Begins at seed % 7 and goes by the action, one of -1, 0, 1; 10 is the goal."""

    observation_space = Box([-100.0, -1.0], [100.0, 1.0], (2,))
    action_space = Discrete(3, start=-1)

    def __init__(self, goal=10, trouble="", at=3):
        self.goal, self.trouble, self.at = goal, trouble, at
        if trouble == "Dict":
            self.observation_space = Dict()
        if trouble == "many":
            self.action_space = MultiDiscrete([2, 3])
            self.observation_space = MultiBinary(2)

    def reset(self, seed=None):
        self.place, self.steps = seed % 7, 0
        return ([0, 1] if self.trouble == "many" else [self.place, 0]), {}

    def step(self, action):
        self.steps += 1
        if self.trouble == "many":
            return [action[0], 1 if action[1] == 2 else 0], 1, False, False, {}
        self.place += int(action)
        if self.steps == self.at and self.trouble:
            self.fail()
        observed = [self.place, int(action)]
        if self.trouble == "shape" and self.steps == self.at:
            observed = [1, 2, 3]
        return observed, self.place / 4, self.place >= self.goal, self.steps >= 12, {}

    def fail(self):
        if self.trouble == "dies":
            print("the ice is thin", file=sys.stderr, flush=True)
            os._exit(3)
        if self.trouble == "hangs":
            print("waiting for a bus", file=sys.stderr, flush=True)
            time.sleep(1000)
        if self.trouble == "throws":
            raise ValueError("no such path")
        if self.trouble == "once" and self.place >= 0 and takes_the_mark():
            os._exit(4)

    def close(self):
        pass


def takes_the_mark():
    """True for one of all workers: two may see the mark, one can remove it."""
    try:
        os.remove(os.environ["MARK"])
        return True
    except FileNotFoundError:
        return False


def make(name, **arguments):
    if name != "Walk-v0":
        raise KeyError("environment `%s` doesn't exist" % name)
    return Walk(**arguments)

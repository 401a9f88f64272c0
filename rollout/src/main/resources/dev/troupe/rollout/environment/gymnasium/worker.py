"""Plays environments of Gymnasium for Troupe, which starts this program and talks to it.

The messages are those of gymnasium.proto; no package is needed beside gymnasium. Observations,
rewards and actions lie in memory that both sides have mapped.
"""

import array
import ast
import importlib
import mmap
import sys
import traceback

from troupe_wire import block, converse, fields, floats, read_wholes, whole, wholes

try:
    import numpy as np
except ImportError:
    np = None

TERMINATED, TRUNCATED = 1, 2
OTHER, BOX, DISCRETE, MULTI_DISCRETE = 0, 1, 2, 3

# Single choices that are made once and for all steps: making one costs as much as a small step.
CHOICES_MADE_MAX = 1024

# Number of the request for a step.
STEP = 4


# Spaces


def numbers(values):
    """Nested numbers as a flat list of floats."""
    if np is not None:
        return [float(value) for value in np.asarray(values, dtype=np.float32).reshape(-1)]
    if hasattr(values, "__iter__"):
        return [number for value in values for number in numbers(value)]
    return [float(values)]


class Space:
    """One of Gymnasium's spaces, as Troupe knows it, and how its elements are written."""

    def __init__(self, space):
        self.space = space
        names = [kind.__name__ for kind in type(space).__mro__]
        self.name = names[0]
        self.kind = OTHER
        self.shape, self.counts, self.starts = [], [], []
        if "Box" in names:
            self.kind = BOX
            self.shape = [int(extent) for extent in space.shape]
        elif "Discrete" in names:
            self.kind = DISCRETE
            self.counts = [int(space.n)]
            self.starts = [int(getattr(space, "start", 0))]
        elif "MultiDiscrete" in names:
            self.kind = MULTI_DISCRETE
            self.counts = [int(count) for count in numbers(space.nvec)]
            starts = getattr(space, "start", None)
            self.starts = [0] * len(self.counts)
            if starts is not None:
                self.starts = [int(start) for start in numbers(starts)]
        elif "MultiBinary" in names:
            self.kind = MULTI_DISCRETE
            size = 1
            for extent in space.shape:
                size *= int(extent)
            self.counts, self.starts = [2] * size, [0] * size
        self.size = len(self.counts)
        if self.kind == BOX:
            self.size = 1
            for extent in self.shape:
                self.size *= extent
        self.shifted = any(self.starts)
        dtype = getattr(space, "dtype", None)
        self.dtype = np.float32 if np is not None and dtype is None else dtype
        self.choices = []
        if self.kind == DISCRETE and np is not None and self.counts[0] <= CHOICES_MADE_MAX:
            self.choices = [np.int64(choice + self.starts[0]) for choice in range(self.counts[0])]

    def message(self):
        out = whole(1, self.kind) + block(2, self.name)
        if self.kind == BOX:
            out += wholes(3, self.shape)
            out += floats(4, numbers(self.space.low)) + floats(5, numbers(self.space.high))
        return out + (wholes(6, self.counts) if self.counts else b"")

    def flat(self, element):
        """An observation as 32-bit floats, choices counted from 0."""
        if np is None:
            values = numbers(element)
            if self.shifted:
                values = [value - start for value, start in zip(values, self.starts)]
            return array.array("f", values)
        values = np.asarray(element, dtype=np.float32).reshape(-1)
        if self.shifted:
            values = values - np.asarray(self.starts, dtype=np.float32)
        return np.ascontiguousarray(values)

    def element(self, values):
        """An action from its numbers."""
        if self.choices:
            return self.choices[int(values[0])]
        if self.kind == DISCRETE:
            choice = int(values[0]) + self.starts[0]
            return choice if np is None else np.int64(choice)
        if self.kind == MULTI_DISCRETE:
            choices = [int(value) + start for value, start in zip(values, self.starts)]
            return choices if np is None else np.array(choices, self.dtype).reshape(self.space.shape)
        if np is None:
            return list(values)
        return np.array(values, self.dtype).reshape(self.space.shape)


class WrongShape(Exception):
    pass


# Requests


class Worker:
    stepped, stepping = None, []

    def make(self, request):
        names = request.get(2, [])
        arguments = {}
        for name, value in zip(names[::2], names[1::2]):
            arguments[name.decode()] = self.literal(value.decode())
        self.id = request[1][0].decode()
        self.arguments = arguments
        self.flatten = bool(request.get(3, [0])[0])
        self.gymnasium = importlib.import_module("gymnasium")
        self.lanes = [self.create()]
        self.observations = Space(self.lanes[0].observation_space)
        self.actions = Space(self.lanes[0].action_space)
        return block(1, self.observations.message()) + block(2, self.actions.message())

    @staticmethod
    def literal(text):
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return {"true": True, "false": False}.get(text, text)

    def create(self):
        environment = self.gymnasium.make(self.id, **self.arguments)
        if self.flatten:
            environment = self.gymnasium.wrappers.FlattenObservation(environment)
        return environment

    def open(self, request):
        count = request[2][0]
        with open(request[1][0].decode(), "r+b") as file:
            memory = memoryview(mmap.mmap(file.fileno(), 0))
        numbers_of_action, size = self.actions.size, self.observations.size
        at, ends = 0, []
        for length in (8 * count, 8 * count * numbers_of_action, 4 * count * size, count):
            ends.append(memory[at : at + length])
            at += length
        self.reward = ends[0].cast("d")
        self.action = ends[1].cast("d")
        self.observed = ends[2].cast("f")
        self.flag = ends[3]
        self.rows = []
        if np is not None and self.observations.kind == BOX and self.observations.shape:
            shape = tuple(self.observations.shape)
            self.rows = list(np.frombuffer(ends[2], np.float32).reshape((count,) + shape))
        while len(self.lanes) < count:
            self.lanes.append(self.create())
        return b""

    def reset(self, request):
        lane = request.get(1, [0])[0]
        if request.get(3, [0])[0]:
            self.lanes[lane].close()
            self.lanes[lane] = self.create()
        observation, _ = self.lanes[lane].reset(seed=request.get(2, [0])[0])
        self.observe(lane, observation)
        return b""

    def step(self, request):
        """A loop without calls that could be spared: small environments take microseconds."""
        failures = b""
        size = self.actions.size
        element, choices, action = self.actions.element, self.actions.choices, self.action
        lanes, rows, reward_of, flag_of = self.lanes, self.rows, self.reward, self.flag
        for lane in request:
            try:
                if choices:
                    taken = choices[int(action[lane])]
                else:
                    taken = element(action[lane * size : lane * size + size])
                observation, reward, terminated, truncated, _ = lanes[lane].step(taken)
                if rows and getattr(observation, "shape", None) == rows[lane].shape:
                    rows[lane][...] = observation
                else:
                    self.observe(lane, observation)
                reward_of[lane] = reward
                flag_of[lane] = (TERMINATED if terminated else 0) | (TRUNCATED if truncated else 0)
            except Exception as thrown:
                failures += block(3, failure(lane, thrown))
        return failures

    def observe(self, lane, observation):
        values = self.observations.flat(observation)
        size = self.observations.size
        if len(values) != size:
            raise WrongShape(
                "observation must have [%d] numbers, got [%d]" % (size, len(values))
            )
        self.observed[lane * size : lane * size + size] = memoryview(values)

    def answer(self, message):
        # Most are the step of the same lanes as before.
        if message == self.stepped:
            return self.step(self.stepping)
        [(number, [content])] = fields(message).items()
        if number == STEP:
            self.stepped, self.stepping = message, read_wholes(fields(content)[1][0])
            return self.step(self.stepping)
        try:
            handle = {1: self.make, 2: self.open, 3: self.reset}[number]
            return handle(fields(content))
        except Exception as thrown:
            return block(3, failure(0, thrown))


def failure(lane, thrown):
    if isinstance(thrown, WrongShape):
        return whole(1, lane) + whole(2, 1) + block(3, str(thrown))
    traceback.print_exception(type(thrown), thrown, thrown.__traceback__)
    where = traceback.extract_tb(thrown.__traceback__)[-1]
    text = "%s: %s (%s, line %s)" % (type(thrown).__name__, thrown, where.filename, where.lineno)
    return whole(1, lane) + block(3, text)


def main():
    worker = Worker()

    def answer(line, message):
        reply = worker.answer(message)
        sys.stdout.flush()
        line.send(reply)

    converse(answer)


main()

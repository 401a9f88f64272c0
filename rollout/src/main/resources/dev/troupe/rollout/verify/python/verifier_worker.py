"""Judges answers by a function of the user's, for the Troupe that starts this program.

The messages are those of verifier_worker.proto. A function that judges one answer is called for
one after the other, and each verdict is sent at once: whoever waits knows which answer it is that
never comes back. An async one judges all answers of a message at the same time, one whose name
ends in _batch gets lists of them.
"""

import asyncio
import inspect
import linecache
import math
import resource
import sys
import traceback
import types

from troupe_wire import block, converse, fields, real, reals, whole

TEXT_MAX = 500


class NoScore(Exception):
    """What was returned isn't a score."""


class Verifier:
    def __init__(self, name, source, function, memory):
        self.name = name
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        module = types.ModuleType("troupe_verifier")
        module.__file__ = name
        sys.modules["troupe_verifier"] = module
        # So that tracebacks show its lines.
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        exec(compile(source, name, "exec"), module.__dict__)
        for each in (function, function + "_batch"):
            if callable(getattr(module, each, None)):
                self.function = getattr(module, each)
                self.takes_lists = each.endswith("_batch")
                break
        else:
            raise NoScore("has no function %s(task, completion)" % function)
        self.loop = None
        call = getattr(self.function, "__call__", None)
        self.is_async = inspect.iscoroutinefunction(self.function) or (
            inspect.iscoroutinefunction(call)
        )
        self.together = self.takes_lists or self.is_async
        if self.is_async:
            self.loop = asyncio.new_event_loop()
            asyncio.set_event_loop(self.loop)

    def judge(self, answers, send):
        """Sends a verdict on each of these, all of them if nothing hangs or ends the program."""
        if self.takes_lists:
            self.judge_lists(answers, send)
        elif self.is_async:
            self.loop.run_until_complete(self.judge_at_once(answers, send))
        else:
            for place, (task, completion) in enumerate(answers):
                try:
                    send(place, verdict(self.function(task, completion)))
                except BaseException as thrown:
                    send(place, self.failed(thrown), thrown)

    async def judge_at_once(self, answers, send):
        async def one(place, task, completion):
            try:
                send(place, verdict(await self.function(task, completion)))
            except BaseException as thrown:
                send(place, self.failed(thrown), thrown)

        await asyncio.gather(*(one(place, *answer) for place, answer in enumerate(answers)))

    def judge_lists(self, answers, send):
        try:
            results = self.function([task for task, _ in answers], [text for _, text in answers])
            if self.is_async:
                results = self.loop.run_until_complete(results)
            if isinstance(results, (str, bytes, dict)) or not hasattr(results, "__iter__"):
                raise NoScore("returned %s, expected a list of results" % short(results))
            results = list(results)
            if len(results) != len(answers):
                raise NoScore(
                    "returned [%d] results for [%d] answers" % (len(results), len(answers))
                )
        except BaseException as thrown:
            for place in range(len(answers)):
                send(place, self.failed(thrown), thrown)
            return
        for place, result in enumerate(results):
            try:
                send(place, verdict(result))
            except BaseException as thrown:
                send(place, self.failed(thrown), thrown)

    def failed(self, thrown):
        if isinstance(thrown, NoScore):
            return block(2, str(thrown))
        return block(3, described(thrown, self.name))


def described(thrown, name):
    """What was thrown, with the last line of the user's file that took part."""
    if isinstance(thrown, SyntaxError) and thrown.filename == name:
        return "%s: %s (%s, line %s)" % (type(thrown).__name__, thrown.msg, name, thrown.lineno)
    where = ""
    for frame in traceback.extract_tb(thrown.__traceback__):
        if frame.filename == name:
            where = " (%s, line %s)" % (name, frame.lineno)
    try:
        text = str(thrown)[:TEXT_MAX]
    except Exception:
        text = "an exception that can't be printed"
    return "%s: %s%s" % (type(thrown).__name__, text, where)


def short(value):
    try:
        text = repr(value)
    except Exception:
        text = "?"
    return "[%s] (%s)" % (text[:100], type(value).__name__)


def number(value, what):
    """A finite number, also one of another package's types."""
    is_text = isinstance(value, (str, bytes, bytearray))
    if is_text or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        raise NoScore("%s %s, expected a number" % (what, short(value)))
    found = float(value)
    if not math.isfinite(found):
        raise NoScore("%s %s, expected a finite number" % (what, short(value)))
    return found


def verdict(result):
    """Score and parts of what a function returned, as a message."""
    if isinstance(result, (bool, int, float)):
        return real(4, number(result, "returned"))
    parts = {}
    if isinstance(result, dict):
        if "score" not in result:
            raise NoScore("returned %s, expected a dict with a score" % short(result))
        score, parts = result["score"], result.get("parts") or {}
    elif hasattr(result, "score"):
        score, parts = result.score, getattr(result, "parts", None) or {}
    else:
        score = result
    out = real(4, number(score, "returned"))
    names, values = [], []
    for name, value in parts.items():
        names.append(block(5, str(name)))
        values.append(number(value, "part [%s] is" % name))
    return out + b"".join(names) + (reals(6, values) if values else b"")


def text(answer, field):
    return answer[field][0].decode() if field in answer else ""


def read(content):
    answer = fields(content)
    task = {
        "prompt": text(answer, 1),
        "expected": text(answer, 2),
        "finished": 3 in answer,
        "tokens": answer.get(4, (0,))[0],
    }
    return task, text(answer, 5)


class Program:
    verifier = None

    def answer(self, line, message):
        request = fields(message)
        if 1 in request:
            line.send(self.open(fields(request[1][0])))
            return

        def send(place, content, thrown=None):
            spent = whole(4, 1) if isinstance(thrown, MemoryError) else b""
            line.send(block(3, whole(1, place) + content) + spent)

        self.verifier.judge([read(content) for content in request[2]], send)

    def open(self, request):
        name = text(request, 1)
        memory = request.get(4, (0,))[0]
        try:
            self.verifier = Verifier(name, text(request, 2), text(request, 3), memory)
        except NoScore as thrown:
            return block(1, "%s %s" % (name, thrown))
        except BaseException as thrown:
            return block(1, described(thrown, name))
        return whole(2, int(self.verifier.together))


converse(Program().answer)

"""Tests of functions, in a process apart: the program never shares memory with the tests that judge it.

The tests call the program's functions through stand-ins. Arguments and results cross as plain data (numbers, texts, bytes,
lists, tuples, sets, dictionaries), so an object that claims to equal everything doesn't arrive, and neither tests nor
verdict can be reached from the program.
"""
SEQUENCES = {b'l': list, b't': tuple, b'e': set, b'z': frozenset}


class NotPlain(TypeError):
    """A value that can't cross."""


class ProgramEnded(BaseException):
    """The program's process is gone."""


class TestsNeedInside(BaseException):
    """The tests hand the program something that can't cross."""


def pack(value, out):
    if value is None or value is True or value is False:
        out.append({None: b'N', True: b'T', False: b'F'}[value])
    elif isinstance(value, int):
        pack_bytes(b'i', format(int(value), 'x').encode(), out)
    elif isinstance(value, float):
        out.append(b'f' + struct.pack('>d', value))
    elif isinstance(value, complex):
        out.append(b'c' + struct.pack('>dd', value.real, value.imag))
    elif isinstance(value, str):
        pack_bytes(b's', str(value).encode('utf-8', 'surrogatepass'), out)
    elif isinstance(value, (bytes, bytearray)):
        pack_bytes(b'b' if isinstance(value, bytes) else b'a', bytes(value), out)
    elif isinstance(value, dict):
        items = list(value.items())
        out.append(b'd' + struct.pack('>I', len(items)))
        for key, item in items:
            pack(key, out)
            pack(item, out)
    else:
        for code, kind in SEQUENCES.items():
            if isinstance(value, kind):
                items = list(value)
                out.append(code + struct.pack('>I', len(items)))
                for item in items:
                    pack(item, out)
                return
        raise NotPlain(f'a value of type {type(value).__name__} can\'t leave its process')


def pack_bytes(code, data, out):
    out.append(code + struct.pack('>I', len(data)) + data)


def packed(value):
    out = []
    pack(value, out)
    return b''.join(out)


def unpack(data):
    value, rest = unpack_from(data, 0)
    return value


def unpack_from(data, at):
    code = data[at:at + 1]
    at += 1
    if code in (b'N', b'T', b'F'):
        return {b'N': None, b'T': True, b'F': False}[code], at
    if code == b'f':
        return struct.unpack_from('>d', data, at)[0], at + 8
    if code == b'c':
        return complex(*struct.unpack_from('>dd', data, at)), at + 16
    size, = struct.unpack_from('>I', data, at)
    at += 4
    if code in (b'i', b's', b'b', b'a'):
        raw = data[at:at + size]
        make = {b'i': lambda: int(raw, 16), b's': lambda: raw.decode('utf-8', 'surrogatepass'),
                b'b': lambda: raw, b'a': lambda: bytearray(raw)}
        return make[code](), at + size
    items = []
    for _ in range(size * 2 if code == b'd' else size):
        item, at = unpack_from(data, at)
        items.append(item)
    return dict(zip(items[::2], items[1::2])) if code == b'd' else SEQUENCES[code](items), at


def described(error):
    name = type(error).__name__
    text = str(error)
    line = ''
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == 'tests.py':
            line = f' (line {trace.tb_lineno} of the tests)'
        trace = trace.tb_next
    return (f'{name}: {text}' if text else name)[:500] + line


def serve(source, asked, answers):
    """The program's side: its functions answer until nobody asks any more."""
    try:
        names = run_as_main(source)
    except BaseException as error:
        report_error()
        write_message(answers, ['failed', described(error)])
        return
    write_message(answers, ['ready'] + [name for name, value in names.items() if callable(value)])
    while True:
        try:
            name, arguments = read_message(asked)
        except EOFError:
            return
        try:
            positional, named = unpack(arguments)
            answer = ['returned', packed(names[name.decode()](*positional, **named))]
        except BaseException as error:
            answer = ['raised', type(error).__name__, str(error)[:500]]
        write_message(answers, answer)


class Score:
    """How many tests passed, and what the first one that didn't said."""

    def __init__(self):
        self.right = 0
        self.wrong = 0
        self.why = ''
        self.ended = False

    def passed(self):
        self.right += 1

    def failed(self, error):
        self.wrong += 1
        self.why = self.why or described(error)

    def fields(self):
        return [self.right, self.right + self.wrong, self.why]


def stand_in(name, asked, answers, score):
    import builtins

    def call(*positional, **named):
        try:
            question = [name, packed((positional, named))]
        except NotPlain as error:
            raise TestsNeedInside(f'{error}; such tests need [tests = inside]') from None
        try:
            write_message(asked, question)
            how, *rest = read_message(answers)
        except (OSError, EOFError):
            score.ended = True
            raise ProgramEnded('the program ended before it answered') from None
        if how == b'returned':
            return unpack(rest[0])
        kind = getattr(builtins, rest[0].decode(), None)
        text = rest[1].decode('utf-8', 'replace')
        if isinstance(kind, type) and issubclass(kind, Exception) and not issubclass(kind, UnicodeError):
            raise kind(text)
        raise RuntimeError(f'{rest[0].decode()}: {text}')
    return call


def judge(entry, context, tests, share, asked, answers, verdict):
    """The tests' side, which says the verdict: judged or broken, tests passed, tests run, why."""
    score = Score()
    try:
        code = compiled(tests, share)
    except SyntaxError as error:
        write_message(verdict, ['broken', 0, 0, described(error)])
        return
    try:
        how, *names = read_message(answers)
        if how != b'ready':
            write_message(verdict, ['judged', 0, 1, names[0]])
            return
        scope = {'__name__': 'tests', 'troupe_score': score}
        try:
            exec(compile(context, 'tests.py', 'exec'), scope)
        except SyntaxError:
            pass
        entry = entry.decode()
        wanted = words(tests)
        for name in (name.decode() for name in names):
            if name == entry or name in wanted and name not in scope and name not in dir(__builtins__):
                scope[name] = stand_in(name, asked, answers, score)
        run_judged(code, scope, score)
    except EOFError:
        score.failed(ProgramEnded('the program ended before its functions could be called'))
    except TestsNeedInside as error:
        write_message(verdict, ['broken', 0, 0, str(error)])
        return
    write_message(verdict, ['judged', *score.fields()])


def run_judged(code, scope, score):
    try:
        exec(code, scope)
        if score.right + score.wrong == 0 and not score.ended:
            score.passed()
        if score.ended and score.wrong == 0:
            score.failed(ProgramEnded('the program ended before it answered'))
    except TestsNeedInside:
        raise
    except BaseException as error:
        score.failed(error)


def words(text):
    import re
    return set(re.findall(r'[^\W\d]\w*', text.decode('utf-8', 'replace')))


def compiled(tests, share):
    """The tests; with `share` each assert is counted and the next is tried."""
    if not share:
        return compile(tests, 'tests.py', 'exec')
    import ast

    class Counting(ast.NodeTransformer):
        def visit_Assert(self, node):
            counted = ast.parse('try:\n    pass\nexcept Exception as troupe_error:\n    troupe_score.failed(troupe_error)\n'
                                'else:\n    troupe_score.passed()\n').body[0]
            counted.body = [node]
            for each in ast.walk(counted):
                if each is not node and hasattr(each, 'lineno'):
                    ast.copy_location(each, node)
            return counted

    return compile(ast.fix_missing_locations(Counting().visit(ast.parse(tests))), 'tests.py', 'exec')


def judge_inside(source, tests, share, secret, verdict):
    """Program and tests in one process, for tests that plain data can't carry."""
    score = Score()
    try:
        code = compiled(tests, share)
    except SyntaxError as error:
        write_message(verdict, ['broken', 0, 0, described(error), secret])
        return
    try:
        scope = run_as_main(source)
        scope['troupe_score'] = score
        run_judged(code, scope, score)
    except BaseException as error:
        report_error()
        score.failed(error)
    write_message(verdict, ['judged', *score.fields(), secret])


def run_tests(limits, source, apart):
    """The program is started before the tests are read, so that its memory never held them."""
    began = time.monotonic()
    said, verdict = os.pipe()
    secret = b''
    judged = None
    if apart == b'true':
        asked, ask = os.pipe()
        answers, answer = os.pipe()
        judged = Child(limits, lambda: serve(source, asked, answer), keep=(asked, answer))
    share, entry, context, tests = read_message(0)
    share = share == b'true'
    if judged:
        judging = Child(limits, lambda: judge(entry, context, tests, share, ask, answers, verdict),
                        keep=(ask, answers, verdict))
        how, code = watch(limits, began, judging, (judged,))
    else:
        secret = os.urandom(16)
        judging = judged = Child(limits, lambda: judge_inside(source, tests, share, secret, verdict), keep=(verdict,))
        how, code = watch(limits, began, judged)
    fields = last_words(said, secret)
    if not fields:
        fields = [b'judged', 0, 1, b'the program ended the tests' if how == 'exit' else b'']
    if judging is not judged and how == 'exit' and judged.ending[0] == 'signal' and judged.ending[1] != signal.SIGKILL:
        how, code = judged.ending
    return [how, code, judged.texts[judged.out], judged.texts[judged.err], *fields[:4]]


def last_words(said, secret):
    os.set_blocking(said, False)
    try:
        fields = read_message(said)
    except (EOFError, BlockingIOError, struct.error):
        return []
    return fields[:4] if fields[4:] == ([secret] if secret else []) else []

"""The first process of a jail: runs one job, watches its limits, reports, and takes everything with it when it ends.

Signals from inside the jail don't reach a first process that doesn't ask for them, and this one hides its memory and its
files from the others. It talks to the outside by its standard input and output, which nobody else in the jail has.
A message is a number of fields (4 bytes, big-endian), then each field's length and bytes. Numbers are decimal text.
"""
import os
import resource
import select
import signal
import struct
import sys
import time

LOOK_SECONDS = 0.02
SCRATCH = '/tmp'
OWN_PROCESSES = 3
PAGE = os.sysconf('SC_PAGE_SIZE')
PROGRAM = 'program.py'


def hide():
    """Makes this process and those that it forks unreadable to each other: prctl(PR_SET_DUMPABLE, 0)."""
    import _ctypes

    class Int(_ctypes._SimpleCData):
        _type_ = 'i'

    class Function(_ctypes.CFuncPtr):
        _flags_ = 1
        _restype_ = Int

    if Function(_ctypes.dlsym(_ctypes.dlopen(None, 0), 'prctl'))(4, 0, 0, 0, 0) != 0:
        raise OSError('prctl')


def read_exactly(file, size):
    parts = []
    while size > 0:
        part = os.read(file, min(size, 1 << 20))
        if not part:
            raise EOFError('the line is cut')
        parts.append(part)
        size -= len(part)
    return b''.join(parts)


def read_message(file):
    number, = struct.unpack('>I', read_exactly(file, 4))
    return [read_exactly(file, struct.unpack('>I', read_exactly(file, 4))[0]) for _ in range(number)]


def write_message(file, fields):
    packed = [struct.pack('>I', len(fields))]
    for field in fields:
        field = field if isinstance(field, bytes) else str(field).encode('utf-8', 'replace')
        packed += [struct.pack('>I', len(field)), field]
    rest = memoryview(b''.join(packed))
    while rest:
        rest = rest[os.write(file, rest):]


class Limits:
    NAMES = ('wall_millis', 'cpu_seconds', 'memory_bytes', 'processes', 'open_files', 'file_bytes', 'files', 'output_bytes')

    def __init__(self, fields):
        for name, field in zip(self.NAMES, fields):
            setattr(self, name, int(field))

    def impose(self):
        """On this process and those that come from it."""
        for what, most in ((resource.RLIMIT_AS, self.memory_bytes), (resource.RLIMIT_CPU, self.cpu_seconds),
                           (resource.RLIMIT_NPROC, self.processes + OWN_PROCESSES), (resource.RLIMIT_NOFILE, self.open_files),
                           (resource.RLIMIT_FSIZE, self.file_bytes), (resource.RLIMIT_CORE, 0),
                           (resource.RLIMIT_MEMLOCK, 0), (resource.RLIMIT_MSGQUEUE, 0)):
            resource.setrlimit(what, (most, most))

    def resident(self):
        """Bytes that all processes but this one hold."""
        pages = 0
        for name in os.listdir('/proc'):
            if name.isdigit() and name != '1':
                try:
                    with open('/proc/' + name + '/statm', 'rb') as statm:
                        pages += int(statm.read().split()[1])
                except (OSError, IndexError):
                    pass
        return pages * PAGE

    def broken(self, began):
        """The name of a limit of the whole jail that doesn't hold, or ''."""
        if (time.monotonic() - began) * 1000 > self.wall_millis:
            return 'wall'
        if self.resident() > self.memory_bytes:
            return 'memory'
        scratch = os.statvfs(SCRATCH)
        if scratch.f_files - scratch.f_ffree > self.files:
            return 'files'
        return ''


class Child:
    """A forked process: `role` runs in it with what the pipes in `keep` are; it has no other file of this process."""

    def __init__(self, limits, role, stdin=b'', keep=()):
        self.limits = limits
        self.stdin = stdin
        read_in, self.feed = os.pipe()
        self.out, write_out = os.pipe()
        self.err, write_err = os.pipe()
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.dup2(read_in, 0)
                os.dup2(write_out, 1)
                os.dup2(write_err, 2)
                low = 3
                for file in sorted(keep):
                    os.closerange(low, file)
                    low = file + 1
                os.closerange(low, 4096)
                os.setsid()
                os.chdir(SCRATCH)
                limits.impose()
                role()
                code = 0
            except SystemExit as end:
                code = exit_code(end)
            except BaseException:
                report_error()
                code = 1
            finally:
                finish_output()
                os._exit(code)
        for file in (read_in, write_out, write_err, *keep):
            os.close(file)
        self.gone = os.pidfd_open(self.pid)
        for file in (self.feed, self.out, self.err):
            os.set_blocking(file, False)
        self.texts = {self.out: bytearray(), self.err: bytearray()}


def exit_code(end):
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code & 255
    os.write(2, str(end.code).encode('utf-8', 'replace') + b'\n')
    return 1


def report_error():
    """The traceback as a script's: without this program's own frames."""
    kind, error, trace = sys.exc_info()
    while trace is not None and trace.tb_frame.f_code.co_filename != PROGRAM:
        trace = trace.tb_next
    try:
        sys.__excepthook__(kind, error.with_traceback(trace), trace)
    except BaseException:
        pass


def finish_output():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:
            pass


def watch(limits, began, child, others=()):
    """Until `child` or one of `others` breaks a limit, or `child` ends. What ended it, its code; then nobody else lives."""
    children = [child, *others]
    poll = select.poll()
    poll.register(0, 0)
    poll.register(child.gone, select.POLLIN)
    for each in children:
        poll.register(each.out, select.POLLIN)
        poll.register(each.err, select.POLLIN)
        if each.stdin:
            poll.register(each.feed, select.POLLOUT)
        else:
            os.close(each.feed)
    broken = ''
    ended = False
    look = 0
    while not ended and not broken:
        for file, what in poll.poll(LOOK_SECONDS * 1000):
            if file == 0:
                os._exit(0)
            ended = ended or file == child.gone
            for each in children:
                if file in each.texts:
                    broken = take(poll, each, file) or broken
                elif file == each.feed and each.stdin:
                    feed(poll, each)
        if time.monotonic() > look:
            broken = broken or limits.broken(began)
            look = time.monotonic() + LOOK_SECONDS
    ends = end_all()
    for each in children:
        for file in each.texts:
            broken = take(poll, each, file, drain=True) or broken
            os.close(file)
        os.close(each.gone)
        if each.stdin:
            os.close(each.feed)
    child.ending = ending(broken, limits, *ends[child.pid])
    for each in others:
        each.ending = ending(broken, limits, *ends[each.pid])
        if each.ending == ('limit', 'cpu'):
            child.ending = each.ending
    return child.ending


def ending(broken, limits, status, usage):
    if not broken and os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGXCPU) \
            and usage.ru_utime + usage.ru_stime >= limits.cpu_seconds - 0.2:
        broken = 'cpu'
    if broken:
        return 'limit', broken
    if os.WIFSIGNALED(status):
        return 'signal', os.WTERMSIG(status)
    return 'exit', os.WEXITSTATUS(status)


def take(poll, child, file, drain=False):
    text = child.texts[file]
    while True:
        try:
            part = os.read(file, 1 << 16)
        except BlockingIOError:
            return ''
        if not part:
            if not drain:
                poll.unregister(file)
            return ''
        text += part
        if len(text) > child.limits.output_bytes:
            del text[child.limits.output_bytes:]
            return 'output'
        if not drain:
            return ''


def feed(poll, child):
    try:
        child.stdin = child.stdin[os.write(child.feed, child.stdin[:1 << 16]):]
    except BlockingIOError:
        return
    except BrokenPipeError:
        child.stdin = b''
    if not child.stdin:
        poll.unregister(child.feed)
        os.close(child.feed)


def end_all():
    """Kills everybody else in the jail, whatever they ignore and wherever they hide, and waits until they are gone."""
    ends = {}
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass
    while True:
        try:
            pid, status, usage = os.wait4(-1, 0)
            ends.setdefault(pid, (status, usage))
        except ChildProcessError:
            return ends


def run_as_main(source):
    """Runs `source` as a script; its names."""
    main = type(sys)('__main__')
    main.__builtins__ = __builtins__
    sys.modules['__main__'] = main
    sys.argv = [PROGRAM]
    exec(compile(source, PROGRAM, 'exec'), main.__dict__)
    return main.__dict__


def run_programs(limits, source, inputs):
    """One process an input, one after another, until one doesn't end well."""
    began = time.monotonic()
    report = []
    for text in inputs:
        child = Child(limits, lambda: run_as_main(source), text)
        how, code = watch(limits, began, child)
        report += [how, code, child.texts[child.out], child.texts[child.err]]
        if how != 'exit' or code != 0:
            break
    return report


def main():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.path[:] = [path for path in sys.path if path]
    hide()
    os.write(1, b'troupe sandbox 1\n')
    kind, *fields = read_message(0)
    count = len(Limits.NAMES)
    limits = Limits(fields[:count])
    jobs = {b'programs': lambda source, *inputs: run_programs(limits, source, inputs),
            b'tests': lambda source, apart: run_tests(limits, source, apart)}
    report = [bytes(field) if isinstance(field, bytearray) else field for field in jobs[kind](*fields[count:])]
    write_message(1, report)

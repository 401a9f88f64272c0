package dev.troupe.rollout.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.troupe.rollout.sandbox.Ending.Exited;
import dev.troupe.rollout.sandbox.Ending.Limit;
import dev.troupe.rollout.sandbox.Ending.OverLimit;
import dev.troupe.rollout.sandbox.Ending.Signalled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that try what they shouldn't. Where there is no sandbox, that is said instead. */
class SandboxTest {
  private static final SandboxLimits SHORT =
      SandboxLimits.STANDARD.within(Duration.ofSeconds(6), Duration.ofSeconds(1));
  private static final SandboxLimits SMALL =
      new SandboxLimits(
          Duration.ofSeconds(20),
          Duration.ofSeconds(10),
          128L << 20,
          16,
          64,
          1L << 20,
          1_000,
          4L << 20,
          1 << 16);

  private static Optional<Sandbox> sandbox = Optional.empty();

  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    sandbox = Here.sandbox();
  }

  @AfterAll
  static void close() {
    sandbox.ifPresent(Sandbox::close);
  }

  private static ProgramRun run(String program, SandboxLimits limits) {
    try {
      return sandbox.orElseThrow().run(program, List.of(""), limits).getFirst();
    } catch (SandboxFailedException e) {
      throw new AssertionError(e);
    }
  }

  private static ProgramRun run(String program) {
    return run(program, SHORT);
  }

  /** Ended by the clock or the processor's: which comes first depends on who else computes. */
  private static void assertOutOfTime(ProgramRun run) {
    assertThat(run.ending()).isIn(new OverLimit(Limit.WALL), new OverLimit(Limit.CPU));
  }

  /** Processes on this machine whose command line has {@code mark}. */
  private static List<String> processes(String mark) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .map(pid -> Path.of("/proc", pid.toString(), "cmdline"))
        .flatMap(SandboxTest::read)
        .filter(line -> line.contains(mark))
        .toList();
  }

  private static Stream<String> read(Path file) {
    try {
      return Stream.of(Files.readString(file));
    } catch (IOException _) {
      return Stream.empty();
    }
  }

  @Test
  void givesAProgramItsInputAndTakesItsOutput() throws SandboxFailedException {
    if (sandbox.isEmpty()) {
      return;
    }
    List<ProgramRun> runs =
        sandbox
            .orElseThrow()
            .run(
                "import sys\nprint(int(input()) * 2)\nprint('aside', file=sys.stderr)",
                List.of("21\n", "4\n"),
                SHORT);

    assertThat(runs)
        .containsExactly(
            new ProgramRun(new Exited(0), "42\n", "aside\n"),
            new ProgramRun(new Exited(0), "8\n", "aside\n"));
  }

  @Test
  void stopsAtTheFirstInputOnWhichAProgramFails() throws SandboxFailedException {
    if (sandbox.isEmpty()) {
      return;
    }
    List<ProgramRun> runs =
        sandbox.orElseThrow().run("print(1 // int(input()))", List.of("1", "0", "1"), SHORT);

    assertThat(runs).hasSize(2);
    assertThat(runs.getLast().ending()).isEqualTo(new Exited(1));
    assertThat(runs.getLast().errors())
        .isEqualTo(
            """
            Traceback (most recent call last):
              File "program.py", line 1, in <module>
            ZeroDivisionError: integer division or modulo by zero
            """);
  }

  @Test
  void endsAnInfiniteLoop() {
    if (sandbox.isPresent()) {
      assertOutOfTime(run("while True: pass"));
    }
  }

  @Test
  void endsALoopThatSwallowsExceptionsAndSignals() {
    if (sandbox.isPresent()) {
      assertOutOfTime(
          run(
              """
              import signal
              for each in range(1, 65):
                  try: signal.signal(each, signal.SIG_IGN)
                  except (OSError, ValueError): pass
              while True:
                  try:
                      while True: pass
                  except BaseException: pass
              """));
    }
  }

  /** Half of the limit for its own work, and some seconds for a machine that is busy. */
  @Test
  void endsASleeperInTime() {
    if (sandbox.isEmpty()) {
      return;
    }
    assertTimeout(
        SHORT.wall().multipliedBy(3).dividedBy(2).plusSeconds(10),
        () ->
            assertThat(run("import time; time.sleep(10 ** 6)").ending())
                .isEqualTo(new OverLimit(Limit.WALL)));
  }

  @Test
  void endsWhoeverUsesMoreMemoryThanAllowed() {
    if (sandbox.isEmpty()) {
      return;
    }
    ProgramRun alone = run("x = []\nwhile True: x.append(bytearray(10 ** 7))", SMALL);
    assertThat(alone.ending()).isEqualTo(new Exited(1));
    assertThat(alone.errors()).contains("MemoryError");

    ProgramRun together =
        run(
            """
            import os, time
            for _ in range(6):
                if os.fork() == 0: break
            x = b'x' * (50 * 2 ** 20)
            time.sleep(100)
            """,
            SMALL);
    assertThat(together.ending()).isEqualTo(new OverLimit(Limit.MEMORY));
  }

  @Test
  void refusesMemoryThatNoLimitCounts() {
    if (sandbox.isPresent()) {
      assertThat(run("import os\nos.memfd_create('x')").errors()).contains("PermissionError");
    }
  }

  @Test
  void endsAForkBomb() {
    if (sandbox.isEmpty()) {
      return;
    }
    assertThat(run("import os\nwhile True: os.fork()").ending()).isEqualTo(new Exited(1));
    assertOutOfTime(
        run(
            """
            import os
            while True:
                try: os.fork()
                except OSError: pass
            """));
  }

  @Test
  void endsAThreadBomb() {
    if (sandbox.isPresent()) {
      ProgramRun run =
          run(
              """
              import threading, time
              while True: threading.Thread(target=time.sleep, args=(3600,)).start()
              """);
      assertThat(run.errors()).contains("can't start new thread");
      assertThat(run.ending()).isIn(new OverLimit(Limit.WALL), new Exited(1));
    }
  }

  @Test
  void leavesNoChildThatHidFromItsParent() {
    if (sandbox.isEmpty()) {
      return;
    }
    ProgramRun run =
        run(
            """
            import os, signal, subprocess, sys
            sleeper = 'import signal, time\\nsignal.signal(15, signal.SIG_IGN)\\ntime.sleep(4273)'
            for _ in range(3):
                subprocess.Popen([sys.executable, '-c', sleeper], start_new_session=True)
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.execv('/bin/sleep', ['sleep', '4273'])
                os._exit(0)
            os.wait()
            print('done')
            """);

    assertThat(run.ending()).isEqualTo(new Exited(0));
    assertThat(run.output()).isEqualTo("done\n");
    assertThat(processes("4273")).isEmpty();
  }

  @Test
  void survivesAProgramThatKillsWhomItCan() {
    if (sandbox.isEmpty()) {
      return;
    }
    ProgramRun run =
        run(
            """
            import os, signal
            for each in (signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM, signal.SIGINT, signal.SIGCHLD):
                os.kill(1, each)
                os.kill(os.getppid(), each)
            print('alive')
            """);
    assertThat(run).isEqualTo(new ProgramRun(new Exited(0), "alive\n", ""));
    assertThat(run("import os\nos.kill(os.getpid(), 9)").ending()).isEqualTo(new Signalled(9));
    assertThat(run("import os\nos.kill(-1, 9)").errors()).contains("ProcessLookupError");
    assertThat(run("import ctypes\nctypes.string_at(0)").ending()).isEqualTo(new Signalled(11));
  }

  @Test
  void doesNotLetAProgramLookIntoItsSupervisor() {
    if (sandbox.isPresent()) {
      for (String file : List.of("mem", "environ", "fd/0", "fd/1")) {
        assertThat(run("open('/proc/1/" + file + "', 'rb').read(1)").errors())
            .as(file)
            .contains("PermissionError");
      }
    }
  }

  @Test
  void boundsOutput() {
    if (sandbox.isEmpty()) {
      return;
    }
    ProgramRun out = run("while True: print('x' * 10 ** 6)", SMALL);
    assertThat(out.ending()).isEqualTo(new OverLimit(Limit.OUTPUT));
    assertThat(out.output()).hasSize(SMALL.outputBytes());
    ProgramRun err = run("import os\nwhile True: os.write(2, b'y' * 4096)", SMALL);
    assertThat(err.ending()).isEqualTo(new OverLimit(Limit.OUTPUT));
    assertThat(err.errors()).hasSize(SMALL.outputBytes());
  }

  @Test
  void takesOutputThatIsNotText() {
    if (sandbox.isPresent()) {
      assertThat(run("import os\nos.write(1, bytes([255, 0, 65]))").output())
          .isEqualTo("\ufffd\0A");
    }
  }

  @Test
  void hasNoFileOfThisMachineButItsPrograms() throws IOException {
    if (sandbox.isEmpty()) {
      return;
    }
    Path secret = Files.writeString(folder.resolve("secret"), "4711");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    for (String file :
        List.of(secret.toString(), "/etc/passwd", "/root", "/home", "/var", "/sys")) {
      assertThat(run("import os\nprint(os.path.exists('" + file + "'))").output())
          .as(file)
          .isEqualTo("False\n");
    }
    for (String place : List.of("/", "/usr", "/usr/lib", "/etc", "/dev", "/dev/shm", "/proc")) {
      assertThat(run("open('" + place + "/probe', 'w')").errors())
          .as(place)
          .contains("Error: [Errno");
    }
    assertThat(folder.resolve("probe")).doesNotExist();
  }

  @Test
  void keepsTheScratchFolderToItself() throws IOException {
    if (sandbox.isEmpty()) {
      return;
    }
    Path real = Path.of("/tmp/troupe-sandbox-probe");
    ProgramRun run =
        run(
            """
            import os
            open('troupe-sandbox-probe', 'w').write('x')
            os.symlink('/etc/shadow', 'link')
            os.symlink('..', 'up')
            os.symlink('loop', 'loop')
            print(os.getcwd(), sorted(os.listdir('.')), os.path.expanduser('~'))
            """);
    assertThat(run.output())
        .isEqualTo("/tmp ['link', 'loop', 'troupe-sandbox-probe', 'up'] /tmp\n");
    assertThat(real).doesNotExist();
    assertThat(run("import os\nprint(os.listdir('.'))").output()).isEqualTo("[]\n");
    assertThat(run("open('up', 'w').close()\nopen('/tmp/link').read()").errors())
        .contains("FileNotFoundError");
  }

  @Test
  void boundsFiles() {
    if (sandbox.isEmpty()) {
      return;
    }
    assertThat(run("f = open('x', 'wb')\nwhile True: f.write(bytes(10 ** 6))", SMALL).errors())
        .contains("File too large");
    assertThat(
            run(
                    """
                    for i in range(10):
                        with open(str(i), 'wb') as f: f.write(bytes(10 ** 6))
                    """,
                    SMALL)
                .errors())
        .contains("No space left on device");
    assertThat(run("i = 0\nwhile True:\n    open(str(i), 'w').close()\n    i += 1", SMALL).ending())
        .isEqualTo(new OverLimit(Limit.FILES));
    assertThat(run("import os\nwhile True:\n    os.mkdir('d')\n    os.chdir('d')", SMALL).ending())
        .isEqualTo(new OverLimit(Limit.FILES));
    assertThat(run("x = []\nwhile True: x.append(open('/dev/null'))").errors())
        .contains("Too many open files");
  }

  @Test
  void hasNoNetwork() {
    if (sandbox.isEmpty()) {
      return;
    }
    for (String family : List.of("AF_INET", "AF_INET6", "AF_NETLINK", "AF_VSOCK", "AF_PACKET")) {
      assertThat(run("import socket\nsocket.socket(socket." + family + ", socket.SOCK_DGRAM)"))
          .as(family)
          .satisfies(run -> assertThat(run.errors()).contains("PermissionError"));
    }
    assertThat(run("import socket\nsocket.gethostbyname('example.invalid')").errors())
        .contains("gaierror");
    assertThat(run("print(open('/proc/net/dev').read().count(':'))").output()).isEqualTo("1\n");
    assertThat(
            run("import socket\na, b = socket.socketpair()\na.send(b'x')\nprint(b.recv(1))")
                .output())
        .isEqualTo("b'x'\n");
  }

  @Test
  void hasNoFurtherNamespaces() {
    if (sandbox.isPresent()) {
      String unshare =
          """
          import ctypes
          libc = ctypes.CDLL(None, use_errno=True)
          print(libc.unshare(0x10000000), ctypes.get_errno())
          """;
      assertThat(run(unshare).output()).isEqualTo("-1 1\n");
    }
  }

  @Test
  void handsOnNothingOfTheEnvironment() {
    if (sandbox.isPresent()) {
      assertThat(run("import os\nprint(sorted(os.environ))").output())
          .isEqualTo("['HOME', 'LANG', 'PATH', 'PWD', 'PYTHONHASHSEED', 'PYTHONUTF8', 'TMPDIR']\n");
    }
  }

  @Test
  void typesDeepRecursion() {
    if (sandbox.isEmpty()) {
      return;
    }
    assertThat(run("def f(n): return f(n + 1)\nf(0)").errors()).contains("RecursionError");
    assertThat(
            run("import sys\nsys.setrecursionlimit(10 ** 9)\ndef f(n): return f(n + 1)\nf(0)")
                .ending())
        .isNotEqualTo(new Exited(0));
  }

  @Test
  void doesNotWaitForAProgramThatNeverReadsItsInput() throws SandboxFailedException {
    if (sandbox.isPresent()) {
      List<ProgramRun> runs =
          sandbox.orElseThrow().run("print('no')", List.of("x".repeat(5_000_000)), SHORT);
      assertThat(runs).containsExactly(new ProgramRun(new Exited(0), "no\n", ""));
    }
  }

  @Test
  void givesTheSameOrderToSetsEveryTime() {
    if (sandbox.isPresent()) {
      String program = "print({'a', 'b', 'c', 'd', 'e', 'f', 'g'})";
      assertThat(run(program)).isEqualTo(run(program));
    }
  }

  @Test
  void saysHowToInstallBubblewrap() {
    assertThatThrownBy(() -> Sandbox.open(Here.SETTINGS, Map.of("PATH", folder.toString())))
        .isInstanceOf(SandboxUnavailableException.class)
        .hasMessageContaining("never without it")
        .hasMessageContaining("apt install bubblewrap")
        .hasMessageContaining("apk add bubblewrap");
  }

  @Test
  void refusesABubblewrapThatIsTooOld() throws IOException {
    bubblewrap("echo bubblewrap 0.4.1");

    assertThatThrownBy(() -> Sandbox.open(Here.SETTINGS, path()))
        .isInstanceOf(SandboxUnavailableException.class)
        .hasMessageContaining("is version [0.4]");
  }

  @Test
  void saysHowToAllowNamespaces() throws IOException {
    bubblewrap(
        """
        [ "$1" = --version ] && echo bubblewrap 0.8.0 && exit 0
        echo 'bwrap: setting up uid map: Permission denied'; exit 1
        """);
    if (Installation.pythons(path()).isEmpty()) {
      return;
    }
    assertThatThrownBy(() -> Sandbox.open(Here.SETTINGS, path()))
        .isInstanceOf(SandboxUnavailableException.class)
        .hasMessageContaining("setting up uid map")
        .hasMessageContaining("sysctl -w user.max_user_namespaces");
  }

  private void bubblewrap(String script) throws IOException {
    Path program = Files.writeString(folder.resolve("bwrap"), "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Map<String, String> path() {
    String others = System.getenv().getOrDefault("PATH", "");
    return Map.of("PATH", Stream.of(folder.toString(), others).collect(Collectors.joining(":")));
  }
}

package dev.troupe.rollout.sandbox;

import dev.troupe.protocol.check.Check;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs Python programs that nobody trusts, each in a jail of its own ({@link Jail}) that is made
 * for it and goes with it.
 *
 * <pre>
 * this process ──▶ bwrap ──▶ supervisor.py (first process of the jail) ──▶ the program
 *                            limits, clock, output                         whatever it starts
 * </pre>
 *
 * <p>The supervisor watches the limits and ends everything in the jail with the program. Should it
 * not answer, this side ends bwrap, and the jail with it, at one and a half times the limit of
 * time. Programs leave nothing on this machine: their files lie in the jail's memory.
 *
 * <p>At most {@code parallel} jails are there at a time; callers wait their turn, up to a bound.
 * Call it from a platform thread that lives on meanwhile: the jail dies with the thread.
 */
public final class Sandbox implements AutoCloseable {
  private static final String GREETING = "troupe sandbox 1\n";
  private static final String PROBE =
      """
      import sys
      assert sys.version_info >= (3, 9), 'Python 3.9 or newer is needed, this is ' + sys.version
      print('fit', '.'.join(map(str, sys.version_info[:3])))
      """;
  private static final int SAID_MAX = 2_000;
  private static final Duration START_MAX = Duration.ofSeconds(5);
  private static final SandboxLimits PROBING =
      SandboxLimits.STANDARD.within(Duration.ofSeconds(60), Duration.ofSeconds(30));

  private final Installation installation;
  private final Path filter;
  private final Path python;
  private final String version;
  private final boolean hasPackages;
  private final int waitingMax;
  private final Semaphore turns;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  /**
   * Which Python, and how many at a time.
   *
   * @param python its file; empty: the first of this machine's that runs in a jail
   * @param hasPackages whether programs see what is installed beside Python
   * @param parallel jails at a time
   * @param waitingMax callers that wait for their turn
   */
  public record Settings(String python, boolean hasPackages, int parallel, int waitingMax) {
    public Settings {
      Check.atLeast("parallel", 1, parallel);
      Check.atLeast("waitingMax", 0, waitingMax);
    }
  }

  private Sandbox(
      Installation installation, Path filter, Path python, String version, Settings settings) {
    this.installation = installation;
    this.filter = filter;
    this.python = python;
    this.version = version;
    this.hasPackages = settings.hasPackages();
    this.waitingMax = settings.waitingMax();
    this.turns = new Semaphore(settings.parallel(), true);
  }

  /**
   * A sandbox that has run a first program.
   *
   * @param environment this process's variables
   * @throws SandboxUnavailableException where this machine has none; says what to do
   */
  public static Sandbox open(Settings settings, Map<String, String> environment)
      throws SandboxUnavailableException {
    Installation installation = Installation.find(environment);
    List<Path> pythons =
        settings.python().isEmpty()
            ? Installation.pythons(environment)
            : List.of(Path.of(settings.python()));
    if (pythons.isEmpty()) {
      throw new SandboxUnavailableException(
          "there is no python3 to run code with; install one (apt install python3)");
    }
    Path filter = writeFilter(installation.filter());
    List<String> failures = new ArrayList<>();
    for (Path each : pythons) {
      try {
        return tried(installation, filter, real(each), settings);
      } catch (SandboxFailedException e) {
        failures.add("with [" + each + "]: " + e.getMessage());
      }
    }
    delete(filter);
    String why = String.join("; ", failures);
    throw new SandboxUnavailableException("no program can be run in a jail " + why + remedy(why));
  }

  private static Sandbox tried(
      Installation installation, Path filter, Path python, Settings settings)
      throws SandboxFailedException {
    ProgramRun run =
        new Sandbox(installation, filter, python, "", settings)
            .run(PROBE, List.of(""), PROBING)
            .getFirst();
    if (!run.isClean() || !run.output().startsWith("fit ")) {
      throw new SandboxFailedException(run.ending() + " " + shortened(run.errors()));
    }
    String version = run.output().substring(4).strip();
    return new Sandbox(installation, filter, python, version, settings);
  }

  private static String remedy(String why) {
    String said = why.toLowerCase(Locale.ROOT);
    return said.contains("namespace") || said.contains("uid map") || said.contains("mount proc")
        ? ". " + Installation.ALLOW
        : "";
  }

  private static Path real(Path python) {
    try {
      return python.toRealPath();
    } catch (IOException _) {
      return python;
    }
  }

  private static Path writeFilter(SeccompFilter filter) throws SandboxUnavailableException {
    try {
      Path file = Files.createTempFile("troupe-sandbox", ".bpf");
      file.toFile().deleteOnExit();
      return Files.write(file, filter.program());
    } catch (IOException e) {
      throw new SandboxUnavailableException("no temporary file can be written: " + e);
    }
  }

  /** The Python that runs programs, and its version. */
  public String python() {
    return python + " " + version;
  }

  /**
   * Runs {@code program} once with each of {@code inputs} as its standard input, in one jail, one
   * after another.
   *
   * @return as many as were run: after one that didn't end well there are no more
   * @throws SandboxFailedException where the sandbox, not the program, is at fault
   */
  public List<ProgramRun> run(String program, List<String> inputs, SandboxLimits limits)
      throws SandboxFailedException {
    List<String> job = job("programs", limits);
    job.add(program);
    job.addAll(inputs);
    List<String> report = inJail(limits, List.of(job));
    List<ProgramRun> runs = new ArrayList<>();
    for (int i = 0; i + 4 <= report.size(); i += 4) {
      runs.add(programRun(report.subList(i, i + 4)));
    }
    if (runs.isEmpty() && !inputs.isEmpty()) {
      throw new SandboxFailedException("the jail reports nothing");
    }
    return runs;
  }

  /**
   * Runs tests of functions.
   *
   * @throws SandboxFailedException where the sandbox, not the program, is at fault
   */
  public TestsRun run(FunctionTests tests, SandboxLimits limits) throws SandboxFailedException {
    List<String> job = job("tests", limits);
    job.addAll(List.of(tests.program(), Boolean.toString(tests.isApart())));
    List<String> later =
        List.of(Boolean.toString(tests.isCounted()), tests.entry(), tests.context(), tests.tests());
    List<String> report = inJail(limits, List.of(job, later));
    if (report.size() != 8) {
      throw new SandboxFailedException("the jail reports [" + report.size() + "] fields, not 8");
    }
    return new TestsRun(
        programRun(report.subList(0, 4)),
        report.get(4).equals("judged"),
        Integer.parseInt(report.get(5)),
        Integer.parseInt(report.get(6)),
        report.get(7));
  }

  private static List<String> job(String kind, SandboxLimits limits) {
    List<String> fields = new ArrayList<>();
    fields.add(kind);
    for (long limit :
        new long[] {
          limits.wall().toMillis(),
          limits.cpuSeconds(),
          limits.memoryBytes(),
          limits.processes(),
          limits.openFiles(),
          limits.fileBytes(),
          limits.files(),
          limits.outputBytes()
        }) {
      fields.add(Long.toString(limit));
    }
    return fields;
  }

  private static ProgramRun programRun(List<String> fields) throws SandboxFailedException {
    String code = fields.get(1);
    Ending ending =
        switch (fields.getFirst()) {
          case "exit" -> new Ending.Exited(Integer.parseInt(code));
          case "signal" -> new Ending.Signalled(Integer.parseInt(code));
          case "limit" -> new Ending.OverLimit(Ending.Limit.valueOf(code.toUpperCase(Locale.ROOT)));
          default -> throw new SandboxFailedException("the jail reports [" + fields + "]");
        };
    return new ProgramRun(ending, fields.get(2), fields.get(3));
  }

  private List<String> inJail(SandboxLimits limits, List<List<String>> messages)
      throws SandboxFailedException {
    if (turns.getQueueLength() >= waitingMax && turns.availablePermits() == 0) {
      throw new SandboxFailedException(
          "[" + waitingMax + "] programs wait for the sandbox, the most allowed");
    }
    try {
      turns.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SandboxFailedException("interrupted while waiting for the sandbox");
    }
    try {
      return talk(limits, messages);
    } finally {
      turns.release();
    }
  }

  private List<String> talk(SandboxLimits limits, List<List<String>> messages)
      throws SandboxFailedException {
    Process process;
    try {
      process = Jail.command(installation, filter, python, hasPackages, limits).start();
    } catch (IOException e) {
      throw new SandboxFailedException("the sandbox can't be started: " + e.getMessage(), e);
    }
    running.add(process);
    Duration half = limits.wall().dividedBy(2);
    Duration most = limits.wall().plus(half.compareTo(START_MAX) > 0 ? half : START_MAX);
    var end = new CompletableFuture<Void>();
    var _ =
        end.orTimeout(most.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((_, _) -> process.destroyForcibly());
    try (OutputStream out = process.getOutputStream()) {
      IOException cut = send(out, messages);
      return answer(process.getInputStream(), most, end, cut);
    } catch (IOException e) {
      throw new SandboxFailedException("the line to the jail broke: " + e.getMessage(), e);
    } finally {
      end.complete(null);
      running.remove(process);
    }
  }

  /** What went wrong with it, if something did: the answer says more. */
  private static IOException send(OutputStream out, List<List<String>> messages) {
    try {
      for (List<String> message : messages) {
        Message.write(out, message);
      }
      return new EOFException();
    } catch (IOException e) {
      return e;
    }
  }

  private static List<String> answer(
      InputStream in, Duration most, CompletableFuture<Void> end, IOException cut)
      throws IOException, SandboxFailedException {
    byte[] begin = in.readNBytes(GREETING.length());
    String greeting = new String(begin, StandardCharsets.UTF_8);
    if (!greeting.equals(GREETING)) {
      String rest = new String(in.readNBytes(SAID_MAX), StandardCharsets.UTF_8);
      throw new SandboxFailedException(
          end.isDone()
              ? "the jail was not built within [" + most + "]"
              : "the jail can't be built: [" + shortened(greeting + rest) + "]");
    }
    try {
      return Message.read(in);
    } catch (EOFException e) {
      e.addSuppressed(cut);
      throw new SandboxFailedException(
          end.isDone()
              ? "the jail doesn't answer within [" + most + "]"
              : "the jail ended without a report",
          e);
    }
  }

  /** Whether the next caller would wait. */
  boolean isFull() {
    return turns.availablePermits() == 0;
  }

  /** Whether there is a jail. */
  boolean isRunning() {
    return !running.isEmpty();
  }

  private static String shortened(String text) {
    String stripped = text.strip();
    return stripped.length() <= SAID_MAX ? stripped : stripped.substring(0, SAID_MAX) + "…";
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException _) {
      // It goes with this process.
    }
  }

  /** Ends every jail. */
  @Override
  public void close() {
    running.forEach(Process::destroyForcibly);
    delete(filter);
  }
}

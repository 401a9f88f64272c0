package dev.troupe.deploy.bench;

import com.google.gson.JsonObject;
import dev.troupe.deploy.terminal.Console;
import dev.troupe.deploy.terminal.Figures;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.rollout.environment.python.Python;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.WrittenAnswer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** How many verdicts a second verifiers give, on two threads and by one core's time. */
public final class VerifiersBenchmark {
  private static final int THREADS = 2;
  private static final int ANSWERS = 64;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String TRIVIAL =
      """
      def verify(task, completion):
          return completion.endswith(task["expected"])
      """;
  private static final Duration WARM_UP = Duration.ofSeconds(1);
  private static final Duration TIME = Duration.ofSeconds(2);

  private final Console console;
  private final LongSupplier nanos;

  public VerifiersBenchmark(Console console, LongSupplier nanos) {
    this.console = console;
    this.nanos = nanos;
  }

  private record Judged(Task task, Trajectory trajectory) {}

  /** What a while of it came to. */
  private record Rate(double perSecond, double perCoreSecond) {}

  /** Measures the verifiers that cost the least, and IFEval's. */
  public void run() {
    List<Judged> numbers = new ArrayList<>();
    List<Judged> instructions = new ArrayList<>();
    for (int i = 0; i < ANSWERS; i++) {
      int april = 2 * (24 + 37 * i);
      String solution = solution(april, april / 2);
      numbers.add(judged(i, Integer.toString(april + april / 2 + i % 2), solution));
      instructions.add(
          judged(
              i,
              "{\"instruction_id_list\":[\"punctuation:no_comma\","
                  + "\"length_constraints:number_words\",\"length_constraints:number_sentences\"],"
                  + "\"kwargs\":[{},{\"relation\":\"at least\",\"num_words\":30},"
                  + "{\"relation\":\"less than\",\"num_sentences\":9}]}",
              solution));
    }
    measure("exact", numbers);
    measure("gsm8k", numbers);
    measure("squad", numbers);
    measure("multiple-choice", numbers);
    measure("ifeval", instructions);
    if (Python.find(System.getenv()).isPresent()) {
      measurePython(numbers);
    }
  }

  private static String solution(int april, int may) {
    return """
    Natalia sold %1$d / 2 = <<%1$d/2=%2$d>>%2$d clips in May.
    Altogether she sold %1$d + %2$d = <<%1$d+%2$d=%3$d>>%3$d clips in April and May, which is
    what her friends asked for; the others were left in the box until the shop closed in June.
    #### %3$d\
    """
        .formatted(april, may, april + may);
  }

  private static Judged judged(int number, String expected, String answer) {
    String prompt = "How many clips did Natalia sell altogether?";
    return new Judged(
        new Task(number, "bench", "", new TaskContent.Prompt(prompt, expected)),
        WrittenAnswer.of(number, prompt, answer, IntArray.empty()));
  }

  private void measure(String name, List<Judged> judged) {
    try (Verifier verifier = Verifiers.of(name, "1", new JsonObject())) {
      rate(verifier, judged, WARM_UP);
      Rate rate = rate(verifier, judged, TIME);
      console.format(
          "%-16s %s verdicts/s on %d threads, %s a second of one core's time",
          name,
          console.bold(Figures.count(rate.perSecond())),
          THREADS,
          Figures.count(rate.perCoreSecond()));
    }
  }

  /** Batches of answers to two processes, whose time isn't ours. */
  private void measurePython(List<Judged> judged) {
    JsonObject settings = new JsonObject();
    settings.addProperty("file", "trivial.py");
    settings.addProperty("source", TRIVIAL);
    try (Verifier verifier = Verifiers.of("python", "1", settings)) {
      rate(verifier, judged, WARM_UP);
      console.format(
          "%-16s %s verdicts/s of a trivial function, batches of %d to %d processes",
          "python",
          console.bold(Figures.count(rate(verifier, judged, TIME).perSecond())),
          ANSWERS,
          THREADS);
    }
  }

  private Rate rate(Verifier verifier, List<Judged> judged, Duration time) {
    AtomicLong verdicts = new AtomicLong();
    AtomicLong coreNanos = new AtomicLong();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long began = nanos.getAsLong();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      running.add(
          Thread.ofPlatform()
              .daemon()
              .name("verifiers-" + i)
              .start(
                  () -> {
                    long before = threads.getCurrentThreadCpuTime();
                    long count = 0;
                    while (nanos.getAsLong() - began < time.toNanos()) {
                      count += scored(verifier, judged);
                    }
                    verdicts.addAndGet(count);
                    coreNanos.addAndGet(threads.getCurrentThreadCpuTime() - before);
                  }));
    }
    running.forEach(VerifiersBenchmark::join);
    long took = Math.max(1, nanos.getAsLong() - began);
    if (verdicts.get() == 0) {
      throw new IllegalStateException(
          String.format(Locale.ROOT, "[%s] gave no score", verifier.ref().name()));
    }
    return new Rate(
        verdicts.get() * 1e9 / took, verdicts.get() * 1e9 / Math.max(1, coreNanos.get()));
  }

  private static long scored(Verifier verifier, List<Judged> judged) {
    if (verifier.together() == 1) {
      return judged.stream()
          .map(each -> verifier.verify(each.task(), each.trajectory()))
          .filter(Outcome.Scored.class::isInstance)
          .count();
    }
    List<Verifier.Request> requests =
        judged.stream().map(each -> new Verifier.Request(each.task(), each.trajectory())).toList();
    return verifier.verifyAll(requests, LIMIT).stream()
        .filter(Outcome.Scored.class::isInstance)
        .count();
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

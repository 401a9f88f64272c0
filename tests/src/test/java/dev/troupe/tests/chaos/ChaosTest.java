package dev.troupe.tests.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.GsonBuilder;
import dev.troupe.tests.process.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The long chaos suite: {@code mvn verify -P chaos}. Every seed that came to its end is a line of
 * {@code outcomes.jsonl} in the suite's folder; started again, the suite goes on behind them.
 *
 * <p>{@code -Dtroupe.chaos.directory} (target/chaos), {@code -Dtroupe.chaos.seeds} (1-20), {@code
 * -Dtroupe.chaos.faults} (10).
 */
@Tag("chaos")
final class ChaosTest {
  /** Of 300 held-out sums, so that chance doesn't decide. */
  private static final double TOLERANCE = 0.03;

  /** Heads take weights in where one GiB stays free. */
  private static final int DISK_MEGABYTES = 1_400;

  @Test
  void everyRunComesToItsEndWithItsBooksInOrderAsIfNothingHadHappened() throws Exception {
    Path directory =
        Files.createDirectories(
                Path.of(System.getProperty("troupe.chaos.directory", "target/chaos")))
            .toAbsolutePath();
    int faults = Integer.getInteger("troupe.chaos.faults", 10);
    Path weights = ChaosRecipe.taught(directory);
    Path reference = directory.resolve("undisturbed.txt");
    if (!Files.exists(reference)) {
      Files.writeString(reference, "" + ChaosRecipe.undisturbed(weights, directory));
    }
    double undisturbed = Double.parseDouble(Files.readString(reference));
    Path outcomes = directory.resolve("outcomes.jsonl");
    for (int seed : seeds()) {
      if (isDone(outcomes, seed)) {
        continue;
      }
      ChaosRun.Outcome outcome = run(seed, faults, directory, weights);
      assertThat(outcome.accuracy())
          .as("accuracy with seed %d and %s; undisturbed %s", seed, outcome.faults(), undisturbed)
          .isGreaterThanOrEqualTo(undisturbed - TOLERANCE);
      note(outcomes, seed, outcome, undisturbed);
    }
  }

  private static ChaosRun.Outcome run(int seed, int faults, Path directory, Path weights)
      throws Exception {
    Path own = Files.createDirectories(directory.resolve("seed-" + seed + "-" + System.nanoTime()));
    try (Machines machines = new Machines(seed, own.resolve("disk"), DISK_MEGABYTES);
        ChaosRun run = new ChaosRun(seed, faults, own, machines, keys(own, machines))) {
      try {
        return run.toItsEnd(ChaosRecipe.from(weights, own), keys(own, machines));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\n" + run.said(), e);
      }
    }
  }

  private static Path keys(Path directory, Machines machines) {
    Path node = directory.resolve("keys/nodes/all");
    if (!Files.exists(node)) {
      Product product = Product.in(directory);
      product.run("keys", "init").with(0);
      String[] command =
          Stream.concat(
                  Stream.of("keys", "node", "all"),
                  IntStream.range(0, Machines.COUNT)
                      .boxed()
                      .flatMap(i -> Stream.of("--host", machines.host(i))))
              .toArray(String[]::new);
      product.run(command).with(0);
    }
    return node;
  }

  private static List<Integer> seeds() {
    String[] range = System.getProperty("troupe.chaos.seeds", "1-20").split("-", 2);
    int first = Integer.parseInt(range[0]);
    return IntStream.rangeClosed(first, range.length == 1 ? first : Integer.parseInt(range[1]))
        .boxed()
        .toList();
  }

  private static boolean isDone(Path outcomes, int seed) throws IOException {
    return Files.exists(outcomes)
        && Files.readAllLines(outcomes).stream()
            .anyMatch(line -> line.startsWith("{\"seed\":" + seed + ","));
  }

  private static void note(Path outcomes, int seed, ChaosRun.Outcome outcome, double undisturbed)
      throws IOException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("seed", seed);
    line.put("date", LocalDate.now(ZoneOffset.UTC).toString());
    line.put("seconds", outcome.seconds());
    line.put("accuracy", outcome.accuracy());
    line.put("undisturbed", undisturbed);
    line.put("faults", outcome.faults());
    line.put("splits", outcome.splits());
    Files.writeString(
        outcomes,
        new GsonBuilder().disableHtmlEscaping().create().toJson(line) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}

package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench async}, with fragments of sixteen steps. */
final class AsyncBenchmarkTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
  private final Console console = new Console(out, out, false, false);

  @TempDir Path folder = Path.of("");

  @Test
  void measuresSamplersWhoseEnvironmentsAreSlow() throws IOException {
    Path recipe =
        Files.writeString(
            folder.resolve("async.conf"),
            """
            environment { id = CartPole-v1, count = 2, steps = 8, fragments = 2 }
            policy.hidden = [8]
            algorithm { name = appo, epochs = 1, minibatches = 1 }
            replay { max-policy-lag = 2, journal.free-disk-min = 1 MiB }
            evaluation.episodes = 1
            """);

    new AsyncBenchmark(console, List.of(2), 4)
        .run(
            changed ->
                new RecipeReader(Processor.here())
                    .read(recipe, Stream.concat(Stream.of("name=a"), changed.stream()).toList()),
            folder);

    List<String> lines = said.toString(StandardCharsets.UTF_8).lines().toList();
    assertThat(lines.getFirst()).startsWith("async      learning is the limit: ");
    assertThat(lines).hasSize(3);
    // A step takes a millisecond at least, so a sampler makes at most a thousand a second.
    assertThat(rate(lines.getLast())).isBetween(1.0, 2_000.0);
  }

  private static double rate(String line) {
    return Double.parseDouble(line.strip().split(" +")[1]);
  }
}

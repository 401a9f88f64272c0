package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.deploy.bench.StepsReport;
import dev.troupe.deploy.bench.StepsReport.Reading;
import dev.troupe.deploy.bench.StepsReport.Step;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.deploy.terminal.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StepsBenchmarkTest {
  @TempDir Path folder = Path.of("");

  @Test
  void timesEveryUpdateAfterTheFirstAndReadsTheMemory() throws IOException {
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    StepsReport report =
        new StepsBenchmark(new Console(silent, silent, false, false))
            .measure(tiny(), folder.resolve("run"));

    assertThat(report.steps())
        .extracting(Step::number)
        .containsExactlyElementsOf(LongStream.rangeClosed(2, 12).boxed().toList());
    assertThat(report.steps()).allMatch(step -> step.seconds() > 0 && step.processorSeconds() > 0);
    assertThat(report.memory()).isNotEmpty();
    assertThat(report.memory()).extracting(Reading::bytes).allMatch(bytes -> bytes > 10_000_000);
  }

  private Recipe tiny() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tiny.conf"),
            """
            model {
              hidden = 16, layers = 1, heads = 1, kv-heads = 1, head-size = 16
              feed-forward = 16, positions = 16
            }
            tasks { digits = 1, held-out = 4 }
            sampling { max-new-tokens = 2, tokens-per-call = 2, lanes = 8 }
            replay { groups = 2, group-size = 2, journal.free-disk-min = 1 MiB }
            evaluation { every = 0, tasks-max = 1 }
            stop.updates = 12
            """);
    return new RecipeReader(Processor.here()).read(file, List.of("name=tiny"));
  }
}

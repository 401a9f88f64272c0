package dev.troupe.deploy.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.protocol.policy.PolicyVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorUseTest {
  private static final PolicyVersion VERSION = new PolicyVersion(1, 11, 0, "h");

  @TempDir Path process = Path.of("");

  @Test
  void countsFromTheFifthUpdateAndKeepsWhatThreadsTookThatEndedWithTheRun() throws IOException {
    ProcessorUse use = new ProcessorUse(new ProcessorClock(process));
    journalTook(100);
    use.on(update(4));
    assertThat(use.sinceBegin().isKnown()).isFalse();
    use.on(update(5));
    journalTook(150);
    use.on(new RunEvent.EvaluationEnded(RunEvent.Occasion.AFTER, VERSION, 0.5, 0, true, List.of()));
    Files.delete(process.resolve("task/7/stat"));

    assertThat(use.sinceBegin().seconds())
        .isEqualTo(Map.of(ThreadKind.JOURNAL, 0.5, ThreadKind.OTHER, 0.0));
  }

  private static RunEvent update(long number) {
    return new RunEvent.UpdateMade(
        VERSION, number, number, false, 100, 0.25, Map.of(), RunEvent.Rates.none());
  }

  private void journalTook(int ticks) throws IOException {
    Path task = Files.createDirectories(process.resolve("task/7"));
    String times = " S 1 1 1 0 -1 4194304 1 0 0 0 " + ticks + " 0 0 0 20 0 1\n";
    Files.writeString(task.resolve("stat"), "7 (journal)" + times);
    Files.writeString(process.resolve("stat"), "1 (java)" + times);
  }
}

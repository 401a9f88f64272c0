package dev.troupe.deploy.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcessorClockTest {
  @TempDir Path process = Path.of("");

  @Test
  void sumsTheTimesOfThreadsByWhatTheyAreFor() throws IOException {
    thread("10", "learner", 300, 20);
    thread("11", "learner-worker-", 50, 30);
    thread("12", "troupe-pekko.ac", 5, 1);
    thread("13", "troupe-schedule", 1, 1);
    thread("14", "journal", 1, 2);
    thread("15", "C2 CompilerThre", 40, 0);
    thread("16", "VM Thread", 7, 0);
    thread("17", "a (strange) one", 1, 0);
    stat(process, "java", 405, 54);

    assertThat(new ProcessorClock(process).read().seconds())
        .isEqualTo(
            Map.of(
                ThreadKind.LEARNING, 4.0,
                ThreadKind.DISPATCHING, 0.08,
                ThreadKind.JOURNAL, 0.03,
                ThreadKind.COMPILING, 0.4,
                ThreadKind.COLLECTING, 0.07,
                ThreadKind.OTHER, 0.01));
  }

  @Test
  void keepsWhatThreadsTookThatHaveEnded() throws IOException {
    ProcessorClock clock = new ProcessorClock(process);
    thread("10", "sampler", 100, 0);
    stat(process, "java", 100, 0);
    ProcessorTimes before = clock.read();
    Files.delete(process.resolve("task/10/stat"));
    Files.delete(process.resolve("task/10"));
    thread("11", "sampler", 50, 0);
    stat(process, "java", 175, 0);

    assertThat(clock.read().since(before).seconds())
        .isEqualTo(Map.of(ThreadKind.SAMPLING, 0.5, ThreadKind.OTHER, 0.25));
  }

  @Test
  void knowsNothingWhereTheSystemSaysNothing() {
    ProcessorTimes times = new ProcessorClock(process.resolve("missing")).read();

    assertThat(times.isKnown()).isFalse();
    assertThat(times.since(times).isKnown()).isFalse();
  }

  @Test
  void namesTheLargestShareFirst() {
    ProcessorTimes times =
        new ProcessorTimes(Map.of(ThreadKind.SAMPLING, 1.0, ThreadKind.LEARNING, 3.0));

    assertThat(times.shares()).isEqualTo("learning 75.0%, sampling 25.0%");
  }

  private void thread(String id, String name, long user, long system) throws IOException {
    stat(process.resolve("task").resolve(id), name, user, system);
  }

  private static void stat(Path folder, String name, long user, long system) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("stat"),
        "10 (" + name + ") S 1 1 1 0 -1 4194304 1 0 0 0 " + user + " " + system + " 0 0 20 0 1\n");
  }
}

package dev.troupe.tests.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A run of a second or two: a decoder of one layer, small batches, eight updates. Its supervised
 * steps teach just enough for some answers to be right, so that updates change the weights.
 */
public final class TinyRecipe {
  public static final int SUPERVISED_STEPS = 20;
  public static final int UPDATES = 8;
  static final int GROUPS = 4;
  static final int GROUP_SIZE = 4;
  static final int BATCH = GROUPS * GROUP_SIZE;

  private static final String TEXT =
      """
      name = tiny
      seed = 11
      model {
        hidden = 32
        layers = 1
        heads = 2
        kv-heads = 1
        head-size = 16
        feed-forward = 64
        positions = 16
        init-std = 0.1
        alphabet = "0123456789+="
      }
      sampling {
        max-new-tokens = 4
        tokens-per-call = 2
        lanes = 8
      }
      reward.workers = 1
      replay {
        groups = 4
        group-size = 4
        max-policy-lag = 1
        journal.free-disk-min = 1 MiB
      }
      sft {
        steps = 20
        batch = 32
        learning-rate = 1e-2
        warmup-steps = 2
      }
      learner {
        learning-rate = 1e-3
        micro-batch = 16
      }
      evaluation {
        every = 4
        tasks-max = 10
      }
      checkpoints {
        every = 3
        keep = 3
      }
      stop.updates = 8
      """;

  private static final String SUMS =
      """
      tasks {
        digits = 1
        held-out = 10
      }
      sft.corpus = generated
      """;

  private TinyRecipe() {}

  /** Writes {@code tiny.conf}, with {@code lines} that override what stands above them. */
  public static Path in(Path directory, String... lines) throws IOException {
    return write(directory, TEXT + SUMS + String.join("\n", lines) + "\n");
  }

  /** The same with tasks from a file. */
  static Path withTasks(Path directory, String file) throws IOException {
    return write(
        directory,
        TEXT
            + """
            tasks {
              source = jsonl
              file = "%s"
              held-out = 1
            }
            sft.corpus = references
            """
                .formatted(file));
  }

  private static Path write(Path directory, String text) throws IOException {
    return Files.writeString(directory.resolve("tiny.conf"), text);
  }
}

package dev.troupe.tests.chaos;

import dev.troupe.tests.process.Product;
import dev.troupe.tests.process.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Sums of two digits by a small decoder that has learnt them with a bad habit. The verifier is
 * slow, so that a run lasts as long as its faults.
 */
final class ChaosRecipe {
  static final int UPDATES = 150;
  static final int BATCH = 128;
  private static final String NAME = "chaos";
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  private static final String TEXT =
      """
      name = chaos
      seed = 3
      model {
        hidden = 128, layers = 3, heads = 4, kv-heads = 2, head-size = 32, feed-forward = 384
        positions = 16, alphabet = "0123456789+=", init-std = 0.06
      }
      tasks {
        source = sums, digits = 2, operations = ["+"], lowest-digit-first = true
        zero-padded = true, held-out = 300
      }
      sampling { temperature = 1.0, max-new-tokens = 4, tokens-per-call = 4, lanes = 128 }
      reward { workers = 4 }
      replay { groups = 16, group-size = 8, max-policy-lag = 1, journal.free-disk-min = 1 MiB }
      learner { advantage = grpo, learning-rate = 2e-4, micro-batch = 128 }
      evaluation { every = 25, tasks-max = 300 }
      checkpoints { every = 5, keep = 3 }
      """;

  private ChaosRecipe() {}

  /** Teaches the decoder with its habit; returns the folder of its weights. */
  static Path taught(Path directory) throws IOException {
    Path recipe =
        write(
            directory,
            """
            sft {
              steps = 450, batch = 256, corpus = generated, carries-forgotten = 0.6
              learning-rate = 3e-3, warmup-steps = 20, schedule = cosine
            }
            stop.updates = 1
            """);
    Product product = Product.in(directory).patient(PATIENCE);
    Path exported = directory.resolve("taught-weights");
    if (!Files.exists(exported)) {
      // An attempt that was ended halfway is left alone.
      String run = directory.resolve("taught-" + System.nanoTime()).toString();
      product.run("train", recipe.toString(), "--no-page", "--run", run).with(0);
      product.run("export", run, exported.toString()).with(0);
    }
    return exported;
  }

  /** The recipe of the runs that are disturbed. */
  static Path from(Path weights, Path directory, String... lines) throws IOException {
    return write(
        directory,
        """
        model.init-from = "%s"
        reward.artificial-delay = 1500 ms
        stop.updates = %d
        """
                .formatted(weights, UPDATES)
            + String.join("\n", lines)
            + "\n");
  }

  /** The accuracy that a run comes to when nothing disturbs it. */
  static double undisturbed(Path weights, Path directory) throws IOException {
    Path recipe = from(weights, directory, "reward.artificial-delay = 0 ms");
    Product.in(directory)
        .patient(PATIENCE)
        .run("train", recipe.toString(), "--no-page", "--run", directory + "/undisturbed")
        .with(0);
    return accuracy(new RunFiles(directory.resolve("undisturbed")));
  }

  static double accuracy(RunFiles run) throws IOException {
    return run.summary().get("accuracyAfter").getAsDouble();
  }

  private static Path write(Path directory, String lines) throws IOException {
    return Files.writeString(directory.resolve(NAME + ".conf"), TEXT + lines);
  }
}

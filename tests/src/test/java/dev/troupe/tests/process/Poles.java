package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.protocol.ledger.LedgerEvent.Updated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A run in environments at lag 0, whose weights follow from its seed, whoever samples. */
public final class Poles {
  private static final int UPDATES = 24;

  /** Of both places in a batch. */
  private static final int EPISODES = 16;

  private Poles() {}

  /** Of which {@code samplers} sample, in each process. */
  public static Path recipe(Path directory, int samplers) throws IOException {
    return Files.writeString(
        directory.resolve("poles-" + samplers + ".conf"),
        """
        name = poles
        environment { id = CartPole-v1, count = 8, steps = 32, fragments = 2 }
        policy.hidden = [16]
        algorithm { epochs = 2, minibatches = 2, normalize-observations = true }
        replay.journal.free-disk-min = 1 MiB
        runtime.rollout-actors = %d
        evaluation.episodes = 2
        checkpoints { every = 3, keep = 3 }
        stop.updates = %d
        """
            .formatted(samplers, UPDATES));
  }

  /** Every update of {@code one} made the weights that it made of {@code other}. */
  public static void assertSame(RunFiles one, RunFiles other) throws IOException {
    one.orderlyCounts();
    assertThat(hashes(one)).hasSize(UPDATES + 1).isEqualTo(hashes(other));
  }

  /** By updates, from 0 on; an update that was made again must have made the same. */
  private static Map<Long, String> hashes(RunFiles run) throws IOException {
    var hashes = new TreeMap<Long, String>();
    for (Updated updated : run.events(Updated.class)) {
      String before = hashes.put(updated.version().update(), updated.version().hash());
      assertThat(before).isIn(null, updated.version().hash());
    }
    return hashes;
  }

  /** Every time that the run went on, so did all its episodes; {@code times} it did. */
  public static void assertEpisodesWentOn(RunFiles run, int times) throws IOException {
    List<Integer> resumed = new ArrayList<>();
    for (String line : Files.readAllLines(run.directory().metrics().resolve("metrics.jsonl"))) {
      JsonObject figures = JsonParser.parseString(line).getAsJsonObject();
      if (figures.has("process")) {
        resumed.add(0);
      } else if (figures.has("sampling/episodesFound")) {
        assertThat(figures.get("sampling/episodesFound").getAsInt()).isEqualTo(EPISODES);
        resumed.set(resumed.size() - 1, figures.get("sampling/episodesResumed").getAsInt());
      }
    }
    assertThat(resumed.stream().filter(episodes -> episodes == EPISODES)).hasSize(times);
  }
}

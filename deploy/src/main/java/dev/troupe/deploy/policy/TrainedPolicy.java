package dev.troupe.deploy.policy;

import dev.troupe.deploy.recipe.Recipe;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A policy from disk, with the recipe that it was trained by.
 *
 * @param source in words: which checkpoint of which run
 * @param snapshot held by this
 */
public record TrainedPolicy(
    String source,
    Recipe recipe,
    DecoderNetwork network,
    Tokenizer tokenizer,
    PolicySnapshot snapshot)
    implements AutoCloseable {
  /**
   * The policy of a run directory, or of a folder that {@code export} made.
   *
   * @param update of the checkpoint; the newest one if empty
   * @param options {@code key=value} overrides of the recipe
   */
  public static TrainedPolicy load(Path folder, OptionalLong update, List<String> options)
      throws IOException {
    return of(StoredPolicy.find(folder, update, options));
  }

  /** The policy that these weights are of. */
  static TrainedPolicy of(StoredPolicy stored) throws IOException {
    RunSpecification run = stored.recipe().specification();
    if (stored.plays()) {
      throw new StoredPolicy.NoPolicyException(
          stored.source()
              + " plays in environments and answers nothing: ./troupe eval plays its episodes");
    }
    Tokenizer tokenizer = Tokenizers.of(run.model().tokenizer());
    DecoderNetwork network = new DecoderNetwork(DecoderShape.of(run.model(), tokenizer.size()));
    PolicySnapshot snapshot =
        PolicySnapshot.of(1, stored.update(), load(network, stored.weights()));
    return new TrainedPolicy(stored.source(), stored.recipe(), network, tokenizer, snapshot);
  }

  private static Parameters load(DecoderNetwork network, Path weights) throws IOException {
    try {
      return network.load(weights);
    } catch (IllegalArgumentException e) {
      throw new StoredPolicy.NoPolicyException(String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void close() {
    snapshot.close();
  }
}

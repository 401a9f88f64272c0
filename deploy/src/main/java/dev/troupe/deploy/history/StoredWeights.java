package dev.troupe.deploy.history;

import dev.troupe.actors.control.ControlNetworks;
import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.ParameterFiles;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * The weights of a run's network as its checkpoints have them.
 *
 * @param names of the tensors, in order
 */
public record StoredWeights(List<String> names, Reader reader) {
  public StoredWeights {
    names = List.copyOf(names);
  }

  /** Reads a file of weights; the caller closes what comes out. */
  public interface Reader {
    Parameters read(Path file) throws IOException;
  }

  /** Of a run. */
  public static StoredWeights of(RunSpecification run) {
    if (run.control().isPresent()) {
      ControlNetwork network = ControlNetworks.of(run.control().get());
      return new StoredWeights(
          network.names(),
          file -> {
            try (TensorFile open = TensorFile.open(file)) {
              return ParameterFiles.read(open, network.layout(), Set.of());
            }
          });
    }
    DecoderNetwork network =
        new DecoderNetwork(
            DecoderShape.of(run.model(), Tokenizers.of(run.model().tokenizer()).size()));
    return new StoredWeights(network.names(), network::load);
  }
}

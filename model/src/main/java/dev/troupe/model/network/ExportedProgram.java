package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.TorchArchive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The program of a {@link ControlNetwork} for other software: what {@link ActingProgram} offers,
 * and distributions, log-probabilities and values ({@code exported.py} says it in full). Parameters
 * are arguments of every method.
 */
public final class ExportedProgram {
  private ExportedProgram() {}

  /** What {@code torch.jit.load} reads, and the same as text. */
  public static TorchArchive of(ControlNetwork network) {
    return TorchArchive.of("policy", sources(network), network.constants(Map.of()));
  }

  /** The text of the network and of what it offers. */
  public static List<ProgramSource> sources(ControlNetwork network) {
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    for (String name : List.of("acting.py", "exported.py")) {
      sources.add(
          ProgramSource.resource(ExportedProgram.class, "/dev/troupe/model/programs/" + name));
    }
    return sources;
  }
}

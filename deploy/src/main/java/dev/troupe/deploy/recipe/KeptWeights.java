package dev.troupe.deploy.recipe;

import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.learner.InitialWeights;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The weights that a run began with are among its files and stay what they were, whatever lies
 * under the name of {@code model.init-from} by now: another run goes on and has newer ones, or it
 * is gone.
 */
public final class KeptWeights {
  private KeptWeights() {}

  /** {@code wanted} with the initial weights of the run in {@code runDirectory}. */
  public static Submission of(Submission wanted, Path runDirectory) throws IOException {
    RunSpecification specification = wanted.specification();
    String from = specification.model().initFrom();
    Map<String, String> files = new TreeMap<>(specification.files());
    files.keySet().removeIf(name -> InitialWeights.isOf(from, name));
    NamedFiles.hashes(
            ConfigFactory.parseString(Files.readString(runDirectory.resolve(Recipe.FILE_NAME))))
        .forEach(
            (name, hash) -> {
              if (InitialWeights.isOf(from, name)) {
                files.put(name, hash);
              }
            });
    return files.equals(specification.files())
        ? wanted
        : new Submission(
            wanted.name(),
            specification.withFiles(files),
            NamedFiles.withSection(wanted.recipe(), files),
            wanted.resume());
  }
}

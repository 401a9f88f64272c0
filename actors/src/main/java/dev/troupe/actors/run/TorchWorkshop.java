package dev.troupe.actors.run;

import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.control.ControlLearners;
import dev.troupe.actors.control.EnvironmentSamplers;
import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.learner.LearnerEngines;
import dev.troupe.actors.learner.TorchLearners;
import dev.troupe.actors.node.Workshop;
import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.reward.MissingVerifier;
import dev.troupe.actors.reward.VerifierJudge;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.actors.rollout.TorchSamplers;
import dev.troupe.learner.InitialWeights;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.VerifierRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what recipes mean: decoders in libtorch, verifiers by name.
 *
 * @param directories where a run is on this machine, by its name
 * @param files finds what a recipe names, given where the run is
 * @param verifiers makes the verifier of a recipe
 * @param nanos monotonic clock of samplers in environments
 * @param threads of verifiers
 * @param timer of their time limits
 * @param remembered keeps account of the engines' threads
 */
public record TorchWorkshop(
    Function<String, RunDirectory> directories,
    BiFunction<RunSpecification, RunDirectory, Function<String, Path>> files,
    Function<RewardSpecification, Verifier> verifiers,
    Consumer<CrashPoint> crashHook,
    LongSupplier nanos,
    ThreadFactory threads,
    Timer timer,
    UnaryOperator<ThreadFactory> remembered)
    implements Workshop {
  private static final Logger LOG = LoggerFactory.getLogger(TorchWorkshop.class);

  @Override
  public LearnerEngines learners(String run, RunSpecification specification) {
    RunDirectory directory = directories.apply(run);
    if (specification.control().isPresent()) {
      return new ControlLearners(
          specification,
          specification.control().get(),
          directory.checkpoints(),
          new Epochs(directory.epochs(), "learner"),
          crashHook,
          remembered);
    }
    return new TorchLearners(
        specification,
        directory.checkpoints(),
        new Epochs(directory.epochs(), "learner"),
        files.apply(specification, directory),
        crashHook,
        remembered);
  }

  @Override
  public SamplerEngines samplers(RunSpecification specification) {
    return specification
        .control()
        .<SamplerEngines>map(
            control -> new EnvironmentSamplers(specification, control, nanos, remembered))
        .orElseGet(() -> new TorchSamplers(specification, remembered));
  }

  @Override
  public Supplier<Judge> judges(RunSpecification specification, VerifierVersion version) {
    RewardSpecification reward =
        specification.control().isPresent()
            ? specification.reward()
            : specification.reward().judgedBy(version);
    Verifier verifier;
    try {
      verifier = verifiers.apply(reward);
    } catch (IllegalArgumentException e) {
      LOG.warn("verifier [{}] can't judge on this node", version.ref().words(), e);
      verifier = new MissingVerifier(version.ref(), String.valueOf(e.getMessage()));
    }
    return judges(verifier, reward);
  }

  private Supplier<Judge> judges(Verifier verifier, RewardSpecification reward) {
    return () ->
        new VerifierJudge(verifier.ref(), new VerifierRunner(verifier, reward, threads, timer));
  }

  /**
   * Samplers and verifiers read nothing that a recipe names. A learner that has a checkpoint to go
   * on from needs no weights to begin with.
   */
  @Override
  public Set<String> files(String run, RunSpecification specification, Role role) {
    return switch (role) {
      case LEARNER -> {
        Map<String, String> needed = new HashMap<>(specification.files());
        if (hasCheckpoint(directories.apply(run))) {
          needed
              .keySet()
              .removeIf(name -> InitialWeights.isOf(specification.model().initFrom(), name));
        }
        yield Set.copyOf(needed.values());
      }
      case HEAD, ROLLOUT, REWARD -> Set.of();
    };
  }

  private static boolean hasCheckpoint(RunDirectory directory) {
    return Files.isDirectory(directory.checkpoints())
        && !new CheckpointStore(directory.checkpoints(), CheckpointHooks.NONE).list().isEmpty();
  }

  @Override
  public Optional<String> cannotLearn(String run, String token) {
    Path directory = directories.apply(run).root();
    if (token.isEmpty() || Files.exists(directory.resolve(token))) {
      return Optional.empty();
    }
    return Optional.of(
        "the head left ["
            + token
            + "] in the run directory and it isn't in ["
            + directory
            + "] here: heads and learners must have the same directory as --home, on storage that"
            + " they share");
  }
}

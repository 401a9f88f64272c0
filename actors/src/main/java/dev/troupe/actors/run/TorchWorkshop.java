package dev.troupe.actors.run;

import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.learner.LearnerEngines;
import dev.troupe.actors.learner.TorchLearners;
import dev.troupe.actors.node.Workshop;
import dev.troupe.actors.reward.Judge;
import dev.troupe.actors.reward.VerifierJudge;
import dev.troupe.actors.rollout.SamplerEngines;
import dev.troupe.actors.rollout.TorchSamplers;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.rollout.verify.Timer;
import dev.troupe.rollout.verify.Verifier;
import dev.troupe.rollout.verify.VerifierRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Makes what recipes mean: decoders in libtorch, verifiers by name.
 *
 * @param directories where a run is on this machine, by its name
 * @param verifiers makes the verifier of a recipe
 * @param threads of verifiers
 * @param timer of their time limits
 * @param remembered keeps account of the engines' threads
 */
public record TorchWorkshop(
    Function<String, RunDirectory> directories,
    Function<RewardSpecification, Verifier> verifiers,
    Consumer<CrashPoint> crashHook,
    ThreadFactory threads,
    Timer timer,
    UnaryOperator<ThreadFactory> remembered)
    implements Workshop {

  @Override
  public LearnerEngines learners(String run, RunSpecification specification) {
    RunDirectory directory = directories.apply(run);
    return new TorchLearners(
        specification,
        directory.checkpoints(),
        new Epochs(directory.epochs(), "learner"),
        TorchEngines.files(specification, directory),
        crashHook,
        remembered);
  }

  @Override
  public SamplerEngines samplers(RunSpecification specification) {
    return new TorchSamplers(specification, remembered);
  }

  @Override
  public Supplier<Judge> judges(RunSpecification specification) {
    Verifier verifier = verifiers.apply(specification.reward());
    return () ->
        new VerifierJudge(
            verifier.ref(), new VerifierRunner(verifier, specification.reward(), threads, timer));
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

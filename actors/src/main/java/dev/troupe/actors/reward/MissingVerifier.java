package dev.troupe.actors.reward;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.rollout.verify.Verifier;

/** Stands for a verifier that can't be made on this node: every verdict says why. */
public record MissingVerifier(VerifierRef ref, String why) implements Verifier {
  @Override
  public Outcome verify(Task task, Trajectory trajectory) {
    return new Outcome.Crashed("[" + ref.words() + "] can't judge on this node: " + why);
  }
}

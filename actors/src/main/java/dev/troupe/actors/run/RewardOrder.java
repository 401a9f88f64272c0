package dev.troupe.actors.run;

import dev.troupe.protocol.outcome.VerifierVersion;
import java.util.Optional;

/** What somebody wants of who judges in a run. */
public sealed interface RewardOrder {

  /**
   * Groups that begin from now on shall be judged by {@code verifier}.
   *
   * @param trial whether it must first show what the recipe's trial asks for
   */
  record Swap(VerifierVersion verifier, boolean trial) implements RewardOrder {}

  /** {@code verifier} shall judge beside the one in force, and nothing is trained on it. */
  record Shadow(VerifierVersion verifier) implements RewardOrder {}

  /** Nobody shall judge beside the one in force; ends a trial. */
  record NoShadow() implements RewardOrder {}

  /**
   * By one that this run had before: {@code NAME@VERSION}, or that and the start of its hash.
   *
   * @param otherwise by this one, if the run had none of that name
   */
  record SwapTo(String known, Optional<VerifierVersion> otherwise) implements RewardOrder {}

  /** By the one that was in force before. */
  record Back() implements RewardOrder {}
}

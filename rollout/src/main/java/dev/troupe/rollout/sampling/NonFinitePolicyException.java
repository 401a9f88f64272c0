package dev.troupe.rollout.sampling;

import dev.troupe.protocol.policy.PolicyVersion;

/** A policy whose logits are NaN or infinite: nothing can be sampled from it. */
public final class NonFinitePolicyException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  NonFinitePolicyException(PolicyVersion version) {
    super(
        "policy of update ["
            + version.update()
            + "], incarnation ["
            + version.incarnation()
            + "] gives log-probabilities that aren't finite; the sequences under way are lost, go"
            + " on with another version");
  }
}

package dev.troupe.actors.journal;

import java.util.Optional;

/**
 * While this writer took a journal over, a newer one claimed an epoch: what was read may be deleted
 * or sealed otherwise by now, and nothing may be written any more.
 */
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  FencedException(Epochs.Claim claim, Optional<RuntimeException> cause) {
    super(
        new JournalFailure.Fenced(claim.epoch(), claim.epochs().newest()).message(),
        cause.orElse(null));
  }
}

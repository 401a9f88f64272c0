package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.LedgerEvent.IncarnationBegan;
import dev.troupe.protocol.policy.PolicyVersion;
import java.util.ArrayList;
import java.util.List;

/** The learner's lives, and which versions are ancestors of the living one. */
final class Incarnations {
  private final List<IncarnationBegan> begun = new ArrayList<>();

  void began(IncarnationBegan incarnation) {
    if (incarnation.incarnation() <= newest()) {
      throw new LedgerException(
          "incarnation [%d] began after incarnation [%d]"
              .formatted(incarnation.incarnation(), newest()));
    }
    // A later life that began at the same update or before makes an earlier one's bound redundant.
    begun.removeIf(earlier -> earlier.fromUpdate() >= incarnation.fromUpdate());
    begun.add(incarnation);
  }

  /** Takes over what a summary tells. */
  void restore(List<IncarnationBegan> earlier) {
    begun.clear();
    begun.addAll(earlier);
  }

  int newest() {
    return begun.isEmpty() ? 0 : begun.getLast().incarnation();
  }

  /** Whether exactly this life has begun, and none after it. */
  boolean isNewest(IncarnationBegan incarnation) {
    return !begun.isEmpty() && begun.getLast().equals(incarnation);
  }

  /** The bounds that still matter, oldest first. */
  List<IncarnationBegan> begun() {
    return List.copyOf(begun);
  }

  /**
   * Whether {@code version} died with its incarnation: a later one began from a checkpoint that
   * doesn't contain it.
   */
  boolean isOrphan(PolicyVersion version) {
    for (IncarnationBegan later : begun) {
      if (later.incarnation() > version.incarnation() && later.fromUpdate() < version.update()) {
        return true;
      }
    }
    return false;
  }
}

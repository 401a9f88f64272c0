package dev.troupe.actors.ledger;

import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The verifiers that were chosen while the run went on, the one in force last. */
final class ChosenVerifiers {
  /** To go back to; what open groups need is kept beyond. */
  private static final int KEPT = 16;

  private final ArrayList<VerifierChosen> chosen = new ArrayList<>();

  void restore(List<VerifierChosen> earlier) {
    chosen.clear();
    chosen.addAll(earlier);
  }

  /** {@code next} is in force; {@code open} are the groups that something may still happen to. */
  void add(VerifierChosen next, Collection<GroupAccount> open) {
    chosen.add(next);
    for (int i = 0; i < chosen.size() && chosen.size() > KEPT; ) {
      if (isNeeded(chosen.get(i).verifier().ref(), open)) {
        i++;
      } else {
        chosen.remove(i);
      }
    }
  }

  private static boolean isNeeded(VerifierRef ref, Collection<GroupAccount> open) {
    return open.stream().anyMatch(account -> account.group().verifier().equals(ref));
  }

  List<VerifierChosen> all() {
    return List.copyOf(chosen);
  }

  /** Whether it judges groups that begin now; before the first swap, only the recipe's is there. */
  boolean isInForce(VerifierRef verifier) {
    return chosen.isEmpty() || chosen.getLast().verifier().ref().equals(verifier);
  }

  /** Empty = the recipe's. */
  Optional<VerifierVersion> inForce() {
    return chosen.isEmpty() ? Optional.empty() : Optional.of(chosen.getLast().verifier());
  }
}

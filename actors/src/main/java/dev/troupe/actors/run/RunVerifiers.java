package dev.troupe.actors.run;

import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who judges in a run: the verifier in force, those of groups that began with others, and the
 * recipe's, which judges evaluations from the first to the last, so that they can be compared.
 */
final class RunVerifiers {
  private final VerifierVersion recipes;
  private Set<VerifierRef> atWork = Set.of();
  private List<VerifierChosen> chosen = List.of();

  RunVerifiers(VerifierVersion recipes) {
    this.recipes = recipes;
  }

  /** The recipe's. */
  VerifierVersion recipes() {
    return recipes;
  }

  /** So the books say. */
  void are(Set<VerifierRef> atWork, List<VerifierChosen> chosen) {
    this.atWork = Set.copyOf(atWork);
    this.chosen = List.copyOf(chosen);
  }

  List<VerifierChosen> chosen() {
    return chosen;
  }

  /** Who judges groups that begin now. */
  VerifierVersion inForce() {
    return chosen.isEmpty() ? recipes : chosen.getLast().verifier();
  }

  /** Of whom there must be reward actors; the one in force comes first. */
  List<VerifierVersion> needed(boolean evaluating) {
    List<VerifierVersion> needed = new ArrayList<>();
    needed.add(inForce());
    for (VerifierVersion version : known().values()) {
      boolean works =
          atWork.contains(version.ref()) || (evaluating && version.ref().equals(recipes.ref()));
      if (works && !version.ref().equals(inForce().ref())) {
        needed.add(version);
      }
    }
    return needed;
  }

  /** The one that was in force before. */
  Optional<VerifierVersion> before() {
    List<VerifierVersion> course = new ArrayList<>();
    course.add(recipes);
    chosen.forEach(one -> course.add(one.verifier()));
    return course.reversed().stream()
        .filter(version -> !version.ref().equals(inForce().ref()))
        .findFirst();
  }

  /**
   * One that this run had, newest first, by {@code NAME@VERSION}, or by that and the beginning of
   * its hash.
   */
  Optional<VerifierVersion> find(String words) {
    return new ArrayList<>(known().values())
        .reversed().stream()
            .filter(
                version ->
                    words.equals(version.ref().name() + "@" + version.ref().version())
                        || words.equals(version.ref().words()))
            .findFirst();
  }

  /** What {@link #find} knows, for people. */
  List<String> names() {
    return known().keySet().stream().map(VerifierRef::words).toList();
  }

  private Map<VerifierRef, VerifierVersion> known() {
    Map<VerifierRef, VerifierVersion> known = new LinkedHashMap<>();
    known.put(recipes.ref(), recipes);
    for (VerifierChosen one : chosen) {
      known.remove(one.verifier().ref());
      known.put(one.verifier().ref(), one.verifier());
    }
    return known;
  }
}

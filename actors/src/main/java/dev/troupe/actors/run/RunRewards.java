package dev.troupe.actors.run;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.protocol.ledger.LedgerEvent.VerifierChosen;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.outcome.VerifierVersion;
import dev.troupe.protocol.run.RewardSpecification.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What follows from orders about who judges, and from what the books say of it. A swap is answered
 * once the journal holds it: then groups that begin have the new verifier, whoever takes over.
 */
final class RunRewards {
  private final RunVerifiers verifiers;
  private final Trial trial;
  private final boolean judges;
  private final RunHands hands;
  private final Map<VerifierRef, List<Consumer<Answer>>> asking = new HashMap<>();
  private List<VerifierVersion> told = List.of();
  private Optional<Shadowing> shadowing = Optional.empty();

  /**
   * @param trial of verifiers that are to be swapped in
   * @param judges whether verifiers judge in this run at all
   */
  RunRewards(VerifierVersion recipes, Trial trial, boolean judges, RunHands hands) {
    this.trial = trial;
    this.verifiers = new RunVerifiers(recipes);
    this.judges = judges;
    this.hands = hands;
  }

  /** Somebody wants another verifier; {@code to} hears when the journal holds it, or why not. */
  void order(RewardOrder order, boolean waits, Consumer<Answer> to) {
    if (!judges) {
      to.accept(
          new Answer.Refused(
              "this run learns in an environment: rewards come with its steps, no verifier"
                  + " judges"));
      return;
    }
    switch (order) {
      case RewardOrder.Swap(var verifier, boolean onTrial) -> {
        if (onTrial && !waits && trial.trajectories() > 0 && !isInForce(verifier)) {
          shadow(verifier, trial, to);
        } else {
          swap(verifier, to);
        }
      }
      case RewardOrder.Shadow(var verifier) -> shadow(verifier, Trial.NONE, to);
      case RewardOrder.NoShadow _ -> {
        to.accept(
            shadowing.filter(Shadowing::isJudging).isPresent()
                ? new Answer.Done("nobody judges beside the verifier in force any more")
                : new Answer.Refused("nobody judges beside the verifier in force"));
        endShadow("somebody ended it");
      }
      case RewardOrder.Back _ ->
          swapIfThere(
              verifiers.before(),
              "[" + verifiers.inForce().ref().words() + "] judges since the run began",
              to);
      case RewardOrder.SwapTo(var known, var otherwise) ->
          swapIfThere(
              verifiers.find(known).or(() -> otherwise),
              "this run had no verifier ["
                  + known
                  + "], it had "
                  + verifiers.names()
                  + "; a new one needs --settings or --recipe",
              to);
    }
  }

  private void swapIfThere(Optional<VerifierVersion> found, String why, Consumer<Answer> to) {
    found.ifPresentOrElse(verifier -> swap(verifier, to), () -> to.accept(new Answer.Refused(why)));
  }

  private boolean isInForce(VerifierVersion verifier) {
    return verifier.ref().equals(verifiers.inForce().ref());
  }

  private void shadow(VerifierVersion verifier, Trial its, Consumer<Answer> to) {
    if (isInForce(verifier)) {
      to.accept(
          new Answer.Refused("[" + verifier.ref().words() + "] is the verifier in force itself"));
      return;
    }
    endShadow("[" + verifier.ref().words() + "] judges instead");
    shadowing = Optional.of(new Shadowing(verifier, its));
    tellShadow();
    String judges = "[" + verifier.ref().words() + "] judges beside [";
    to.accept(
        new Answer.Done(
            judges
                + verifiers.inForce().ref().words()
                + (its.trajectories() == 0
                    ? "]; nothing is trained on what it says"
                    : "] the next ["
                        + its.trajectories()
                        + "] trajectories, and is taken if it passes")));
  }

  private void endShadow(String why) {
    shadowing.ifPresent(
        one -> {
          one.end(why);
          tellShadow();
        });
  }

  private void tellShadow() {
    shadowing.ifPresent(
        one -> hands.toMonitor(new MonitorActor.Tell(new RunEvent.ShadowJudged(one.report()))));
  }

  /** Somewhere more was compared; false if nobody wants that. */
  boolean compared(RunActor.Compared compared) {
    Optional<Shadowing> wanted =
        shadow().isPresent()
            ? shadowing.filter(one -> one.verifier().ref().equals(compared.shadow()))
            : Optional.empty();
    wanted.ifPresent(
        one -> {
          if (one.add(compared.figures())) {
            hands.toReplay(new ReplayActor.Swap(one.verifier()));
          }
          tellShadow();
        });
    return wanted.isPresent();
  }

  /** Who judges beside the verifier in force. */
  Optional<VerifierVersion> shadow() {
    return shadowing.filter(Shadowing::isJudging).map(Shadowing::verifier);
  }

  private void swap(VerifierVersion verifier, Consumer<Answer> to) {
    if (isInForce(verifier)) {
      to.accept(new Answer.Done("[" + verifier.ref().words() + "] judges already"));
      return;
    }
    asking.computeIfAbsent(verifier.ref(), _ -> new ArrayList<>()).add(to);
    hands.toReplay(new ReplayActor.Swap(verifier));
  }

  /** The journal holds that {@code verifier} judges. */
  void taken(VerifierVersion verifier) {
    String words =
        "groups that begin now are judged by ["
            + verifier.ref().words()
            + "]; back: ./troupe reward swap --back";
    Optional.ofNullable(asking.remove(verifier.ref()))
        .ifPresent(all -> all.forEach(to -> to.accept(new Answer.Done(words))));
  }

  /** So the books say. */
  void are(RunActor.VerifiersAre now) {
    List<VerifierChosen> before = verifiers.chosen();
    verifiers.are(now.atWork(), now.chosen());
    if (!now.chosen().equals(before)) {
      VerifierChosen last = now.chosen().getLast();
      if (shadow().filter(this::isInForce).isPresent()) {
        endShadow("it is in force");
      }
      hands.toMonitor(
          new MonitorActor.Tell(
              new RunEvent.VerifierSwapped(
                  verifiers.before().orElse(verifiers.recipes()).ref(),
                  last.verifier().ref(),
                  last.firstGroup(),
                  now.chosen().size())));
    }
  }

  /** The verifier of evaluations. */
  VerifierRef ofEvaluations() {
    return verifiers.recipes().ref();
  }

  /** Of whom there must be reward actors now. */
  List<VerifierVersion> needed(boolean evaluating) {
    List<VerifierVersion> needed = verifiers.needed(evaluating);
    if (!needed.equals(told)) {
      told = needed;
      hands.toMonitor(
          new MonitorActor.Tell(
              new RunEvent.VerifiersJudge(needed.stream().map(VerifierVersion::ref).toList())));
    }
    return needed;
  }
}

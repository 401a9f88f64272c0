package dev.troupe.deploy.terminal;

import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.ShadowReport;
import dev.troupe.deploy.watch.RunView;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** What is worth a line of its own while a run goes on. */
public record Remark(Kind kind, String text) {

  /** How much it matters. */
  public enum Kind {
    /** A picture that is drawn again and again shows it anyway. */
    ROUTINE,
    NEWS,
    WARNING
  }

  /**
   * What {@code event} is worth.
   *
   * @param view the run after it; asked only where the words need it, for it costs much more than
   *     most events are worth
   */
  public static Optional<Remark> of(RunEvent event, Supplier<RunView> view) {
    return switch (event) {
      case RunEvent.PhaseChanged changed -> {
        boolean routine = changed.detail().isEmpty();
        yield some(
            routine ? Kind.ROUTINE : Kind.NEWS,
            ProgressText.doing(view.get()) + (routine ? "" : " (" + changed.detail() + ")"));
      }
      case RunEvent.EvaluationEnded ended -> some(Kind.NEWS, evaluation(ended, view.get()));
      case RunEvent.ActorRestarted(String actor, String cause) ->
          some(Kind.WARNING, "restarted " + actor + ": " + cause);
      case RunEvent.NodeLost(String name) ->
          some(
              Kind.WARNING,
              "node " + name + " left or was lost: what it held is granted to others");
      case RunEvent.Stalled(String actor, String waitsFor, var since) ->
          some(
              Kind.WARNING,
              "stalled: " + actor + " has waited " + Figures.duration(since) + " for " + waitsFor);
      case RunEvent.StallEnded(var after) ->
          some(Kind.NEWS, "goes on after a stall of " + Figures.duration(after));
      case RunEvent.VerifierSwapped(var before, var now, long firstGroup, _) ->
          some(
              Kind.NEWS,
              "groups from "
                  + firstGroup
                  + " on are judged by "
                  + now.words()
                  + " (before: "
                  + before.words()
                  + ")");
      case RunEvent.ShadowJudged(ShadowReport report) -> shadow(report);
      case RunEvent.SupervisedStep _,
          RunEvent.UpdateMade _,
          RunEvent.SampleJudged _,
          RunEvent.TrajectoryDropped _,
          RunEvent.LedgerCounted _,
          RunEvent.VerifiersJudge _,
          RunEvent.EpisodesResumed _,
          RunEvent.CheckpointCommitted _ ->
          Optional.empty();
    };
  }

  private static Optional<Remark> some(Kind kind, String text) {
    return Optional.of(new Remark(kind, text));
  }

  private static Optional<Remark> shadow(ShadowReport report) {
    String name = report.verifier().words();
    return switch (report.state()) {
      case JUDGING ->
          report.figures().compared() > 0
              ? Optional.empty()
              : some(Kind.NEWS, name + " judges beside the verifier in force");
      case TAKEN -> some(Kind.NEWS, name + " passed its trial: " + report.words());
      case REFUSED -> some(Kind.WARNING, name + " is not taken: " + report.words());
      case ENDED -> some(Kind.NEWS, name + " judges beside no more: " + report.words());
    };
  }

  private static String evaluation(RunEvent.EvaluationEnded ended, RunView view) {
    String when =
        switch (ended.occasion()) {
          case BEFORE -> "before reinforcement learning";
          case DURING -> "after " + view.update() + " updates";
          case AFTER -> "at the end";
        };
    String failed = ended.failed() == 0 ? "" : ", " + ended.failed() + " without a verdict";
    return String.format(
        Locale.ROOT,
        "%s %s %s%s%s",
        view.measure().word(),
        view.measure().text(ended.accuracy()),
        when,
        ended.best() ? ", the best so far" : "",
        failed);
  }
}

package dev.troupe.actors.cluster;

import dev.troupe.actors.run.RewardOrder;
import dev.troupe.actors.runs.RunsActor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/** Asks the actor of the cluster's runs, in this JVM. */
record HeadRuns(Path home, Path files, ActorRef<RunsActor.Command> runs, ActorSystem<?> system)
    implements Runs {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  private <T> CompletionStage<T> ask(Function<ActorRef<T>, RunsActor.Command> question) {
    return AskPattern.ask(runs, question, ANSWER_WITHIN, system.scheduler());
  }

  @Override
  public CompletionStage<ClusterView> view() {
    return ask(RunsActor.GetView::new);
  }

  @Override
  public CompletionStage<Answer> submit(Submission submission) {
    return ask(to -> new RunsActor.Submit(submission, to));
  }

  @Override
  public CompletionStage<Answer> pause(String run) {
    return ask(to -> new RunsActor.ToRun(run, RunsActor.Want.PAUSE, to));
  }

  @Override
  public CompletionStage<Answer> goOn(String run) {
    return ask(to -> new RunsActor.ToRun(run, RunsActor.Want.GO_ON, to));
  }

  @Override
  public CompletionStage<Answer> reward(String run, RewardOrder order) {
    return ask(to -> new RunsActor.Reward(run, order, to));
  }

  @Override
  public CompletionStage<Answer> stop(String run) {
    return ask(to -> new RunsActor.ToRun(run, RunsActor.Want.STOP, to));
  }

  @Override
  public CompletionStage<Answer> drain(String node, boolean now) {
    return ask(to -> new RunsActor.Drain(node, now, to));
  }

  @Override
  public CompletionStage<Answer> log(String node, int lines) {
    return ask(to -> new RunsActor.GetLog(node, lines, to));
  }
}

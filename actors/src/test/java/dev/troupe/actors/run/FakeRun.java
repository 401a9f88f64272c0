package dev.troupe.actors.run;

import static org.awaitility.Awaitility.await;

import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.protocol.run.RunSpecification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** A run with fake engines, with every message serialized, and what was heard of it. */
final class FakeRun {
  final List<RunEvent> events = new CopyOnWriteArrayList<>();
  final FakeEngines fakes;
  private final RunSpecification recipe;
  private final Path directory;
  private Troupe.@Nullable Handle handle;

  private FakeRun(RunSpecification recipe, Path directory, FakeEngines fakes) {
    this.recipe = recipe;
    this.directory = directory;
    this.fakes = fakes;
  }

  static FakeRun of(RunSpecification recipe, Path directory) {
    return new FakeRun(recipe, directory, new FakeEngines(recipe));
  }

  FakeRun start() {
    return start(UnaryOperator.identity());
  }

  FakeRun start(UnaryOperator<TroupeOptions> change) {
    TroupeOptions options = TestRuns.options(events::add);
    handle =
        (Troupe.Handle)
            Troupe.start(
                recipe, new RunDirectory(directory), change.apply(options), fakes.engines());
    return this;
  }

  Troupe.Handle handle() {
    return Objects.requireNonNull(handle, "start the run first");
  }

  RunSummary end() throws Exception {
    return handle().done().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** Waits until the learner made update {@code number} of reinforcement learning. */
  void awaitUpdate(long number) {
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> updates().stream().anyMatch(made -> made.number() >= number));
  }

  List<RunEvent.UpdateMade> updates() {
    return heard(RunEvent.UpdateMade.class);
  }

  <T extends RunEvent> List<T> heard(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  NodeActor.Singletons singletons() {
    TestProbe<RunActor.SingletonsAre> probe = TestProbe.create(handle().system());
    handle().system().tell(new Guardian.ToRun(new RunActor.GetSingletons(probe.getRef())));
    return probe.receiveMessage().singletons();
  }

  ActorRef<LearnerActor.Command> learner() {
    return children().learner().orElseThrow();
  }

  NodeActor.Children children() {
    TestProbe<NodeActor.Children> probe = TestProbe.create(handle().system());
    handle().system().tell(new Guardian.ToNode(new NodeActor.GetChildren(probe.getRef())));
    return probe.receiveMessage();
  }
}

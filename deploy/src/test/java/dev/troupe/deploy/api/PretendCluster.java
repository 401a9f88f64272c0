package dev.troupe.deploy.api;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.ClusterNode;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.MemberWatcher;
import dev.troupe.actors.cluster.NodeEnd;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.cluster.Runs;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.run.ActorProgress;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.actors.run.RunStatus;
import dev.troupe.actors.run.Stage;
import dev.troupe.actors.weights.WeightTraffic;
import dev.troupe.protocol.ledger.DropReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A node whose cluster is made of what a test says. */
public final class PretendCluster implements ClusterNode, Runs {
  private final Path files;
  private final CompletableFuture<NodeEnd> ended = new CompletableFuture<>();
  private final List<String> asked = new ArrayList<>();
  private final List<Submission> submissions = new ArrayList<>();
  private volatile boolean up = true;
  private volatile boolean active = true;
  private volatile Optional<HostPort> head = Optional.empty();
  private volatile Runnable onSubmit = () -> {};
  private volatile ClusterView view = new ClusterView("head-1", List.of(), List.of());

  /** Keeps files in {@code files}. */
  public PretendCluster(Path files) {
    this.files = files;
  }

  /** The active head is elsewhere, or nowhere. */
  public PretendCluster withHead(Optional<HostPort> elsewhere) {
    active = false;
    head = elsewhere;
    return this;
  }

  /** The active head is here again. */
  public void activate() {
    active = true;
  }

  public PretendCluster with(ClusterView shown) {
    view = shown;
    return this;
  }

  /** Does {@code what} at every submission. */
  public void onSubmit(Runnable what) {
    onSubmit = what;
  }

  public PretendCluster joining() {
    up = false;
    return this;
  }

  /** What was asked for, in order. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  public synchronized List<Submission> submissions() {
    return List.copyOf(submissions);
  }

  private synchronized CompletionStage<Answer> done(String what) {
    asked.add(what);
    return CompletableFuture.completedFuture(
        what.contains("refused")
            ? new Answer.Refused(what + " is refused")
            : new Answer.Done(what + " is done"));
  }

  @Override
  public boolean isUp() {
    return up;
  }

  @Override
  public Optional<Runs> runs() {
    return active ? Optional.of(this) : Optional.empty();
  }

  @Override
  public CompletionStage<Optional<HostPort>> activeHead() {
    return CompletableFuture.completedFuture(head);
  }

  @Override
  public void watch(MemberWatcher watcher) {}

  @Override
  public WeightTraffic weights() {
    return new WeightTraffic(1_000, 2_000, 9, 3, 4, 5, 6, 1_500_000_000, 7, 8);
  }

  @Override
  public void leave() {
    ended.complete(new NodeEnd.Left("left"));
  }

  @Override
  public void leaveNow() {
    ended.complete(new NodeEnd.Left("left at once"));
  }

  /** Ends as {@code end} says. */
  public void end(NodeEnd end) {
    ended.complete(end);
  }

  @Override
  public CompletionStage<NodeEnd> ended() {
    return ended;
  }

  @Override
  public Path home() {
    return files.resolveSibling("home");
  }

  @Override
  public Path files() {
    return files;
  }

  @Override
  public CompletionStage<ClusterView> view() {
    return CompletableFuture.completedFuture(view);
  }

  @Override
  public CompletionStage<Answer> submit(Submission submission) {
    synchronized (this) {
      submissions.add(submission);
    }
    onSubmit.run();
    return done("submit " + submission.name());
  }

  @Override
  public CompletionStage<Answer> pause(String run) {
    return done("pause " + run);
  }

  @Override
  public CompletionStage<Answer> goOn(String run) {
    return done("continue " + run);
  }

  @Override
  public CompletionStage<Answer> reward(String run, RewardOrder order) {
    return done("reward " + run + " " + order);
  }

  @Override
  public CompletionStage<Answer> stop(String run) {
    return done("stop " + run);
  }

  @Override
  public CompletionStage<Answer> drain(String node, boolean now) {
    return done("drain " + node + (now ? " now" : ""));
  }

  @Override
  public CompletionStage<Answer> log(String node, int lines) {
    return done("log " + node + " " + lines);
  }

  /** A head, a rollout node, both where nobody listens, and one run that is at update 42. */
  public static ClusterView twoNodes() {
    RunStatus status =
        new RunStatus(
            Phase.RUNNING,
            Stage.REINFORCED,
            "",
            10,
            42,
            120,
            OptionalDouble.of(0.75),
            new LedgerTotals(
                1_000,
                200,
                100,
                64,
                600,
                Map.of(DropReason.STALE, 30L, DropReason.NODE_LOST, 6L),
                2));
    return new ClusterView(
        "head-1",
        List.of(
            new ClusterView.Node(
                "head-1",
                new HostPort("127.0.0.1", 1),
                new HostPort("127.0.0.1", 2),
                Set.of(Role.HEAD, Role.LEARNER),
                ClusterView.NodeState.UP,
                List.of("cpu"),
                2,
                8L << 30,
                "0.1.0",
                0,
                Map.of(),
                List.of("sums")),
            new ClusterView.Node(
                "worker-1",
                new HostPort("127.0.0.1", 4),
                new HostPort("127.0.0.1", 5),
                Set.of(Role.ROLLOUT),
                ClusterView.NodeState.UNREACHABLE,
                List.of("cpu", "cuda:0"),
                16,
                64L << 30,
                "0.1.0",
                4,
                Map.of("sums", 3),
                List.of())),
        List.of(
            new ClusterView.Run(
                "sums",
                ClusterView.RunState.ACTIVE,
                "",
                1.0,
                status,
                "update 42/120",
                List.of(
                    new ActorProgress("learner", 42, "batch 43", Duration.ofSeconds(3)),
                    new ActorProgress("worker-1/rollout-1", 7, "", Duration.ofMillis(20))))));
  }
}

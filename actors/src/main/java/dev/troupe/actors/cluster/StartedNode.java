package dev.troupe.actors.cluster;

import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import dev.troupe.actors.node.NodeSurroundings;
import dev.troupe.actors.policy.NodeWeights;
import dev.troupe.actors.run.ClusterWorkshop;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.runs.RunsActor;
import dev.troupe.actors.runs.RunsSurroundings;
import dev.troupe.actors.weights.FileShelf;
import dev.troupe.actors.weights.PullLimits;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.actors.weights.WeightTraffic;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Leave;
import org.jspecify.annotations.Nullable;

/** A node that runs in this JVM. */
final class StartedNode implements ClusterNode {
  private static final Duration ENGINES_END_WITHIN = Duration.ofSeconds(10);
  private static final int FILE_SOURCES_MAX = 8;
  private static final Duration HEAD_ANSWERS_WITHIN = Duration.ofSeconds(2);

  private final NodeOptions options;
  private final ClusterWorkshop workshop;
  private final FileShelf files;
  private final NodeWeights weights;
  private final CompletableFuture<NodeEnd> ended = new CompletableFuture<>();
  private final AtomicReference<@Nullable ActorRef<RunsActor.Command>> active =
      new AtomicReference<>();
  private final AtomicBoolean leaving = new AtomicBoolean();
  private final AtomicBoolean leftAlone = new AtomicBoolean();
  private final CompletableFuture<ActorSystem<NodeGuardian.Command>> system =
      new CompletableFuture<>();
  private volatile @Nullable ActorRef<RunsActor.Command> way;

  private StartedNode(NodeOptions options, FileShelf files, NodeWeights weights) {
    this.options = options;
    this.workshop = ClusterWorkshop.of(options, files);
    this.files = files;
    this.weights = weights;
    Runnable chunkReceived = () -> options.crashHook().accept(CrashPoint.CHUNK_RECEIVED);
    files.onPiece(chunkReceived);
    weights.onChunk(chunkReceived);
  }

  static StartedNode start(NodeOptions options) {
    FileShelf files = files(options);
    StartedNode node = new StartedNode(options, files, weights(options, files));
    try {
      ActorSystem<NodeGuardian.Command> started =
          ActorSystem.create(
              NodeGuardian.create(
                  node.surroundings(), node.runsSurroundings(), (_, runs) -> node.way = runs),
              NodeConfig.SYSTEM,
              NodeConfig.of(options));
      node.began(started);
      Cluster.get(started).manager().tell(NodeConfig.joining(options));
      return node;
    } catch (RuntimeException e) {
      node.close();
      throw NodeStartException.of(options, e);
    }
  }

  /** Heads have what submissions brought; others fetch it from them. */
  private static FileShelf files(NodeOptions options) {
    boolean head = options.roles().contains(Role.HEAD);
    Path own = options.scratch().resolve("files");
    try {
      return FileShelf.open(
          head ? List.of(options.home().resolve(".cluster").resolve("files")) : List.of(),
          own,
          FileShelf.Limits.DEFAULT,
          PullLimits.DEFAULT,
          options.transport(),
          Thread.ofVirtual().name("files-", 0).factory(),
          options.nanos());
    } catch (IOException e) {
      throw new NodeStartException(
          "node [" + options.name() + "] can't keep files in [" + own + "]: " + e.getMessage(), e);
    }
  }

  /** Nodes whose scratch directories lie side by side share the files of weights. */
  private static NodeWeights weights(NodeOptions options, FileShelf files) {
    try {
      return NodeWeights.start(
          options.scratch().resolveSibling("weights"),
          Optional.of(files),
          options.data(),
          options.transport(),
          NodeWeights.Images.SNAPSHOTS,
          new NodeWeights.Threads(
              Thread.ofVirtual().name("weights-", 0).factory(), options.threads()),
          options.nanos());
    } catch (IOException e) {
      throw new NodeStartException(
          "node [" + options.name() + "] can't serve weights: " + e.getMessage(), e);
    }
  }

  private void close() {
    workshop.close(ENGINES_END_WITHIN);
    files.close();
    weights.close();
  }

  private NodeSurroundings surroundings() {
    return new NodeSurroundings(
        offer(),
        workshop.workshop(),
        new LogFile(options.log(), options.threads()),
        Optional.of(weights),
        Optional.of(new NodeSurroundings.Files(files, this::fileSources)),
        this::leaveCluster,
        options.crashHook(),
        options.nanos());
  }

  /** Heads have everything, others what they fetched. */
  private List<WeightSource> fileSources() {
    Cluster cluster = Cluster.get(system.join());
    List<Member> others = new ArrayList<>();
    for (Member member : cluster.state().getMembers()) {
      if (!member.equals(cluster.selfMember()) && member.status().equals(MemberStatus.up())) {
        others.add(member);
      }
    }
    return others.stream()
        .sorted(
            Comparator.comparing((Member member) -> !member.hasRole(Role.HEAD.text()))
                .thenComparing(Member.ageOrdering()))
        .limit(FILE_SOURCES_MAX)
        .flatMap(member -> source(member.address()).stream())
        .toList();
  }

  /** A node serves weights and files two ports above its address. */
  private static Optional<WeightSource> source(Address node) {
    return node.getHost()
        .flatMap(host -> node.getPort().map(port -> new WeightSource(host, port + 2, false)));
  }

  private NodeOffer offer() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean machine
            ? machine.getTotalMemorySize()
            : 0;
    return new NodeOffer(
        options.name(),
        options.address(),
        options.api(),
        options.data(),
        options.roles(),
        options.devices(),
        Runtime.getRuntime().availableProcessors(),
        memory,
        options.release() + ", protocol " + ProtocolVersion.CURRENT,
        options.roles().contains(Role.ROLLOUT) ? options.slots() : 0);
  }

  private RunsSurroundings runsSurroundings() {
    String owner =
        "node ["
            + options.name()
            + "], process ["
            + ProcessHandle.current().pid()
            + "], started at ["
            + options.clock().instant()
            + "]";
    return new RunsSurroundings(
        options.name(),
        options.address(),
        options.api(),
        options.home(),
        owner,
        options.listeners(),
        options.clock(),
        options.nanos(),
        options.threads(),
        options.crashHook(),
        here -> active.set(here.orElse(null)));
  }

  private void began(ActorSystem<NodeGuardian.Command> started) {
    system.complete(started);
    started
        .getWhenTerminated()
        .whenComplete(
            (_, _) ->
                options
                    .threads()
                    .newThread(
                        () -> {
                          close();
                          ended.complete(end(started));
                        })
                    .start());
  }

  private NodeEnd end(ActorSystem<?> terminated) {
    Optional<CoordinatedShutdown.Reason> reason =
        CoordinatedShutdown.get(Adapter.toClassic(terminated)).getShutdownReason();
    String node = "node [" + options.name() + "] ";
    if (leftAlone.get()) {
      return new NodeEnd.Left(node + "left the cluster, which has no head any more");
    }
    if (reason.filter(CoordinatedShutdown.ClusterDowningReason$.class::isInstance).isPresent()) {
      return new NodeEnd.Removed(
          node
              + "was removed from the cluster: it was frozen or cut off for too long, or on the"
              + " side with fewer heads, or another cluster took over its --home directory; start"
              + " it again and it joins as new");
    }
    if (reason
        .filter(CoordinatedShutdown.ClusterJoinUnsuccessfulReason$.class::isInstance)
        .isPresent()) {
      return new NodeEnd.Failed(
          node
              + "could not join through "
              + options.join()
              + ": nobody there took it in; is a head running, and is this the address that it"
              + " was started with?");
    }
    if (reason
        .filter(CoordinatedShutdown.IncompatibleConfigurationDetectedReason$.class::isInstance)
        .isPresent()) {
      return new NodeEnd.Failed(
          node
              + "was refused: the cluster has another version of the protocol than its ["
              + ProtocolVersion.CURRENT
              + "], or waits for silent nodes for another time than its ["
              + options.lostAfter().seconds()
              + "] s; install the same version on all nodes, and leave --lost-after away");
    }
    return leaving.get()
        ? new NodeEnd.Left(node + "left the cluster")
        : new NodeEnd.Failed(node + "ended: " + reason.map(Object::toString).orElse("unknown"));
  }

  @Override
  public boolean isUp() {
    return !system.join().getWhenTerminated().toCompletableFuture().isDone()
        && Cluster.get(system.join()).selfMember().status().equals(MemberStatus.up());
  }

  @Override
  public Optional<Runs> runs() {
    return Optional.ofNullable(active.get())
        .map(
            runs ->
                new HeadRuns(
                    options.home(),
                    options.home().resolve(".cluster").resolve("files"),
                    runs,
                    system.join()));
  }

  @Override
  public CompletionStage<Optional<HostPort>> activeHead() {
    ActorRef<RunsActor.Command> runs = way;
    if (runs == null) {
      return CompletableFuture.completedStage(Optional.empty());
    }
    return AskPattern.ask(
            runs, RunsActor.WhereIsTheApi::new, HEAD_ANSWERS_WITHIN, system.join().scheduler())
        .handle((here, failure) -> failure == null ? Optional.of(here.api()) : Optional.empty());
  }

  @Override
  public void watch(MemberWatcher watcher) {
    system.join().systemActorOf(MemberWatch.create(watcher), "members", Props.empty());
  }

  @Override
  public WeightTraffic weights() {
    return weights.traffic();
  }

  @Override
  public void leave() {
    leaving.set(true);
    system.join().tell(new NodeGuardian.ToNode(new NodeActor.Drain(false)));
  }

  @Override
  public void leaveNow() {
    leaving.set(true);
    system.join().tell(new NodeGuardian.ToNode(new NodeActor.Drain(true)));
  }

  /** The node is empty. */
  private void leaveCluster() {
    leaving.set(true);
    Cluster cluster = Cluster.get(system.join());
    Address self = cluster.selfMember().address();
    if (isTheOnlyHead(cluster)) {
      // Leaving would wait ten seconds for somebody to hand the singletons over to.
      leftAlone.set(true);
      cluster.manager().tell(new Down(self));
    } else {
      cluster.manager().tell(new Leave(self));
    }
  }

  private boolean isTheOnlyHead(Cluster cluster) {
    for (Member member : cluster.state().getMembers()) {
      if (member.hasRole(Role.HEAD.text()) && !member.equals(cluster.selfMember())) {
        return false;
      }
    }
    return options.roles().contains(Role.HEAD);
  }

  /** Ends without leaving, as far as that is possible in a process that goes on. */
  void terminate() {
    system.join().terminate();
  }

  /** Ends at once, telling the others. */
  void quit() {
    Cluster cluster = Cluster.get(system.join());
    cluster.manager().tell(new Down(cluster.selfMember().address()));
  }

  @Override
  public CompletionStage<NodeEnd> ended() {
    return ended.minimalCompletionStage();
  }
}

package dev.troupe.actors.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;

import dev.troupe.actors.run.RunDirectory;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.RunSummary;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Nodes of a cluster, all in this JVM, each with an actor system of its own. */
final class TestNodes implements AutoCloseable {
  final List<RunEvent> events = new CopyOnWriteArrayList<>();
  final Map<String, RunSummary> summaries = new ConcurrentHashMap<>();
  private final Path directory;
  private final List<StartedNode> nodes = new ArrayList<>();
  private Optional<HostPort> first = Optional.empty();
  private LostAfter lostAfter = LostAfter.DEFAULT;

  TestNodes(Path directory) {
    this.directory = directory;
  }

  StartedNode start(String name, String roles) {
    return start(name, roles, 1);
  }

  StartedNode start(String name, String roles, int slots) {
    return start(name, roles, slots, "home");
  }

  /** One whose directory of the cluster is {@code home}, which need not be that of others. */
  StartedNode start(String name, String roles, int slots, String home) {
    HostPort address = free();
    List<HostPort> join = first.map(List::of).orElse(List.of());
    StartedNode node =
        StartedNode.start(
            new NodeOptions(
                name,
                "1.2.3",
                Role.parse(roles),
                address,
                new HostPort(address.host(), address.port() + 1),
                new HostPort(address.host(), address.port() + 2),
                join,
                List.of("cpu"),
                slots,
                directory.resolve(home),
                directory.resolve(name).resolve("scratch"),
                lostAfter,
                new TransportSecurity.Plain(),
                this::follow,
                Clock.systemUTC(),
                System::nanoTime,
                Thread.ofPlatform().daemon().name("io-", 1).factory(),
                _ -> {}));
    nodes.add(node);
    first = first.or(() -> Optional.of(address));
    return node;
  }

  /** How nodes that are started from now on deal with silent ones. */
  TestNodes losing(LostAfter after) {
    lostAfter = after;
    return this;
  }

  /** Address of the node that was started first. */
  HostPort first() {
    return first.orElseThrow();
  }

  private RunListeners.Follower follow(
      RunSpecification specification, RunDirectory run, boolean resumed) {
    return new RunListeners.Follower() {
      @Override
      public void on(RunEvent event) {
        events.add(event);
      }

      @Override
      public void ended(RunSummary summary) {
        summaries.put(run.root().getFileName().toString(), summary);
      }

      @Override
      public void close() {}
    };
  }

  RunSummary summary(String run) {
    return Objects.requireNonNull(summaries.get(run), "no summary of the run");
  }

  /** The runs, wherever they are answered now. */
  Optional<Runs> runs() {
    return nodes.stream().flatMap(node -> node.runs().stream()).findFirst();
  }

  static Answer answer(CompletionStage<Answer> asked) throws Exception {
    return asked.toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  Optional<ClusterView> view() {
    return runs()
        .map(
            runs -> {
              try {
                return runs.view().toCompletableFuture().get(20, TimeUnit.SECONDS);
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  Optional<ClusterView.RunState> state(String run) {
    return view()
        .flatMap(view -> view.runs().stream().filter(one -> one.name().equals(run)).findFirst())
        .map(ClusterView.Run::state);
  }

  /** The first of three ports in a row, as nodes have them. */
  private static HostPort free() {
    while (true) {
      try (ServerSocket socket = listening(0);
          ServerSocket _ = listening(socket.getLocalPort() + 1);
          ServerSocket _ = listening(socket.getLocalPort() + 2)) {
        return new HostPort("127.0.0.1", socket.getLocalPort());
      } catch (BindException | IllegalArgumentException _) {
        // Try others.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static ServerSocket listening(int port) throws IOException {
    return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
  }

  @Override
  public void close() {
    nodes.forEach(StartedNode::quit);
    // Until then they write into directories that are about to be removed.
    nodes.forEach(node -> node.ended().toCompletableFuture().orTimeout(60, SECONDS).join());
  }
}

package dev.troupe.deploy.bench;

import dev.troupe.actors.security.KeyFolder;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.Pull;
import dev.troupe.actors.weights.PullLimits;
import dev.troupe.actors.weights.PullOutcome;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.Swarm;
import dev.troupe.actors.weights.WeightPuller;
import dev.troupe.actors.weights.WeightServer;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.actors.weights.WeightStore;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.tensor.DType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/** How fast weights pass from node to node over loopback: all nodes in this JVM, files apart. */
final class WeightsBenchmark implements AutoCloseable {
  private static final String HOST = "127.0.0.1";
  private static final int TENSORS = 4;
  private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

  /**
   * What a receiver got, megabytes a second.
   *
   * @param socket what a plain socket reached, measured in between
   * @param first until the whole was found right, into a file that had to be made
   * @param verified the same over the file of an older version, as in a run
   */
  record Rates(double socket, double first, double verified) {}

  /**
   * What many receivers cost.
   *
   * @param copies that the learner sent
   * @param together megabytes a second that all of them got
   */
  record Crowd(double copies, double together) {}

  private record Node(WeightStore store, WeightServer server, WeightPuller puller)
      implements AutoCloseable {
    WeightSource source(boolean origin) {
      return new WeightSource(HOST, server.port(), origin);
    }

    Swarm.Member member() {
      return Swarm.Member.alone(source(false));
    }

    @Override
    public void close() {
      puller.close();
      server.close();
      store.close();
    }
  }

  private final Path folder;
  private final LongSupplier nanos;
  private final List<Node> nodes = new ArrayList<>();
  private final RandomWeights weights;

  /**
   * @param bytes of an image
   */
  WeightsBenchmark(Path folder, int bytes, LongSupplier nanos) {
    this.folder = folder;
    this.nanos = nanos;
    this.weights = new RandomWeights(TENSORS, DType.U8, bytes / TENSORS);
  }

  /** Keys of an authority of their own. */
  TransportSecurity keys() {
    KeyFolder keys =
        new KeyFolder(folder.resolve("keys"), InstantSource.system(), new SecureRandom());
    keys.makeAuthority(false);
    keys.makeNode("bench", List.of(HOST), 30, false);
    return TransportSecurity.of(HOST, Optional.of(keys.node("bench")), InstantSource.system());
  }

  /** One receiver, version after version. */
  Rates one(TransportSecurity security, int rounds) throws IOException {
    Node learner = node(security);
    Node receiver = node(security);
    List<Double> sockets = new ArrayList<>();
    List<Double> verified = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      PolicyManifest manifest = weights.publish(learner.store(), round);
      sockets.add(SocketRate.measure(manifest.bytes(), nanos));
      long begun = nanos.getAsLong();
      PullOutcome.Complete whole = complete(pull(receiver, learner, manifest));
      verified.add(rate(manifest.bytes(), nanos.getAsLong() - begun));
      whole.file().close();
      learner.store().letGo(manifest.version());
      receiver.store().letGo(manifest.version());
    }
    close();
    return new Rates(
        median(sockets), verified.getFirst(), median(verified.subList(1, verified.size())));
  }

  private static Pull pull(Node to, Node from, PolicyManifest manifest) {
    return to.puller().pull(manifest, PullPlan.from(from.source(true)));
  }

  /** Many receivers that share no files. */
  Crowd many(int receivers) throws IOException {
    TransportSecurity plain = new TransportSecurity.Plain();
    Node learner = node(plain);
    PolicyManifest manifest = weights.publish(learner.store(), 0);
    List<Node> workers = new ArrayList<>();
    for (int i = 0; i < receivers; i++) {
      workers.add(node(plain));
    }
    Swarm swarm =
        new Swarm(
            Swarm.Member.alone(learner.source(true)), workers.stream().map(Node::member).toList());
    long begun = nanos.getAsLong();
    List<Pull> pulls = new ArrayList<>();
    for (Node worker : workers) {
      pulls.add(worker.puller().pull(manifest, swarm.planFor(worker.member()).orElseThrow()));
    }
    for (Pull pull : pulls) {
      complete(pull).file().close();
    }
    double together = rate(receivers * manifest.bytes(), nanos.getAsLong() - begun);
    double copies = (double) learner.server().bytesSent() / manifest.bytes();
    close();
    return new Crowd(copies, together);
  }

  private Node node(TransportSecurity security) throws IOException {
    Path directory = folder.resolve("node-" + nodes.size());
    WeightStore store =
        WeightStore.open(
            directory, WeightStore.Limits.ofDisk(directory), ProcessHandle.current().pid());
    WeightServer server =
        WeightServer.start(
            store,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            security,
            WeightServer.Limits.DEFAULT,
            THREADS,
            nanos);
    WeightPuller puller = new WeightPuller(store, security, PullLimits.DEFAULT, THREADS, nanos);
    Node node = new Node(store, server, puller);
    nodes.add(node);
    return node;
  }

  private static PullOutcome.Complete complete(Pull pull) throws IOException {
    return switch (pull.outcome().toCompletableFuture().join()) {
      case PullOutcome.Complete complete -> complete;
      case PullOutcome.Failed(var why, _) -> throw new IOException(why);
      case PullOutcome.Cancelled _ -> throw new IOException("the pull was cancelled");
    };
  }

  private static double rate(long bytes, long nanos) {
    return 1e3 * bytes / nanos;
  }

  private static double median(List<Double> rates) {
    return rates.stream().sorted().toList().get(rates.size() / 2);
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    nodes.clear();
  }
}

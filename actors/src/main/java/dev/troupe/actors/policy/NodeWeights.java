package dev.troupe.actors.policy;

import dev.troupe.actors.EngineThread;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.FileShelf;
import dev.troupe.actors.weights.Pull;
import dev.troupe.actors.weights.PullLimits;
import dev.troupe.actors.weights.PullOutcome;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.SnapshotWeights;
import dev.troupe.actors.weights.Swarm;
import dev.troupe.actors.weights.WeightFile;
import dev.troupe.actors.weights.WeightPuller;
import dev.troupe.actors.weights.WeightServer;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.actors.weights.WeightStore;
import dev.troupe.actors.weights.WeightTraffic;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * What a node does with weights for all its runs: writes them for others, serves them, and fetches
 * what others made.
 */
public final class NodeWeights implements AutoCloseable {

  /** How a policy becomes an image and back. */
  public interface Images {
    /** Native tensors of real networks. */
    Images SNAPSHOTS =
        new Images() {
          @Override
          public PolicyManifest write(WeightStore store, Policy policy) throws IOException {
            return switch (policy) {
              case SnapshotPolicy(var snapshot) -> SnapshotWeights.publish(store, snapshot);
              default ->
                  throw new IllegalArgumentException(
                      "snapshots of a network are served, got [" + policy.getClass() + "]");
            };
          }

          @Override
          public Policy read(WeightFile file, PolicyManifest manifest) throws IOException {
            return new SnapshotPolicy(SnapshotWeights.load(file, manifest));
          }
        };

    PolicyManifest write(WeightStore store, Policy policy) throws IOException;

    /** The caller closes both. */
    Policy read(WeightFile file, PolicyManifest manifest) throws IOException;
  }

  /**
   * The threads that it needs.
   *
   * @param connections one each; virtual ones are meant
   * @param workers write images, and one reads them
   */
  public record Threads(ThreadFactory connections, ThreadFactory workers) {}

  /** A version on its way to this node. */
  public record Fetching(CompletionStage<Policy> policy, Pull pull) {
    /** Nobody wants it any more. */
    public void cancel() {
      pull.cancel();
    }
  }

  private final WeightStore store;
  private final WeightServer server;
  private final WeightPuller puller;
  private final Images images;
  private final Threads threads;
  private final Swarm.Member member;

  /**
   * Makes tensors of one version after the other. The C library keeps what a thread's tensors took
   * for that thread's next ones: on a thread for each version, freed versions would add up.
   */
  private final EngineThread reading;

  private final Map<PolicyVersion, Set<String>> users = new HashMap<>();

  private NodeWeights(
      WeightStore store,
      WeightServer server,
      WeightPuller puller,
      Images images,
      Threads threads,
      EngineThread reading,
      Swarm.Member member) {
    this.store = store;
    this.server = server;
    this.puller = puller;
    this.images = images;
    this.threads = threads;
    this.reading = reading;
    this.member = member;
  }

  /** Serves on {@code address} what is in {@code directory}, and no files. */
  public static NodeWeights start(
      Path directory,
      HostPort address,
      TransportSecurity security,
      Images images,
      Threads threads,
      LongSupplier nanos)
      throws IOException {
    return start(directory, Optional.empty(), address, security, images, threads, nanos);
  }

  /**
   * Serves on {@code address} what is in {@code directory}, which nodes of one host may share, and
   * the files that recipes name.
   *
   * @throws IOException if the directory can't be used or the port is taken
   */
  public static NodeWeights start(
      Path directory,
      Optional<FileShelf> files,
      HostPort address,
      TransportSecurity security,
      Images images,
      Threads threads,
      LongSupplier nanos)
      throws IOException {
    Files.createDirectories(directory);
    WeightStore store =
        WeightStore.open(
            directory, WeightStore.Limits.ofDisk(directory), ProcessHandle.current().pid());
    try {
      WeightServer server =
          WeightServer.start(
              store,
              hash -> files.flatMap(shelf -> shelf.serve(hash)),
              new InetSocketAddress(address.host(), address.port()),
              security,
              WeightServer.Limits.DEFAULT,
              threads.connections(),
              nanos);
      WeightPuller puller =
          new WeightPuller(store, security, PullLimits.DEFAULT, threads.connections(), nanos);
      String place = InetAddress.getLocalHost().getHostName() + ":" + directory.toRealPath();
      WeightSource source = new WeightSource(address.host(), server.port(), false);
      return new NodeWeights(
          store,
          server,
          puller,
          images,
          threads,
          new EngineThread(threads.workers(), nanos),
          new Swarm.Member(source, place));
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
  }

  /** {@code heard} is called whenever a chunk has come whole and isn't written yet. */
  public void onChunk(Runnable heard) {
    puller.onChunk(heard);
  }

  /** Where this node serves. */
  public Swarm.Member member() {
    return member;
  }

  /** What was sent and fetched so far. */
  public WeightTraffic traffic() {
    return puller.traffic(server);
  }

  /** Writes {@code policy}, whose count is taken over, for {@code run}. */
  CompletionStage<PolicyManifest> publish(String run, Policy policy) {
    CompletableFuture<PolicyManifest> written = new CompletableFuture<>();
    work(
        written,
        () -> {
          try (policy) {
            PolicyManifest manifest = images.write(store, policy);
            use(run, manifest.version());
            written.complete(manifest);
          }
        });
    return written;
  }

  /** Brings a version here, for {@code run}; the caller closes the policy. */
  public Fetching fetch(String run, PolicyManifest manifest, PullPlan plan) {
    Pull pull = puller.pull(manifest, plan);
    CompletableFuture<Policy> policy = new CompletableFuture<>();
    pull.outcome()
        .thenAccept(
            outcome -> {
              switch (outcome) {
                case PullOutcome.Complete(var file, _, _, _) ->
                    reading
                        .submit(() -> read(run, file, manifest))
                        .whenComplete(
                            (read, failure) -> {
                              if (failure == null) {
                                policy.complete(read);
                              } else {
                                policy.completeExceptionally(failure);
                              }
                            });
                case PullOutcome.Cancelled _ ->
                    policy.completeExceptionally(new CancellationException("a newer one came"));
                case PullOutcome.Failed(var why, _) ->
                    policy.completeExceptionally(new IOException(why));
              }
            });
    return new Fetching(policy, pull);
  }

  private Policy read(String run, WeightFile file, PolicyManifest manifest) throws IOException {
    try (file) {
      use(run, manifest.version());
      return images.read(file, manifest);
    }
  }

  /** {@code run} needs not serve {@code version} any more. */
  public synchronized void letGo(String run, PolicyVersion version) {
    Set<String> runs = users.getOrDefault(version, Set.of());
    if (runs.contains(run) && runs.size() == 1) {
      users.remove(version);
      store.letGo(version);
    } else if (runs.contains(run)) {
      runs.remove(run);
    }
  }

  private synchronized void use(String run, PolicyVersion version) {
    users.computeIfAbsent(version, _ -> new HashSet<>()).add(run);
  }

  private interface Work {
    void run() throws IOException;
  }

  private void work(CompletableFuture<?> result, Work work) {
    threads
        .workers()
        .newThread(
            () -> {
              try {
                work.run();
              } catch (IOException | RuntimeException e) {
                result.completeExceptionally(e);
              }
            })
        .start();
  }

  /** Ends all transfers and deletes what nobody else needs. */
  @Override
  public void close() {
    puller.close();
    reading.close();
    server.close();
    store.close();
  }
}

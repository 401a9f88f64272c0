package dev.troupe.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.model.safetensors.SafetensorsWriter;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Stores, servers and pullers of several nodes in one JVM; closes all of them. */
final class WeightsFixture {
  static final int CHUNK = 4096;
  static final ThreadFactory THREADS = Thread.ofVirtual().factory();

  static final PullLimits QUICK =
      new PullLimits(
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofMillis(10),
          3,
          3);

  private final Path folder;
  private final ArrayDeque<AutoCloseable> closing = new ArrayDeque<>();
  private long stores;

  WeightsFixture(Path folder) {
    this.folder = folder;
  }

  /** A node: what it has, what serves it, what brings more. */
  record Node(WeightStore store, WeightServer server, WeightPuller puller) {
    WeightSource source(boolean origin) {
      return new WeightSource("127.0.0.1", server.port(), origin);
    }

    Swarm.Member member() {
      return Swarm.Member.alone(source(false));
    }

    PullOutcome pull(PolicyManifest manifest, WeightSource... sources) throws Exception {
      return WeightsFixture.await(puller.pull(manifest, PullPlan.from(sources)));
    }
  }

  Node node(String name) throws IOException {
    return node(name, QUICK);
  }

  Node node(String name, PullLimits limits) throws IOException {
    return node(name, limits, new TransportSecurity.Plain());
  }

  Node node(String name, PullLimits limits, TransportSecurity security) throws IOException {
    WeightStore store = store(name);
    WeightServer server =
        opened(
            WeightServer.start(
                store,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                security,
                WeightServer.Limits.DEFAULT,
                THREADS,
                System::nanoTime));
    WeightPuller puller =
        opened(new WeightPuller(store, security, limits, THREADS, System::nanoTime));
    return new Node(store, server, puller);
  }

  WeightStore store(String name) throws IOException {
    Path directory = folder.resolve(name);
    return opened(
        WeightStore.open(directory, WeightStore.Limits.ofDisk(directory), 1000 + ++stores));
  }

  <T extends AutoCloseable> T opened(T what) {
    closing.push(what);
    return what;
  }

  static PolicyVersion version(long update) {
    return new PolicyVersion(1, update, 0, "hash-" + update);
  }

  /** Tensors of these sizes in bytes, filled from seeds: equal seeds, equal bytes. */
  static Map<String, TensorData> tensors(int bytes, long... seeds) {
    Map<String, TensorData> tensors = new LinkedHashMap<>();
    for (int i = 0; i < seeds.length; i++) {
      byte[] content = new byte[bytes];
      new Random(seeds[i]).nextBytes(content);
      tensors.put(
          "tensor-" + i,
          new TensorData(DType.U8, List.of((long) bytes), ByteString.copyFrom(content)));
    }
    return tensors;
  }

  static PolicyManifest publish(WeightStore store, long update, Map<String, TensorData> tensors)
      throws IOException {
    return publish(store, update, tensors, CHUNK);
  }

  static PolicyManifest publish(
      WeightStore store, long update, Map<String, TensorData> tensors, int chunkBytes)
      throws IOException {
    List<SafetensorsWriter.Item> items = new ArrayList<>();
    tensors.forEach((name, data) -> items.add(SafetensorsWriter.Item.of(name, data)));
    return store.publish(
        version(update),
        List.copyOf(tensors.keySet()),
        chunkBytes,
        file -> SafetensorsWriter.write(file, items, Map.of(), false));
  }

  /** About {@code chunks} chunks of noise. */
  static PolicyManifest publish(WeightStore store, long update, int chunks) throws IOException {
    return publish(store, update, tensors(chunks * CHUNK - CHUNK / 2, update));
  }

  static PullOutcome await(Pull pull) throws Exception {
    return pull.outcome().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  /** The pull must have succeeded. */
  static PullOutcome.Complete complete(PullOutcome outcome) {
    assertThat(outcome).isInstanceOf(PullOutcome.Complete.class);
    return (PullOutcome.Complete) outcome;
  }

  void closeAll() throws Exception {
    while (!closing.isEmpty()) {
      closing.pop().close();
    }
  }
}

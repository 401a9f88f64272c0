package dev.troupe.deploy.bench;

import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.WeightServer;
import dev.troupe.actors.weights.WeightStore;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.tensor.DType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/** How much memory a node takes while a version of the weights follows the one that it holds. */
final class WeightsMemory implements AutoCloseable {
  private static final ThreadFactory THREADS = Thread.ofVirtual().factory();

  /**
   * Of the receiving process.
   *
   * @param none before the first version
   * @param one with the first version held
   * @param pulling the most while any later one came
   * @param making the most while tensors were made of it, before the older ones were freed
   * @param after the last one
   */
  record Taken(
      ProcessMemory none,
      ProcessMemory one,
      ProcessMemory pulling,
      ProcessMemory making,
      ProcessMemory after) {
    /** The most above what the first version took, bytes. */
    long more() {
      return pulling.or(making).sum() - one.sum();
    }
  }

  private final WeightStore store;
  private final WeightServer server;
  private final Child receiver;
  private final RandomWeights weights;

  /**
   * @param tensors of an image
   * @param tensorBytes of each
   */
  WeightsMemory(Path folder, int tensors, int tensorBytes, LongSupplier nanos) throws IOException {
    this.weights = new RandomWeights(tensors, DType.F32, tensorBytes);
    Path learner = folder.resolve("learner");
    store =
        WeightStore.open(
            learner, WeightStore.Limits.ofDisk(learner), ProcessHandle.current().pid());
    server =
        WeightServer.start(
            store,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            new TransportSecurity.Plain(),
            WeightServer.Limits.DEFAULT,
            THREADS,
            nanos);
    receiver = Child.start(WeightsProcess.class, List.of(folder.resolve("receiver").toString()));
  }

  /** Version after version. */
  Taken measure(int versions) throws IOException {
    ProcessMemory none = PeakMemory.read(words("memory"), 0);
    ProcessMemory one = PeakMemory.read(next(0), 2);
    ProcessMemory pulling = one;
    ProcessMemory making = one;
    ProcessMemory after = one;
    for (int version = 1; version < versions; version++) {
      List<String> words = next(version);
      pulling = pulling.or(PeakMemory.read(words, 0));
      making = making.or(PeakMemory.read(words, 1));
      after = PeakMemory.read(words, 2);
    }
    return new Taken(none, one, pulling, making, after);
  }

  private List<String> next(int version) throws IOException {
    PolicyManifest manifest = weights.publish(store, version);
    String image = Base64.getEncoder().encodeToString(PolicyCodec.MANIFEST.encode(manifest));
    List<String> words = words("next " + image + " 127.0.0.1 " + server.port());
    store.letGo(manifest.version());
    return words;
  }

  private List<String> words(String asked) throws IOException {
    return List.of(receiver.ask(asked).split(" ", -1));
  }

  @Override
  public void close() {
    receiver.close();
    server.close();
    store.close();
  }
}

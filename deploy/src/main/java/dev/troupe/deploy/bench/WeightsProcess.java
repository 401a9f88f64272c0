package dev.troupe.deploy.bench;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.policy.NodeWeights;
import dev.troupe.actors.policy.Policy;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.model.torch.TorchRuntime;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.policy.PolicyManifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The receiving process of {@link WeightsMemory}: does with a version what a node does, and says
 * what memory that took. It obeys its standard input and ends when that does, as it does when its
 * parent dies:
 *
 * <pre>
 *   memory                   what it takes now
 *   next MANIFEST HOST PORT  lets go of the older version's file, pulls this one, makes tensors of
 *                            it, then frees the older one's; the peak while pulling, the peak while
 *                            making tensors, and what stays
 * </pre>
 */
public final class WeightsProcess {
  private static final String RUN = "bench";

  private final NodeWeights weights;
  private Optional<Policy> held = Optional.empty();

  private WeightsProcess(Path folder) throws IOException {
    weights =
        NodeWeights.start(
            folder,
            new HostPort("127.0.0.1", 0),
            new TransportSecurity.Plain(),
            NodeWeights.Images.SNAPSHOTS,
            new NodeWeights.Threads(
                Thread.ofVirtual().factory(), Thread.ofPlatform().daemon().factory()),
            System::nanoTime);
  }

  /** Begins with the folder for files. */
  public static void main(String[] arguments) throws Exception {
    // Logging is set up before many threads want it at once.
    var _ = LoggerFactory.getILoggerFactory();
    TorchRuntime.start();
    WeightsProcess process = new WeightsProcess(Path.of(arguments[0]));
    BufferedReader words =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = words.readLine(); line != null; line = words.readLine()) {
      List<String> said = List.of(line.split(" ", -1));
      System.out.println(
          Child.ANSWER
              + switch (said.getFirst()) {
                case "memory" -> PeakMemory.now();
                case "next" ->
                    process.next(
                        PolicyCodec.MANIFEST.decode(Base64.getDecoder().decode(said.get(1))),
                        new WeightSource(said.get(2), Integer.parseInt(said.get(3)), true));
                default -> throw new IllegalArgumentException(said + " is nothing it knows");
              });
      System.out.flush();
    }
    Runtime.getRuntime().halt(0);
  }

  private String next(PolicyManifest manifest, WeightSource source) throws Exception {
    held.ifPresent(older -> weights.letGo(RUN, older.version()));
    PeakMemory pulling = PeakMemory.begin();
    NodeWeights.Fetching fetching = weights.fetch(RUN, manifest, PullPlan.from(source));
    var _ = fetching.pull().outcome().toCompletableFuture().join();
    String pulled = pulling.end();
    PeakMemory loading = PeakMemory.begin();
    Policy policy = fetching.policy().toCompletableFuture().join();
    String loaded = loading.end();
    held.ifPresent(Policy::close);
    held = Optional.of(policy);
    return pulled + " " + loaded + " " + PeakMemory.now();
  }
}

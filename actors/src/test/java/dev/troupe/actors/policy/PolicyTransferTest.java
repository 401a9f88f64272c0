package dev.troupe.actors.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.RunPeers;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.actors.weights.WeightTraffic;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.policy.PolicyVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.FishingOutcomes;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry and the caches of several nodes, each with a directory and a server of its own. */
@Timeout(120)
final class PolicyTransferTest {
  @TempDir Path folder;
  private final ActorTestKit kit = ActorTestKit.create();
  private final List<Node> nodes = new ArrayList<>();
  private ActorRef<PolicyRegistry.Command> registry;
  private Node learner;

  private record Node(
      PolicyShelf shelf,
      NodeWeights weights,
      ActorRef<PolicyCache.Command> cache,
      TestProbe<RolloutActor.Command> rollout) {

    void samples() {
      cache.tell(new PolicyCache.Subscribe(rollout.getRef()));
    }

    void hearsOf(PolicyVersion version) {
      rollout.fishForMessage(
          Duration.ofSeconds(30),
          message ->
              message.equals(new RolloutActor.PolicyArrived(version))
                  ? FishingOutcomes.complete()
                  : FishingOutcomes.continueAndIgnore());
    }
  }

  @BeforeEach
  void open() throws IOException {
    registry = kit.spawn(PolicyRegistry.create());
    learner = node("learner");
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
    nodes.forEach(
        node -> {
          node.weights().close();
          node.shelf().close();
        });
  }

  private Node node(String directory) throws IOException {
    NodeWeights weights =
        NodeWeights.start(
            folder.resolve(directory),
            new HostPort("127.0.0.1", 0),
            new TransportSecurity.Plain(),
            NodeWeights.Images.SNAPSHOTS,
            new NodeWeights.Threads(
                Thread.ofVirtual().factory(), Thread.ofPlatform().daemon().factory()),
            System::nanoTime);
    PolicyShelf shelf = new PolicyShelf();
    RunPeers peers =
        new RunPeers(
            new NodeActor.Singletons(
                kit.<RunActor.Command>createTestProbe().getRef(),
                kit.<ReplayActor.Command>createTestProbe().getRef(),
                registry,
                kit.<MonitorActor.Command>createTestProbe().getRef()));
    ActorRef<PolicyCache.Command> cache =
        kit.spawn(
            PolicyCache.create(
                shelf, peers, new PolicyCache.Transfer("run", Optional.of(weights))));
    Node node = new Node(shelf, weights, cache, kit.createTestProbe());
    nodes.add(node);
    return node;
  }

  /** The learner makes a version and announces it. */
  private PolicyVersion publish(long update, boolean keep) {
    SnapshotPolicy policy = snapshot(1, update);
    PolicySnapshot snapshot = policy.snapshot();
    learner.shelf().put(policy);
    if (keep) {
      learner.shelf().keep(snapshot.version());
    }
    registry.tell(new PolicyRegistry.Publish(snapshot.version(), keep));
    return snapshot.version();
  }

  private List<String> files(String directory) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(directory))) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(".safetensors"))
          .toList();
    }
  }

  @Test
  void aVersionMadeOnAnotherNodeComesOntoTheShelfAndSamplersHearOfIt() throws Exception {
    Node worker = node("worker");
    worker.samples();

    PolicyVersion version = publish(7, false);

    worker.hearsOf(version);
    try (Policy policy = worker.shelf().take(version).orElseThrow()) {
      PolicySnapshot arrived = ((SnapshotPolicy) policy).snapshot();
      assertThat(arrived.parameters().hash()).isEqualTo(version.hash());
      assertThat(arrived.parameters().get("weight").toFloats()).containsExactly(7, 1, 2);
    }
    WeightTraffic sent = learner.weights().traffic();
    WeightTraffic received = worker.weights().traffic();
    assertThat(sent.bytesSent()).isPositive().isEqualTo(received.bytesReceived());
    assertThat(received.fetched()).isOne();
    assertThat(received.fetchNanos()).isPositive();
    assertThat(sent.fetched()).isZero();
  }

  @Test
  void nothingIsWrittenWhereOnlyTheMakersNodeSamples() throws Exception {
    learner.samples();
    Node idle = node("idle");

    PolicyVersion version = publish(1, false);

    learner.hearsOf(version);
    assertThat(idle.shelf().has(version)).isFalse();
    assertThat(files("learner")).isEmpty();
  }

  @Test
  void aSamplerThatComesLaterGetsTheNewestVersion() throws Exception {
    PolicyVersion version = publish(3, false);
    Node worker = node("worker");
    worker.samples();
    worker.hearsOf(version);
  }

  @Test
  void aNewerVersionTakesTheOldersPlaceOnTheShelfAndOnTheDisk() throws Exception {
    Node worker = node("worker");
    worker.samples();
    worker.hearsOf(publish(1, false));

    PolicyVersion newer = publish(2, false);

    worker.hearsOf(newer);
    assertThat(worker.shelf().size()).isEqualTo(1);
    await()
        .untilAsserted(
            () -> {
              assertThat(files("worker")).hasSize(1);
              assertThat(files("learner")).hasSize(1);
            });
  }

  @Test
  void aVersionThatIsKeptStaysUntilItIsReleased() throws Exception {
    Node worker = node("worker");
    worker.samples();
    PolicyVersion evaluated = publish(1, true);
    PolicyVersion newer = publish(2, false);
    worker.hearsOf(newer);
    await().until(() -> worker.shelf().has(evaluated));

    registry.tell(new PolicyRegistry.Release(evaluated));

    await().until(() -> !worker.shelf().has(evaluated));
    await().untilAsserted(() -> assertThat(files("worker")).hasSize(1));
  }

  @Test
  void nodesThatShareADirectoryWithTheLearnerFetchNothing() throws Exception {
    Node worker = node("learner");
    worker.samples();

    worker.hearsOf(publish(7, false));

    assertThat(learner.weights().traffic().bytesSent()).isZero();
  }

  @Test
  void whatRotsInACacheIsSeenByWhoeverFetchesItAndFetchedElsewhere() throws Exception {
    Node rotten = node("rotten");
    rotten.samples();
    PolicyVersion version = publish(7, false);
    rotten.hearsOf(version);
    flipABit(folder.resolve("rotten").resolve(files("rotten").getFirst()));

    Node late = node("late");
    late.samples();

    late.hearsOf(version);
    try (Policy policy = late.shelf().take(version).orElseThrow()) {
      PolicySnapshot arrived = ((SnapshotPolicy) policy).snapshot();
      assertThat(arrived.parameters().hash()).isEqualTo(version.hash());
    }
    WeightTraffic received = late.weights().traffic();
    assertThat(rotten.weights().traffic().bytesSent()).as("it came from there").isPositive();
    assertThat(received.damaged()).isPositive();
    assertThat(received.fetched()).isOne();
    assertThat(Files.mismatch(image("late"), image("learner"))).isEqualTo(-1);
  }

  private Path image(String directory) throws IOException {
    return folder.resolve(directory).resolve(files(directory).getFirst());
  }

  /** In the last number. */
  private static void flipABit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int last = bytes.length - 2;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[last] ^ 4)}), last);
    }
  }

  @Test
  void whatALearnerMakesAgainIsServedAlthoughItIsFetchedFromWhoNeverAnswers() throws Exception {
    Node next = node("next");
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      PolicyManifest manifest =
          learner
              .weights()
              .publish("run", snapshot(1, 5))
              .toCompletableFuture()
              .get(10, TimeUnit.SECONDS);
      WeightSource source = new WeightSource("127.0.0.1", silent.getLocalPort(), true);
      next.cache().tell(new PolicyCache.Fetch(manifest, PullPlan.from(source)));
      Path begun = folder.resolve("next").resolve(manifest.digest() + ".part");
      await().until(() -> Files.exists(begun));

      SnapshotPolicy again = snapshot(2, 5);
      PolicyVersion version = again.snapshot().version();
      next.shelf().put(again);

      await()
          .until(
              () -> {
                next.cache().tell(new PolicyCache.Serve(version));
                return files("next").contains(manifest.digest() + ".safetensors");
              });
    }
  }

  private static SnapshotPolicy snapshot(int incarnation, long update) {
    return new SnapshotPolicy(
        PolicySnapshot.of(
            incarnation,
            update,
            new Parameters(List.of("weight"), List.of(Tensor.of(new float[] {update, 1, 2}, 3)))));
  }

  @Test
  void whenTheLearnersNodeIsGoneOthersServeWhatTheyHave() throws Exception {
    Node worker = node("worker");
    worker.samples();
    PolicyVersion version = publish(7, false);
    worker.hearsOf(version);
    kit.stop(learner.cache());
    learner.weights().close();

    Node late = node("late");
    late.samples();

    late.hearsOf(version);
    assertThat(worker.weights().traffic().bytesSent()).isPositive();
  }
}

package dev.troupe.actors.weights;

import static dev.troupe.actors.weights.WeightsFixture.CHUNK;
import static dev.troupe.actors.weights.WeightsFixture.await;
import static dev.troupe.actors.weights.WeightsFixture.complete;
import static dev.troupe.actors.weights.WeightsFixture.publish;
import static dev.troupe.actors.weights.WeightsFixture.tensors;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.troupe.actors.weights.FaultyProxy.Fault;
import dev.troupe.actors.weights.WeightsFixture.Node;
import dev.troupe.protocol.policy.PolicyManifest;
import dev.troupe.protocol.tensor.TensorData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
final class WeightTransferTest {
  private static final int CHUNKS = 40;

  /** Greeting, answers and 9 chunks: within the tenth. */
  private static final long IN_CHUNK_10 = 8 + 9L * (CHUNK + 12) + 100;

  @TempDir Path folder;
  private WeightsFixture nodes;

  @BeforeEach
  void open() {
    nodes = new WeightsFixture(folder);
  }

  @AfterEach
  void close() throws Exception {
    nodes.closeAll();
  }

  @Test
  void anImageArrivesByteForByte() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);

    PullOutcome.Complete pulled = complete(worker.pull(manifest, learner.source(true)));

    try (WeightFile file = pulled.file();
        WeightFile original = learner.store().take(manifest.version()).orElseThrow()) {
      assertThat(Files.mismatch(file.path(), original.path())).isEqualTo(-1);
      assertThat(pulled.fetched()).isEqualTo(manifest.chunks()).isEqualTo(CHUNKS);
      assertThat(learner.server().bytesSent()).isEqualTo(manifest.bytes());
    }
  }

  @Test
  void aBrokenTransferGoesOnAtAnotherSourceFromTheLastGoodChunk() throws Exception {
    Node learner = nodes.node("learner");
    Node other = nodes.node("other");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    complete(other.pull(manifest, learner.source(true))).file().close();
    try (FaultyProxy breaks =
        new FaultyProxy(learner.server().port(), Fault.CUT, IN_CHUNK_10, 1_000)) {
      Node worker = nodes.node("worker");
      Pull first = worker.puller().pull(manifest, PullPlan.from(breaks.source(true)));
      assertThat(await(first)).isInstanceOf(PullOutcome.Failed.class);
      long before = other.server().bytesSent();

      PullOutcome.Complete second = complete(worker.pull(manifest, other.source(false)));

      second.file().close();
      // Three attempts of nine whole chunks each came through.
      assertThat(second.fetched()).isEqualTo(CHUNKS - 27);
      assertThat(other.server().bytesSent() - before)
          .isBetween((CHUNKS - 28L) * CHUNK, (CHUNKS - 27L) * CHUNK);
    }
  }

  @Test
  void theSameSourceIsTriedAgainAfterABreak() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    try (FaultyProxy breaks = new FaultyProxy(learner.server().port(), Fault.CUT, IN_CHUNK_10, 1)) {

      PullOutcome.Complete pulled = complete(worker.pull(manifest, breaks.source(true)));

      pulled.file().close();
      assertThat(pulled.fetched()).isEqualTo(CHUNKS);
      assertThat(learner.server().bytesSent()).isLessThanOrEqualTo(manifest.bytes() + 3L * CHUNK);
    }
  }

  @Test
  void aBitThatFlipsOnTheWayIsSeenAndItsChunkFetchedAgain() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    try (FaultyProxy flips = new FaultyProxy(learner.server().port(), Fault.FLIP, IN_CHUNK_10, 1)) {

      PullOutcome.Complete pulled = complete(worker.pull(manifest, flips.source(true)));

      try (WeightFile file = pulled.file();
          WeightFile original = learner.store().take(manifest.version()).orElseThrow()) {
        assertThat(Files.mismatch(file.path(), original.path())).isEqualTo(-1);
      }
      assertThat(learner.server().bytesSent()).isGreaterThan(manifest.bytes());
    }
  }

  @Test
  void aSourceThatAlwaysDamagesIsGivenUpAndNamed() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    try (FaultyProxy flips =
        new FaultyProxy(learner.server().port(), Fault.FLIP, 8 + 12 + 100, 1_000)) {

      PullOutcome outcome = worker.pull(manifest, flips.source(true));

      assertThat(outcome).isInstanceOf(PullOutcome.Failed.class);
      assertThat(((PullOutcome.Failed) outcome).why())
          .contains("update [1]", "no source is left", "chunk [0] came damaged: CRC32C is [");
    }
  }

  @Test
  void aSourceThatStallsHoldsNobodyUp() throws Exception {
    Node learner = nodes.node("learner");
    Node other = nodes.node("other");
    Node worker = nodes.node("worker");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    complete(other.pull(manifest, learner.source(true))).file().close();
    try (FaultyProxy stalls =
        new FaultyProxy(learner.server().port(), Fault.STALL, IN_CHUNK_10, 1_000)) {

      PullOutcome.Complete pulled =
          complete(worker.pull(manifest, stalls.source(false), other.source(false)));

      pulled.file().close();
      assertThat(pulled.fetched()).isEqualTo(CHUNKS);
    }
  }

  @Test
  void aNewerVersionOvertakes() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest older = publish(learner.store(), 1, CHUNKS);
    PolicyManifest newer = publish(learner.store(), 2, CHUNKS);
    try (FaultyProxy stalls =
        new FaultyProxy(learner.server().port(), Fault.STALL, IN_CHUNK_10, 1_000)) {
      Pull slow = worker.puller().pull(older, PullPlan.from(stalls.source(true)));
      await().untilAsserted(() -> assertThat(chunksOf(worker.store(), older)).isEqualTo(9));

      slow.cancel();

      assertThat(await(slow)).isInstanceOf(PullOutcome.Cancelled.class);
      complete(worker.pull(newer, learner.source(true))).file().close();
      assertThat(worker.store().take(older.version())).isEmpty();
    }
  }

  @Test
  void whatHasComeIsServedOnAtOnce() throws Exception {
    Node learner = nodes.node("learner");
    Node first = nodes.node("first");
    Node second = nodes.node("second");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    try (FaultyProxy stalls =
        new FaultyProxy(learner.server().port(), Fault.STALL, IN_CHUNK_10, 1_000)) {
      Pull half = first.puller().pull(manifest, PullPlan.from(stalls.source(true)));
      Pull behind = second.puller().pull(manifest, PullPlan.from(first.source(false)));

      await().untilAsserted(() -> assertThat(chunksOf(second.store(), manifest)).isEqualTo(9));

      assertThat(first.store().take(manifest.version())).isEmpty();
      half.cancel();
      behind.cancel();
      await(half);
      await(behind);
    }
  }

  @Test
  void eightReceiversCostTheLearnerAboutOneCopy() throws Exception {
    Node learner = nodes.node("learner");
    PolicyManifest manifest = publish(learner.store(), 1, 160);
    List<Node> workers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      workers.add(nodes.node("worker-" + i));
    }
    Swarm swarm =
        new Swarm(
            Swarm.Member.alone(learner.source(true)), workers.stream().map(Node::member).toList());
    List<Pull> pulls = new ArrayList<>();
    for (Node worker : workers) {
      pulls.add(worker.puller().pull(manifest, swarm.planFor(worker.member()).orElseThrow()));
    }

    for (Pull pull : pulls) {
      complete(await(pull)).file().close();
    }

    assertThat(learner.server().bytesSent()).isLessThanOrEqualTo(manifest.bytes() * 5 / 4);
  }

  @Test
  void theSharesOfReceiversThatDieAreFetchedByTheOthers() throws Exception {
    PullLimits impatient =
        new PullLimits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofSeconds(20),
            Duration.ofMillis(10),
            3,
            3);
    Node learner = nodes.node("learner");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    List<Node> workers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      workers.add(nodes.node("worker-" + i, impatient));
    }
    Swarm swarm =
        new Swarm(
            Swarm.Member.alone(learner.source(true)), workers.stream().map(Node::member).toList());
    workers.get(3).server().close();
    List<Pull> pulls = new ArrayList<>();
    for (Node worker : workers.subList(0, 3)) {
      pulls.add(worker.puller().pull(manifest, swarm.planFor(worker.member()).orElseThrow()));
    }

    for (Pull pull : pulls) {
      complete(await(pull)).file().close();
    }
  }

  @Test
  void whoComesLateIsServedByThoseThatAreDone() throws Exception {
    Node learner = nodes.node("learner");
    Node early = nodes.node("early");
    Node late = nodes.node("late");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    Swarm swarm = new Swarm(Swarm.Member.alone(learner.source(true)), List.of());
    complete(await(early.puller().pull(manifest, swarm.planFor(early.member()).orElseThrow())))
        .file()
        .close();
    swarm.has(early.member());
    long before = learner.server().bytesSent();

    complete(await(late.puller().pull(manifest, swarm.planFor(late.member()).orElseThrow())))
        .file()
        .close();

    assertThat(learner.server().bytesSent()).isEqualTo(before);
    assertThat(early.server().bytesSent()).isEqualTo(manifest.bytes());
  }

  @Test
  void unchangedTensorsDontTravel() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest first = publish(learner.store(), 1, tensors(10 * CHUNK, 1, 2, 3));
    PolicyManifest second = publish(learner.store(), 2, tensors(10 * CHUNK, 1, 20, 3));
    complete(worker.pull(first, learner.source(true))).file().close();
    long before = learner.server().bytesSent();

    PullOutcome.Complete pulled = complete(worker.pull(second, learner.source(true)));

    try (WeightFile file = pulled.file();
        WeightFile original = learner.store().take(second.version()).orElseThrow()) {
      assertThat(Files.mismatch(file.path(), original.path())).isEqualTo(-1);
    }
    // The changed tensor begins and ends within a chunk, and the header's chunk travels.
    assertThat(pulled.fetched()).isEqualTo(12);
    assertThat(learner.server().bytesSent() - before).isEqualTo(12L * CHUNK);
  }

  @Test
  void aTensorThatHasOnlyTheChecksumOfTheOneThatIsWantedIsSeenByTheDigest() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    Map<String, TensorData> tensors = tensors(10 * CHUNK, 1, 2, 3);
    PolicyManifest first = publish(learner.store(), 1, tensors);
    PolicyManifest second =
        publish(learner.store(), 2, withTheSameChecksum(tensors, "tensor-1", 5 * CHUNK));
    assertThat(second.chunkChecksums()).isEqualTo(first.chunkChecksums());
    assertThat(second.digest()).isNotEqualTo(first.digest());
    complete(worker.pull(first, learner.source(true))).file().close();

    PullOutcome.Complete pulled = complete(worker.pull(second, learner.source(true)));

    try (WeightFile file = pulled.file();
        WeightFile original = learner.store().take(second.version()).orElseThrow()) {
      assertThat(Files.mismatch(file.path(), original.path())).isEqualTo(-1);
    }
    assertThat(pulled.fetched()).isGreaterThanOrEqualTo(second.chunks());
  }

  /** Adds CRC32C's polynomial, by which its checksum divides, to the bytes at {@code offset}. */
  private static Map<String, TensorData> withTheSameChecksum(
      Map<String, TensorData> tensors, String name, int offset) {
    TensorData data = Objects.requireNonNull(tensors.get(name));
    byte[] bytes = data.bytes().toByteArray();
    long polynomial = 1 | 0x82F63B78L << 1;
    for (int i = 0; i < 5; i++) {
      bytes[offset + i] ^= (byte) (polynomial >> (8 * i));
    }
    Map<String, TensorData> others = new LinkedHashMap<>(tensors);
    others.put(name, new TensorData(data.dtype(), data.shape(), ByteString.copyFrom(bytes)));
    return others;
  }

  @Test
  void aVersionIsWrittenOverTheOneThatWasLetGoOf() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest first = publish(learner.store(), 1, tensors(10 * CHUNK, 1, 2, 3));
    PolicyManifest second = publish(learner.store(), 2, tensors(10 * CHUNK, 1, 20, 3));
    complete(worker.pull(first, learner.source(true))).file().close();
    worker.store().letGo(first.version());
    await().until(() -> Files.exists(folder.resolve("worker").resolve("spare")));

    PullOutcome.Complete pulled = complete(worker.pull(second, learner.source(true)));

    pulled.file().close();
    assertThat(pulled.fetched()).isEqualTo(11);
    assertThat(folder.resolve("worker").resolve("spare")).doesNotExist();
  }

  private static int chunksOf(WeightStore store, PolicyManifest manifest) {
    return store
        .serve(manifest.digest())
        .map(
            file -> {
              try (file) {
                return file.present().cardinality();
              }
            })
        .orElse(0);
  }
}

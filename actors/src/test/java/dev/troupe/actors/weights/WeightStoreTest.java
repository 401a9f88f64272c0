package dev.troupe.actors.weights;

import static dev.troupe.actors.weights.WeightsFixture.CHUNK;
import static dev.troupe.actors.weights.WeightsFixture.await;
import static dev.troupe.actors.weights.WeightsFixture.complete;
import static dev.troupe.actors.weights.WeightsFixture.publish;
import static dev.troupe.actors.weights.WeightsFixture.tensors;
import static dev.troupe.actors.weights.WeightsFixture.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.actors.weights.WeightsFixture.Node;
import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.policy.PolicyManifest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(90)
final class WeightStoreTest {
  private static final int CHUNKS = 40;

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
  void anImageIsASafetensorsFileDescribedByItsManifest() throws Exception {
    WeightStore store = nodes.store("node");
    PolicyManifest manifest = publish(store, 1, tensors(1_000, 1, 2, 3));

    try (WeightFile file = store.take(version(1)).orElseThrow();
        SafetensorsFile image = SafetensorsFile.open(file.path())) {
      assertThat(image.names()).containsExactly("tensor-0", "tensor-1", "tensor-2");
      assertThat(manifest.tensors()).hasSize(3);
      assertThat(manifest.tensors().get(1).offset()).isEqualTo(image.offset("tensor-1"));
      assertThat(manifest.bytes()).isEqualTo(Files.size(file.path()));
      assertThat(file.path().getFileName()).hasToString(manifest.digest() + ".safetensors");
    }
  }

  @Test
  void whatIsLetGoOfIsGoneButForOneSpare() throws Exception {
    WeightStore store = nodes.store("node");
    for (int update = 1; update <= 3; update++) {
      publish(store, update, CHUNKS);
    }
    for (int update = 1; update <= 3; update++) {
      store.letGo(version(update));
      assertThat(store.take(version(update))).isEmpty();
    }
    assertThat(names("node")).containsExactlyInAnyOrder("locks", "spare");
    store.close();
    assertThat(names("node")).containsExactly("locks");
  }

  @Test
  void aFileThatSomebodyReadsStaysUntilItIsClosed() throws Exception {
    WeightStore store = nodes.store("node");
    PolicyManifest manifest = publish(store, 1, CHUNKS);
    try (WeightFile file = store.take(version(1)).orElseThrow()) {
      store.letGo(version(1));
      assertThat(names("node")).contains(manifest.digest() + ".safetensors");
      assertThat(WeightFile.checksum(file.chunk(3))).isEqualTo(manifest.chunkChecksums().get(3));
    }
    assertThat(names("node")).doesNotContain(manifest.digest() + ".safetensors");
  }

  @Test
  void versionsWithTheSameWeightsShareAFile() throws Exception {
    WeightStore store = nodes.store("node");
    PolicyManifest first = publish(store, 1, tensors(CHUNK, 5));
    PolicyManifest second = publish(store, 2, tensors(CHUNK, 5));
    assertThat(second.digest()).isEqualTo(first.digest());
    store.letGo(version(1));
    try (WeightFile file = store.take(version(2)).orElseThrow()) {
      assertThat(file.manifest().bytes()).isEqualTo(second.bytes());
    }
  }

  @Test
  void nodesOfOneHostFetchOnceAndMapTheSameFile() throws Exception {
    Node learner = nodes.node("learner");
    Node first = nodes.node("host");
    Node second = nodes.node("host");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    PullPlan plan = PullPlan.from(learner.source(true));
    Pull one = first.puller().pull(manifest, plan);
    Pull other = second.puller().pull(manifest, plan);

    PullOutcome.Complete firstDone = complete(await(one));
    PullOutcome.Complete secondDone = complete(await(other));

    assertThat(firstDone.file().path()).isEqualTo(secondDone.file().path());
    assertThat(firstDone.fetched() + secondDone.fetched()).isEqualTo(CHUNKS);
    assertThat(learner.server().bytesSent()).isEqualTo(manifest.bytes());
    firstDone.file().close();
    first.store().letGo(version(1));
    assertThat(names("host")).contains(manifest.digest() + ".safetensors");
    secondDone.file().close();
    second.store().letGo(version(1));
    await()
        .untilAsserted(
            () -> assertThat(names("host")).doesNotContain(manifest.digest() + ".safetensors"));
  }

  @Test
  void whenAPullingProcessIsKilledAnotherGoesOnWithItsChunks() throws Exception {
    Node learner = nodes.node("learner");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    Path description = folder.resolve("manifest");
    Files.write(description, PolicyCodec.MANIFEST.encode(manifest));
    Process killed;
    try (WeightFile image = learner.store().take(version(1)).orElseThrow()) {
      killed =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "--sun-misc-unsafe-memory-access=allow",
                      "-XX:TieredStopAtLevel=1",
                      "-cp",
                      System.getProperty("java.class.path"),
                      HalfPull.class.getName(),
                      folder.resolve("host").toString(),
                      description.toString(),
                      image.path().toString(),
                      "12"))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
    }
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(killed.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(said.lines().anyMatch("has 12 chunks"::equals)).isTrue();
      Node other = nodes.node("host");
      Pull waiting = other.puller().pull(manifest, PullPlan.from(learner.source(true)));
      assertThat(waiting.outcome().toCompletableFuture().isDone()).isFalse();

      killed.destroyForcibly();

      PullOutcome.Complete pulled = complete(await(waiting));
      pulled.file().close();
      assertThat(pulled.fetched()).isEqualTo(CHUNKS - 12);
    } finally {
      killed.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aTornFileOfThatNameIsFetchedAgain() throws Exception {
    Node learner = nodes.node("learner");
    Node worker = nodes.node("worker");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    byte[] torn;
    try (WeightFile image = learner.store().take(version(1)).orElseThrow()) {
      torn = Files.readAllBytes(image.path());
    }
    torn[7 * CHUNK] ^= 1;
    Files.write(folder.resolve("worker").resolve(manifest.digest() + ".safetensors"), torn);

    PullOutcome.Complete pulled = complete(worker.pull(manifest, learner.source(true)));

    try (WeightFile file = pulled.file()) {
      assertThat(WeightFile.checksum(file.chunk(7))).isEqualTo(manifest.chunkChecksums().get(7));
    }
    assertThat(pulled.fetched()).isEqualTo(CHUNKS);
  }

  @Test
  void whatACrashLeftIsUsedWhereItIsGood() throws Exception {
    Node learner = nodes.node("learner");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    byte[] left;
    try (WeightFile image = learner.store().take(version(1)).orElseThrow()) {
      left = Files.readAllBytes(image.path());
    }
    left[7 * CHUNK] ^= 1;
    Path directory = Files.createDirectories(folder.resolve("worker"));
    Files.write(directory.resolve(manifest.digest() + ".part"), left);
    Files.write(directory.resolve("77-1.aside"), new byte[10]);
    Node worker = nodes.node("worker");
    assertThat(names("worker")).doesNotContain("77-1.aside");

    PullOutcome.Complete pulled = complete(worker.pull(manifest, learner.source(true)));

    pulled.file().close();
    assertThat(pulled.fetched()).isLessThanOrEqualTo(CHUNKS);
  }

  @Test
  void aFullDiskIsSaidWithWhatIsNeededAndWhatIsLeft() throws Exception {
    Node learner = nodes.node("learner");
    PolicyManifest manifest = publish(learner.store(), 1, CHUNKS);
    Path small = folder.resolve("small");
    WeightStore store =
        nodes.opened(WeightStore.open(small, new WeightStore.Limits(100_000, () -> 5_000), 1));
    WeightPuller puller =
        nodes.opened(
            new WeightPuller(
                store,
                new TransportSecurity.Plain(),
                WeightsFixture.QUICK,
                WeightsFixture.THREADS,
                System::nanoTime));

    PullOutcome outcome = await(puller.pull(manifest, PullPlan.from(learner.source(true))));

    assertThat(outcome).isInstanceOf(PullOutcome.Failed.class);
    assertThat(((PullOutcome.Failed) outcome).why())
        .contains(
            "need [" + manifest.bytes() + "] bytes in [" + small + "], [5000] are left; make room");
    assertThat(names("small")).containsExactly("locks");
  }

  @Test
  void aWriteThatFailsLeavesNothing() throws Exception {
    WeightStore store = nodes.store("node");
    assertThatThrownBy(
            () ->
                store.publish(
                    version(1),
                    List.of(),
                    CHUNK,
                    file -> {
                      Files.write(file, new byte[100]);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("update [1]")
        .hasMessageContaining("No space left on device; make room there");
    assertThat(names("node")).containsExactly("locks");
  }

  private List<String> names(String node) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(node))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}

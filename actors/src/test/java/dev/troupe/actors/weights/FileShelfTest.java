package dev.troupe.actors.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.security.TransportSecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FileShelfTest {
  private static final int BYTES = 3 * WeightWire.PIECE_BYTES + 1000;
  private static final FileShelf.Limits LIMITS = new FileShelf.Limits(4_000_000, 0);

  @TempDir Path folder;
  private WeightsFixture nodes;
  private byte[] content = {};
  private String hash = "";

  @BeforeEach
  void make() throws IOException {
    nodes = new WeightsFixture(folder);
    content = new byte[BYTES];
    new Random(3).nextBytes(content);
    Path file = Files.write(folder.resolve("tasks.jsonl"), content);
    hash = FilePull.digest(file);
  }

  @AfterEach
  void close() throws Exception {
    nodes.closeAll();
  }

  private FileShelf shelf(String name, FileShelf.Limits limits) throws IOException {
    return nodes.opened(
        FileShelf.open(
            List.of(folder.resolve(name + "-shared")),
            folder.resolve(name),
            limits,
            WeightsFixture.QUICK,
            new TransportSecurity.Plain(),
            WeightsFixture.THREADS,
            System::nanoTime));
  }

  private FileShelf reader() throws IOException {
    return shelf("reader", LIMITS);
  }

  /** A node with {@code bytes} under the hash in the folder that it shares with others. */
  private WeightSource node(String name, byte[] bytes) throws IOException {
    FileShelf shelf = shelf(name, LIMITS);
    Path shared = Files.createDirectories(folder.resolve(name + "-shared"));
    if (bytes.length > 0) {
      Files.write(shared.resolve(hash), bytes);
    }
    WeightServer server =
        nodes.opened(
            WeightServer.start(
                nodes.store(name + "-weights"),
                shelf::serve,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new TransportSecurity.Plain(),
                WeightServer.Limits.DEFAULT,
                WeightsFixture.THREADS,
                System::nanoTime));
    return new WeightSource("127.0.0.1", server.port(), false);
  }

  private WeightSource cut(WeightSource source, long at) throws IOException {
    return nodes.opened(new FaultyProxy(source.port(), FaultyProxy.Fault.CUT, at, 1)).source(false);
  }

  private byte[] wrongAt(int index) {
    byte[] wrong = content.clone();
    wrong[index] ^= 1;
    return wrong;
  }

  private Path fetch(FileShelf shelf, WeightSource... sources) throws Exception {
    try {
      return shelf
          .fetch("run", hash, List.of(sources))
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  @Test
  void comesFromANodeThatHasItAndIsServedFromThenOn() throws Exception {
    FileShelf shelf = reader();

    Path file = fetch(shelf, node("without", new byte[0]), node("with", content));

    assertThat(file).hasBinaryContent(content).isEqualTo(shelf.path(hash));
    assertThat(shelf.serve(hash)).contains(file);
    assertThat(fetch(shelf)).isEqualTo(file);
  }

  @Test
  void whatIsInTheSharedFolderIsUsedUnlessItIsDamaged() throws Exception {
    Path shared = Files.createDirectories(folder.resolve("reader-shared")).resolve(hash);
    Files.write(shared, content);
    assertThat(fetch(reader())).isEqualTo(shared);

    Files.write(shared, wrongAt(5));
    assertThat(fetch(reader(), node("with", content)))
        .hasBinaryContent(content)
        .isNotEqualTo(shared);
  }

  @Test
  void aSourceThatBreaksOffIsFollowedByTheNextWhichSendsWhatIsMissing() throws Exception {
    // Only a whole of both is right.
    WeightSource first = cut(node("first", content), 2L * WeightWire.PIECE_BYTES + 500);
    WeightSource second = node("second", wrongAt(7));

    assertThat(fetch(reader(), first, second)).hasBinaryContent(content);
  }

  @Test
  void aWrongWholeIsFetchedAgainFromTheNextSource() throws Exception {
    WeightSource broken = cut(node("broken", wrongAt(7)), WeightWire.PIECE_BYTES + 500L);

    assertThat(fetch(reader(), broken, node("right", content))).hasBinaryContent(content);
    assertThatThrownBy(
            () -> fetch(shelf("other", LIMITS), node("wrong", wrongAt(BYTES - 1)), broken))
        .isInstanceOf(WeightsException.class)
        .hasMessageContaining("file [" + hash + "] did not come: asked [127.0.0.1:")
        .hasMessageContaining("its SHA-256 was not that");
    assertThat(folder.resolve("other")).isEmptyDirectory();
  }

  @Test
  void nobodyToAskTooManyBytesAndAFullDiskAreTold() throws Exception {
    assertThatThrownBy(() -> fetch(reader())).hasMessageContaining("there is no node to ask");
    WeightSource with = node("with", content);
    assertThatThrownBy(() -> fetch(shelf("small", new FileShelf.Limits(BYTES - 1, 0)), with))
        .hasMessageContaining(
            "the file has [" + BYTES + "] bytes there, at most [" + (BYTES - 1) + "] may be");
    assertThatThrownBy(() -> fetch(shelf("full", new FileShelf.Limits(BYTES, 1L << 60)), with))
        .hasMessageContaining("has no room in [" + folder.resolve("full") + "]")
        .hasMessageContaining("make room there, or name another --scratch");
  }

  @Test
  void staysAsLongAsARunNeedsIt() throws Exception {
    FileShelf shelf = reader();
    WeightSource with = node("with", content);
    Path file = fetch(shelf, with);
    shelf.fetch("other", hash, List.of()).toCompletableFuture().get(30, TimeUnit.SECONDS);

    shelf.letGo("run");
    assertThat(file).exists();
    shelf.letGo("other");
    assertThat(file).doesNotExist();
    assertThat(shelf.has(hash)).isFalse();
    assertThat(fetch(shelf, with)).hasBinaryContent(content);
  }
}

package dev.troupe.learner.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.learner.checkpoint.CheckpointStore.FileBody;
import dev.troupe.protocol.checkpoint.CheckpointRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointStoreTest {
  @TempDir private Path directory;

  @Test
  void opensWhatItWrote() throws IOException {
    CheckpointStore store = store();
    CheckpointRef ref = store.write(120, 2, files("weights"));
    Checkpoint checkpoint = store.open(ref);
    assertThat(checkpoint.directory()).isEqualTo(directory.resolve("000120.2"));
    assertThat(Files.readString(checkpoint.file("weights.safetensors"))).isEqualTo("weights");
    assertThat(store.list()).containsExactly(ref);
  }

  @Test
  void refusesAFlippedByteAndOffersThePreviousOne() throws IOException {
    CheckpointStore store = store();
    CheckpointRef first = store.write(1, 1, files("one"));
    CheckpointRef second = store.write(2, 1, files("two"));
    Path weights = store.path(second).resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[1] ^= 1;
    Files.write(weights, bytes);
    CheckpointDamagedException damage =
        catchThrowableOfType(CheckpointDamagedException.class, () -> store.open(second));
    assertThat(damage.file()).isEqualTo(weights);
    assertThat(damage.previousGood()).contains(first);
    assertThat(damage)
        .hasMessageContaining("[" + weights + "] is damaged: expected [SHA-256 ")
        .hasMessageContaining("found [SHA-256 ")
        .hasMessageContaining("previous good checkpoint is [000001.1]");
  }

  @Test
  void refusesATruncatedAMissingAndAForgedFile() throws IOException {
    CheckpointStore store = store();
    CheckpointRef truncated = store.write(1, 1, files("one"));
    Files.writeString(store.path(truncated).resolve("weights.safetensors"), "on");
    assertThatThrownBy(() -> store.open(truncated))
        .hasMessageContaining("expected [3 bytes], found [2 bytes]")
        .hasMessageContaining("no earlier good checkpoint");

    CheckpointRef missing = store.write(2, 1, files("two"));
    Files.delete(store.path(missing).resolve("state.pb"));
    assertThatThrownBy(() -> store.open(missing)).hasMessageContaining("found [no such file]");

    CheckpointRef forged = store.write(3, 1, files("three"));
    Files.writeString(store.path(forged).resolve("manifest.json"), "{}");
    assertThatThrownBy(() -> store.open(forged)).hasMessageContaining("manifest.json] is damaged");
    assertThat(store.list()).containsExactly(truncated, missing);
    assertThat(store.previousGood(forged)).isEmpty();
  }

  @Test
  void fullDiskLeavesNothingThatCounts() throws IOException {
    CheckpointStore store = store();
    CheckpointRef before = store.write(1, 1, files("one"));
    Map<String, FileBody> files = new LinkedHashMap<>(files("two"));
    files.put(
        "optimizer.safetensors",
        file -> {
          Files.writeString(file, "half of it");
          throw new IOException("No space left on device");
        });
    assertThatThrownBy(() -> store.write(2, 1, files))
        .isInstanceOf(CheckpointWriteException.class)
        .hasMessageContaining("No space left on device")
        .hasMessageContaining("bytes are free there");
    assertThat(store.list()).containsExactly(before);
    try (var entries = Files.list(directory)) {
      assertThat(entries).containsExactly(directory.resolve("000001.1"));
    }
  }

  @Test
  void whoWasOvertakenWhileItWroteIsToldSo() throws IOException {
    CheckpointStore store = store();
    Map<String, FileBody> files = new LinkedHashMap<>(files("one"));
    files.put(
        "optimizer.safetensors",
        file -> {
          Files.writeString(file, "half of it");
          DurableFiles.deleteTree(directory.resolve(".partial-000002.1"));
        });
    assertThatThrownBy(() -> store.write(2, 1, files))
        .isInstanceOf(CheckpointWriteException.class)
        .hasMessageContaining("another process has taken over this run");
    assertThat(store.list()).isEmpty();
  }

  @Test
  void crashBeforeTheRenameLeavesAStrayThatIsCleaned() {
    CheckpointStore dying =
        new CheckpointStore(
            directory,
            new CheckpointHooks() {
              @Override
              public void beforeRename() {
                throw new Halt();
              }

              @Override
              public void afterRename() {}
            });
    assertThatThrownBy(() -> dying.write(1, 1, files("one"))).isInstanceOf(Halt.class);
    assertThat(store().list()).isEmpty();
    assertThat(store().clean()).isEqualTo(1);
    assertThat(store().clean()).isZero();
    assertThat(store().write(1, 1, files("one")).update()).isEqualTo(1);
  }

  @Test
  void hooksSeeTheCheckpointBeforeAndAfterItCounts() {
    List<String> seen = new ArrayList<>();
    CheckpointStore store =
        new CheckpointStore(
            directory,
            new CheckpointHooks() {
              @Override
              public void beforeRename() {
                seen.add("before " + Files.exists(directory.resolve("000007.1")));
              }

              @Override
              public void afterRename() {
                seen.add("after " + Files.exists(directory.resolve("000007.1")));
              }
            });
    store.write(7, 1, files("seven"));
    assertThat(seen).containsExactly("before false", "after true");
  }

  @Test
  void prunesToTheNewestOfTheLatestEpochAndWhatIsNamed() {
    CheckpointStore store = store();
    CheckpointRef best = store.write(10, 1, files("a"));
    CheckpointRef old = store.write(20, 1, files("b"));
    CheckpointRef orphan = store.write(40, 1, files("c"));
    CheckpointRef third = store.write(30, 2, files("d"));
    CheckpointRef fourth = store.write(35, 2, files("e"));
    assertThat(store.prune(2, fourth, Set.of(10L))).containsExactly(old, orphan);
    assertThat(store.list()).containsExactly(best, third, fourth);
  }

  @Test
  void prunesNoCommittedCheckpointInFavourOfOneWhoseCommitIsUnderWay() {
    CheckpointStore store = store();
    CheckpointRef old = store.write(10, 1, files("a"));
    CheckpointRef committed = store.write(20, 1, files("b"));
    CheckpointRef underWay = store.write(30, 1, files("c"));
    assertThat(store.prune(1, committed, Set.of())).containsExactly(old);
    assertThat(store.list()).containsExactly(committed, underWay);
  }

  @Test
  void refusesToWriteACheckpointTwice() {
    CheckpointStore store = store();
    store.write(5, 1, files("a"));
    assertThatThrownBy(() -> store.write(5, 1, files("b"))).hasMessageContaining("there already");
  }

  private static final class Halt extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private CheckpointStore store() {
    return new CheckpointStore(directory, CheckpointHooks.NONE);
  }

  private static Map<String, FileBody> files(String weights) {
    Map<String, FileBody> files = new LinkedHashMap<>();
    files.put("weights.safetensors", file -> Files.writeString(file, weights));
    files.put("state.pb", file -> Files.writeString(file, "state of " + weights));
    return files;
  }
}

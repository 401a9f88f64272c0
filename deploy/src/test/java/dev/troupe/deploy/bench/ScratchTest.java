package dev.troupe.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class ScratchTest {
  @TempDir Path parent = Path.of("");

  @Test
  void aFolderIsGoneOnceItsWorkIsDone() throws IOException {
    Scratch scratch = new Scratch(parent);
    try (Scratch.Folder folder = scratch.folder("bench-x")) {
      Files.createDirectories(folder.path().resolve("a/b"));
      assertThat(folder.path().getFileName().toString()).startsWith("bench-x");
    }
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void deletesWhatIsLeftAlthoughSomebodyStillWritesThere() throws Exception {
    Scratch scratch = new Scratch(parent);
    Path folder = scratch.folder("bench-x").path();
    Files.createDirectory(scratch.folder("bench-y").path().resolve("c"));
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch wrote = new CountDownLatch(100);
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  // Not for ever: whoever writes faster than is deleted would win.
                  for (int i = 0; i < 2_000 && !over.get(); i++) {
                    try {
                      Files.createFile(folder.resolve("file-" + i));
                    } catch (IOException _) {
                      over.set(true);
                    }
                    wrote.countDown();
                  }
                });
    wrote.await();
    scratch.deleteAll();
    over.set(true);
    writer.join();
    assertThat(parent).isEmptyDirectory();
  }
}

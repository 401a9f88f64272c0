package dev.troupe.actors.journal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Which writer may write: each claims an epoch of its own by creating {@code epochs/<writer>/<n>}
 * exclusively, n one above the newest. It holds on storage that machines share, without clocks.
 *
 * <p>Taking over has two steps, in this order:
 *
 * <ol>
 *   <li><b>claim</b>: create n;
 *   <li><b>seal</b>: read the segments of all older epochs, and record the lengths that count in
 *       {@code <n>.sealed} ({@link Seals}). What an older writer appends behind them is void.
 * </ol>
 *
 * A writer of epoch e that has synced bytes acknowledges them only if it finds, <em>after</em> the
 * sync, that no epoch above e is claimed. Then every claim that will ever be made comes after that
 * look, hence after the sync; sealing comes after claiming; so the sealed length covers the bytes.
 * If it finds a newer claim, the bytes may or may not be covered: it can't know, so it acknowledges
 * nothing any more, ever ({@link JournalFailure.Fenced}). The look may be late (a frozen process):
 * that only makes it find more claims. Checking first and writing then would not hold, for the
 * process may freeze in between; checking after the sync does, because what is acknowledged is
 * already on the disk.
 *
 * <p>A claim that dies before its seal leaves an epoch without segments, for a writer writes only
 * after sealing. The next one starts from the newest seal there is and reads the rest itself. If
 * the dead one was only frozen and seals late, its seal has a lower number than its successor's,
 * which is the one that later writers go by; and it can't acknowledge, for it is fenced.
 */
public final class Epochs {

  /** A claimed epoch. */
  public record Claim(Epochs epochs, int epoch) {
    /** Whether a newer writer has claimed an epoch. Look after the sync, before acknowledging. */
    public boolean isFenced() {
      return Files.exists(epochs.claimFile(epoch + 1));
    }
  }

  private final Path directory;

  /**
   * @param epochs the run's directory of epochs
   * @param writer {@code replay} or {@code learner}
   */
  public Epochs(Path epochs, String writer) {
    this.directory = epochs.resolve(writer);
  }

  /**
   * Claims the next epoch.
   *
   * @param owner who claims, for people: process, machine, time
   */
  public Claim claim(String owner) {
    return claim(0, owner);
  }

  /** The same, for an epoch above {@code above}. */
  public Claim claim(int above, String owner) {
    try {
      Files.createDirectories(directory);
      Durable.syncDirectory(directory.getParent());
      for (int epoch = Math.max(newest(), above) + 1; ; epoch++) {
        try {
          Durable.createNew(claimFile(epoch), owner + "\n");
          return new Claim(this, epoch);
        } catch (FileAlreadyExistsException _) {
          // Another writer was faster: the next number is free, or its claim is.
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("claiming an epoch in [" + directory + "]", e);
    }
  }

  /** The newest claimed epoch; 0 = none. */
  public int newest() {
    if (!Files.isDirectory(directory)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("\\d{6,9}"))
          .mapToInt(Integer::parseInt)
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new UncheckedIOException("listing [" + directory + "]", e);
    }
  }

  Path claimFile(int epoch) {
    return directory.resolve("%06d".formatted(epoch));
  }

  Path sealFile(int epoch) {
    return directory.resolve("%06d.sealed".formatted(epoch));
  }
}

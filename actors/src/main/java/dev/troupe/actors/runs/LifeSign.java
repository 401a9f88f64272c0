package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.HostPort;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;

/**
 * What the active head leaves in the cluster's directory every two seconds. A head that can reach
 * nobody sees by it that a cluster works on this directory nevertheless, and doesn't begin another
 * one. Whoever looks compares two looks, never clocks.
 *
 * @param node the active head's name
 * @param address where it is reached
 * @param epoch of the active head
 * @param beat greater every time
 */
public record LifeSign(String node, HostPort address, int epoch, long beat) {
  /** Two signs are this far apart. */
  static final Duration EVERY = Duration.ofSeconds(2);

  /** Who sees no other sign for so long may take it that there is no active head. */
  public static final Duration SILENCE = Duration.ofSeconds(5);

  private static Path file(Path home) {
    return home.resolve(".cluster").resolve("active-head.properties");
  }

  /** The last sign in {@code home}. */
  public static Optional<LifeSign> in(Path home) {
    Properties read = new Properties();
    try {
      read.load(new StringReader(Files.readString(file(home))));
      return Optional.of(
          new LifeSign(
              read.getProperty("node", ""),
              HostPort.parse(read.getProperty("address", "")),
              Integer.parseInt(read.getProperty("epoch", "")),
              Long.parseLong(read.getProperty("beat", ""))));
    } catch (NoSuchFileException | CharacterCodingException | IllegalArgumentException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + file(home) + "]", e);
    }
  }

  /** Leaves it; it needs no sync, for only the living count. */
  void leaveIn(Path home) throws IOException {
    Properties properties = new Properties();
    properties.setProperty("node", node);
    properties.setProperty("address", address.toString());
    properties.setProperty("epoch", String.valueOf(epoch));
    properties.setProperty("beat", String.valueOf(beat));
    StringWriter text = new StringWriter();
    properties.store(text, null);
    Path aside = file(home).resolveSibling("active-head." + epoch + ".tmp");
    Files.writeString(aside, text.toString());
    Files.move(
        aside, file(home), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}

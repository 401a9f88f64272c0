package dev.troupe.deploy.page;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * {@code page.json} of a run directory: where the process that works there serves its page, and the
 * token that orders must show. Only its owner can read it, so whoever can is who began the run.
 */
public record PageFile(int port, String token) {
  private static final String NAME = "page.json";

  /** Leaves it in {@code root}. */
  public void write(Path root) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("port", port);
    json.addProperty("token", token);
    Path aside =
        Files.createTempFile(
            root,
            NAME,
            ".tmp",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(aside, json + "\n");
    Files.move(
        aside,
        root.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  /** Empty where no process serves the run's page, or one that was killed left no whole file. */
  public static Optional<PageFile> read(Path root) throws IOException {
    try {
      JsonObject json =
          JsonParser.parseString(Files.readString(root.resolve(NAME))).getAsJsonObject();
      return Optional.of(
          new PageFile(json.get("port").getAsInt(), json.get("token").getAsString()));
    } catch (NoSuchFileException
        | JsonParseException
        | IllegalStateException
        | NullPointerException _) {
      return Optional.empty();
    }
  }

  /** The process ends. */
  public static void remove(Path root) throws IOException {
    Files.deleteIfExists(root.resolve(NAME));
  }
}

package dev.troupe.deploy.history;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** {@code failure.json}: why and when a run failed; it is there until the run goes on. */
public final class FailureFile {
  private static final String NAME = "failure.json";

  private FailureFile() {}

  /** A failure. */
  public record Failure(Instant at, String why) {}

  /** Writes {@code failure} into a run directory. */
  public static void write(Path runDirectory, Failure failure) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("at", failure.at().toString());
    json.addProperty("why", failure.why());
    Path aside = runDirectory.resolve(NAME + ".part");
    Files.writeString(aside, json + "\n");
    Files.move(aside, runDirectory.resolve(NAME), StandardCopyOption.REPLACE_EXISTING);
  }

  /** The run goes on. */
  public static void clear(Path runDirectory) throws IOException {
    Files.deleteIfExists(runDirectory.resolve(NAME));
  }

  /** Reads it; empty where there is none. */
  public static Optional<Failure> read(Path runDirectory) throws IOException {
    Path file = runDirectory.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonObject json = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
      return Optional.of(
          new Failure(Instant.parse(json.get("at").getAsString()), json.get("why").getAsString()));
    } catch (JsonParseException
        | IllegalStateException
        | NullPointerException
        | DateTimeParseException _) {
      return Optional.empty();
    }
  }
}

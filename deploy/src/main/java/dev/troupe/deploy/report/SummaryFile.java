package dev.troupe.deploy.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.actors.run.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.OptionalDouble;

/** {@code summary.json}: accuracies that were not measured are null. */
public final class SummaryFile {
  private SummaryFile() {}

  /** Writes it, replacing an earlier one. */
  public static void write(Path file, RunSummary summary) throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(aside, json(summary));
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static String json(RunSummary summary) {
    JsonObject root = new JsonObject();
    root.add("accuracyBefore", number(summary.accuracyBefore()));
    root.add("accuracyAfter", number(summary.accuracyAfter()));
    root.addProperty("updates", summary.updates());
    root.addProperty("trajectories", summary.trajectories());
    root.addProperty("wallSeconds", summary.wallSeconds());
    root.addProperty("samplingTokensPerSecond", summary.samplingTokensPerSecond());
    root.addProperty("learningTokensPerSecond", summary.learningTokensPerSecond());
    root.addProperty("samplingIdleShare", summary.samplingIdleShare());
    root.addProperty("learningIdleShare", summary.learningIdleShare());
    root.add("ledger", LedgerJson.write(summary.ledger()));
    return new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .serializeSpecialFloatingPointValues()
            .create()
            .toJson(root)
        + "\n";
  }

  private static JsonElement number(OptionalDouble number) {
    return number.isPresent() ? new JsonPrimitive(number.getAsDouble()) : JsonNull.INSTANCE;
  }
}

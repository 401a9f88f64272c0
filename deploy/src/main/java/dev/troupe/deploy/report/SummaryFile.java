package dev.troupe.deploy.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.actors.run.RunSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
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
    root.add("ledger", ledger(summary.ledger()));
    return new GsonBuilder()
            .setPrettyPrinting()
            .serializeNulls()
            .serializeSpecialFloatingPointValues()
            .create()
            .toJson(root)
        + "\n";
  }

  /** The counts, and drops by reason. */
  public static JsonObject ledger(LedgerTotals totals) {
    JsonObject ledger = new JsonObject();
    ledger.addProperty("granted", totals.granted());
    ledger.addProperty("leased", totals.leased());
    ledger.addProperty("recorded", totals.recorded());
    ledger.addProperty("batched", totals.batched());
    ledger.addProperty("consumed", totals.consumed());
    ledger.addProperty("dropped", totals.droppedTotal());
    ledger.addProperty("duplicates", totals.duplicates());
    JsonObject reasons = new JsonObject();
    totals
        .dropped()
        .forEach(
            (reason, count) ->
                reasons.addProperty(
                    reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
    ledger.add("droppedByReason", reasons);
    return ledger;
  }

  private static JsonElement number(OptionalDouble number) {
    return number.isPresent() ? new JsonPrimitive(number.getAsDouble()) : JsonNull.INSTANCE;
  }
}

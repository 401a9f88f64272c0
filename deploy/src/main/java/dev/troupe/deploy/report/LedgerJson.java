package dev.troupe.deploy.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.actors.run.LedgerTotals;
import dev.troupe.protocol.ledger.DropReason;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The ledger's counts as JSON. */
public final class LedgerJson {
  private LedgerJson() {}

  /** The counts, and drops by reason. */
  public static JsonObject write(LedgerTotals totals) {
    JsonObject ledger = new JsonObject();
    ledger.addProperty("granted", totals.granted());
    ledger.addProperty("leased", totals.leased());
    ledger.addProperty("recorded", totals.recorded());
    ledger.addProperty("batched", totals.batched());
    ledger.addProperty("consumed", totals.consumed());
    ledger.addProperty("dropped", totals.droppedTotal());
    ledger.addProperty("duplicates", totals.duplicates());
    JsonObject reasons = new JsonObject();
    totals.dropped().forEach((reason, count) -> reasons.addProperty(label(reason), count));
    ledger.add("droppedByReason", reasons);
    return ledger;
  }

  /** What {@link #write} wrote. */
  public static LedgerTotals read(JsonObject json) {
    EnumMap<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (Map.Entry<String, JsonElement> drop : json.getAsJsonObject("droppedByReason").entrySet()) {
      dropped.put(
          DropReason.valueOf(drop.getKey().toUpperCase(Locale.ROOT).replace('-', '_')),
          drop.getValue().getAsLong());
    }
    return new LedgerTotals(
        json.get("granted").getAsLong(),
        json.get("leased").getAsLong(),
        json.get("recorded").getAsLong(),
        json.get("batched").getAsLong(),
        json.get("consumed").getAsLong(),
        dropped,
        json.get("duplicates").getAsLong());
  }

  private static String label(DropReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

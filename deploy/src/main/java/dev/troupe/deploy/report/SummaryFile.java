package dev.troupe.deploy.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.troupe.deploy.processor.ProcessorTimes;
import dev.troupe.deploy.processor.ThreadKind;
import dev.troupe.deploy.watch.Measure;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** {@code summary.json}: the figures of the end report; what was not measured is null. */
public final class SummaryFile {
  private SummaryFile() {}

  /** What figures are called that mean something else in environments. */
  private record Names(String before, String after, String best, String sampling, String learning) {
    static Names of(Measure measure) {
      return switch (measure) {
        case ACCURACY ->
            new Names(
                "accuracyBefore",
                "accuracyAfter",
                "bestAccuracy",
                "samplingTokensPerSecond",
                "learningTokensPerSecond");
        case RETURN ->
            new Names(
                "returnBefore",
                "returnAfter",
                "bestReturn",
                "samplingStepsPerSecond",
                "learningStepsPerSecond");
      };
    }
  }

  /** Writes it, replacing an earlier one. */
  public static void write(Path file, Summary summary) throws IOException {
    write(file, summary, ProcessorTimes.unknown());
  }

  /** Likewise, with what reinforcement learning cost this process; left out where not known. */
  public static void write(Path file, Summary summary, ProcessorTimes processor)
      throws IOException {
    Path aside = file.resolveSibling(file.getFileName() + ".part");
    Files.writeString(aside, json(summary, processor));
    Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Reads it; empty where there is none, or none of this form. */
  public static Optional<Summary> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(JsonParser.parseString(Files.readString(file)).getAsJsonObject()));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | NullPointerException
        | UnsupportedOperationException _) {
      return Optional.empty();
    }
  }

  /** Processor time of the process that wrote {@code file}, of all threads; NaN if not known. */
  public static double processorSeconds(Path file) throws IOException {
    JsonObject root = JsonParser.parseString(Files.readString(file)).getAsJsonObject();
    return root.has("processorSeconds")
        ? root.getAsJsonObject("processorSeconds").asMap().values().stream()
            .mapToDouble(JsonElement::getAsDouble)
            .sum()
        : Double.NaN;
  }

  static String json(Summary summary, ProcessorTimes processor) {
    JsonObject root = new JsonObject();
    root.addProperty("name", summary.name());
    root.addProperty("ended", summary.ended());
    root.addProperty("resumable", summary.resumable());
    Names names = Names.of(summary.measure());
    root.add(names.before(), number(summary.accuracyBefore()));
    root.add(names.after(), number(summary.accuracyAfter()));
    root.add(names.best(), number(summary.bestAccuracy()));
    root.add("bestStep", number(summary.bestStep()));
    root.add("lastCheckpoint", number(summary.lastCheckpoint()));
    root.addProperty("updates", summary.updates());
    root.addProperty("skippedUpdates", summary.skippedUpdates());
    root.addProperty("trajectories", summary.trajectories());
    root.addProperty("meanPolicyLag", summary.meanPolicyLag());
    root.addProperty("processes", summary.processes());
    root.addProperty("wallSeconds", summary.wallSeconds());
    root.addProperty(names.sampling(), summary.samplingTokensPerSecond());
    root.addProperty(names.learning(), summary.learningTokensPerSecond());
    root.addProperty("samplingIdleShare", summary.samplingIdleShare());
    root.addProperty("learningIdleShare", summary.learningIdleShare());
    if (processor.isKnown()) {
      JsonObject seconds = new JsonObject();
      for (ThreadKind kind : ThreadKind.values()) {
        seconds.addProperty(ProcessorTimes.name(kind), processor.seconds().getOrDefault(kind, 0.0));
      }
      root.add("processorSeconds", seconds);
    }
    root.add("ledger", LedgerJson.write(summary.ledger()));
    JsonArray answers = new JsonArray();
    summary.answers().forEach(answer -> answers.add(answer(answer)));
    root.add("answers", answers);
    return new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .serializeSpecialFloatingPointValues()
            .create()
            .toJson(root)
        + "\n";
  }

  private static Summary read(JsonObject json) {
    Measure measure =
        json.has(Names.of(Measure.RETURN).before()) ? Measure.RETURN : Measure.ACCURACY;
    Names names = Names.of(measure);
    List<RunView.Sample> answers = new ArrayList<>();
    json.getAsJsonArray("answers").forEach(answer -> answers.add(answer(answer.getAsJsonObject())));
    return new Summary(
        json.get("name").getAsString(),
        json.get("ended").getAsString(),
        json.get("resumable").getAsBoolean(),
        number(json.get(names.before())),
        number(json.get(names.after())),
        number(json.get(names.best())),
        whole(json.get("bestStep")),
        whole(json.get("lastCheckpoint")),
        json.get("updates").getAsLong(),
        json.get("skippedUpdates").getAsLong(),
        json.get("trajectories").getAsLong(),
        json.get("meanPolicyLag").getAsDouble(),
        json.get("processes").getAsInt(),
        json.get("wallSeconds").getAsDouble(),
        json.get(names.sampling()).getAsDouble(),
        json.get(names.learning()).getAsDouble(),
        json.get("samplingIdleShare").getAsDouble(),
        json.get("learningIdleShare").getAsDouble(),
        LedgerJson.read(json.getAsJsonObject("ledger")),
        answers,
        measure);
  }

  private static JsonObject answer(RunView.Sample sample) {
    JsonObject json = new JsonObject();
    json.addProperty("prompt", sample.prompt());
    json.addProperty("answer", sample.answer());
    json.addProperty("expected", sample.expected());
    json.addProperty("outcome", sample.outcome());
    json.addProperty("right", sample.right());
    json.addProperty("step", sample.policy());
    return json;
  }

  private static RunView.Sample answer(JsonObject json) {
    return new RunView.Sample(
        json.get("prompt").getAsString(),
        json.get("answer").getAsString(),
        json.get("expected").getAsString(),
        json.get("outcome").getAsString(),
        json.get("right").getAsBoolean(),
        json.get("step").getAsLong());
  }

  private static JsonElement number(OptionalDouble number) {
    return number.isPresent() ? new JsonPrimitive(number.getAsDouble()) : JsonNull.INSTANCE;
  }

  private static JsonElement number(OptionalLong number) {
    return number.isPresent() ? new JsonPrimitive(number.getAsLong()) : JsonNull.INSTANCE;
  }

  private static OptionalDouble number(JsonElement json) {
    return json.isJsonNull() ? OptionalDouble.empty() : OptionalDouble.of(json.getAsDouble());
  }

  private static OptionalLong whole(JsonElement json) {
    return json.isJsonNull() ? OptionalLong.empty() : OptionalLong.of(json.getAsLong());
  }
}

package dev.troupe.deploy.reward;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.task.BadTasksException;
import dev.troupe.rollout.verify.WrittenAnswer;
import dev.troupe.rollout.verify.settings.JsonText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Where answers to try a verifier on come from. */
public final class TrialRows {
  private static final String WHOLE = "*";

  private TrialRows() {}

  /**
   * Which fields of a line are what; the first that a line has counts.
   *
   * @param expected {@code *} = the whole object
   * @param known of a score that somebody gave
   */
  public record Fields(
      List<String> prompt, List<String> expected, List<String> completion, List<String> known) {
    /** As data sets often call them. */
    public static final Fields USUAL =
        new Fields(
            List.of("prompt", "task", "question"),
            List.of("expected", "answer", "gold", "solution"),
            List.of("completion", "response", "text", "prediction"),
            List.of("score"));
  }

  /**
   * The lines of a file of JSON objects. A field {@code tokens} has the answer's token ids; without
   * it each character counts as one.
   *
   * @throws BadTasksException with file and line
   */
  public static List<TrialRow> ofFile(Path file, Fields fields, int most) throws IOException {
    List<TrialRow> rows = new ArrayList<>();
    List<String> lines;
    try (Stream<String> stream = Files.lines(file)) {
      lines = stream.limit(2L * most + 1_000).toList();
    }
    for (int i = 0; i < lines.size() && rows.size() < most; i++) {
      if (!lines.get(i).isBlank()) {
        rows.add(row(file + ":" + (i + 1), i + 1, lines.get(i), fields));
      }
    }
    return rows;
  }

  private static TrialRow row(String where, long number, String line, Fields fields) {
    JsonObject object;
    try {
      object = JsonText.parse(line).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException _) {
      throw new BadTasksException(where + ": this line must be a JSON object");
    }
    String prompt = find(object, fields.prompt()).orElse("");
    String expected =
        fields.expected().equals(List.of(WHOLE))
            ? object.toString()
            : find(object, fields.expected()).orElse("");
    String answer =
        find(object, fields.completion())
            .orElseThrow(
                () ->
                    new BadTasksException(
                        where
                            + ": this line has none of the fields "
                            + fields.completion()
                            + " for the answer, it has "
                            + new TreeSet<>(object.keySet())
                            + "; name one with --completion"));
    Task task = new Task(number, "file", "", new TaskContent.Prompt(prompt, expected));
    return new TrialRow(
        where,
        task,
        WrittenAnswer.of(number, prompt, answer, tokens(where, object, answer)),
        known(object, fields.known()));
  }

  private static IntArray tokens(String where, JsonObject object, String answer) {
    if (!object.has("tokens")) {
      return IntArray.of(answer.codePoints().toArray());
    }
    try {
      return IntArray.of(
          object.getAsJsonArray("tokens").asList().stream()
              .mapToInt(JsonElement::getAsInt)
              .toArray());
    } catch (ClassCastException | IllegalStateException | NumberFormatException _) {
      throw new BadTasksException(
          where + ": got tokens [" + object.get("tokens") + "], expected a list of whole numbers");
    }
  }

  private static Optional<String> find(JsonObject object, List<String> names) {
    return names.stream()
        .filter(object::has)
        .findFirst()
        .map(object::get)
        .map(
            value ->
                value instanceof JsonPrimitive primitive
                    ? primitive.getAsString()
                    : value.toString());
  }

  private static Optional<Outcome> known(JsonObject object, List<String> names) {
    return names.stream()
        .filter(object::has)
        .findFirst()
        .map(object::get)
        .flatMap(
            value ->
                switch (value) {
                  case JsonPrimitive score when score.isNumber() ->
                      Optional.of(new Outcome.Scored(score.getAsDouble()));
                  case JsonPrimitive right when right.isBoolean() ->
                      Optional.of(new Outcome.Scored(right.getAsBoolean() ? 1 : 0));
                  default -> Optional.empty();
                });
  }

  /** The newest trajectories that a run's journal holds, with the outcomes that it recorded. */
  public static List<TrialRow> ofRun(RunDirectory directory, int most) throws IOException {
    Map<Long, Task> tasks = new HashMap<>();
    List<TrialRow> rows = new ArrayList<>();
    JournalReader.open(directory.journal(), directory.epochs())
        .forEach(
            (event, _) -> {
              if (event instanceof LedgerEvent.Granted(var lease, _)) {
                tasks.put(lease.group().number(), lease.group().task());
              } else if (event instanceof LedgerEvent.Recorded(var judged)) {
                Task task = tasks.get(judged.trajectory().id().group());
                if (task != null) {
                  rows.add(row(task, judged));
                  if (rows.size() >= 2 * most) {
                    rows.subList(0, rows.size() - most).clear();
                  }
                }
              }
            });
    return List.copyOf(rows.subList(Math.max(0, rows.size() - most), rows.size()));
  }

  private static TrialRow row(Task task, JudgedTrajectory judged) {
    return new TrialRow(
        "trajectory " + judged.trajectory().id(),
        task,
        judged.trajectory(),
        Optional.of(judged.outcome()));
  }
}

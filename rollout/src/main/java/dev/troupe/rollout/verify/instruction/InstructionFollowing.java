package dev.troupe.rollout.verify.instruction;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.plugin.PluginCodec;
import dev.troupe.protocol.plugin.PluginLimits;
import dev.troupe.protocol.plugin.PluginTypes;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.SettingProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether an answer follows the instructions of its prompt that can be checked by rules: IFEval
 * (Zhou et al., 2023, arXiv:2311.07911), as lm-eval has it.
 *
 * <p>Strictly, the answer as it is meets a constraint, and isn't blank. Loosely, one of eight
 * readings does: the answer, or it without its first line, its last line, or both, each of them
 * also without asterisks. The score is 1 where all constraints are met, or the share of them that
 * are. All four figures are parts of the outcome, and its detail has the verdict on each.
 */
public final class InstructionFollowing implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "ifeval",
          "1",
          "whether the answer meets the constraints of its prompt (IFEval's 25)",
          "{\"instruction_id_list\": [ID, ...], \"kwargs\": [{...}, ...]}, as IFEval's rows have",
          Settings.class,
          InstructionFollowing::new);

  /** Carries {@link ConstraintReport} in outcomes. */
  public static final PluginCodec DETAIL =
      new PluginCodec(
          new PluginTypes("ifeval", "1", List.of(ConstraintReport.class, ConstraintVerdict.class)),
          PluginLimits.STANDARD);

  private static final String IDS = "instruction_id_list";
  private static final String KWARGS = "kwargs";

  private final Settings settings;

  private InstructionFollowing(Settings settings) {
    this.settings = settings;
  }

  /** How strictly the answer is read. */
  public enum Reading {
    STRICT,
    LOOSE
  }

  /** What the score is. */
  public enum Score {
    ALL,
    SHARE
  }

  /** What can be set. */
  public record Settings(
      @Setting(
              means = "Whether the answer is read as it is, or in eight forgiving ways.",
              standard = "strict")
          Reading reading,
      @Setting(
              means = "Whether all constraints must be met, or each earns its share.",
              standard = "all")
          Score score) {}

  private record Demand(String id, Constraint constraint) {}

  @Override
  public Outcome judge(Attempt attempt) {
    List<Demand> demands;
    try {
      demands = demands(attempt.expected());
    } catch (BadSettingsException e) {
      return new Outcome.Invalid(String.valueOf(e.getMessage()));
    }
    List<String> readings = readings(attempt.answer());
    List<ConstraintVerdict> verdicts = new ArrayList<>();
    for (Demand demand : demands) {
      boolean strict = isMet(demand, attempt.answer());
      boolean loose = strict || readings.stream().anyMatch(text -> isMet(demand, text));
      verdicts.add(new ConstraintVerdict(demand.id(), strict, loose));
    }
    return outcome(verdicts);
  }

  /** The languages' profiles take about a second. */
  @Override
  public void prepare() {
    Languages.prepare();
  }

  private Outcome outcome(List<ConstraintVerdict> verdicts) {
    double strict = share(verdicts.stream().filter(ConstraintVerdict::strict).count(), verdicts);
    double loose = share(verdicts.stream().filter(ConstraintVerdict::loose).count(), verdicts);
    double share = settings.reading() == Reading.STRICT ? strict : loose;
    return new Outcome.Scored(
        switch (settings.score()) {
          case ALL -> share == 1 ? 1 : 0;
          case SHARE -> share;
        },
        List.of(
            new Outcome.Part("strict", strict == 1 ? 1 : 0),
            new Outcome.Part("loose", loose == 1 ? 1 : 0),
            new Outcome.Part("strict-share", strict),
            new Outcome.Part("loose-share", loose)),
        Optional.of(DETAIL.encode(new ConstraintReport(verdicts))));
  }

  private static double share(long met, List<ConstraintVerdict> verdicts) {
    return (double) met / verdicts.size();
  }

  private static boolean isMet(Demand demand, String text) {
    return !text.isBlank() && demand.constraint().isMet(text);
  }

  /** The forgiving ways, the answer as it is left out. */
  private static List<String> readings(String answer) {
    int first = answer.indexOf('\n');
    int last = answer.lastIndexOf('\n');
    String withoutFirst = first < 0 ? "" : answer.substring(first + 1).strip();
    String withoutLast = last < 0 ? "" : answer.substring(0, last).strip();
    String withoutBoth = last <= first ? "" : answer.substring(first + 1, last).strip();
    return Stream.of(
            Stream.of(withoutFirst, withoutLast, withoutBoth),
            Stream.of(answer, withoutFirst, withoutLast, withoutBoth)
                .map(text -> text.replace("*", "")))
        .flatMap(texts -> texts)
        .distinct()
        .toList();
  }

  private static List<Demand> demands(String expected) {
    JsonObject task;
    try {
      task = JsonText.parse(expected) instanceof JsonObject object ? object : new JsonObject();
    } catch (JsonParseException _) {
      task = new JsonObject();
    }
    if (!(task.get(IDS) instanceof JsonArray ids)
        || !(task.get(KWARGS) instanceof JsonArray kwargs)
        || ids.isEmpty()
        || ids.size() != kwargs.size()) {
      throw new BadSettingsException(
          new SettingProblem(
              "",
              expected.length() <= 200 ? expected : expected.substring(0, 200) + "…",
              KIND.expects() + ", as many of one as of the other",
              ""));
    }
    List<Demand> demands = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      JsonElement id = ids.get(i);
      String name = id instanceof JsonPrimitive ? id.getAsString() : id.toString();
      JsonObject arguments = kwargs.get(i) instanceof JsonObject object ? object : new JsonObject();
      demands.add(new Demand(name, Constraints.of(name, arguments)));
    }
    return demands;
  }
}

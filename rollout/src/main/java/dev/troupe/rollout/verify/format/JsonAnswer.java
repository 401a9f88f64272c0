package dev.troupe.rollout.verify.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Verdicts;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.settings.JsonText;

/**
 * 1 where an answer is JSON and, if there is one, obeys a schema; else 0.
 *
 * <p>White space around the value doesn't count, nor do the fences of a Markdown code block, if
 * {@code fences} says so. The schema is the setting's, or the task's own: see {@link JsonSchema}
 * for the keywords.
 */
public final class JsonAnswer implements Rule {
  public static final VerifierKind<Settings> KIND =
      new VerifierKind<>(
          "json-schema",
          "1",
          "1 where the answer is JSON that obeys a schema, else 0",
          "nothing, or with schema-of = task a JSON schema",
          Settings.class,
          JsonAnswer::new);

  private final Settings settings;
  private final JsonSchema schema;

  private JsonAnswer(Settings settings) {
    this.settings = settings;
    this.schema = JsonSchema.of("schema", settings.schema().value());
  }

  /** Where the schema stands. */
  public enum SchemaOf {
    SETTINGS,
    TASK
  }

  /** What can be set. */
  public record Settings(
      @Setting(means = "The schema; {} allows any JSON.", standard = "{}") JsonText schema,
      @Setting(
              means = "Whether the schema is the setting, or what the task expects.",
              standard = "settings")
          SchemaOf schemaOf,
      @Setting(means = "Whether a Markdown code block may stand around it.", standard = "true")
          boolean fences) {}

  @Override
  public Outcome judge(Attempt attempt) {
    JsonSchema wanted = schema;
    if (settings.schemaOf() == SchemaOf.TASK) {
      try {
        wanted = JsonSchema.of("expected", JsonText.parse(attempt.expected()));
      } catch (JsonParseException | IllegalArgumentException e) {
        return new Outcome.Invalid("expected a JSON schema: " + e.getMessage());
      }
    }
    String text = settings.fences() ? withoutFences(attempt.answer().strip()) : attempt.answer();
    try {
      JsonElement value = JsonText.parse(text.strip());
      return Verdicts.of(wanted.allows(value));
    } catch (JsonParseException _) {
      return Verdicts.of(false);
    }
  }

  /** What is in a code block, if {@code text} is one. */
  static String withoutFences(String text) {
    int line = text.indexOf('\n');
    boolean fenced =
        text.startsWith("```") && text.endsWith("```") && line >= 0 && text.length() > line + 3;
    return fenced ? text.substring(line + 1, text.length() - 3) : text;
  }
}

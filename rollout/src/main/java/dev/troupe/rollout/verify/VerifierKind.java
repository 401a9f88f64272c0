package dev.troupe.rollout.verify;

import com.google.gson.JsonObject;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.OwnCode;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.settings.Settings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/**
 * A verifier that recipes can name.
 *
 * @param version raised when an answer that got one verdict gets another
 * @param about one line on what it judges
 * @param expects what a task's expected answer must be for it, in words
 * @param settings type of its settings
 * @param make makes its rule; refuses settings with {@link BadSettingsException} or {@link
 *     InvalidValueException}
 */
public record VerifierKind<S extends Record>(
    String name,
    String version,
    String about,
    String expects,
    Class<S> settings,
    Function<S, Rule> make) {

  /** Whether this version is here. */
  boolean has(String asked) {
    return version.equals(asked) || (OwnCode.class.isAssignableFrom(settings) && !asked.isBlank());
  }

  /**
   * The verifier with settings as a recipe writes them.
   *
   * @param version its own, or whatever the recipe says of its own code
   * @throws BadSettingsException with everything that is wrong
   */
  RuleVerifier of(JsonObject written, String version) {
    S bound = Settings.bind(settings, written);
    Rule rule = rule(bound);
    String settingsText = JsonText.of(Settings.written(bound)).text();
    String whole = String.join("\n", name, version, settingsText, rule.identity());
    return new RuleVerifier(new VerifierRef(name, version, hash(whole)), rule);
  }

  /**
   * Its settings as a run keeps them: every default written out.
   *
   * @throws BadSettingsException with everything that is wrong
   */
  String resolve(JsonObject written) {
    S bound = Settings.bind(settings, written);
    rule(bound).close();
    return JsonText.of(Settings.written(bound)).text();
  }

  private Rule rule(S bound) {
    try {
      return make.apply(bound);
    } catch (InvalidValueException e) {
      throw new BadSettingsException(new SettingProblem(e.component(), e.got(), e.expected(), ""));
    }
  }

  /** Its settings, for people. */
  public List<Settings.Described> described() {
    return Settings.describe(settings);
  }

  /** SHA-256 of a text, hex. */
  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package dev.troupe.rollout.verify;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import dev.troupe.plugin.Verifier.Detail;
import dev.troupe.protocol.check.NearestName;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.plugin.PluginCodecs;
import dev.troupe.protocol.plugin.PluginPayloadException;
import dev.troupe.protocol.plugin.PluginValue;
import dev.troupe.protocol.run.RewardSpecification;
import dev.troupe.rollout.verify.code.CodeTests;
import dev.troupe.rollout.verify.composition.Composition;
import dev.troupe.rollout.verify.composition.CosineLength;
import dev.troupe.rollout.verify.format.JsonAnswer;
import dev.troupe.rollout.verify.format.RegularExpression;
import dev.troupe.rollout.verify.format.RequiredTags;
import dev.troupe.rollout.verify.format.ThinkTags;
import dev.troupe.rollout.verify.http.HttpVerifier;
import dev.troupe.rollout.verify.instruction.InstructionFollowing;
import dev.troupe.rollout.verify.length.LengthTarget;
import dev.troupe.rollout.verify.length.OverlongPenalty;
import dev.troupe.rollout.verify.length.RepetitionPenalty;
import dev.troupe.rollout.verify.math.MathAnswer;
import dev.troupe.rollout.verify.plugin.PluginVerifier;
import dev.troupe.rollout.verify.python.PythonVerifier;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.text.ExactAnswer;
import dev.troupe.rollout.verify.text.Gsm8k;
import dev.troupe.rollout.verify.text.MultipleChoice;
import dev.troupe.rollout.verify.text.StringMatch;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The verifiers that recipes can name. */
public final class Verifiers {
  private static final List<VerifierKind<?>> KINDS =
      List.of(
          ExactAnswer.KIND,
          Gsm8k.KIND,
          MathAnswer.KIND,
          MultipleChoice.KIND,
          StringMatch.KIND,
          ThinkTags.KIND,
          RequiredTags.KIND,
          RegularExpression.KIND,
          JsonAnswer.KIND,
          InstructionFollowing.KIND,
          OverlongPenalty.KIND,
          LengthTarget.KIND,
          RepetitionPenalty.KIND,
          CodeTests.KIND,
          PythonVerifier.KIND,
          HttpVerifier.KIND,
          PluginVerifier.KIND,
          CosineLength.KIND,
          Composition.SUM,
          Composition.MIN,
          Composition.GATE,
          Composition.FIRST_FAILING);

  private static final Map<String, VerifierKind<?>> BY_NAME = new TreeMap<>();

  static {
    KINDS.forEach(kind -> BY_NAME.put(kind.name(), kind));
  }

  private static final PluginCodecs DETAILS =
      new PluginCodecs(List.of(InstructionFollowing.DETAIL));

  private Verifiers() {}

  /** All of them, by name. */
  public static List<VerifierKind<?>> kinds() {
    return List.copyOf(BY_NAME.values());
  }

  /** What a detail says: by its verifier if that is here, else as it came. */
  public static Optional<String> words(PluginPayload detail) {
    try {
      String words =
          DETAILS.decode(detail) instanceof PluginValue.Known(Detail explanation)
              ? explanation.words()
              : detail.words();
      return Optional.of(words).filter(text -> !text.isBlank());
    } catch (PluginPayloadException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The verifier that {@code specification} names.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have
   */
  public static Verifier of(RewardSpecification specification) {
    return of(specification.verifier(), specification.version(), parsed(specification.settings()));
  }

  /**
   * The verifier of that name, with settings as a recipe writes them.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have
   */
  public static Verifier of(String name, String version, JsonObject settings) {
    RuleVerifier verifier = kind(name, version).of(settings, version);
    verifier.rule().prepare();
    return verifier;
  }

  /**
   * Who {@code specification}'s verifier is.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have
   */
  public static VerifierRef ref(RewardSpecification specification) {
    try (RuleVerifier verifier = unprepared(specification)) {
      return verifier.ref();
    }
  }

  /**
   * Who the verifier of that name is, with settings as a run keeps them.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have
   */
  public static VerifierRef ref(String name, String version, String settings) {
    try (RuleVerifier verifier = kind(name, version).of(parsed(settings), version)) {
      return verifier.ref();
    }
  }

  /**
   * Tries before a run begins whether its verifier can judge.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have, or can't use here
   */
  public static void check(RewardSpecification specification) {
    try (RuleVerifier verifier = unprepared(specification)) {
      verifier.rule().check();
      verifier.rule().prepare();
    }
  }

  private static RuleVerifier unprepared(RewardSpecification specification) {
    return kind(specification.verifier(), specification.version())
        .of(parsed(specification.settings()), specification.version());
  }

  /**
   * A rule and who it is.
   *
   * @param ref name, version and hash
   */
  public record Named(VerifierRef ref, Rule rule) {}

  /**
   * The rule of the verifier of that name, for another one that is made of it and prepares it.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have
   */
  public static Named named(String name, String version, JsonObject settings) {
    RuleVerifier verifier = kind(name, version).of(settings, version);
    return new Named(verifier.ref(), verifier.rule());
  }

  /**
   * Canonical settings, every default written out.
   *
   * @throws UnknownVerifierException for a name or version that doesn't exist
   * @throws BadSettingsException for settings that it can't have
   */
  public static String resolve(String name, String version, JsonObject settings) {
    return kind(name, version).resolve(settings);
  }

  /**
   * The one of that name, of whatever version is here.
   *
   * @throws UnknownVerifierException where there is none
   */
  public static VerifierKind<?> kind(String name) {
    VerifierKind<?> kind = BY_NAME.get(name);
    if (kind == null) {
      throw UnknownVerifierException.ofName(
          name, BY_NAME.keySet(), NearestName.of(name, BY_NAME.keySet()));
    }
    return kind;
  }

  private static VerifierKind<?> kind(String name, String version) {
    VerifierKind<?> kind = kind(name);
    if (!kind.has(version)) {
      throw UnknownVerifierException.ofVersion(name, kind.version(), version);
    }
    return kind;
  }

  private static JsonObject parsed(String settings) {
    try {
      if (JsonText.parse(settings) instanceof JsonObject object) {
        return object;
      }
    } catch (JsonParseException _) {
      // Said below.
    }
    throw new BadSettingsException(new SettingProblem("", settings, "a JSON object", ""));
  }
}

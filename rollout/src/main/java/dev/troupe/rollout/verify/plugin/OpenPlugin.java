package dev.troupe.rollout.verify.plugin;

import com.google.gson.JsonObject;
import dev.troupe.plugin.Verifier;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.plugin.PluginCodec;
import dev.troupe.protocol.plugin.PluginLimits;
import dev.troupe.protocol.plugin.PluginTypes;
import dev.troupe.rollout.verify.Thrown;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.Settings;
import dev.troupe.rollout.verify.worker.RefusedException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A verifier of a jar that judges in this process. */
final class OpenPlugin implements AutoCloseable {
  private static final int WORDS_MAX = 2_000;

  private final Verifier.Judge judge;
  private final PluginCodec details;
  private final String settings;

  private OpenPlugin(Verifier.Judge judge, PluginCodec details, String settings) {
    this.judge = judge;
    this.details = details;
    this.settings = settings;
  }

  /**
   * Opens a verifier.
   *
   * @param written its settings as a recipe has them
   * @throws BadSettingsException with everything that is wrong with them
   * @throws RefusedException if it can't judge
   */
  static <S extends Record> OpenPlugin of(Verifier<S> verifier, JsonObject written)
      throws RefusedException {
    S bound = Settings.bind(verifier.settings(), written);
    PluginTypes types;
    try {
      types = new PluginTypes(verifier.name(), verifier.version(), verifier.details());
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          "details of verifier [%s]: %s".formatted(verifier.name(), e.getMessage()));
    }
    try {
      return new OpenPlugin(
          verifier.open(bound),
          new PluginCodec(types, PluginLimits.STANDARD),
          JsonText.of(Settings.written(bound)).text());
    } catch (Exception | LinkageError e) {
      throw new RefusedException(
          "verifier [%s] can't be opened: %s".formatted(verifier.name(), Thrown.words(e)));
    }
  }

  /** Its settings, every default written out: JSON. */
  String settings() {
    return settings;
  }

  /** The verdict; throws what the plug-in throws. */
  Outcome judge(Verifier.Task task, String completion) throws Exception {
    return switch (judge.verify(task, completion)) {
      case Verifier.Score score -> scored(score);
      case Verifier.Invalid(String why) -> new Outcome.Invalid(why);
      case null -> new Outcome.Invalid("returned null, expected a score");
    };
  }

  private Outcome scored(Verifier.Score score) {
    if (!Double.isFinite(score.value())) {
      return new Outcome.Invalid("returned [" + score.value() + "], expected a finite score");
    }
    List<Outcome.Part> parts = new ArrayList<>();
    for (var part : score.parts().entrySet()) {
      @Nullable Double value = part.getValue();
      if (value == null || !Double.isFinite(value)) {
        return new Outcome.Invalid(
            "part [%s] is [%s], expected a finite number".formatted(part.getKey(), value));
      }
      parts.add(new Outcome.Part(part.getKey(), value));
    }
    return new Outcome.Scored(score.value(), parts, score.detail().map(this::payload));
  }

  private PluginPayload payload(Verifier.Detail detail) {
    String words = detail.words();
    return details
        .encode(detail)
        .saying(words.length() <= WORDS_MAX ? words : words.substring(0, WORDS_MAX) + "…");
  }

  @Override
  public void close() {
    judge.close();
  }
}

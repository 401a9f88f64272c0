package dev.troupe.rollout.verify.composition;

import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import dev.troupe.rollout.verify.UnknownVerifierException;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.settings.SettingProblem;

/** A verifier within another one, as a recipe writes it. */
public record Member(
    @Setting(means = "Name of the verifier.") String verifier,
    @Setting(means = "Its version.", standard = "1") String version,
    @Setting(means = "Name of its part in outcomes; empty: the verifier's.", standard = "")
        String name,
    @Setting(means = "What its score is multiplied by.", standard = "1") double weight,
    @Setting(means = "Its settings.", standard = "{}") JsonText settings) {
  public Member {
    Check.notBlank("verifier", verifier);
    Check.finite("weight", weight);
    Check.that(settings.value().isJsonObject(), "settings", "a section { name = value }", settings);
  }

  /** The name of its part. */
  String part() {
    return name.isEmpty() ? verifier : name;
  }

  /**
   * The verifier itself.
   *
   * @param path of this member in the settings, for messages
   */
  Verifiers.Named make(String path) {
    try {
      return Verifiers.named(verifier, version, settings.object());
    } catch (UnknownVerifierException e) {
      throw new BadSettingsException(
          new SettingProblem(
              path + (e.isVersion() ? ".version" : ".verifier"),
              e.isVersion() ? version : verifier,
              e.expected(),
              e.hint()));
    } catch (BadSettingsException e) {
      throw e.in(path + ".settings");
    }
  }
}

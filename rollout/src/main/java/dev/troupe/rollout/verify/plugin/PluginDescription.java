package dev.troupe.rollout.verify.plugin;

import dev.troupe.rollout.verify.settings.Settings;
import java.util.List;

/**
 * What a verifier of a jar says of itself.
 *
 * @param expects what tasks must expect, in words
 * @param className of its class
 */
public record PluginDescription(
    String name,
    String version,
    String about,
    String expects,
    String className,
    List<Settings.Described> settings) {
  public PluginDescription {
    settings = List.copyOf(settings);
  }
}

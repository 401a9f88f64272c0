package dev.troupe.protocol.plugin;

import dev.troupe.protocol.check.Check;

/**
 * What one payload may cost, whether written or read.
 *
 * @param bytesMax size of the payload
 * @param depthMax values within values
 * @param objectsMax records, collections and arrays, which are what references can point to
 */
public record PluginLimits(int bytesMax, int depthMax, int objectsMax) {
  /** 1 MiB, 32 deep, 65,536 objects. */
  public static final PluginLimits STANDARD = new PluginLimits(1 << 20, 32, 1 << 16);

  public PluginLimits {
    Check.atLeast("bytesMax", 64, bytesMax);
    Check.that(depthMax >= 1 && depthMax <= 256, "depthMax", "from 1 to 256", depthMax);
    Check.atLeast("objectsMax", 1, objectsMax);
  }
}

package dev.troupe.protocol.plugin;

import dev.troupe.protocol.outcome.PluginPayload;

/** A payload as far as this process understands it. */
public sealed interface PluginValue {

  /** Decoded. */
  record Known(Object value) implements PluginValue {}

  /** Of a plug-in or version that is not here: kept as it came, to be passed on unchanged. */
  record Opaque(PluginPayload payload) implements PluginValue {}
}

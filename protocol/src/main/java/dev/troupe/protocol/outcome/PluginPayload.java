package dev.troupe.protocol.outcome;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.check.Check;

/** A plug-in's own value, encoded by its Kryo codec; opaque to whoever lacks that plug-in. */
public record PluginPayload(String plugin, String version, ByteString bytes) {
  public PluginPayload {
    Check.notBlank("plugin", plugin);
  }
}

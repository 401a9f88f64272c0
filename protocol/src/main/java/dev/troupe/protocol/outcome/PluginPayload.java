package dev.troupe.protocol.outcome;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.check.Check;

/**
 * A plug-in's own value, encoded by its Kryo codec; opaque to whoever lacks that plug-in.
 *
 * @param words what it says, for people who look at it without the plug-in; may be empty
 */
public record PluginPayload(String plugin, String version, ByteString bytes, String words) {
  public PluginPayload {
    Check.notBlank("plugin", plugin);
  }

  public PluginPayload(String plugin, String version, ByteString bytes) {
    this(plugin, version, bytes, "");
  }

  /** The same with what it says. */
  public PluginPayload saying(String text) {
    return new PluginPayload(plugin, version, bytes, text);
  }
}

package dev.troupe.protocol.plugin;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.PluginPayload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The codecs of the plug-ins that this process has; several versions of one may be here. */
public final class PluginCodecs {
  private record Key(String plugin, String version) {}

  private final Map<Key, PluginCodec> codecs = new HashMap<>();

  public PluginCodecs(List<PluginCodec> codecs) {
    for (PluginCodec codec : codecs) {
      PluginTypes types = codec.types();
      PluginCodec other = this.codecs.put(new Key(types.plugin(), types.version()), codec);
      Check.that(other == null, "codecs", "one of each plug-in and version", types);
    }
  }

  /**
   * Decodes the payload if its plug-in and version are here.
   *
   * @throws PluginPayloadException if they are, and the bytes are not theirs
   */
  public PluginValue decode(PluginPayload payload) {
    PluginCodec codec = codecs.get(new Key(payload.plugin(), payload.version()));
    return codec == null
        ? new PluginValue.Opaque(payload)
        : new PluginValue.Known(codec.decode(payload));
  }
}

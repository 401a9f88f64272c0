package dev.troupe.protocol.plugin;

import dev.troupe.protocol.check.Check;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * The types whose values one version of a plug-in sends. Their ids are their places in the list, so
 * the list belongs to the version: a payload names both, and carries a fingerprint of the types'
 * own shape, so that a version whose types changed unannounced is refused rather than misread.
 *
 * @param plugin name
 * @param version of the plug-in
 * @param types records, enums, and arrays of objects such as {@code double[][]}
 */
public record PluginTypes(String plugin, String version, List<Class<?>> types) {
  private static final int TYPES_MAX = 1_000;

  public PluginTypes {
    types = List.copyOf(types);
    Check.notBlank("plugin", plugin);
    Check.notBlank("version", version);
    Check.that(types.size() <= TYPES_MAX, "types", "at most " + TYPES_MAX, types.size());
    var seen = new HashSet<Class<?>>();
    for (Class<?> type : types) {
      boolean objects = type.isArray() && !type.componentType().isPrimitive();
      Check.that(
          type.isRecord() || type.isEnum() || objects,
          "types",
          "records, enums and arrays of objects",
          type.getName());
      Check.that(seen.add(type), "types", "types that differ", type.getName());
    }
  }

  /** The first eight bytes of the SHA-256 of names and shapes. */
  long fingerprint() {
    var text = new StringBuilder(plugin).append('\n').append(version);
    for (Class<?> type : types) {
      text.append('\n').append(type.getName());
      if (type.isRecord()) {
        for (RecordComponent component : type.getRecordComponents()) {
          text.append(' ').append(component.getName());
          text.append(':').append(component.getType().getName());
        }
      } else if (type.isEnum()) {
        text.append(' ').append(Arrays.toString(type.getEnumConstants()));
      }
    }
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(text.toString().getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(hash).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return plugin + "@" + version;
  }
}

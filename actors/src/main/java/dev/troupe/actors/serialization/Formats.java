package dev.troupe.actors.serialization;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All message formats, by type and by manifest. */
final class Formats {
  static final List<Format<?, ?>> ALL =
      Stream.of(
              RolloutFormats.ALL,
              ReplayFormats.ALL,
              NodeFormats.ALL,
              PolicyFormats.ALL,
              RunFormats.ALL)
          .flatMap(List::stream)
          .toList();

  private final Map<Class<?>, Format<?, ?>> byType = new HashMap<>();
  private final Map<String, Format<?, ?>> byManifest = new HashMap<>();

  Formats() {
    for (Format<?, ?> format : ALL) {
      if (byType.put(format.type(), format) != null
          || byManifest.put(format.manifest(), format) != null) {
        throw new IllegalStateException(
            "manifest ["
                + format.manifest()
                + "] of ["
                + format.type().getName()
                + "] or that type is taken");
      }
    }
  }

  Format<?, ?> of(Object message) {
    Format<?, ?> format = byType.get(message.getClass());
    if (format == null) {
      throw new IllegalArgumentException(
          "messages of type ["
              + message.getClass().getName()
              + "] have no format: give them one, or mark them Local");
    }
    return format;
  }

  Format<?, ?> of(String manifest) {
    Format<?, ?> format = byManifest.get(manifest);
    if (format == null) {
      throw new IllegalArgumentException(
          "manifest [" + manifest + "] is unknown here: do all nodes run the same version?");
    }
    return format;
  }
}

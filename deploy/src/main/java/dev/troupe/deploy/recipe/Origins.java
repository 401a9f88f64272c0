package dev.troupe.deploy.recipe;

import com.typesafe.config.ConfigOrigin;
import java.nio.file.Path;

/** Where a value was written, in words. */
final class Origins {
  /** How the reference recipe describes itself. */
  static final String REFERENCE = "default";

  /** What the description of an overriding option begins with. */
  static final String OPTION = "--set ";

  private Origins() {}

  /** {@code recipes/sums.conf:12}, {@code --set a.b=c} or {@code default}. */
  static String where(ConfigOrigin origin) {
    String filename = origin.filename();
    if (filename != null) {
      return shortened(Path.of(filename)) + ":" + origin.lineNumber();
    }
    String description = origin.description();
    if (description.startsWith(REFERENCE)) {
      return REFERENCE;
    }
    int line = description.startsWith(OPTION) ? description.lastIndexOf(": ") : -1;
    return line < 0 ? description : description.substring(0, line);
  }

  static boolean isOption(ConfigOrigin origin) {
    return origin.description().startsWith(OPTION);
  }

  static boolean isReference(ConfigOrigin origin) {
    return origin.filename() == null && origin.description().startsWith(REFERENCE);
  }

  /** Relative to the working directory where that is shorter. */
  static String shortened(Path file) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = file.toAbsolutePath().normalize();
    return absolute.startsWith(here) ? here.relativize(absolute).toString() : absolute.toString();
  }
}

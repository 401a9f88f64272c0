package dev.troupe.rollout.verify.settings;

import java.util.Locale;

/** How names of Java are written in recipes. */
final class SettingNames {
  private SettingNames() {}

  /** {@code maxLength} is {@code max-length}. */
  static String of(String component) {
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < component.length(); i++) {
      char c = component.charAt(i);
      name.append(Character.isUpperCase(c) ? "-" : "").append(Character.toLowerCase(c));
    }
    return name.toString();
  }

  /** {@code LAST_NUMBER} is {@code last-number}. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String join(String outer, String inner) {
    return outer.isEmpty() || inner.isEmpty() ? outer + inner : outer + "." + inner;
  }
}

package dev.troupe.rollout.environment;

import dev.troupe.protocol.check.NearestName;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a recipe says about an environment, as an environment asks for it. Asking is declaring: an
 * option that nobody asked for is refused once the environment is made, with the nearest that is
 * known. Names are written with hyphens; Gymnasium's underscores mean the same.
 */
public final class EnvironmentOptions {
  private final String environment;
  private final Map<String, String> given = new TreeMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  public EnvironmentOptions(String environment, Map<String, String> given) {
    this.environment = environment;
    given.forEach((name, value) -> this.given.put(name.replace('_', '-'), value));
  }

  public boolean has(String name) {
    asked.add(name);
    return given.containsKey(name);
  }

  public String text(String name, String otherwise) {
    asked.add(name);
    return given.getOrDefault(name, otherwise);
  }

  /** One of {@code choices}. */
  public String choice(String name, String otherwise, List<String> choices) {
    String value = text(name, otherwise);
    if (!choices.contains(value)) {
      throw wrong(
          name, "one of " + choices + " (nearest: " + NearestName.of(value, choices) + ")", value);
    }
    return value;
  }

  public boolean truth(String name, boolean otherwise) {
    String value = text(name, Boolean.toString(otherwise));
    return switch (value) {
      case "true", "yes", "on", "True" -> true;
      case "false", "no", "off", "False" -> false;
      default -> throw wrong(name, "true or false", value);
    };
  }

  /** A number within bounds. */
  public double number(String name, double otherwise, double least, double most) {
    String value = text(name, Double.toString(otherwise));
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(name, "a number", value);
    }
    throw wrong(name, "a number within " + least + " and " + most, value);
  }

  /** A whole number within bounds. */
  public int integer(String name, int otherwise, int least, int most) {
    String value = text(name, Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw wrong(name, "a whole number", value);
    }
    throw wrong(name, "a whole number within " + least + " and " + most, value);
  }

  /** Numbers with commas between them. */
  public double[] numbers(String name, double... otherwise) {
    if (!has(name)) {
      return otherwise.clone();
    }
    String value = text(name, "");
    try {
      return Arrays.stream(value.replaceAll("[\\[\\]()\\s]", "").split(",", -1))
          .mapToDouble(Double::parseDouble)
          .toArray();
    } catch (NumberFormatException e) {
      throw wrong(name, "numbers with commas between them", value);
    }
  }

  /** What was given and neither asked for nor named here, for somebody else to judge. */
  public Map<String, String> others(Set<String> known) {
    var others = new TreeMap<>(given);
    others.keySet().removeAll(known);
    others.keySet().removeAll(asked);
    asked.addAll(others.keySet());
    return others;
  }

  /** What an option can't be. */
  public BadEnvironmentException wrong(String name, String expected, String got) {
    return new BadEnvironmentException(
        "option ["
            + name
            + "] of environment ["
            + environment
            + "] must be "
            + expected
            + ", got ["
            + got
            + "]");
  }

  /** Refuses what nobody asked for. */
  void refuseUnknown() {
    for (String name : given.keySet()) {
      if (!asked.contains(name)) {
        throw new BadEnvironmentException(
            "environment ["
                + environment
                + "] has no option ["
                + name
                + "], expected one of "
                + asked
                + "; did you mean ["
                + NearestName.of(name, asked)
                + "]?");
      }
    }
  }
}

package dev.troupe.deploy.recipe;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigMemorySize;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import dev.troupe.protocol.check.NearestName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Reads typed values out of a merged recipe and collects what is wrong on the way, so that one look
 * tells all of it. A value that is wrong is replaced by a harmless one: the caller must not use
 * anything before {@link #refuse()} has returned.
 */
final class Values {
  private final Config merged;
  private final List<Problem> problems = new ArrayList<>();

  /** {@code merged} holds every key of the reference recipe. */
  Values(Config merged) {
    this.merged = merged;
  }

  /** What the recipe is about. */
  Kind kind() {
    return Kind.of(merged);
  }

  String text(String key) {
    return value(key, ConfigValueType.STRING, "a text")
        .map(value -> (String) value.unwrapped())
        .orElse("");
  }

  boolean flag(String key) {
    return value(key, ConfigValueType.BOOLEAN, "true or false")
        .map(value -> (Boolean) value.unwrapped())
        .orElse(false);
  }

  int integer(String key, int min, int max) {
    return (int) integer(key, (long) min, (long) max);
  }

  long integer(String key, long min, long max) {
    String expected =
        max == Long.MAX_VALUE
            ? "a whole number of at least " + min
            : "a whole number from " + min + " to " + max;
    return value(key, ConfigValueType.NUMBER, expected)
        .map(value -> (Number) value.unwrapped())
        .flatMap(
            number -> {
              boolean whole = number.doubleValue() == Math.rint(number.doubleValue());
              boolean inside = number.longValue() >= min && number.longValue() <= max;
              if (!whole || !inside || Math.abs(number.doubleValue()) > 9.2e18) {
                return wrong(key, expected);
              }
              return Optional.of(number.longValue());
            })
        .orElse(min);
  }

  /** A finite number with {@code min <= value <= max}. */
  double number(String key, double min, double max) {
    String expected =
        max == Double.MAX_VALUE
            ? "a number of at least " + plain(min)
            : "a number from " + plain(min) + " to " + plain(max);
    return numberWhere(key, expected, min, false, max);
  }

  /** A finite number with {@code min < value <= max}. */
  double numberAbove(String key, double min, double max) {
    String expected =
        "a number above "
            + plain(min)
            + (max == Double.MAX_VALUE ? "" : " and at most " + plain(max));
    return numberWhere(key, expected, min, true, max);
  }

  private double numberWhere(String key, String expected, double min, boolean open, double max) {
    return value(key, ConfigValueType.NUMBER, expected)
        .map(value -> ((Number) value.unwrapped()).doubleValue())
        .flatMap(
            number ->
                number <= max && (open ? number > min : number >= min)
                    ? Optional.of(number)
                    : wrong(key, expected))
        .orElse(max);
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    E[] constants = type.getEnumConstants();
    List<String> names = Arrays.stream(constants).map(Values::written).toList();
    String chosen = choice(key, names);
    return constants[Math.max(0, names.indexOf(chosen))];
  }

  String choice(String key, List<String> names) {
    String expected = "one of " + String.join(", ", names);
    return value(key, ConfigValueType.STRING, expected)
        .map(value -> (String) value.unwrapped())
        .flatMap(
            name -> {
              if (names.contains(name)) {
                return Optional.of(name);
              }
              add(key, expected, "nearest: " + NearestName.of(name, names));
              return Optional.empty();
            })
        .orElse(names.getFirst());
  }

  List<String> texts(String key) {
    return value(key, ConfigValueType.LIST, "a list of texts, like [\"a\", \"b\"]")
        .flatMap(
            _ -> {
              List<? extends ConfigValue> items = merged.getList(key);
              if (items.stream().anyMatch(item -> item.valueType() != ConfigValueType.STRING)) {
                return Optional.<List<String>>ofNullable(
                    this.<List<String>>wrong(key, "a list of texts, like [\"a\", \"b\"]")
                        .orElse(null));
              }
              return Optional.of(items.stream().map(item -> (String) item.unwrapped()).toList());
            })
        .orElse(List.of());
  }

  /** Whole numbers with {@code min <= value <= max}. */
  List<Integer> integers(String key, int min, int max) {
    String expected = "a list of whole numbers from " + min + " to " + max + ", like [64, 64]";
    return value(key, ConfigValueType.LIST, expected)
        .flatMap(
            _ -> {
              List<Integer> numbers = new ArrayList<>();
              for (ConfigValue item : merged.getList(key)) {
                if (!(item.unwrapped() instanceof Integer number) || number < min || number > max) {
                  return Optional.<List<Integer>>ofNullable(
                      this.<List<Integer>>wrong(key, expected).orElse(null));
                }
                numbers.add(number);
              }
              return Optional.of(numbers);
            })
        .orElse(List.of());
  }

  /** A number, or {@code none}. */
  OptionalDouble numberOrNone(String key) {
    ConfigValue value = raw(key);
    if (value.unwrapped() instanceof Number number && Double.isFinite(number.doubleValue())) {
      return OptionalDouble.of(number.doubleValue());
    }
    try {
      double number = Double.parseDouble(written(value));
      if (Double.isFinite(number)) {
        return OptionalDouble.of(number);
      }
    } catch (NumberFormatException _) {
      // It may be the word.
    }
    if (!written(value).equals("none")) {
      add(key, "a number, or none", "");
    }
    return OptionalDouble.empty();
  }

  /** Names and values of a section whose keys are open. */
  Map<String, String> options(String key) {
    Map<String, String> options = new TreeMap<>();
    if (raw(key) instanceof ConfigObject section) {
      section.forEach(
          (name, value) -> {
            if (value instanceof ConfigObject) {
              add(key, "names with a value each", "[" + name + "] is a section");
            } else {
              options.put(name, option(value));
            }
          });
    } else {
      add(key, "a section { name = value }", "");
    }
    return options;
  }

  /** A section whose keys are open, as JSON. */
  JsonObject json(String key) {
    if (json(raw(key)) instanceof JsonObject section) {
      return section;
    }
    add(key, "a section { name = value }", "");
    return new JsonObject();
  }

  /** The same of a value alone. */
  static JsonElement json(ConfigValue value) {
    return switch (value) {
      case ConfigObject section -> {
        JsonObject object = new JsonObject();
        section.forEach((name, inner) -> object.add(name, json(inner)));
        yield object;
      }
      case ConfigList list -> {
        JsonArray array = new JsonArray();
        list.forEach(inner -> array.add(json(inner)));
        yield array;
      }
      case ConfigValue other ->
          switch (other.unwrapped()) {
            case Boolean flag -> new JsonPrimitive(flag);
            case Number number -> new JsonPrimitive(number);
            case String text -> new JsonPrimitive(text);
            case null, default -> JsonNull.INSTANCE;
          };
    };
  }

  private static String option(ConfigValue value) {
    return value.unwrapped() instanceof List<?> items
        ? items.stream().map(String::valueOf).collect(Collectors.joining(","))
        : written(value);
  }

  Duration duration(String key, Duration min) {
    String expected = "a duration with its unit (ms, s, minutes, h) of at least " + written(min);
    return united(key, expected, () -> merged.getDuration(key))
        .flatMap(
            duration -> duration.compareTo(min) < 0 ? wrong(key, expected) : Optional.of(duration))
        .orElse(min);
  }

  long bytes(String key, long min) {
    String expected = "a size with its unit (KiB, MiB, GiB) of at least " + min + " bytes";
    return united(key, expected, () -> merged.getMemorySize(key))
        .map(ConfigMemorySize::toBytes)
        .flatMap(bytes -> bytes < min ? wrong(key, expected) : Optional.of(bytes))
        .orElse(min);
  }

  private <T> Optional<T> united(String key, String expected, Supplier<T> read) {
    return value(key, ConfigValueType.STRING, expected)
        .flatMap(
            _ -> {
              try {
                return Optional.of(read.get());
              } catch (ConfigException _) {
                return wrong(key, expected);
              }
            });
  }

  private Optional<ConfigValue> value(String key, ConfigValueType type, String expected) {
    ConfigValue value = raw(key);
    if (value.valueType() == type) {
      return Optional.of(value);
    }
    String written = written(value);
    boolean headless = type == ConfigValueType.NUMBER && written.startsWith(".");
    add(key, expected, headless ? "a number begins with a digit: 0" + written : "");
    return Optional.empty();
  }

  private <T> Optional<T> wrong(String key, String expected) {
    add(key, expected, "");
    return Optional.empty();
  }

  /** Notes that the value of {@code key} is wrong. */
  void add(String key, String expected, String hint) {
    ConfigValue value = raw(key);
    problems.add(new Problem(Origins.where(value.origin()), key, written(value), expected, hint));
  }

  /**
   * Notes that something within an open section is wrong.
   *
   * @param path from {@code key} on; parts of it may not be written
   */
  void addWithin(String key, String path, String got, String expected, String hint) {
    ConfigValue nearest = raw(key);
    for (String part : path.split("\\.")) {
      ConfigValue inner =
          switch (nearest) {
            case ConfigObject section -> section.get(part);
            case ConfigList list
                when part.matches("[0-9]{1,6}") && Integer.parseInt(part) < list.size() ->
                list.get(Integer.parseInt(part));
            case ConfigValue _ -> null;
          };
      if (inner == null) {
        break;
      }
      nearest = inner;
    }
    String whole = path.isEmpty() ? key : key + "." + path;
    problems.add(new Problem(Origins.where(nearest.origin()), whole, got, expected, hint));
  }

  /** Throws when anything was wrong. */
  void refuse() {
    if (!problems.isEmpty()) {
      throw new RecipeException(problems);
    }
  }

  /** As merged; a key that was set to null is a null value. */
  ConfigValue raw(String key) {
    ConfigObject section = merged.root();
    List<String> parts = ConfigUtil.splitPath(key);
    for (String part : parts.subList(0, parts.size() - 1)) {
      section = (ConfigObject) Objects.requireNonNull(section.get(part), part);
    }
    return Objects.requireNonNull(section.get(parts.getLast()), key);
  }

  /** As HOCON; numbers keep their form, like 1e-4. */
  String asWritten(String key) {
    ConfigValue value = raw(key);
    return value.valueType() == ConfigValueType.NUMBER
        ? merged.getString(key)
        : value.render(ConfigRenderOptions.concise());
  }

  static String written(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING
        ? (String) value.unwrapped()
        : value.render(ConfigRenderOptions.concise());
  }

  static String written(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String written(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}

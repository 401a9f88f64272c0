package dev.troupe.rollout.verify.settings;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.plugin.Verifier.Setting;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Settings records and how they are written.
 *
 * <p>A component may be a text, a boolean, a number, an enum, a {@code Duration}, a record of the
 * same kind, any value ({@link JsonText}), or a {@code List}, an {@code Optional} or a {@code Map}
 * with texts as keys of these. {@link Setting} gives its meaning and its default.
 */
public final class Settings {
  private Settings() {}

  /**
   * A setting in a list.
   *
   * @param kind of values, in words
   * @param standard as a recipe would write it; empty = it must be written
   */
  public record Described(String name, String kind, Optional<String> standard, String means) {}

  /**
   * The record that {@code written} describes.
   *
   * @throws BadSettingsException with everything that is wrong
   */
  public static <S extends Record> S bind(Class<S> type, JsonObject written) {
    return new SettingsBinder().bind(type, written);
  }

  /** Every setting of a record in JSON, defaults written out: binding it gives an equal record. */
  public static JsonObject written(Record settings) {
    JsonObject object = new JsonObject();
    for (RecordComponent component : settings.getClass().getRecordComponents()) {
      JsonElement value = json(Components.value(settings, component));
      if (!value.isJsonNull()) {
        object.add(SettingNames.of(component.getName()), value);
      }
    }
    return object;
  }

  /** The settings of a record, in its order. */
  public static List<Described> describe(Class<? extends Record> type) {
    List<Described> described = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      boolean isOptional = component.getType() == Optional.class;
      Optional<String> standard =
          setting == null || setting.standard().length == 0
              ? Optional.<String>empty()
              : Optional.of(setting.standard()[0]);
      described.add(
          new Described(
              SettingNames.of(component.getName()),
              Components.words(component.getGenericType()),
              isOptional ? Optional.of("none") : standard,
              setting == null ? "" : setting.means()));
    }
    return List.copyOf(described);
  }

  /** Whether a setting's default is written without quotes: it is a text, or like one. */
  static boolean isTextual(Type type) {
    return type == String.class
        || type == Duration.class
        || (type instanceof Class<?> named && named.isEnum());
  }

  private static JsonElement json(Object value) {
    return switch (value) {
      case Record settings when settings instanceof JsonText any -> any.value();
      case Record settings -> written(settings);
      case String text -> new JsonPrimitive(text);
      case Boolean flag -> new JsonPrimitive(flag);
      case Number number -> new JsonPrimitive(number);
      case Enum<?> constant -> new JsonPrimitive(SettingNames.of(constant));
      case Duration duration -> new JsonPrimitive(Durations.written(duration));
      case Optional<?> optional ->
          optional.map(inner -> json((Object) inner)).orElse(JsonNull.INSTANCE);
      case List<?> list -> {
        JsonArray array = new JsonArray();
        list.forEach(element -> array.add(json(element)));
        yield array;
      }
      case Map<?, ?> map -> {
        JsonObject object = new JsonObject();
        map.forEach((name, element) -> object.add((String) name, json(element)));
        yield object;
      }
      default -> throw new IllegalArgumentException("no setting is a " + value.getClass());
    };
  }
}

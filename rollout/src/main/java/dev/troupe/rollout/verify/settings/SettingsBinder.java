package dev.troupe.rollout.verify.settings;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.InvalidValueException;
import dev.troupe.protocol.check.NearestName;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a settings record of JSON and collects on the way what is wrong with it. */
final class SettingsBinder {
  private final List<SettingProblem> problems = new ArrayList<>();

  <S extends Record> S bind(Class<S> type, JsonObject written) {
    Optional<S> settings = record("", type, written);
    if (!problems.isEmpty() || settings.isEmpty()) {
      throw new BadSettingsException(problems);
    }
    return settings.get();
  }

  private <S extends Record> Optional<S> record(String path, Class<S> type, JsonObject written) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> names =
        Arrays.stream(components).map(each -> SettingNames.of(each.getName())).toList();
    for (var entry : written.entrySet()) {
      if (!names.contains(entry.getKey())) {
        add(
            SettingNames.join(path, entry.getKey()),
            "an unknown setting",
            "a known one",
            names.isEmpty()
                ? "there are none"
                : "nearest: " + NearestName.of(entry.getKey(), names));
      }
    }
    int before = problems.size();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < components.length; i++) {
      String inner = SettingNames.join(path, names.get(i));
      JsonElement value = written.get(names.get(i));
      component(inner, components[i], value).ifPresent(values::add);
    }
    if (problems.size() > before) {
      return Optional.empty();
    }
    try {
      return Optional.of(Components.make(type, values.toArray()));
    } catch (InvalidValueException e) {
      String inner = SettingNames.join(path, SettingNames.of(e.component()));
      add(inner, e.got(), e.expected(), "");
    } catch (BadSettingsException e) {
      e.problems().forEach(problem -> problems.add(problem.in(path)));
    } catch (IllegalArgumentException e) {
      add(path, written.toString(), String.valueOf(e.getMessage()), "");
    }
    return Optional.empty();
  }

  private Optional<?> component(
      String path, RecordComponent component, @Nullable JsonElement written) {
    Type type = component.getGenericType();
    Setting setting = component.getAnnotation(Setting.class);
    boolean isOptional = component.getType() == Optional.class;
    if (written != null) {
      Optional<?> value = value(path, isOptional ? Components.inner(type) : type, written);
      return isOptional && value.isPresent() ? Optional.of(value) : value;
    }
    if (isOptional) {
      return Optional.of(Optional.empty());
    }
    if (setting == null || setting.standard().length == 0) {
      add(path, "nothing", Components.words(type), "it has no default");
      return Optional.empty();
    }
    String standard = setting.standard()[0];
    return value(
        path,
        type,
        Settings.isTextual(type) ? new JsonPrimitive(standard) : JsonText.parse(standard));
  }

  private Optional<?> value(String path, Type type, JsonElement written) {
    Class<?> raw = Components.raw(type);
    if (raw == JsonText.class) {
      return Optional.of(JsonText.of(written));
    } else if (raw == List.class) {
      return list(path, type, written);
    } else if (raw == Map.class) {
      return map(path, type, written);
    } else if (raw.isRecord() && written instanceof JsonObject object) {
      return record(path, raw.asSubclass(Record.class), object);
    } else if (written instanceof JsonPrimitive primitive) {
      return scalar(path, raw, primitive);
    }
    return wrong(path, type, written);
  }

  private Optional<?> list(String path, Type type, JsonElement written) {
    if (!(written instanceof JsonArray array)) {
      return wrong(path, type, written);
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      value(path + "." + i, Components.inner(type), array.get(i)).ifPresent(list::add);
    }
    return Optional.of(List.copyOf(list));
  }

  private Optional<?> map(String path, Type type, JsonElement written) {
    if (!(written instanceof JsonObject object)) {
      return wrong(path, type, written);
    }
    Map<String, Object> map = new LinkedHashMap<>();
    for (var entry : object.entrySet()) {
      value(SettingNames.join(path, entry.getKey()), Components.inner(type), entry.getValue())
          .ifPresent(inner -> map.put(entry.getKey(), inner));
    }
    return Optional.of(map);
  }

  private Optional<?> scalar(String path, Class<?> type, JsonPrimitive written) {
    if (type == boolean.class && written.isBoolean()) {
      return Optional.of(written.getAsBoolean());
    } else if (type == double.class && written.isNumber()) {
      double number = written.getAsDouble();
      return Double.isFinite(number) ? Optional.of(number) : wrong(path, type, written);
    } else if ((type == int.class || type == long.class) && written.isNumber()) {
      return whole(path, type, written);
    } else if (!written.isString()) {
      return wrong(path, type, written);
    } else if (type == String.class) {
      return Optional.of(written.getAsString());
    } else if (type == Duration.class) {
      Optional<Duration> duration = Durations.read(written.getAsString());
      return duration.isPresent() ? duration : wrong(path, type, written);
    } else if (type.isEnum()) {
      return constant(path, type, written.getAsString());
    }
    return wrong(path, type, written);
  }

  private Optional<?> whole(String path, Class<?> type, JsonPrimitive written) {
    double number = written.getAsDouble();
    double most = type == int.class ? Integer.MAX_VALUE : 1L << 53;
    if (number != Math.rint(number) || Math.abs(number) > most) {
      return wrong(path, type, written);
    }
    return type == int.class ? Optional.of((int) number) : Optional.of((long) number);
  }

  private Optional<?> constant(String path, Class<?> type, String written) {
    List<String> names = Components.names(type);
    int index = names.indexOf(written);
    if (index < 0) {
      add(path, written, Components.words(type), "nearest: " + NearestName.of(written, names));
      return Optional.empty();
    }
    return Optional.of(type.getEnumConstants()[index]);
  }

  private Optional<?> wrong(String path, Type type, JsonElement written) {
    String got =
        written instanceof JsonPrimitive primitive
            ? primitive.getAsString()
            : JsonText.of(written).text();
    add(path, got, Components.words(type), "");
    return Optional.empty();
  }

  private void add(String path, String got, String expected, String hint) {
    problems.add(new SettingProblem(path, got, expected, hint));
  }
}

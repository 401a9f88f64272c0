package dev.troupe.rollout.verify.settings;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What reflection knows of records. */
final class Components {
  private Components() {}

  static Object value(Record record, RecordComponent component) {
    try {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no " + component, e);
    }
  }

  /**
   * Calls the canonical constructor.
   *
   * @throws RuntimeException what it throws
   */
  static <S extends Record> S make(Class<S> type, Object[] values) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<S> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException("making " + type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("every record has a canonical constructor", e);
    }
  }

  /** The type within a list, an optional or a map. */
  static Type inner(Type type) {
    Type[] arguments = ((ParameterizedType) type).getActualTypeArguments();
    return arguments[arguments.length - 1];
  }

  /** Without its arguments; a boxed number or boolean as the primitive. */
  static Class<?> raw(Type type) {
    Class<?> raw =
        type instanceof ParameterizedType generic
            ? (Class<?>) generic.getRawType()
            : (Class<?>) type;
    return MethodType.methodType(raw).unwrap().returnType();
  }

  /** What may be written for {@code type}. */
  static String words(Type type) {
    Class<?> raw = raw(type);
    if (raw == String.class) {
      return "a text";
    } else if (raw == boolean.class) {
      return "true or false";
    } else if (raw == int.class || raw == long.class) {
      return "a whole number";
    } else if (raw == double.class) {
      return "a number";
    } else if (raw == Duration.class) {
      return "a duration with its unit (ms, s, minutes, h)";
    } else if (raw == JsonText.class) {
      return "any value";
    } else if (raw == Optional.class) {
      return words(inner(type));
    } else if (raw == List.class) {
      return "a list [ ... ], each of it " + words(inner(type));
    } else if (raw == Map.class) {
      return "a section { name = ... }, each of it " + words(inner(type));
    } else if (raw.isEnum()) {
      return "one of " + String.join(", ", names(raw));
    }
    return "a section { ... }";
  }

  /** Of an enum's constants. */
  static List<String> names(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> SettingNames.of((Enum<?>) constant))
        .collect(Collectors.toUnmodifiableList());
  }
}

package dev.troupe.model.torch;

import java.lang.invoke.MethodHandle;

/**
 * The native calls for values, which go into a program and come out of it: tensors, numbers, texts
 * and lists of them. A value is an address; whoever made it deletes it.
 */
final class TorchValues {
  private static final MethodHandle FROM_TENSOR =
      NativeCalls.find("iValueFromTensor", long.class, long.class);
  private static final MethodHandle FROM_TENSORS =
      NativeCalls.find("iValueFromTensorList", long.class, long[].class);
  private static final MethodHandle FROM_VALUES =
      NativeCalls.find("iValueFromList", long.class, long[].class);
  private static final MethodHandle FROM_BOOLEAN =
      NativeCalls.find("iValueFromBool", long.class, boolean.class);
  private static final MethodHandle FROM_LONG =
      NativeCalls.find("iValueFromLong", long.class, long.class);
  private static final MethodHandle FROM_DOUBLE =
      NativeCalls.find("iValueFromDouble", long.class, double.class);
  private static final MethodHandle FROM_STRING =
      NativeCalls.find("iValueFromString", long.class, String.class);
  private static final MethodHandle FROM_LONGS =
      NativeCalls.find("iValueFromLongList", long.class, long[].class);
  private static final MethodHandle FROM_DOUBLES =
      NativeCalls.find("iValueFromDoubleList", long.class, double[].class);
  private static final MethodHandle TO_TENSOR =
      NativeCalls.find("iValueToTensor", long.class, long.class);
  private static final MethodHandle TO_BOOLEAN =
      NativeCalls.find("iValueToBool", boolean.class, long.class);
  private static final MethodHandle TO_LONG =
      NativeCalls.find("iValueToLong", long.class, long.class);
  private static final MethodHandle TO_DOUBLE =
      NativeCalls.find("iValueToDouble", double.class, long.class);
  private static final MethodHandle TO_STRING =
      NativeCalls.find("iValueToString", String.class, long.class);
  private static final MethodHandle TO_TUPLE =
      NativeCalls.find("iValueToIValueTuple", long[].class, long.class);
  private static final MethodHandle TO_LIST =
      NativeCalls.find("iValueToIValueList", long[].class, long.class);
  private static final MethodHandle TO_LONGS =
      NativeCalls.find("iValueToLongList", long[].class, long.class);
  private static final MethodHandle TO_DOUBLES =
      NativeCalls.find("iValueToDoubleList", double[].class, long.class);
  private static final MethodHandle IS_TUPLE =
      NativeCalls.find("iValueIsTuple", boolean.class, long.class);
  private static final MethodHandle TYPE =
      NativeCalls.find("iValueGetType", String.class, long.class);
  private static final MethodHandle DELETE_VALUE =
      NativeCalls.find("torchDeleteIValue", void.class, long.class);

  private TorchValues() {}

  static void delete(long value) {
    try {
      DELETE_VALUE.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long fromTensor(long tensor) {
    try {
      return (long) FROM_TENSOR.invokeExact(tensor);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  /** A list of tensors from values that are tensors. */
  static long fromValues(long[] values) {
    try {
      return values.length == 0
          ? (long) FROM_TENSORS.invokeExact(values)
          : (long) FROM_VALUES.invokeExact(values);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long fromBoolean(boolean value) {
    try {
      return (long) FROM_BOOLEAN.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long fromLong(long value) {
    try {
      return (long) FROM_LONG.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long fromDouble(double value) {
    try {
      return (long) FROM_DOUBLE.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long fromString(String value) {
    try {
      return (long) FROM_STRING.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long fromLongs(long[] values) {
    try {
      return (long) FROM_LONGS.invokeExact(values);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long fromDoubles(double[] values) {
    try {
      return (long) FROM_DOUBLES.invokeExact(values);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long toTensor(long value) {
    try {
      return (long) TO_TENSOR.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static boolean toBoolean(long value) {
    try {
      return (boolean) TO_BOOLEAN.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long toLong(long value) {
    try {
      return (long) TO_LONG.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static double toDouble(long value) {
    try {
      return (double) TO_DOUBLE.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static String toText(long value) {
    try {
      return (String) TO_STRING.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long[] toTuple(long value) {
    try {
      return (long[]) TO_TUPLE.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long[] toList(long value) {
    try {
      return (long[]) TO_LIST.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long[] toLongs(long value) {
    try {
      return (long[]) TO_LONGS.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static double[] toDoubles(long value) {
    try {
      return (double[]) TO_DOUBLES.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static boolean isTuple(long value) {
    try {
      return (boolean) IS_TUPLE.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  /** The value's type as TorchScript writes it, for example {@code Tensor[]}. */
  static String type(long value) {
    try {
      return (String) TYPE.invokeExact(value);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }
}

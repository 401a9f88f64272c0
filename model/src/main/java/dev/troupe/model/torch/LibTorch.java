package dev.troupe.model.torch;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The native calls that tensors and programs are made of.
 *
 * <p>DJL's public classes wrap every value in an object that a manager keeps track of; here the
 * addresses themselves are handled, so that one program call is one native call. Its native
 * declarations are package-private, hence the method handles. Loading this class loads libtorch.
 */
final class LibTorch {
  /** Codes of element types as DJL's native side numbers them. */
  static final int CODE_F32 = 0;

  static final int CODE_F64 = 1;
  static final int CODE_F16 = 2;
  static final int CODE_U8 = 3;
  static final int CODE_I32 = 4;
  static final int CODE_I64 = 6;
  static final int CODE_BOOL = 7;
  static final int CODE_BF16 = 11;

  private static final int LAYOUT_STRIDED = 0;
  private static final int[] CPU = {0, -1};

  private static final MethodHandle RUN;
  private static final MethodHandle SET_GRAD_MODE;
  private static final MethodHandle SET_GRAPH_OPTIMIZE;
  private static final MethodHandle EMPTY;
  private static final MethodHandle BUFFER;
  private static final MethodHandle CONTIGUOUS;
  private static final MethodHandle SIZES;
  private static final MethodHandle DTYPE;
  private static final MethodHandle DEVICE;
  private static final MethodHandle DELETE_TENSOR;
  private static final MethodHandle DELETE_VALUE;
  private static final MethodHandle FROM_TENSOR;
  private static final MethodHandle FROM_TENSORS;
  private static final MethodHandle FROM_VALUES;
  private static final MethodHandle FROM_BOOLEAN;
  private static final MethodHandle FROM_LONG;
  private static final MethodHandle FROM_DOUBLE;
  private static final MethodHandle FROM_STRING;
  private static final MethodHandle FROM_LONGS;
  private static final MethodHandle FROM_DOUBLES;
  private static final MethodHandle TO_TENSOR;
  private static final MethodHandle TO_BOOLEAN;
  private static final MethodHandle TO_LONG;
  private static final MethodHandle TO_DOUBLE;
  private static final MethodHandle TO_STRING;
  private static final MethodHandle TO_TUPLE;
  private static final MethodHandle TO_LIST;
  private static final MethodHandle TO_LONGS;
  private static final MethodHandle TO_DOUBLES;
  private static final MethodHandle IS_TUPLE;
  private static final MethodHandle TYPE;

  static {
    try {
      LibUtils.loadLibrary();
      Class<?> library = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
      MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(library, MethodHandles.lookup());
      Object instance = lookup.findStaticGetter(library, "LIB", library).invoke();
      Binder bind = new Binder(lookup, library, instance);
      RUN =
          bind.method(
              "moduleRunMethod",
              long.class,
              long.class,
              String.class,
              long[].class,
              boolean.class,
              boolean.class);
      SET_GRAD_MODE = bind.method("torchSetGradMode", void.class, boolean.class);
      SET_GRAPH_OPTIMIZE = bind.method("setGraphExecutorOptimize", void.class, boolean.class);
      EMPTY =
          bind.method(
              "torchEmpty",
              long.class,
              long[].class,
              int.class,
              int.class,
              int[].class,
              boolean.class);
      BUFFER = bind.method("torchDirectByteBuffer", ByteBuffer.class, long.class);
      CONTIGUOUS = bind.method("torchToContiguous", long.class, long.class);
      SIZES = bind.method("torchSizes", long[].class, long.class);
      DTYPE = bind.method("torchDType", int.class, long.class);
      DEVICE = bind.method("torchDevice", int[].class, long.class);
      DELETE_TENSOR = bind.method("torchDeleteTensor", void.class, long.class);
      DELETE_VALUE = bind.method("torchDeleteIValue", void.class, long.class);
      FROM_TENSOR = bind.method("iValueFromTensor", long.class, long.class);
      FROM_TENSORS = bind.method("iValueFromTensorList", long.class, long[].class);
      FROM_VALUES = bind.method("iValueFromList", long.class, long[].class);
      FROM_BOOLEAN = bind.method("iValueFromBool", long.class, boolean.class);
      FROM_LONG = bind.method("iValueFromLong", long.class, long.class);
      FROM_DOUBLE = bind.method("iValueFromDouble", long.class, double.class);
      FROM_STRING = bind.method("iValueFromString", long.class, String.class);
      FROM_LONGS = bind.method("iValueFromLongList", long.class, long[].class);
      FROM_DOUBLES = bind.method("iValueFromDoubleList", long.class, double[].class);
      TO_TENSOR = bind.method("iValueToTensor", long.class, long.class);
      TO_BOOLEAN = bind.method("iValueToBool", boolean.class, long.class);
      TO_LONG = bind.method("iValueToLong", long.class, long.class);
      TO_DOUBLE = bind.method("iValueToDouble", double.class, long.class);
      TO_STRING = bind.method("iValueToString", String.class, long.class);
      TO_TUPLE = bind.method("iValueToIValueTuple", long[].class, long.class);
      TO_LIST = bind.method("iValueToIValueList", long[].class, long.class);
      TO_LONGS = bind.method("iValueToLongList", long[].class, long.class);
      TO_DOUBLES = bind.method("iValueToDoubleList", double[].class, long.class);
      IS_TUPLE = bind.method("iValueIsTuple", boolean.class, long.class);
      TYPE = bind.method("iValueGetType", String.class, long.class);
    } catch (Throwable e) {
      throw new IllegalStateException(
          "libtorch could not be loaded through DJL: "
              + e
              + "; `troupe doctor` checks what it needs",
          e);
    }
  }

  private LibTorch() {}

  /** Loads the library. */
  static void touch() {}

  /** Finds the native declarations. */
  private record Binder(MethodHandles.Lookup lookup, Class<?> library, Object instance) {
    MethodHandle method(String name, Class<?> result, Class<?>... arguments)
        throws ReflectiveOperationException {
      return lookup
          .findVirtual(library, name, MethodType.methodType(result, arguments))
          .bindTo(instance);
    }
  }

  /** Loads a TorchScript archive and returns the module's address. */
  static long load(byte[] archive) {
    try {
      return JniUtils.loadModuleHandle(
          new ByteArrayInputStream(archive), Device.cpu(), false, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void deleteModule(long module) {
    JniUtils.deleteModule(module);
  }

  /**
   * Runs a method. The graph executor's optimizer is a setting of the calling thread; left on, the
   * second and later calls of a program that takes gradients return zeros. So it is switched off
   * here, before every call, where no thread can forget it. Gradients are off until a program
   * switches them on.
   */
  static long run(long module, String method, long[] arguments) {
    try {
      SET_GRAPH_OPTIMIZE.invokeExact(false);
      SET_GRAD_MODE.invokeExact(false);
      return (long) RUN.invokeExact(module, method, arguments, true, false);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** An uninitialised tensor in main memory. */
  static long empty(long[] shape, int code) {
    try {
      return (long) EMPTY.invokeExact(shape, code, LAYOUT_STRIDED, CPU, false);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** The memory of a contiguous tensor that has elements; valid as long as the tensor. */
  static ByteBuffer buffer(long tensor) {
    try {
      return ((ByteBuffer) BUFFER.invokeExact(tensor)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long contiguous(long tensor) {
    try {
      return (long) CONTIGUOUS.invokeExact(tensor);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long[] sizes(long tensor) {
    try {
      return (long[]) SIZES.invokeExact(tensor);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static int dtype(long tensor) {
    try {
      return (int) DTYPE.invokeExact(tensor);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** Type (0 = main memory, 1 = CUDA) and index. */
  static int[] device(long tensor) {
    try {
      return (int[]) DEVICE.invokeExact(tensor);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static void deleteTensor(long tensor) {
    try {
      DELETE_TENSOR.invokeExact(tensor);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static void deleteValue(long value) {
    try {
      DELETE_VALUE.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long fromTensor(long tensor) {
    try {
      return (long) FROM_TENSOR.invokeExact(tensor);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** A list of tensors from values that are tensors. */
  static long fromValues(long[] values) {
    try {
      return values.length == 0
          ? (long) FROM_TENSORS.invokeExact(values)
          : (long) FROM_VALUES.invokeExact(values);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long fromBoolean(boolean value) {
    try {
      return (long) FROM_BOOLEAN.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long fromLong(long value) {
    try {
      return (long) FROM_LONG.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long fromDouble(double value) {
    try {
      return (long) FROM_DOUBLE.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long fromString(String value) {
    try {
      return (long) FROM_STRING.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long fromLongs(long[] values) {
    try {
      return (long) FROM_LONGS.invokeExact(values);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long fromDoubles(double[] values) {
    try {
      return (long) FROM_DOUBLES.invokeExact(values);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long toTensor(long value) {
    try {
      return (long) TO_TENSOR.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static boolean toBoolean(long value) {
    try {
      return (boolean) TO_BOOLEAN.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long toLong(long value) {
    try {
      return (long) TO_LONG.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static double toDouble(long value) {
    try {
      return (double) TO_DOUBLE.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static String toText(long value) {
    try {
      return (String) TO_STRING.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long[] toTuple(long value) {
    try {
      return (long[]) TO_TUPLE.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long[] toList(long value) {
    try {
      return (long[]) TO_LIST.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static long[] toLongs(long value) {
    try {
      return (long[]) TO_LONGS.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static double[] toDoubles(long value) {
    try {
      return (double[]) TO_DOUBLES.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  static boolean isTuple(long value) {
    try {
      return (boolean) IS_TUPLE.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  /** The value's type as TorchScript writes it, for example {@code Tensor[]}. */
  static String type(long value) {
    try {
      return (String) TYPE.invokeExact(value);
    } catch (Throwable e) {
      throw rethrow(e);
    }
  }

  private static RuntimeException rethrow(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}

package dev.troupe.model.torch;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The native calls for tensors and programs; {@link TorchValues} has those for what goes in and
 * comes out.
 *
 * <p>DJL's public classes wrap every value in an object that a manager keeps track of; here the
 * addresses themselves are handled, so that one program call is one native call. Loading this class
 * loads libtorch.
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

  private static final MethodHandle RUN =
      NativeCalls.find(
          "moduleRunMethod",
          long.class,
          long.class,
          String.class,
          long[].class,
          boolean.class,
          boolean.class);
  private static final MethodHandle SET_GRAD_MODE =
      NativeCalls.find("torchSetGradMode", void.class, boolean.class);
  private static final MethodHandle SET_GRAPH_OPTIMIZE =
      NativeCalls.find("setGraphExecutorOptimize", void.class, boolean.class);
  private static final MethodHandle EMPTY =
      NativeCalls.find(
          "torchEmpty", long.class, long[].class, int.class, int.class, int[].class, boolean.class);
  private static final MethodHandle BUFFER =
      NativeCalls.find("torchDirectByteBuffer", ByteBuffer.class, long.class);
  private static final MethodHandle CONTIGUOUS =
      NativeCalls.find("torchToContiguous", long.class, long.class);
  private static final MethodHandle SIZES =
      NativeCalls.find("torchSizes", long[].class, long.class);
  private static final MethodHandle DTYPE = NativeCalls.find("torchDType", int.class, long.class);
  private static final MethodHandle DEVICE =
      NativeCalls.find("torchDevice", int[].class, long.class);
  private static final MethodHandle DELETE_TENSOR =
      NativeCalls.find("torchDeleteTensor", void.class, long.class);

  private LibTorch() {}

  /** Loads the library. */
  static void touch() {}

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
      throw NativeCalls.rethrow(e);
    }
  }

  /** An uninitialised tensor in main memory. */
  static long empty(long[] shape, int code) {
    try {
      return (long) EMPTY.invokeExact(shape, code, LAYOUT_STRIDED, CPU, false);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  /** The memory of a contiguous tensor that has elements; valid as long as the tensor. */
  static ByteBuffer buffer(long tensor) {
    try {
      return ((ByteBuffer) BUFFER.invokeExact(tensor)).order(ByteOrder.LITTLE_ENDIAN);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long contiguous(long tensor) {
    try {
      return (long) CONTIGUOUS.invokeExact(tensor);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static long[] sizes(long tensor) {
    try {
      return (long[]) SIZES.invokeExact(tensor);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static int dtype(long tensor) {
    try {
      return (int) DTYPE.invokeExact(tensor);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  /** Type (0 = main memory, 1 = CUDA) and index. */
  static int[] device(long tensor) {
    try {
      return (int[]) DEVICE.invokeExact(tensor);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }

  static void deleteTensor(long tensor) {
    try {
      DELETE_TENSOR.invokeExact(tensor);
    } catch (Throwable e) {
      throw NativeCalls.rethrow(e);
    }
  }
}

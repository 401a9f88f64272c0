package dev.troupe.model.torch;

import ai.djl.pytorch.jni.LibUtils;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * DJL's declarations of what libtorch does natively. They are package-private there, hence the
 * method handles. Loading this class loads libtorch.
 */
final class NativeCalls {
  private static final Class<?> LIBRARY;
  private static final MethodHandles.Lookup LOOKUP;
  private static final Object INSTANCE;

  static {
    try {
      LibUtils.loadLibrary();
      LIBRARY = Class.forName("ai.djl.pytorch.jni.PyTorchLibrary");
      LOOKUP = MethodHandles.privateLookupIn(LIBRARY, MethodHandles.lookup());
      INSTANCE = LOOKUP.findStaticGetter(LIBRARY, "LIB", LIBRARY).invoke();
    } catch (Throwable e) {
      throw unusable(e);
    }
  }

  private NativeCalls() {}

  private static IllegalStateException unusable(Throwable e) {
    return new IllegalStateException(
        "libtorch could not be loaded through DJL: " + e + "; `troupe doctor` checks what it needs",
        e);
  }

  /** The native method of that name. */
  static MethodHandle find(String name, Class<?> result, Class<?>... arguments) {
    try {
      return LOOKUP
          .findVirtual(LIBRARY, name, MethodType.methodType(result, arguments))
          .bindTo(INSTANCE);
    } catch (ReflectiveOperationException e) {
      throw unusable(e);
    }
  }

  /** What a call threw, to be thrown on; the checked ones don't occur. */
  static RuntimeException rethrow(Throwable e) {
    if (e instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (e instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e);
  }
}

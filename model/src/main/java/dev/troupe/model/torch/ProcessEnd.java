package dev.troupe.model.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The end of a process whose threads may be computing. The JVM's own ways out, {@link Runtime#halt}
 * among them, have C libraries clean up: what libtorch frees then, its threads may still be
 * reading, and the process crashes.
 */
public final class ProcessEnd {
  private static final Optional<MethodHandle> EXIT = exit();

  private ProcessEnd() {}

  /** Ends this process at once; nothing of it is cleaned up. */
  public static void now(int status) {
    EXIT.ifPresent(exit -> call(exit, status));
    Runtime.getRuntime().halt(status);
  }

  /** {@code void _exit(int status)}. */
  @SuppressWarnings("restricted") // The launcher grants native access; LibTorch needs it as well.
  private static Optional<MethodHandle> exit() {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> address = linker.defaultLookup().find("_exit");
    return address.map(
        it -> linker.downcallHandle(it, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)));
  }

  private static void call(MethodHandle exit, int status) {
    try {
      exit.invokeExact(status);
    } catch (Throwable e) {
      throw new IllegalStateException("calling _exit", e);
    }
  }
}

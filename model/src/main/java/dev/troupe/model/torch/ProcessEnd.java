package dev.troupe.model.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/**
 * Ends of a process in which PyTorch may still be computing. The C library's {@code exit}, with
 * which every JVM ends, destroys PyTorch's static objects under threads that use them: some of the
 * time the process ends in a crash instead of with its exit code.
 */
public final class ProcessEnd {
  private static final int SIGKILL = 9;
  private static final Linker LINKER = Linker.nativeLinker();

  private ProcessEnd() {}

  /** From now on this process, however the JVM ends it, leaves PyTorch's objects alone. */
  static void sparesPyTorch(ThreadFactory threads) {
    try {
      // At the very end: what is registered last is called first.
      Runtime.getRuntime().addShutdownHook(threads.newThread(ProcessEnd::skipExitHandlers));
    } catch (IllegalStateException _) {
      skipExitHandlers();
    }
  }

  /** Ends at once with {@code code}, without shutdown hooks. */
  public static void now(int code) {
    skipExitHandlers();
    Runtime.getRuntime().halt(code);
  }

  /** Ends as {@code kill -9} does, before the calling thread or any other does anything more. */
  public static void kill() {
    call("raise", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), SIGKILL);
    // Where there is no such signal.
    now(128 + SIGKILL);
  }

  /**
   * Has {@code exit(code)} call {@code _exit(code)} before anything else. Where the C library has
   * no {@code on_exit} (others than glibc), the end stays as it is.
   */
  private static void skipExitHandlers() {
    Optional<MemorySegment> end = LINKER.defaultLookup().find("_exit");
    if (end.isPresent()) {
      call(
          "on_exit",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS),
          end.get(),
          MemorySegment.NULL);
    }
  }

  @SuppressWarnings("restricted") // The launcher grants native access; LibTorch needs it as well.
  private static void call(String name, FunctionDescriptor shape, Object... arguments) {
    Optional<MethodHandle> function =
        LINKER.defaultLookup().find(name).map(address -> LINKER.downcallHandle(address, shape));
    if (function.isPresent()) {
      try {
        function.get().invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw new IllegalStateException("calling " + name, e);
      }
    }
  }
}

package dev.troupe.model.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/** What the C library's heap keeps of freed tensors, for the next ones of the same thread. */
public final class FreedMemory {
  private static final Optional<MethodHandle> TRIM = trim();

  private FreedMemory() {}

  /** Gives it back to the system; false where the C library is not glibc. */
  public static boolean giveBack() {
    TRIM.ifPresent(FreedMemory::call);
    return TRIM.isPresent();
  }

  /** {@code int malloc_trim(size_t pad)}. */
  @SuppressWarnings("restricted") // The launcher grants native access; LibTorch needs it as well.
  private static Optional<MethodHandle> trim() {
    Linker linker = Linker.nativeLinker();
    return linker
        .defaultLookup()
        .find("malloc_trim")
        .map(
            address ->
                linker.downcallHandle(
                    address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
  }

  private static void call(MethodHandle trim) {
    try {
      int _ = (int) trim.invokeExact(0L);
    } catch (Throwable e) {
      throw new IllegalStateException("calling malloc_trim", e);
    }
  }
}

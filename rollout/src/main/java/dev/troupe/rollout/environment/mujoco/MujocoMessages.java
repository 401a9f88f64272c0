package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What MuJoCo says on its own: of its two hooks, warnings are logged, and an error holds its thread
 * for good.
 *
 * <p>Left to itself MuJoCo ends the process on an error, and writes warnings into a file in the
 * working directory. Neither may a hook for errors return, since MuJoCo would go on with what it
 * called impossible, nor can a Java exception cross its frames. So the thread stays where it is;
 * whoever waits for the environment finds that it doesn't come back, and the process lives on.
 */
@SuppressWarnings("restricted")
final class MujocoMessages {
  private static final Logger LOG = LoggerFactory.getLogger(MujocoMessages.class);

  private MujocoMessages() {}

  /** Puts both hooks into a library. */
  static void install(SymbolLookup symbols) {
    hook(symbols, "mju_user_error", "failed");
    hook(symbols, "mju_user_warning", "warned");
  }

  private static void hook(SymbolLookup symbols, String variable, String method) {
    try {
      MemorySegment stub =
          Linker.nativeLinker()
              .upcallStub(
                  MethodHandles.lookup()
                      .findStatic(
                          MujocoMessages.class,
                          method,
                          MethodType.methodType(void.class, MemorySegment.class)),
                  FunctionDescriptor.ofVoid(ADDRESS),
                  Arena.global());
      symbols
          .find(variable)
          .ifPresent(place -> place.reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, stub));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("method [" + method + "] is missing", e);
    }
  }

  static void failed(MemorySegment text) {
    LOG.error(
        "MuJoCo failed in thread [{}], which is lost: {}",
        Thread.currentThread().getName(),
        text(text));
    new Semaphore(0).acquireUninterruptibly();
  }

  static void warned(MemorySegment text) {
    LOG.info("MuJoCo warns: {}", text(text));
  }

  private static String text(MemorySegment text) {
    return text.reinterpret(Long.MAX_VALUE).getString(0).strip();
  }
}

package dev.troupe.model.torch;

import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.LibUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** What is global to the process: the native library, its threads, the devices. */
public final class TorchRuntime {
  private static final AtomicInteger INTRA_OP_THREADS = new AtomicInteger();
  private static final ThreadLocal<int[]> SEEN = ThreadLocal.withInitial(() -> new int[1]);

  private TorchRuntime() {}

  /**
   * Loads libtorch, once; later calls return at once. Takes about half a second, two when the
   * natives have to be unpacked first. Operations use one thread each until {@link
   * #setIntraOpThreads} says otherwise.
   */
  public static void start() {
    if (INTRA_OP_THREADS.compareAndSet(0, 1)) {
      ProcessEnd.sparesPyTorch(work -> new Thread(work, "process-end"));
      prepareThread();
    }
  }

  /**
   * Daemon threads named {@code prefix-1}, {@code prefix-2}, ... for work that calls programs.
   * Programs may be called on any other thread as well: what libtorch keeps for each thread is set
   * by every call.
   */
  public static ThreadFactory threads(String prefix) {
    return Thread.ofPlatform().daemon().name(prefix + "-", 1).factory();
  }

  /**
   * Threads of one operation, on every thread that calls programs from now on. Small matrices want
   * one: two were three to four times slower.
   */
  public static void setIntraOpThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "intra-op threads must be at least 1, got [" + threads + "]");
    }
    INTRA_OP_THREADS.set(threads);
    prepareThread();
  }

  /** What {@link #setIntraOpThreads} set last. */
  public static int intraOpThreads() {
    return Math.max(1, INTRA_OP_THREADS.get());
  }

  /** Of libtorch. */
  public static String version() {
    start();
    LibTorch.touch();
    return LibUtils.getVersion();
  }

  /** Devices that tensors can be placed on: {@code cpu}, then {@code cuda:0} and so on. */
  public static List<String> devices() {
    start();
    List<String> devices = new ArrayList<>(List.of("cpu"));
    int gpus = JniUtils.getFeatures().contains("CUDA") ? Builtin.cudaDevices() : 0;
    for (int i = 0; i < gpus; i++) {
      devices.add("cuda:" + i);
    }
    return List.copyOf(devices);
  }

  /** OpenMP keeps the number of threads for each calling thread, so each is told once. */
  static void prepareThread() {
    int threads = INTRA_OP_THREADS.get();
    if (threads == 0) {
      start();
      return;
    }
    int[] seen = SEEN.get();
    if (seen[0] != threads) {
      LibTorch.touch();
      JniUtils.setNumThreads(threads);
      seen[0] = threads;
    }
  }
}

package dev.troupe.tests.chaos;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A line on which packets take their time, both ways and in order: what one of two network devices
 * of this machine ("tap") sends comes out of the other one later. The kernel has a discipline for
 * that (netem), which not every kernel is built with.
 */
final class SlowLine implements AutoCloseable {
  private static final int PACKET_BYTES_MAX = 1 << 16;
  private static final int PACKETS_MAX = 10_000;
  private static final int LOOK_EVERY_MILLIS = 100;

  // linux/if_tun.h, linux/if.h, poll.h.
  private static final long TUNSETIFF = 0x400454caL;
  private static final short TAP_WITHOUT_HEADER = 0x0002 | 0x1000;
  private static final int IFREQ_BYTES = 40;
  private static final int NAME_BYTES = 16;
  private static final int READ_AND_WRITE = 2;
  private static final short POLLIN = 1;
  private static final int POLLFD_BYTES = 8;
  private static final int EVENTS_AT = 4;

  private record Packet(long due, ByteBuffer bytes) {}

  private final List<Thread> threads = new ArrayList<>();
  private final List<Integer> ends = new ArrayList<>();
  private final long delayNanos;
  private final long jitterNanos;
  private volatile boolean closed;

  /**
   * Connects two devices, which must exist.
   *
   * @param jitterMilliseconds that a packet may take longer, drawn for each
   */
  SlowLine(String one, String other, int delayMilliseconds, int jitterMilliseconds, long seed) {
    delayNanos = TimeUnit.MILLISECONDS.toNanos(delayMilliseconds);
    jitterNanos = TimeUnit.MILLISECONDS.toNanos(jitterMilliseconds);
    int first = Native.open(one);
    ends.add(first);
    int second = Native.open(other);
    ends.add(second);
    carry(first, second, new Random(seed));
    carry(second, first, new Random(seed + 1));
    threads.forEach(Thread::start);
  }

  private void carry(int from, int to, Random random) {
    ArrayBlockingQueue<Packet> way = new ArrayBlockingQueue<>(PACKETS_MAX);
    threads.add(new Thread(() -> receive(from, way, random), "slow-line-in"));
    threads.add(new Thread(() -> send(to, way), "slow-line-out"));
  }

  private void receive(int from, ArrayBlockingQueue<Packet> way, Random random) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(PACKET_BYTES_MAX);
      MemorySegment poll = arena.allocate(POLLFD_BYTES, Integer.BYTES);
      poll.set(ValueLayout.JAVA_INT, 0, from);
      poll.set(ValueLayout.JAVA_SHORT, EVENTS_AT, POLLIN);
      while (!closed) {
        if (Native.poll(poll, LOOK_EVERY_MILLIS)) {
          byte[] bytes = Native.read(from, buffer);
          // What the line has no room for is lost.
          boolean _ =
              way.offer(
                  new Packet(
                      System.nanoTime() + delayNanos + random.nextLong(jitterNanos + 1),
                      ByteBuffer.wrap(bytes)));
        }
      }
    }
  }

  private void send(int to, ArrayBlockingQueue<Packet> way) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(PACKET_BYTES_MAX);
      while (!closed) {
        Packet packet = way.poll(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        if (packet != null) {
          TimeUnit.NANOSECONDS.sleep(packet.due() - System.nanoTime());
          Native.write(to, buffer, packet.bytes().array());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ends.forEach(Native::close);
    ends.clear();
  }

  /** The C library's functions. */
  private static final class Native {
    private static final MethodHandle OPEN =
        function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle IOCTL =
        function(
            "ioctl",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle POLL =
        function(
            "poll",
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.ADDRESS,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_INT));
    private static final MethodHandle READ = transfer("read");
    private static final MethodHandle WRITE = transfer("write");
    private static final MethodHandle CLOSE =
        function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

    private static MethodHandle transfer(String name) {
      return function(
          name,
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_LONG));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(
        String name, FunctionDescriptor descriptor, Linker.Option... options) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().find(name).orElseThrow(), descriptor, options);
    }

    /** A file descriptor for the device of that name. */
    static int open(String device) {
      try (Arena arena = Arena.ofConfined()) {
        int opened = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), READ_AND_WRITE);
        MemorySegment request = arena.allocate(IFREQ_BYTES, Long.BYTES);
        request.setString(0, device);
        request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, TAP_WITHOUT_HEADER);
        if (opened < 0 || (int) IOCTL.invokeExact(opened, TUNSETIFF, request) < 0) {
          throw new IllegalStateException(
              "[" + device + "] can't be opened: a slow line needs root and the module tun");
        }
        return opened;
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static boolean poll(MemorySegment poll, int milliseconds) {
      try {
        return (int) POLL.invokeExact(poll, 1L, milliseconds) > 0;
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static byte[] read(int from, MemorySegment buffer) {
      try {
        long read = (long) READ.invokeExact(from, buffer, (long) PACKET_BYTES_MAX);
        return buffer.asSlice(0, Math.max(0, read)).toArray(ValueLayout.JAVA_BYTE);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    /** What can't be written is lost. */
    static void write(int to, MemorySegment buffer, byte[] bytes) {
      MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
      try {
        long _ = (long) WRITE.invokeExact(to, buffer, (long) bytes.length);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    static void close(int opened) {
      try {
        int _ = (int) CLOSE.invokeExact(opened);
      } catch (Throwable e) {
        throw failed(e);
      }
    }

    private static RuntimeException failed(Throwable e) {
      return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
  }
}

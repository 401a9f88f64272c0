package dev.troupe.tests.chaos;

import dev.troupe.tests.process.Product;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Four machines that this machine pretends to have: network namespaces on a switch whose cables can
 * be pulled, and a small disk that all of them share. Needs root.
 */
final class Machines implements AutoCloseable {
  static final int COUNT = 4;
  private static final int PREFIX = 24;
  private static final int FAR_SIDE = 2;

  // The kernel's classic packet filter: linux/filter.h, linux/pkt_cls.h.
  private static final int LOAD_WORD = 0x20;
  private static final int LOAD_HALF = 0x28;
  private static final int IF_EQUAL = 0x15;
  private static final int IF_GREATER = 0x25;
  private static final int IF_AT_LEAST = 0x35;
  private static final long RANDOM = 0xFFFF_F000L + 56;
  private static final String LOSE = "6 0 0 2";
  private static final String PASS = "6 0 0 4294967295";
  private static final int ETHERTYPE_AT = 12;
  private static final int IPV4 = 0x0800;
  private static final int LENGTH_AT = 16;
  private static final int HEARTBEAT_BYTES_MAX = 400;

  private final int id;
  private final String network;
  private final Path disk;
  private final List<List<String>> undo = new ArrayList<>();
  private @Nullable SlowLine slowLine;

  /**
   * Makes them.
   *
   * @param id from 1 to 254; tells them from those of other runs
   */
  Machines(int id, Path disk, int diskMegabytes) {
    this.id = id;
    this.network = "10.213." + id + ".";
    this.disk = disk;
    clear();
    try {
      make(diskMegabytes);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Removes what a suite that was killed has left. */
  private void clear() {
    for (int i = 0; i < COUNT; i++) {
      quietly("sh", "-c", "ip netns pids " + name(i) + " | xargs --no-run-if-empty kill -9");
      quietly("ip", "netns", "del", name(i));
      quietly("ip", "link", "del", cable(i));
    }
    for (int side = 0; side < 2; side++) {
      quietly("ip", "link", "del", bridge(side));
    }
    removeSlowLine();
  }

  private void make(int diskMegabytes) {
    run("mkdir", "-p", disk.toString());
    run("mount", "-t", "tmpfs", "-o", "size=" + diskMegabytes + "m", "troupe", disk.toString());
    undo.addFirst(List.of("umount", disk.toString()));
    for (int side = 0; side < 2; side++) {
      run("ip", "link", "add", bridge(side), "type", "bridge");
      undo.addFirst(List.of("ip", "link", "del", bridge(side)));
      run("ip", "link", "set", bridge(side), "up");
    }
    run("ip", "address", "add", network + "1/" + PREFIX, "dev", bridge(0));
    for (int i = 0; i < COUNT; i++) {
      run("ip", "netns", "add", name(i));
      undo.addFirst(List.of("ip", "netns", "del", name(i)));
      run("ip", "link", "add", cable(i), "type", "veth", "peer", "name", "eth0", "netns", name(i));
      run("ip", "-n", name(i), "address", "add", host(i) + "/" + PREFIX, "dev", "eth0");
      run("ip", "-n", name(i), "link", "set", "eth0", "up");
      run("ip", "-n", name(i), "link", "set", "lo", "up");
      run("ip", "link", "set", cable(i), "master", bridge(0));
      plug(i);
    }
  }

  private String name(int machine) {
    return "troupe-" + id + "-" + machine;
  }

  /** At most 15 characters, as the kernel wants it. */
  private String cable(int machine) {
    return "tr" + id + "c" + machine;
  }

  private String bridge(int side) {
    return "tr" + id + "b" + side;
  }

  String host(int machine) {
    return network + (10 + machine);
  }

  /** {@code product} on {@code machine}. */
  Product on(int machine, Product product) {
    return product.within(List.of("ip", "netns", "exec", name(machine)));
  }

  /** The folder that all machines see. */
  Path disk() {
    return disk;
  }

  /** Cuts {@code machine} off from everybody. */
  void unplug(int machine) {
    run("ip", "link", "set", cable(machine), "down");
  }

  void plug(int machine) {
    run("ip", "link", "set", cable(machine), "up");
  }

  /** Puts {@code machine} on one of two switches that aren't connected. */
  void move(int machine, int side) {
    run("ip", "link", "set", cable(machine), "master", bridge(side));
  }

  /** That many of a hundred packets from {@code machine} and to it get lost. */
  void lose(int machine, int percent) {
    long drawsThatPass = (1L << Integer.SIZE) * (100 - percent) / 100;
    String some =
        "4,%d 0 0 %d,%d 0 1 %d,%s,%s"
            .formatted(LOAD_WORD, RANDOM, IF_AT_LEAST, drawsThatPass, LOSE, PASS);
    filter(machine, "ingress", some);
    filter(machine, "egress", some);
  }

  /**
   * Every packet from {@code machine} and to it takes that long, and up to {@code jitter} more: a
   * slow line lies between the switch and another one, on which the machine is then.
   */
  void delay(int machine, int milliseconds, int jitter) {
    String here = "tr" + id + "t0";
    String there = "tr" + id + "t1";
    run("ip", "tuntap", "add", "dev", here, "mode", "tap");
    run("ip", "tuntap", "add", "dev", there, "mode", "tap");
    run("ip", "link", "add", bridge(FAR_SIDE), "type", "bridge");
    run("ip", "link", "set", bridge(FAR_SIDE), "up");
    run("ip", "link", "set", here, "master", bridge(0));
    run("ip", "link", "set", there, "master", bridge(FAR_SIDE));
    run("ip", "link", "set", here, "up");
    run("ip", "link", "set", there, "up");
    slowLine = new SlowLine(here, there, milliseconds, jitter, id);
    move(machine, FAR_SIDE);
  }

  /** What {@code machine} sends is lost, but for TCP packets as small as a heartbeat's. */
  void mute(int machine) {
    filter(
        machine,
        "ingress",
        "6,%d 0 0 %d,%d 0 3 %d,%d 0 0 %d,%d 0 1 %d,%s,%s"
            .formatted(
                LOAD_HALF,
                ETHERTYPE_AT,
                IF_EQUAL,
                IPV4,
                LOAD_HALF,
                LENGTH_AT,
                IF_GREATER,
                HEARTBEAT_BYTES_MAX,
                LOSE,
                PASS));
  }

  /** What {@code program} (of the kernel's classic packet filter) says is lost. */
  private void filter(int machine, String direction, String program) {
    failure(List.of("tc", "qdisc", "add", "dev", cable(machine), "clsact"));
    run(
        "tc",
        "filter",
        "add",
        "dev",
        cable(machine),
        direction,
        "bpf",
        "direct-action",
        "bytecode",
        program);
  }

  /** The line of {@code machine} carries little, and what is sent queues for it. */
  void thin(int machine, int kilobits, int milliseconds) {
    List<String> line =
        List.of(
            "root",
            "tbf",
            "rate",
            kilobits + "kbit",
            "burst",
            "16k",
            "latency",
            milliseconds + "ms");
    run(concat(List.of("tc", "qdisc", "add", "dev", cable(machine)), line));
    run(concat(List.of("tc", "-n", name(machine), "qdisc", "add", "dev", "eth0"), line));
  }

  private static List<String> concat(List<String> command, List<String> more) {
    return Stream.concat(command.stream(), more.stream()).toList();
  }

  /** Nothing gets lost or waits any more. */
  void heal(int machine) {
    quietly("tc", "qdisc", "del", "dev", cable(machine), "clsact");
    quietly("tc", "qdisc", "del", "dev", cable(machine), "root");
    quietly("tc", "-n", name(machine), "qdisc", "del", "dev", "eth0", "root");
    SlowLine slow = slowLine;
    if (slow != null) {
      slowLine = null;
      move(machine, 0);
      slow.close();
      removeSlowLine();
    }
  }

  private void removeSlowLine() {
    quietly("ip", "link", "del", "tr" + id + "t0");
    quietly("ip", "link", "del", "tr" + id + "t1");
    quietly("ip", "link", "del", bridge(FAR_SIDE));
  }

  /** Every sync of {@code process} takes {@code milliseconds} longer, until it is closed. */
  static AutoCloseable slowDisk(Process process, int milliseconds) {
    try {
      Process tracer =
          new ProcessBuilder(
                  "strace",
                  "--follow-forks",
                  "--seccomp-bpf",
                  "--quiet=all",
                  "--output=/dev/null",
                  "--trace=fsync,fdatasync",
                  "--inject=fsync,fdatasync:delay_exit=" + milliseconds * 1000L,
                  "--attach=" + process.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return () -> tracer.destroy();
    } catch (IOException e) {
      throw new UncheckedIOException("a slow disk needs strace", e);
    }
  }

  private static void run(String... command) {
    run(List.of(command));
  }

  private static void run(List<String> command) {
    String said = failure(command);
    if (!said.isEmpty()) {
      throw new IllegalStateException(
          String.join(" ", command)
              + " failed: "
              + said
              + "; the chaos suite pretends several machines, which needs root, the commands ip and"
              + " tc (iproute2), permission to mount, and a kernel with sch_tbf and cls_bpf");
    }
  }

  private static void quietly(String... command) {
    failure(List.of(command));
  }

  /** What a command says that fails; empty if it doesn't. */
  private static String failure(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor() == 0 ? "" : "exit code " + process.exitValue() + " " + said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    RuntimeException failed = null;
    for (List<String> command : undo) {
      try {
        run(command);
      } catch (RuntimeException e) {
        failed = e;
      }
    }
    undo.clear();
    if (failed != null) {
      throw failed;
    }
  }
}

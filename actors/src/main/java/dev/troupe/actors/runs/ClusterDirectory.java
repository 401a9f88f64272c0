package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.journal.Durable;
import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.codec.RunSpecificationCodec;
import dev.troupe.protocol.proto.RunSpecificationMessage;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The cluster's directory, shared by heads and learners.
 *
 * <pre>
 *   HOME/.cluster/epochs/runs/   which head's word counts
 *   HOME/.cluster/active-head.properties   that it lives ({@link LifeSign})
 *   HOME/.cluster/files/         what submissions brought, by SHA-256
 *   HOME/NAME/                   a run's directory, with besides
 *     specification.pb           the recipe as nodes get it
 *     control/EPOCH-NUMBER.properties   what is wanted of it; the greatest name that counts
 *   HOME/.cluster/controls/EPOCH.properties   which of those counted when EPOCH took over
 *   HOME/.cluster/drains/EPOCH-NUMBER.properties   which nodes are to leave; the greatest name counts
 * </pre>
 *
 * Each head that takes over claims an epoch, and what it writes carries the epoch in its name. It
 * lists the names that count by then: what an earlier one still writes isn't among them, and
 * doesn't count. Its methods block.
 */
final class ClusterDirectory {
  private static final int CONTROLS_KEPT = 3;
  private static final String EPOCH = "/epoch";
  private static final int EPOCH_DIGITS = 9;
  private static final String NOW = "now";
  private static final String LATER = "later";

  /** A run that is there. */
  record Known(RunSpecification specification, Control control) {}

  private final Path home;
  private final Epochs.Claim claim;
  private final int epoch;
  private long written;

  private ClusterDirectory(Path home, Epochs.Claim claim) {
    this.home = home;
    this.claim = claim;
    this.epoch = claim.epoch();
  }

  /** Opens it, and makes this process the one whose word counts. */
  static ClusterDirectory open(Path home, String owner) {
    try {
      Files.createDirectories(files(home));
    } catch (IOException e) {
      throw new UncheckedIOException("making the cluster's directory [" + home + "]", e);
    }
    Epochs epochs = new Epochs(home.resolve(".cluster").resolve("epochs"), "runs");
    return new ClusterDirectory(home, epochs.claim(owner));
  }

  static Path files(Path home) {
    return home.resolve(".cluster").resolve("files");
  }

  int epoch() {
    return epoch;
  }

  /** Whether another head's word counts by now. */
  boolean isOvertaken() {
    return claim.isFenced();
  }

  /** Shows that this head lives. */
  void leaveSign(String node, HostPort address, long beat) throws IOException {
    new LifeSign(node, address, epoch, beat).leaveIn(home);
  }

  RunDirectory directory(String run) {
    return new RunDirectory(home.resolve(run));
  }

  /** All runs of the cluster, by name; from here on no earlier head's word counts. */
  Map<String, Known> takeOver() {
    Properties counting = new Properties();
    Map<String, Known> all = new TreeMap<>();
    try {
      Optional<Properties> sealed = newestList();
      try (Stream<Path> folders = Files.list(home)) {
        for (Path folder : folders.toList()) {
          String run = folder.getFileName().toString();
          Optional<Path> newest = newestControl(folder, sealed);
          if (newest.isPresent()) {
            counting.setProperty(run, name(newest.get()));
            all.put(run, new Known(specification(folder), control(newest.get())));
          }
        }
      }
      StringWriter text = new StringWriter();
      counting.store(text, null);
      Files.createDirectories(lists());
      Durable.replace(lists().resolve("%09d.properties".formatted(epoch)), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("listing the runs of [" + home + "]", e);
    }
    return all;
  }

  /**
   * Which nodes are to leave, by their lives. They are written again under this head's epoch, so
   * that what an earlier one still writes is not the greatest name.
   */
  Map<String, DrainOrder> takeOverDrains() {
    Map<String, DrainOrder> orders = new TreeMap<>();
    try {
      Optional<Path> newest = drains().stream().findFirst();
      if (newest.isPresent()) {
        Properties read = new Properties();
        read.load(new StringReader(Files.readString(newest.get())));
        for (String life : read.stringPropertyNames()) {
          String[] order = read.getProperty(life).split(" ", 2);
          orders.put(life, new DrainOrder(order[1], order[0].equals(NOW)));
        }
        record(orders);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading which nodes of [" + home + "] are to leave", e);
    }
    return orders;
  }

  /** Records which nodes are to leave; false if another head's word counts by now. */
  boolean writeDrains(Map<String, DrainOrder> orders) {
    if (isOvertaken()) {
      return false;
    }
    try {
      record(orders);
      if (isOvertaken()) {
        return false;
      }
      for (Path old : drains().stream().skip(CONTROLS_KEPT).toList()) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing which nodes of [" + home + "] are to leave", e);
    }
    return true;
  }

  /** Writes them, whether they count or not. */
  void record(Map<String, DrainOrder> orders) throws IOException {
    Properties out = new Properties();
    orders.forEach(
        (life, order) -> out.setProperty(life, (order.now() ? NOW : LATER) + " " + order.node()));
    StringWriter text = new StringWriter();
    out.store(text, null);
    Files.createDirectories(drainsFolder());
    Durable.replace(drainsFolder().resolve(nextName()), text.toString());
  }

  private Path drainsFolder() {
    return home.resolve(".cluster").resolve("drains");
  }

  private List<Path> drains() throws IOException {
    return named(drainsFolder());
  }

  private String nextName() {
    return "%09d-%09d.properties".formatted(epoch, ++written);
  }

  private Path lists() {
    return home.resolve(".cluster").resolve("controls");
  }

  /** What counted at the last takeover, with its epoch as the name of no run. */
  private Optional<Properties> newestList() throws IOException {
    if (!Files.isDirectory(lists())) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.list(lists())) {
      Optional<Path> newest =
          files
              .filter(file -> name(file).matches("\\d{9}\\.properties"))
              .max(Comparator.comparing(ClusterDirectory::name));
      if (newest.isEmpty()) {
        return Optional.empty();
      }
      Properties list = new Properties();
      list.load(new StringReader(Files.readString(newest.get())));
      list.setProperty(EPOCH, name(newest.get()).substring(0, EPOCH_DIGITS));
      return Optional.of(list);
    }
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static RunSpecification specification(Path folder) {
    Path file = folder.resolve("specification.pb");
    try {
      return RunSpecificationCodec.RUN_SPECIFICATION.fromMessage(
          RunSpecificationMessage.parseFrom(Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("reading [" + file + "]", e);
    }
  }

  private static List<Path> controls(Path folder) throws IOException {
    return named(folder.resolve("control"));
  }

  /** Files by epoch and number, the greatest first. */
  private static List<Path> named(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d{9}-\\d{9}\\.properties"))
          .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
          .toList();
    }
  }

  /** Names of earlier epochs count if they are on the list. */
  private static Optional<Path> newestControl(Path folder, Optional<Properties> list)
      throws IOException {
    String run = name(folder);
    return controls(folder).stream()
        .filter(
            file ->
                list.isEmpty()
                    || name(file).compareTo(list.get().getProperty(EPOCH)) >= 0
                    || name(file).equals(list.get().getProperty(run)))
        .findFirst();
  }

  private static Control control(Path file) throws IOException {
    Properties read = new Properties();
    read.load(new StringReader(Files.readString(file)));
    return new Control(
        Long.parseLong(read.getProperty("order", "0")),
        Control.Wanted.valueOf(read.getProperty("wanted", "RUN")),
        Control.Outcome.valueOf(read.getProperty("outcome", "NONE")),
        read.getProperty("words", ""));
  }

  /** Makes a run's directory from what was submitted; everything that it needs is durable then. */
  void create(Submission submission) {
    RunDirectory directory = directory(submission.name());
    try {
      directory.create();
      for (String hash : submission.specification().files().values()) {
        Path there = directory.files().resolve(hash);
        if (!Files.exists(there)) {
          Path brought = files(home).resolve(hash);
          if (!Files.exists(brought)) {
            throw new IllegalArgumentException(
                "run ["
                    + submission.name()
                    + "] needs the file with SHA-256 ["
                    + hash
                    + "], which was not brought");
          }
          link(brought, there);
        }
      }
      Durable.replace(directory.recipe(), submission.recipe());
      Durable.replace(
          directory.root().resolve("specification.pb"),
          RunSpecificationCodec.RUN_SPECIFICATION
              .toMessage(submission.specification())
              .toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException("making the directory of [" + submission.name() + "]", e);
    }
  }

  /** Weights to begin with may be large. */
  private static void link(Path file, Path there) throws IOException {
    try {
      Files.createLink(there, file);
    } catch (UnsupportedOperationException | FileSystemException _) {
      Files.copy(file, there, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Records what is wanted of {@code run}; false if another head's word counts by now. This looks
   * after the write: then every claim that will ever be made comes after it, and whoever makes one
   * reads what was written.
   */
  boolean write(String run, Control control) {
    // Who was overtaken fails its runs: that need not stand there, though it doesn't count.
    if (isOvertaken()) {
      return false;
    }
    record(run, control);
    if (isOvertaken()) {
      return false;
    }
    forgetOld(run);
    return true;
  }

  /** Only whoever counts may: of what an overtaken one would keep, nothing may count. */
  private void forgetOld(String run) {
    try {
      for (Path old : controls(home.resolve(run)).stream().skip(CONTROLS_KEPT).toList()) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("removing old controls of [" + run + "]", e);
    }
  }

  /** Writes it, whether it counts or not. */
  void record(String run, Control control) {
    Path folder = home.resolve(run);
    Properties out = new Properties();
    out.setProperty("order", Long.toString(control.order()));
    out.setProperty("wanted", control.wanted().name());
    out.setProperty("outcome", control.outcome().name());
    out.setProperty("words", control.words());
    StringWriter text = new StringWriter();
    try {
      out.store(text, null);
      Files.createDirectories(folder.resolve("control"));
      Durable.replace(folder.resolve("control").resolve(nextName()), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException("writing the control of [" + run + "]", e);
    }
  }

  /** Leaves a mark in the run's directory that only those who share it can find. */
  String leaveToken(String run) {
    String token = ".shared-" + UUID.randomUUID();
    Path root = directory(run).root();
    try {
      try (Stream<Path> old = Files.list(root)) {
        for (Path file :
            old.filter(f -> f.getFileName().toString().startsWith(".shared-")).toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.createFile(root.resolve(token));
    } catch (IOException e) {
      throw new UncheckedIOException("leaving [" + token + "] in [" + root + "]", e);
    }
    return token;
  }
}

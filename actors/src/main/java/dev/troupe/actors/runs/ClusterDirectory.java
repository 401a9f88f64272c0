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
import java.nio.file.Files;
import java.nio.file.Path;
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
 *     control/EPOCH-NUMBER.properties   what is wanted of it; the greatest name counts
 * </pre>
 *
 * Each head that takes over claims an epoch, and what it writes carries the epoch in its name: what
 * an earlier one still writes has a smaller name and doesn't count. Its methods block.
 */
final class ClusterDirectory {
  private static final int CONTROLS_KEPT = 3;

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

  /**
   * All runs of the cluster, by name. What is wanted of those that aren't over is written again
   * under this head's epoch: whatever an earlier head still writes of them doesn't count from here.
   */
  Map<String, Known> takeOver() {
    Map<String, Known> all = all();
    all.forEach(
        (run, known) -> {
          if (!known.control().isOver()) {
            record(run, known.control());
          }
        });
    return all;
  }

  private Map<String, Known> all() {
    Map<String, Known> all = new TreeMap<>();
    try (Stream<Path> folders = Files.list(home)) {
      for (Path folder : folders.toList()) {
        newestControl(folder)
            .ifPresent(
                control ->
                    all.put(
                        folder.getFileName().toString(),
                        new Known(specification(folder), control)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("listing [" + home + "]", e);
    }
    return all;
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
    Path controls = folder.resolve("control");
    if (!Files.isDirectory(controls)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(controls)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d{9}-\\d{9}\\.properties"))
          .sorted(Comparator.comparing((Path file) -> file.getFileName().toString()).reversed())
          .toList();
    }
  }

  private static Optional<Control> newestControl(Path folder) throws IOException {
    for (Path file : controls(folder)) {
      Properties read = new Properties();
      read.load(new StringReader(Files.readString(file)));
      return Optional.of(
          new Control(
              Long.parseLong(read.getProperty("order", "0")),
              Control.Wanted.valueOf(read.getProperty("wanted", "RUN")),
              Control.Outcome.valueOf(read.getProperty("outcome", "NONE")),
              read.getProperty("words", "")));
    }
    return Optional.empty();
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
          Files.copy(brought, there);
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
    return !isOvertaken();
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
      Durable.replace(
          folder.resolve("control").resolve("%09d-%09d.properties".formatted(epoch, ++written)),
          text.toString());
      for (Path old : controls(folder).stream().skip(CONTROLS_KEPT).toList()) {
        Files.deleteIfExists(old);
      }
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

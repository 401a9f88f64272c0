package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.journal.Durable;
import dev.troupe.actors.journal.Epochs;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.protocol.codec.MalformedMessageException;
import dev.troupe.protocol.codec.RunSpecificationCodec;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 *
 * <p>A damaged file ends no takeover: it is logged, and what was before counts, or the run that it
 * is about ends as failed or is left out.
 */
final class ClusterDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterDirectory.class);
  private static final int CONTROLS_KEPT = 3;
  private static final String NAMES = "\\d{9}-\\d{9}\\.properties";
  private static final int EPOCH_DIGITS = 9;
  private static final String NOW = "now";
  private static final String LATER = "later";

  /** Of a run of which nobody knows what is wanted: it goes on once somebody says so. */
  private static final Control DAMAGED =
      new Control(
          0,
          Control.Wanted.RUN,
          Control.Outcome.FAILED,
          "what was wanted of it is damaged in the cluster's directory; to go on with it: ./troupe"
              + " submit RECIPE --resume");

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
      Counting before = newestList();
      try (Stream<Path> folders = Files.list(home)) {
        for (Path folder : folders.toList()) {
          takeOver(folder, before, counting, all);
        }
      }
      OrderFiles.write(lists().resolve("%09d.properties".formatted(epoch)), counting);
    } catch (IOException e) {
      throw new UncheckedIOException("listing the runs of [" + home + "]", e);
    }
    return all;
  }

  private void takeOver(Path folder, Counting before, Properties counting, Map<String, Known> all)
      throws IOException {
    String run = OrderFiles.name(folder);
    Optional<Path> newest = before.newest(run, controls(folder));
    if (newest.isEmpty()) {
      return;
    }
    counting.setProperty(run, OrderFiles.name(newest.get()));
    Optional<RunSpecification> specification = specification(folder);
    if (specification.isPresent()) {
      Control control = control(newest.get());
      if (control.equals(DAMAGED)) {
        String name = nextName();
        record(run, control, name);
        counting.setProperty(run, name);
      }
      all.put(run, new Known(specification.get(), control));
    }
  }

  /**
   * Which nodes are to leave, by their lives. They are written again under this head's epoch, so
   * that what an earlier one still writes is not the greatest name.
   */
  Map<String, DrainOrder> takeOverDrains() {
    Map<String, DrainOrder> orders = new TreeMap<>();
    try {
      List<Path> files = drains();
      for (Path file : files) {
        Optional<Properties> read = OrderFiles.read(file);
        if (read.isPresent()) {
          read.get().forEach((life, order) -> add(orders, (String) life, (String) order));
          break;
        }
        LOG.warn("[{}] is damaged: which nodes are to leave is taken from what was before", file);
      }
      if (!files.isEmpty()) {
        record(orders);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading which nodes of [" + home + "] are to leave", e);
    }
    return orders;
  }

  private static void add(Map<String, DrainOrder> orders, String life, String order) {
    int space = order.indexOf(' ');
    orders.put(life, new DrainOrder(order.substring(space + 1), order.startsWith(NOW + " ")));
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
    OrderFiles.write(drainsFolder().resolve(nextName()), out);
  }

  private Path drainsFolder() {
    return home.resolve(".cluster").resolve("drains");
  }

  private List<Path> drains() throws IOException {
    return OrderFiles.named(drainsFolder(), NAMES);
  }

  private String nextName() {
    return "%09d-%09d.properties".formatted(epoch, ++written);
  }

  private Path lists() {
    return home.resolve(".cluster").resolve("controls");
  }

  /**
   * What counted at the last takeover.
   *
   * @param epoch of that takeover; what was written since counts, too
   * @param names of each run's control that counted
   */
  private record Counting(String epoch, Properties names) {

    /** The control that counts of those of {@code run}, which has the greatest name first. */
    Optional<Path> newest(String run, List<Path> controls) {
      String listed = names.getProperty(run, "");
      Optional<Path> found =
          controls.stream()
              .filter(
                  file ->
                      OrderFiles.name(file).compareTo(epoch) >= 0
                          || OrderFiles.name(file).equals(listed))
              .findFirst();
      if (found.isPresent() || listed.isEmpty() || controls.isEmpty()) {
        return found;
      }
      LOG.warn(
          "run [{}] has no [{}], as after a restore: [{}] counts",
          run,
          listed,
          OrderFiles.name(controls.getFirst()));
      return Optional.of(controls.getFirst());
    }
  }

  private Counting newestList() throws IOException {
    for (Path file : OrderFiles.named(lists(), "\\d{9}\\.properties")) {
      Optional<Properties> read = OrderFiles.read(file);
      if (read.isPresent()) {
        return new Counting(OrderFiles.name(file).substring(0, EPOCH_DIGITS), read.get());
      }
      LOG.warn("[{}] is damaged: which words of earlier heads count is taken from before", file);
    }
    return new Counting("", new Properties());
  }

  private static Optional<RunSpecification> specification(Path folder) throws IOException {
    Path file = folder.resolve("specification.pb");
    try {
      return Optional.of(RunSpecificationCodec.RUN_SPECIFICATION.decode(Files.readAllBytes(file)));
    } catch (NoSuchFileException | MalformedMessageException e) {
      LOG.warn(
          "run [{}] is left out, for [{}] is damaged ({}): copy it from a backup, and start this"
              + " head again",
          OrderFiles.name(folder),
          file,
          e.toString());
      return Optional.empty();
    }
  }

  private static List<Path> controls(Path folder) throws IOException {
    return OrderFiles.named(folder.resolve("control"), NAMES);
  }

  private static Control control(Path file) throws IOException {
    Optional<Control> read = OrderFiles.read(file).flatMap(ClusterDirectory::control);
    if (read.isEmpty()) {
      LOG.warn("[{}] is damaged: its run ends as failed", file);
    }
    return read.orElse(DAMAGED);
  }

  private static Optional<Control> control(Properties read) {
    try {
      return Optional.of(
          new Control(
              Long.parseLong(read.getProperty("order", "0")),
              Control.Wanted.valueOf(read.getProperty("wanted", "RUN")),
              Control.Outcome.valueOf(read.getProperty("outcome", "NONE")),
              read.getProperty("words", "")));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Makes a run's directory from what was submitted; everything that it needs is durable then. */
  void create(Submission submission) {
    RunDirectory directory = directory(submission.name());
    if (!submission.resume() && directory.holdsRun()) {
      throw new IllegalArgumentException(
          "["
              + directory.root()
              + "] holds a run that the cluster doesn't list, which its head's log may explain:"
              + " choose another name, or move it away");
    }
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
    record(run, control, nextName());
  }

  private void record(String run, Control control, String name) {
    Properties out = new Properties();
    out.setProperty("order", Long.toString(control.order()));
    out.setProperty("wanted", control.wanted().name());
    out.setProperty("outcome", control.outcome().name());
    out.setProperty("words", control.words());
    try {
      OrderFiles.write(home.resolve(run).resolve("control").resolve(name), out);
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

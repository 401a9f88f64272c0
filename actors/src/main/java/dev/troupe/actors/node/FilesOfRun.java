package dev.troupe.actors.node;

import dev.troupe.actors.FirstCause;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.protocol.run.RunSpecification;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The files that a run's recipe names and this node needs, brought before anything begins that
 * needs them; the hands of {@link RunOnNode}, on its thread. What didn't come is asked for again
 * after a pause that grows, and as long as something is missing the run's monitor is told who waits
 * for it.
 */
final class FilesOfRun {
  private static final int PAUSE_TICKS = 4;
  private static final int PAUSE_TICKS_MAX = 120;
  private static final int TICKS_TO_TELL = 4;

  /** A file that isn't here. */
  private static final class Missing {
    private boolean underWay;
    private int pause = PAUSE_TICKS;
    private int ticksLeft;
    private String trouble = "";
  }

  private final ActorContext<NodeActor.Command> context;
  private final NodeSurroundings with;
  private final String run;
  private final RunPeers peers;
  private final Map<String, Missing> missing = new TreeMap<>();

  /** Actors that can't begin, and the files that they wait for. */
  private final Map<String, Set<String>> waiting = new TreeMap<>();

  private int ticks;

  FilesOfRun(
      ActorContext<NodeActor.Command> context, NodeSurroundings with, String run, RunPeers peers) {
    this.context = context;
    this.with = with;
    this.run = run;
    this.peers = peers;
  }

  /** What is wanted is gone through anew. */
  void begin() {
    waiting.clear();
  }

  /**
   * Whether everything is here that {@code role} needs; what isn't is asked for.
   *
   * @param actor that waits for it
   */
  boolean areHere(RunSpecification specification, Role role, String actor) {
    if (with.files().isEmpty()) {
      return true;
    }
    NodeSurroundings.Files files = with.files().get();
    Set<String> absent = new TreeSet<>(with.workshop().files(run, specification, role));
    absent.removeIf(files.shelf()::has);
    if (absent.isEmpty()) {
      return true;
    }
    waiting.put(actor, absent);
    absent.forEach(hash -> ask(files, hash, missing.computeIfAbsent(hash, _ -> new Missing())));
    return false;
  }

  private void ask(NodeSurroundings.Files files, String hash, Missing file) {
    if (file.underWay || file.ticksLeft > 0) {
      return;
    }
    file.underWay = true;
    context.pipeToSelf(
        files.shelf().fetch(run, hash, files.sources().get()),
        (_, failure) ->
            new NodeActor.FileCame(
                run,
                hash,
                failure == null ? Optional.empty() : Optional.of(FirstCause.words(failure))));
  }

  /** A file came, or didn't. */
  void came(String hash, Optional<String> trouble) {
    Missing file = missing.get(hash);
    if (file == null) {
      return;
    }
    if (trouble.isEmpty()) {
      missing.remove(hash);
      return;
    }
    file.underWay = false;
    file.ticksLeft = file.pause;
    file.pause = Math.min(PAUSE_TICKS_MAX, 2 * file.pause);
    file.trouble = trouble.get();
    context
        .getLog()
        .atWarn()
        .addKeyValue("run", run)
        .log("run [{}] waits on [{}]: {}", run, with.name(), file.trouble);
  }

  /** Time passes; whether something may be asked for again. */
  boolean tick() {
    boolean due = false;
    for (Missing file : missing.values()) {
      due |= file.ticksLeft > 0 && --file.ticksLeft == 0;
    }
    if (++ticks % TICKS_TO_TELL == 0) {
      waiting.forEach(
          (actor, hashes) -> peers.monitor().tell(new MonitorActor.Seen(actor, 0, words(hashes))));
    }
    return due;
  }

  private String words(Set<String> hashes) {
    for (String hash : hashes) {
      Missing file = missing.get(hash);
      if (file != null && !file.trouble.isEmpty()) {
        return file.trouble;
      }
    }
    return "files from other nodes: " + hashes;
  }

  /** The run needs nothing here any more. */
  void close() {
    with.files().ifPresent(files -> files.shelf().letGo(run));
  }
}

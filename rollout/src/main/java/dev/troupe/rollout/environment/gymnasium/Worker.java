package dev.troupe.rollout.environment.gymnasium;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import dev.troupe.protocol.proto.GymnasiumFailure;
import dev.troupe.protocol.proto.GymnasiumOpen;
import dev.troupe.protocol.proto.GymnasiumReply;
import dev.troupe.protocol.proto.GymnasiumRequest;
import dev.troupe.protocol.proto.GymnasiumReset;
import dev.troupe.protocol.proto.GymnasiumStep;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.EnvironmentFailure.Kind;
import dev.troupe.rollout.environment.EnvironmentTroubleException;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lanes that one Python program plays, and the memory that both see. The program is started when a
 * lane is reset and none is there: at first, and after it was lost.
 */
final class Worker implements AutoCloseable {
  private static final int TERMINATED = 1;
  private static final int TRUNCATED = 2;
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");

  private enum Standing {
    /** No episode. */
    IDLE,
    /** Between two steps. */
    PLAYING,
    /** Its action is written down. */
    PREPARED,
    /** Its step was asked for. */
    ASKED,
    /** Its step is in memory. */
    STEPPED,
    /** Its step failed. */
    FAILED,
    /** Its episode ended with the program. */
    LOST
  }

  private final Blueprint blueprint;
  private final int lanes;
  private final Standing[] standing;
  private final @Nullable EnvironmentTroubleException[] failures;
  private final boolean choices;
  private final int actionSize;
  private final int observationSize;
  private @Nullable WorkerProcess process;
  private MemorySegment rewards = MemorySegment.NULL;
  private MemorySegment actions = MemorySegment.NULL;
  private MemorySegment observations = MemorySegment.NULL;
  private MemorySegment flags = MemorySegment.NULL;

  Worker(Blueprint blueprint, int lanes) {
    this.blueprint = blueprint;
    this.lanes = lanes;
    standing = new Standing[lanes];
    Arrays.fill(standing, Standing.IDLE);
    failures = new EnvironmentTroubleException[lanes];
    Space space = blueprint.spaces().actions();
    choices = !(space instanceof Space.Box);
    actionSize = space.size();
    observationSize = blueprint.spaces().observations().size();
  }

  boolean isLost(int lane) {
    return standing[lane] == Standing.LOST;
  }

  boolean isPrepared(int lane) {
    return standing[lane] != Standing.PLAYING;
  }

  void prepare(int lane, Action action) {
    if (standing[lane] != Standing.PLAYING) {
      return;
    }
    for (int i = 0; i < actionSize; i++) {
      actions.setAtIndex(
          JAVA_DOUBLE, (long) lane * actionSize + i, choices ? action.choice(i) : action.value(i));
    }
    standing[lane] = Standing.PREPARED;
  }

  /** Asks for all steps that are prepared; what goes wrong is found with the results. */
  void ask() {
    var step = GymnasiumStep.newBuilder();
    for (int lane = 0; lane < lanes; lane++) {
      if (standing[lane] == Standing.PREPARED) {
        step.addLanes(lane);
        standing[lane] = Standing.ASKED;
      }
    }
    if (step.getLanesCount() > 0 && process != null) {
      try {
        process.send(GymnasiumRequest.newBuilder().setStep(step).build(), blueprint.limit());
      } catch (WorkerLostException lost) {
        lose(lost);
      }
    }
  }

  double step(int lane, Transition next) {
    if (standing[lane] == Standing.ASKED) {
      await();
    }
    Standing now = standing[lane];
    if (now == Standing.LOST) {
      throw Crew.lostEpisode();
    }
    EnvironmentTroubleException failure = failures[lane];
    if (now == Standing.FAILED && failure != null) {
      throw failure;
    }
    if (now != Standing.STEPPED) {
      throw new IllegalStateException("lane [" + lane + "] has no episode: reset it first");
    }
    standing[lane] = Standing.PLAYING;
    observe(lane, next);
    byte flag = flags.get(JAVA_BYTE, lane);
    if ((flag & TERMINATED) != 0) {
      next.terminate();
    }
    if ((flag & TRUNCATED) != 0) {
      next.truncate();
    }
    return rewards.getAtIndex(JAVA_DOUBLE, lane);
  }

  /** Waits for the steps that were asked for. */
  private void await() {
    if (process == null) {
      return;
    }
    try {
      GymnasiumReply reply = process.receive(GymnasiumReply.parser(), blueprint.limit());
      for (int lane = 0; lane < lanes; lane++) {
        if (standing[lane] == Standing.ASKED) {
          standing[lane] = Standing.STEPPED;
        }
      }
      for (GymnasiumFailure failure : reply.getFailuresList()) {
        standing[failure.getLane()] = Standing.FAILED;
        failures[failure.getLane()] = trouble(failure);
      }
    } catch (WorkerLostException lost) {
      lose(lost);
    }
  }

  private static EnvironmentTroubleException trouble(GymnasiumFailure failure) {
    return new EnvironmentTroubleException(
        failure.getWrongShape() ? Kind.WRONG_SHAPE : Kind.THREW, failure.getText());
  }

  /** All episodes end with the program; those that waited for it hear why. */
  private void lose(WorkerLostException lost) {
    process = null;
    int episodes = 0;
    for (Standing each : standing) {
      episodes += each == Standing.IDLE || each == Standing.LOST ? 0 : 1;
    }
    var trouble =
        new EnvironmentTroubleException(
            lost.kind(), lost.getMessage() + "\nEpisodes lost with it: [" + episodes + "]");
    boolean told = false;
    for (int lane = 0; lane < lanes; lane++) {
      if (standing[lane] == Standing.ASKED && !told) {
        standing[lane] = Standing.FAILED;
        failures[lane] = trouble;
        told = true;
      } else if (standing[lane] != Standing.IDLE) {
        standing[lane] = Standing.LOST;
      }
    }
  }

  void reset(int lane, long seed, boolean fresh, Transition first) {
    try {
      for (Standing each : standing) {
        if (each == Standing.ASKED) {
          await();
          break;
        }
      }
      WorkerProcess here = process == null ? start() : process;
      var reset = GymnasiumReset.newBuilder().setLane(lane).setSeed(seed).setFresh(fresh);
      GymnasiumReply reply =
          here.ask(
              GymnasiumRequest.newBuilder().setReset(reset).build(),
              GymnasiumReply.parser(),
              blueprint.limit());
      if (reply.getFailuresCount() > 0) {
        standing[lane] = Standing.IDLE;
        throw trouble(reply.getFailures(0));
      }
    } catch (WorkerLostException lost) {
      standing[lane] = Standing.IDLE;
      lose(lost);
      throw Crew.trouble(lost);
    }
    standing[lane] = Standing.PLAYING;
    observe(lane, first);
  }

  private WorkerProcess start() throws WorkerLostException {
    WorkerProcess started = blueprint.start();
    Path file = null;
    try {
      file =
          Files.isWritable(SHARED_MEMORY)
              ? Files.createTempFile(SHARED_MEMORY, "troupe-gym", "")
              : Files.createTempFile("troupe-gym", "");
      map(file);
      var open = GymnasiumOpen.newBuilder().setMemory(file.toString()).setLanes(lanes);
      GymnasiumReply reply =
          started.ask(
              GymnasiumRequest.newBuilder().setOpen(open).build(),
              GymnasiumReply.parser(),
              WorkerProcess.START_MAX);
      if (reply.getFailuresCount() > 0) {
        started.close();
        throw new WorkerLostException(Kind.THREW, reply.getFailures(0).getText());
      }
      process = started;
      return started;
    } catch (IOException e) {
      started.close();
      throw new WorkerLostException(Kind.THREW, "there is no shared memory: " + e);
    } finally {
      if (file != null) {
        file.toFile().delete();
      }
    }
  }

  private void map(Path file) throws IOException {
    long[] sizes = {
      (long) Double.BYTES * lanes,
      (long) Double.BYTES * lanes * actionSize,
      (long) Float.BYTES * lanes * observationSize,
      lanes
    };
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment all =
          channel.map(
              FileChannel.MapMode.READ_WRITE, 0, Arrays.stream(sizes).sum(), Arena.ofAuto());
      rewards = all.asSlice(0, sizes[0]);
      actions = all.asSlice(sizes[0], sizes[1]);
      observations = all.asSlice(sizes[0] + sizes[1], sizes[2]);
      flags = all.asSlice(sizes[0] + sizes[1] + sizes[2], sizes[3]);
    }
  }

  private void observe(int lane, Transition to) {
    long at = (long) lane * observationSize;
    for (int i = 0; i < observationSize; i++) {
      to.observe(i, observations.getAtIndex(JAVA_FLOAT, at + i));
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
      process = null;
    }
    Arrays.fill(standing, Standing.IDLE);
  }
}

package dev.troupe.actors.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.random.Pcg64;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Episodes of environments in a run that was stopped and goes on. */
@Timeout(240)
class ResumedEpisodesTest {
  @TempDir Path folder;

  private static RunSpecification run(Class<?> environment, long updates) {
    return ControlRunTest.run(environment.getName(), 0, 1, updates, OptionalDouble.empty());
  }

  /** Stops after a few updates, then goes on for a few more. */
  private RunSummary stoppedAndResumed(Class<?> environment, RunDirectory directory)
      throws Exception {
    TroupeOptions options = TestRuns.options(_ -> {});
    RunHandle handle = Troupe.start(run(environment, 10_000), directory, options);
    await().atMost(Duration.ofSeconds(60)).until(() -> handle.status().updates() >= 4);
    handle.drain();
    long updates = TestRuns.end(handle).updates() + 4;
    return TestRuns.end(Troupe.start(run(environment, updates), directory, options.resuming()));
  }

  @Test
  void theRunEndsAsIfItHadNotBeenStopped() throws Exception {
    RunDirectory stopped = new RunDirectory(folder.resolve("stopped"));
    RunDirectory undisturbed = new RunDirectory(folder.resolve("undisturbed"));

    RunSummary resumed = stoppedAndResumed(Walk.class, stopped);
    RunSummary whole =
        TestRuns.end(
            Troupe.start(
                run(Walk.class, resumed.updates()), undisturbed, TestRuns.options(_ -> {})));

    assertThat(Walk.RESTORED.get()).isEqualTo(8);
    int both = (int) (2 * resumed.updates());
    assertThat(bodies(stopped).subList(0, both)).isEqualTo(bodies(undisturbed).subList(0, both));
    assertThat(ControlRunTest.weights(stopped, resumed))
        .isEqualTo(ControlRunTest.weights(undisturbed, whole));
  }

  @Test
  void environmentsWithoutStateBeginNewEpisodes() throws Exception {
    RunDirectory directory = new RunDirectory(folder);

    RunSummary resumed = stoppedAndResumed(Stateless.class, directory);

    assertThat(resumed.ledger().consumed()).isEqualTo(2 * resumed.updates());
    assertThat(bodies(directory)).allSatisfy(one -> assertThat(one.after()).isEmpty());
  }

  private static List<EnvironmentFragment> bodies(RunDirectory run) throws Exception {
    return ControlRunTest.recorded(run).stream()
        .map(Trajectory::body)
        .map(EnvironmentFragment.class::cast)
        .toList();
  }

  /** A walk in the wind of three hundred steps: longer than any fragment. */
  static class Walk implements Environment {
    static final AtomicInteger RESTORED = new AtomicInteger();
    private double place;
    private int step;

    record Stood(double place, int step) {}

    @Override
    public Space observationSpace() {
      return Space.box(-1000, 1000, 1);
    }

    @Override
    public Space actionSpace() {
      return Space.discrete(2);
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      step = 0;
      place = random.random();
      first.observe(0, place);
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      place += action.choice() - random.random();
      next.observe(0, place);
      if (++step == 300) {
        next.terminate();
      }
      return place > 0 ? 1 : 0;
    }

    @Override
    public Object state() {
      return new Stood(place, step);
    }

    @Override
    public void restore(Object state) {
      var stood = (Stood) state;
      place = stood.place();
      step = stood.step();
      RESTORED.incrementAndGet();
    }

    @Override
    public List<Class<?>> stateTypes() {
      return List.of(Stood.class);
    }
  }

  /** Has no state to give. */
  static final class Stateless extends Walk {
    @Override
    public Object state() {
      throw new UnsupportedOperationException("the simulator keeps it");
    }
  }
}

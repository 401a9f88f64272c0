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
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Episodes of environments in a run that was stopped and goes on. */
@Timeout(240)
class ResumedEpisodesTest {
  private final List<RunEvent> events = new CopyOnWriteArrayList<>();

  @TempDir Path folder;

  private static RunSpecification run(Class<?> environment, int samplers, long updates) {
    return ControlRunTest.run(environment.getName(), 0, samplers, updates, OptionalDouble.empty());
  }

  /** Stops after a few updates, then goes on for a few more. */
  private RunSummary stoppedAndResumed(Class<?> environment, int samplers, RunDirectory directory)
      throws Exception {
    TroupeOptions options = TestRuns.options(events::add);
    RunHandle handle = Troupe.start(run(environment, samplers, 10_000), directory, options);
    await().atMost(Duration.ofSeconds(60)).until(() -> handle.status().updates() >= 4);
    handle.drain();
    long updates = TestRuns.end(handle).updates() + 4;
    return TestRuns.end(
        Troupe.start(run(environment, samplers, updates), directory, options.resuming()));
  }

  private static RunSummary undisturbed(int samplers, long updates, RunDirectory directory)
      throws Exception {
    return TestRuns.end(
        Troupe.start(run(Walk.class, samplers, updates), directory, TestRuns.options(_ -> {})));
  }

  @Test
  void theRunEndsAsIfItHadNotBeenStoppedWithSeveralSamplers() throws Exception {
    RunDirectory stopped = new RunDirectory(folder.resolve("stopped"));
    RunDirectory undisturbed = new RunDirectory(folder.resolve("undisturbed"));

    RunSummary resumed = stoppedAndResumed(Walk.class, 2, stopped);
    RunSummary whole = undisturbed(1, resumed.updates(), undisturbed);

    assertSame(stopped, resumed, undisturbed, whole);
    // Two places of eight environments each.
    assertThat(events).contains(new RunEvent.EpisodesResumed(16, 16));
  }

  @Test
  void atLagZeroItDoesNotMatterHowManySamplersThereAre() throws Exception {
    RunDirectory alone = new RunDirectory(folder.resolve("alone"));
    RunDirectory shared = new RunDirectory(folder.resolve("shared"));

    RunSummary one = undisturbed(1, 8, alone);
    RunSummary three = undisturbed(3, 8, shared);

    assertSame(alone, one, shared, three);
    // Episodes of three hundred steps: nobody begins anew with each fragment of thirty-two.
    assertThat(bodies(alone, 16)).filteredOn(it -> it.episodeReturns().elements() > 0).isEmpty();
  }

  private static void assertSame(
      RunDirectory one, RunSummary ofOne, RunDirectory other, RunSummary ofOther) throws Exception {
    assertThat(ofOther.updates()).isEqualTo(ofOne.updates());
    int batched = (int) (2 * ofOne.updates());
    assertThat(bodies(one, batched)).isEqualTo(bodies(other, batched));
    assertThat(ControlRunTest.weights(one, ofOne))
        .isEqualTo(ControlRunTest.weights(other, ofOther));
  }

  @Test
  void environmentsWithoutStateBeginNewEpisodes() throws Exception {
    RunDirectory directory = new RunDirectory(folder);

    RunSummary resumed = stoppedAndResumed(Stateless.class, 1, directory);

    assertThat(resumed.ledger().consumed()).isEqualTo(2 * resumed.updates());
    assertThat(bodies(directory, Integer.MAX_VALUE))
        .allSatisfy(one -> assertThat(one.after()).isEmpty());
  }

  /** The first {@code most} fragments by their numbers. */
  private static List<EnvironmentFragment> bodies(RunDirectory run, int most) throws Exception {
    return ControlRunTest.recorded(run).stream()
        .sorted(Comparator.comparingLong(one -> one.id().group()))
        .limit(most)
        .map(Trajectory::body)
        .map(EnvironmentFragment.class::cast)
        .toList();
  }

  /** A walk in the wind of three hundred steps: longer than any fragment. */
  static class Walk implements Environment {
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

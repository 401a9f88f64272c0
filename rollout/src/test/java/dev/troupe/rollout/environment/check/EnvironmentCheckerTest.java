package dev.troupe.rollout.environment.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.EnvironmentKind;
import dev.troupe.rollout.environment.EnvironmentSource;
import dev.troupe.rollout.environment.Environments;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import dev.troupe.rollout.environment.check.EnvironmentChecker.Settings;
import dev.troupe.rollout.environment.check.Finding.Verdict;
import dev.troupe.rollout.random.Pcg64;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A good environment passes, and each deliberate mistake is found as what it is. */
class EnvironmentCheckerTest {
  private static final Settings SHORT = new Settings(0, 300, Duration.ofSeconds(30));

  static Stream<String> ids() {
    return Environments.standard().kinds().stream()
        .filter(kind -> !kind.about().endsWith("(MuJoCo)"))
        .map(EnvironmentKind::id);
  }

  @ParameterizedTest
  @MethodSource("ids")
  void everyEnvironmentOfTroupePasses(String id) throws InterruptedException {
    CheckReport report = check(Environments.standard().find(id, Map.of()), SHORT);
    assertThat(report.findings()).extracting(Finding::verdict).doesNotContain(Verdict.BAD);
    assertThat(report.findings()).extracting(Finding::verdict).doesNotContain(Verdict.SKIPPED);
    assertThat(report.isGood()).isTrue();
  }

  @Test
  void aGoodEnvironmentIsGoodInEverything() throws InterruptedException {
    CheckReport report = check(Walk::new);
    assertThat(report.findings()).extracting(Finding::verdict).containsOnly(Verdict.GOOD);
    assertThat(report.observations()).isEqualTo("box of [2] [place, wind]");
    assertThat(report.actions()).isEqualTo("2 choices [left, right]");
  }

  @Test
  void findsAnObservationOutsideTheSpace() throws InterruptedException {
    assertFound(
        Rule.INSIDE,
        "number [0] (place)",
        () ->
            new Walk() {
              @Override
              void observe(Transition to) {
                to.observe(0, place * 1.5);
                to.observe(1, wind);
              }
            });
  }

  @Test
  void findsAnObservationOfTheWrongShape() throws InterruptedException {
    assertFound(
        Rule.SHAPE,
        "must have [2] numbers, got [3]",
        () ->
            new Walk() {
              @Override
              void observe(Transition to) {
                to.observe(new float[3]);
              }
            });
  }

  @Test
  void findsNumbersThatAreNotWritten() throws InterruptedException {
    assertFound(
        Rule.FINITE,
        "number [1]",
        () ->
            new Walk() {
              @Override
              void observe(Transition to) {
                to.observe(0, place);
              }
            });
  }

  @Test
  void findsRewardsThatAreNotFinite() throws InterruptedException {
    assertFound(
        Rule.REWARD,
        "reward [-Infinity]",
        () ->
            new Walk() {
              @Override
              double reward() {
                return Math.log(Math.max(0, place));
              }
            });
  }

  @Test
  void findsThrowing() throws InterruptedException {
    assertFound(
        Rule.THROWS,
        "IllegalStateException: fell",
        () ->
            new Walk() {
              @Override
              double reward() {
                if (place == 2) {
                  throw new IllegalStateException("fell");
                }
                return 0;
              }
            });
  }

  @Test
  void findsAResetThatEndsTheEpisode() throws InterruptedException {
    assertFound(
        Rule.RESET,
        "the reset said",
        () ->
            new Walk() {
              @Override
              public void reset(Pcg64 random, Transition first) {
                super.reset(random, first);
                first.terminate();
              }
            });
  }

  @Test
  void findsAnActionThatIsNotTaken() throws InterruptedException {
    assertFound(
        Rule.ACTIONS,
        "action [-2.0] threw",
        () ->
            new Walk() {
              @Override
              public Space actionSpace() {
                return Space.box(-1, 1, 1);
              }

              @Override
              int direction(Action action) {
                float force = action.value(0);
                if (force < -1 || force > 1) {
                  throw new IllegalArgumentException("force [" + force + "]");
                }
                return force < 0 ? -1 : 1;
              }
            });
  }

  @Test
  void findsRandomnessOfAnotherSource() throws InterruptedException {
    AtomicInteger made = new AtomicInteger();
    assertFound(
        Rule.DETERMINISTIC,
        "and then",
        () ->
            new Walk() {
              private final Pcg64 own = new Pcg64(made.getAndIncrement());

              @Override
              double gust(Pcg64 random) {
                return own.random();
              }
            });
  }

  @Test
  void findsInstancesThatShareState() throws InterruptedException {
    double[] shared = new double[1];
    assertFound(
        Rule.ISOLATED,
        "another instance was played between",
        () ->
            new Walk() {
              @Override
              public void reset(Pcg64 random, Transition first) {
                shared[0] = 0;
                super.reset(random, first);
              }

              @Override
              double reward() {
                shared[0] += place;
                return shared[0];
              }
            });
  }

  @Test
  void findsAResetThatForgetsAField() throws InterruptedException {
    assertFound(
        Rule.FORGETS,
        "and then",
        () ->
            new Walk() {
              private int total;

              @Override
              double reward() {
                total++;
                return total;
              }
            });
  }

  @Test
  void findsATransitionThatIsKept() throws InterruptedException {
    assertFound(
        Rule.OWN_MEMORY,
        "changed after that step",
        () ->
            new Walk() {
              private Transition kept = Transition.of(Space.box(0, 1, 2));

              @Override
              void observe(Transition to) {
                kept.observe(0, place);
                super.observe(to);
                kept = to;
              }
            });
  }

  @Test
  void findsAStateWithoutItsTypes() throws InterruptedException {
    record Mine(int place) {}
    assertFound(
        Rule.STATE_ENCODED,
        "Mine",
        () ->
            new Walk() {
              @Override
              public Object state() {
                return new Mine(place);
              }
            });
  }

  @Test
  void findsAStateThatIsNotACopy() throws InterruptedException {
    assertFound(
        Rule.STATE_CONSTANT,
        "it changed",
        () ->
            new Walk() {
              private final double[] memory = new double[3];

              @Override
              void observe(Transition to) {
                memory[0] = place;
                memory[1] = wind;
                memory[2] = steps;
                super.observe(to);
              }

              @Override
              public Object state() {
                return memory;
              }
            });
  }

  @Test
  void findsAStateThatIsNotEverything() throws InterruptedException {
    assertFound(
        Rule.STATE_COMPLETE,
        "and then",
        () ->
            new Walk() {
              @Override
              public Object state() {
                return new double[] {place, 0, steps};
              }
            });
  }

  @Test
  void notesEpisodesThatDoNotEnd() throws InterruptedException {
    CheckReport report =
        check(
            () ->
                new Walk() {
                  @Override
                  boolean over() {
                    return false;
                  }
                });
    assertThat(report.finding(Rule.ENDS).verdict()).isEqualTo(Verdict.NOTE);
    assertThat(report.isGood()).isTrue();
  }

  @Test
  void notesAnEndThatIsNotOne() throws InterruptedException {
    CheckReport report =
        check(
            () ->
                new Walk() {
                  @Override
                  boolean over() {
                    return steps == 20;
                  }
                });
    assertThat(report.finding(Rule.AFTER_END).verdict()).isEqualTo(Verdict.NOTE);
  }

  @Test
  void notesAllocation() throws InterruptedException {
    CheckReport report =
        check(
            () ->
                new Walk() {
                  @Override
                  void observe(Transition to) {
                    to.observe(new float[] {place, (float) wind});
                  }

                  @Override
                  double reward() {
                    return new double[1_000][2].length;
                  }
                });
    assertThat(report.finding(Rule.ALLOCATES).verdict()).isEqualTo(Verdict.NOTE);
  }

  @Test
  void findsSpacesThatChange() throws InterruptedException {
    AtomicInteger asked = new AtomicInteger(2);
    assertFound(
        Rule.SPACES,
        "differ",
        () ->
            new Walk() {
              @Override
              public Space actionSpace() {
                return Space.discrete(asked.getAndIncrement());
              }
            });
  }

  @Test
  void findsWhatCanNotBeMade() throws InterruptedException {
    assertFound(
        Rule.CREATED,
        "no licence",
        () -> {
          throw new IllegalStateException("no licence");
        });
  }

  @Test
  void findsACallThatDoesNotComeBack() throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    CheckReport report =
        check(
            EnvironmentSource.of(
                "mine",
                0,
                () ->
                    new Walk() {
                      @Override
                      double reward() {
                        if (place == 2) {
                          hang(never);
                        }
                        return 0;
                      }
                    }),
            new Settings(0, 300, Duration.ofMillis(300)));
    assertThat(report.finding(Rule.RETURNS).verdict()).isEqualTo(Verdict.BAD);
    assertThat(report.finding(Rule.RETURNS).found()).contains("PT0.3S");
  }

  private static void hang(CountDownLatch never) {
    try {
      never.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void assertFound(Rule rule, String what, Supplier<Environment> make)
      throws InterruptedException {
    CheckReport report = check(make);
    assertThat(report.finding(rule).verdict())
        .as("%s of %s", rule, report.findings())
        .isEqualTo(Verdict.BAD);
    assertThat(report.finding(rule).found()).contains(what);
    assertThat(report.isGood()).isFalse();
    long bad =
        report.findings().stream().filter(finding -> finding.verdict() == Verdict.BAD).count();
    assertThat(bad).as("nothing else is blamed: %s", report.findings()).isEqualTo(1);
  }

  private static CheckReport check(Supplier<Environment> make) throws InterruptedException {
    return check(EnvironmentSource.of("mine", 0, make), SHORT);
  }

  private static CheckReport check(EnvironmentSource source, Settings settings)
      throws InterruptedException {
    return new EnvironmentChecker(Thread.ofPlatform().daemon().factory()).check(source, settings);
  }

  /** A walk with wind, in which nothing is wrong; each test breaks a part of it. */
  private static class Walk implements Environment {
    private static final Space OBSERVATIONS =
        Space.box(new float[] {-5, 0}, new float[] {5, 1}, "place", "wind");
    private static final Space ACTIONS = Space.discrete("left", "right");

    int place;
    double wind;
    int steps;

    @Override
    public Space observationSpace() {
      return OBSERVATIONS;
    }

    @Override
    public Space actionSpace() {
      return ACTIONS;
    }

    @Override
    public void reset(Pcg64 random, Transition first) {
      place = 0;
      steps = 0;
      wind = 0;
      wind = gust(random);
      observe(first);
    }

    @Override
    public double step(Action action, Pcg64 random, Transition next) {
      steps++;
      place = Math.clamp(place + direction(action), -5, 5);
      wind = gust(random);
      observe(next);
      if (over()) {
        next.terminate();
      }
      return reward() + wind;
    }

    int direction(Action action) {
      return action.choice() == 0 ? -1 : 1;
    }

    double gust(Pcg64 random) {
      return 0.5 * wind + 0.5 * random.random();
    }

    boolean over() {
      return steps >= 20;
    }

    double reward() {
      return place;
    }

    void observe(Transition to) {
      to.observe(0, (float) place);
      to.observe(1, wind);
    }

    @Override
    public Object state() {
      return new double[] {place, wind, steps};
    }

    @Override
    public void restore(Object state) {
      double[] from = (double[]) state;
      place = (int) from[0];
      wind = from[1];
      steps = (int) from[2];
    }
  }
}

package dev.troupe.actors.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.RunActor;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;
import org.junit.jupiter.api.Test;

class MadeRunsTest {
  private static final long FIRST = 1_000;

  private final MadeRuns made = new MadeRuns(() -> FIRST);

  @Test
  void aRunThatIsMadeAgainHasLaterTermsAndShowsNothingOfBefore() {
    made.created("sums");
    made.of("sums").terms.set(FIRST + 3);
    made.of("sums").actor = Optional.of(TestInbox.<RunActor.Command>create().getRef());
    made.created("sums");
    assertThat(made.term("sums")).isEqualTo(FIRST + 4);
    assertThat(made.of("sums").actor).isEmpty();
  }

  @Test
  void aRunThatNobodyMadeHereHasTheFirstTerm() {
    assertThat(made.term("sums")).isEqualTo(FIRST);
    assertThat(made.of("sums").terms).hasValue(FIRST);
  }

  @Test
  void findsTheRunOfAnActor() {
    TestInbox<RunActor.Command> sums = TestInbox.create("sums-1");
    made.of("cartpole");
    made.of("sums").actor = Optional.of(sums.getRef());
    assertThat(made.find(sums.getRef())).contains("sums");
    assertThat(made.find(TestInbox.create("node").getRef())).isEmpty();
  }
}

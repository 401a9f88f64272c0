package dev.troupe.deploy.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void quantilesAreOfVerdictsThatThereWere() {
    assertThat(latencies.quantile(0.5)).isNaN();
    for (int i = 100; i > 0; i--) {
      latencies.add(Duration.ofMillis(i));
    }
    assertThat(latencies.quantile(0.5)).isEqualTo(0.050);
    assertThat(latencies.quantile(0.95)).isEqualTo(0.095);
    assertThat(latencies.quantile(1)).isEqualTo(0.100);
  }

  @Test
  void onlyTheLatestCount() {
    latencies.add(Duration.ofHours(1));
    for (int i = 0; i < 1_024; i++) {
      latencies.add(Duration.ofMillis(1));
    }
    assertThat(latencies.quantile(1)).isEqualTo(0.001);
  }
}

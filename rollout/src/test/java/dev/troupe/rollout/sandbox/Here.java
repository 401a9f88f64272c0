package dev.troupe.rollout.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.rollout.sandbox.Sandbox.Settings;
import java.util.Map;
import java.util.Optional;

/** The sandbox of the machine that tests run on. */
public final class Here {
  static final Settings SETTINGS = new Settings("", false, 2, 100);

  private static final Map<String, String> VARIABLES = System.getenv();

  private Here() {}

  /** It; where there is none, that has been said in words that help. */
  public static Optional<Sandbox> sandbox() {
    try {
      return Optional.of(Sandbox.open(SETTINGS, VARIABLES));
    } catch (SandboxUnavailableException e) {
      assertThat(e)
          .message()
          .containsAnyOf("nstall", "Allow user namespaces", "no program can be run in a jail");
      assertThatThrownBy(() -> Sandbox.open(SETTINGS, VARIABLES)).hasMessage(e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether there is none, which has been said. */
  public static boolean isMissing() {
    Optional<Sandbox> found = sandbox();
    found.ifPresent(Sandbox::close);
    return found.isEmpty();
  }
}

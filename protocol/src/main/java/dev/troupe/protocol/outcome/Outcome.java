package dev.troupe.protocol.outcome;

import dev.troupe.protocol.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a verifier says of a trajectory. Only {@link Scored} is ever trained on. */
public sealed interface Outcome {

  /**
   * A reward.
   *
   * @param value finite
   * @param parts named contributions, in the verifier's order
   * @param detail plug-in value that explains the score
   */
  record Scored(double value, List<Part> parts, Optional<PluginPayload> detail) implements Outcome {
    public Scored {
      parts = List.copyOf(parts);
      if (!Double.isFinite(value)) {
        throw new NonFiniteScoreException("a score", value);
      }
    }

    public Scored(double value) {
      this(value, List.of(), Optional.empty());
    }
  }

  /** The verifier can't judge this trajectory, or answered with something that isn't a score. */
  record Invalid(String why) implements Outcome {}

  /**
   * No answer within the limit.
   *
   * @param said what the verifier printed last, where it is a program; may be empty
   */
  record TimedOut(Duration limit, String said) implements Outcome {
    public TimedOut {
      Check.notNegative("limit", limit);
    }

    public TimedOut(Duration limit) {
      this(limit, "");
    }
  }

  /** The verifier failed. */
  record Crashed(String error) implements Outcome {}

  /** A named contribution to a score; finite. */
  record Part(String name, double value) {
    public Part {
      if (!Double.isFinite(value)) {
        throw new NonFiniteScoreException("part [" + name + "]", value);
      }
    }
  }
}

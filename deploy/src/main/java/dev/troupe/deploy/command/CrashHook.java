package dev.troupe.deploy.command;

import dev.troupe.actors.run.CrashPoint;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Ends the process as if it were killed, at a chosen moment: {@code TROUPE_CRASH_AT=after-cut:3}
 * means the third time that a cut is durable. For tests of recovery.
 */
final class CrashHook implements Consumer<CrashPoint> {
  static final String VARIABLE = "TROUPE_CRASH_AT";
  private static final int KILLED = 137;

  private final CrashPoint point;
  private final AtomicLong left;

  private CrashHook(CrashPoint point, long count) {
    this.point = point;
    this.left = new AtomicLong(count);
  }

  /** A hook that does nothing where {@code value} is empty. */
  static Consumer<CrashPoint> of(String value) {
    if (value.isEmpty()) {
      return _ -> {};
    }
    String label = value.replaceFirst(":[0-9]+$", "");
    long count = label.equals(value) ? 1 : Long.parseLong(value.substring(label.length() + 1));
    CrashPoint point =
        CrashPoint.of(label)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.REFUSED,
                        VARIABLE
                            + ": got ["
                            + value
                            + "], expected a crash point of "
                            + Arrays.stream(CrashPoint.values())
                                .map(CrashPoint::label)
                                .collect(Collectors.joining(", "))));
    return new CrashHook(point, count);
  }

  @Override
  public void accept(CrashPoint reached) {
    if (reached == point && left.decrementAndGet() == 0) {
      Runtime.getRuntime().halt(KILLED);
    }
  }
}

package dev.troupe.deploy.command;

import dev.troupe.actors.run.CrashPoint;
import dev.troupe.model.torch.ProcessEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Ends or freezes the process at a chosen moment, for tests of recovery: {@code
 * TROUPE_CRASH_AT=after-cut:3} ends it as {@code kill -9} would the third time that a cut is
 * durable, {@code TROUPE_FREEZE_AT=before-sync:2} stops all its threads as {@code kill -STOP}
 * would.
 */
final class CrashHook implements Consumer<CrashPoint> {
  static final String CRASH = "TROUPE_CRASH_AT";
  static final String FREEZE = "TROUPE_FREEZE_AT";

  private final CrashPoint point;
  private final AtomicLong left;
  private final Runnable end;

  private CrashHook(CrashPoint point, long count, Runnable end) {
    this.point = point;
    this.left = new AtomicLong(count);
    this.end = end;
  }

  /** What {@code environment} asks for: usually nothing. */
  static Consumer<CrashPoint> of(Map<String, String> environment) {
    return of(CRASH, environment, ProcessEnd::kill)
        .andThen(of(FREEZE, environment, CrashHook::freeze));
  }

  private static Consumer<CrashPoint> of(
      String variable, Map<String, String> environment, Runnable end) {
    String value = environment.getOrDefault(variable, "");
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
                        variable
                            + ": got ["
                            + value
                            + "], expected a crash point of "
                            + Arrays.stream(CrashPoint.values())
                                .map(CrashPoint::label)
                                .collect(Collectors.joining(", "))));
    return new CrashHook(point, count, end);
  }

  private static void freeze() {
    try {
      new ProcessBuilder("kill", "-STOP", String.valueOf(ProcessHandle.current().pid()))
          .start()
          .waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException("freezing this process", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void accept(CrashPoint reached) {
    if (reached == point && left.decrementAndGet() == 0) {
      end.run();
    }
  }
}

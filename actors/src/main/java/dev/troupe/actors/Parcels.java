package dev.troupe.actors;

import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.EnvironmentState;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Cuts what goes to one actor into messages that are long enough to be cheap and short enough to
 * hold nobody else up. What is longer than a message may be goes alone.
 */
public final class Parcels {
  /** Of trajectories in one message. */
  public static final int BYTES_MAX = 128 * 1024;

  /** Trajectories in one message. */
  public static final int ITEMS_MAX = 256;

  private static final int ITEM_BYTES = 128;

  private Parcels() {}

  /** {@code items} in their order; no parcel is empty. */
  public static <T> List<List<T>> of(List<T> items, ToLongFunction<T> bytes) {
    List<List<T>> parcels = new ArrayList<>();
    int from = 0;
    long sum = 0;
    for (int i = 0; i < items.size(); i++) {
      long next = bytes.applyAsLong(items.get(i));
      if (i > from && (sum + next > BYTES_MAX || i - from == ITEMS_MAX)) {
        parcels.add(List.copyOf(items.subList(from, i)));
        from = i;
        sum = 0;
      }
      sum += next;
    }
    if (from < items.size()) {
      parcels.add(List.copyOf(items.subList(from, items.size())));
    }
    return parcels;
  }

  /** About as many as it takes on the way. */
  public static long bytes(Trajectory trajectory) {
    return ITEM_BYTES
        + switch (trajectory.body()) {
          case TrajectoryBody.Completion completion -> {
            long bytes = 0;
            for (Segment segment : completion.segments()) {
              int numbers =
                  segment.tokens().size()
                      + segment.logProbs().size()
                      + segment.policyLogProbs().size();
              bytes += segment.text().length() + 4L * numbers;
            }
            yield bytes;
          }
          case TrajectoryBody.EnvironmentFragment fragment ->
              fragment.tensors().stream().mapToLong(tensor -> tensor.bytes().size()).sum()
                  + fragment.after().map(EnvironmentState::bytes).orElse(0L);
        };
  }

  /** About as many as it takes on the way. */
  public static long bytes(Task task) {
    return switch (task.content()) {
      case TaskContent.Prompt(var prompt, var expected) -> prompt.length() + expected.length();
      case TaskContent.Environment _ -> ITEM_BYTES;
    };
  }
}

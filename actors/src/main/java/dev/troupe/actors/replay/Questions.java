package dev.troupe.actors.replay;

import dev.troupe.actors.rollout.RolloutActor;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Samplers that want to know whether what they sent is in the journal, each with its latest
 * question that has no answer.
 */
final class Questions {
  /** May be answered once the journal is synced so far. */
  private record Question(long number, long position) {}

  private final Map<ActorRef<RolloutActor.Command>, Question> open = new LinkedHashMap<>();
  private long synced;

  /** {@code position} is what had been appended when the question came. */
  void ask(ActorRef<RolloutActor.Command> rollout, long number, long position) {
    open.putIfAbsent(rollout, new Question(number, position));
    answer();
  }

  void synced(long position) {
    synced = Math.max(synced, position);
    answer();
  }

  private void answer() {
    open.entrySet()
        .removeIf(
            entry -> {
              boolean covered = entry.getValue().position() <= synced;
              if (covered) {
                entry.getKey().tell(new RolloutActor.ReplayReads(entry.getValue().number()));
              }
              return covered;
            });
  }
}

package dev.troupe.actors.learner;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.codec.BatchCodec;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** How a batch reaches the learner: whole in the same JVM, in pieces on another node. */
public final class BatchParts {
  /** Well below the largest message that crosses nodes. */
  private static final int PART_BYTES = 256 * 1024;

  private BatchParts() {}

  /** The messages that bring {@code batch} to {@code learner}. */
  public static List<LearnerActor.Command> of(Batch batch, ActorRef<LearnerActor.Command> learner) {
    return learner.path().address().hasLocalScope()
        ? List.of(new LearnerActor.BatchReady(batch))
        : List.copyOf(split(batch));
  }

  static List<LearnerActor.BatchPart> split(Batch batch) {
    ByteString all = BatchCodec.BATCH.toMessage(batch).toByteString();
    int parts = Math.max(1, Math.ceilDiv(all.size(), PART_BYTES));
    List<LearnerActor.BatchPart> split = new ArrayList<>(parts);
    for (int part = 0; part < parts; part++) {
      int from = part * PART_BYTES;
      ByteString bytes = all.substring(from, Math.min(all.size(), from + PART_BYTES));
      split.add(new LearnerActor.BatchPart(batch.number(), part, parts, bytes));
    }
    return split;
  }
}

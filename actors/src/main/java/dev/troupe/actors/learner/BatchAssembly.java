package dev.troupe.actors.learner;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.codec.BatchCodec;
import dev.troupe.protocol.proto.BatchMessage;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Puts the pieces of a batch together. A batch that is asked for again comes again, equal to the
 * last byte, so pieces of both copies fit each other.
 */
final class BatchAssembly {
  private final TreeMap<Integer, ByteString> pieces = new TreeMap<>();
  private long number;
  private int parts;

  /** The batch, if this was the last piece that was missing. */
  Optional<Batch> add(LearnerActor.BatchPart piece) {
    if (piece.number() != number || piece.parts() != parts) {
      pieces.clear();
      number = piece.number();
      parts = piece.parts();
    }
    pieces.put(piece.part(), piece.bytes());
    if (pieces.size() < parts) {
      return Optional.empty();
    }
    ByteString all = ByteString.copyFrom(pieces.values());
    pieces.clear();
    try {
      return Optional.of(BatchCodec.BATCH.fromMessage(BatchMessage.parseFrom(all)));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("batch [" + number + "] can't be read", e);
    }
  }
}

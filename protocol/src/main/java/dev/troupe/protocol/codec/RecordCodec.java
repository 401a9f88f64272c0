package dev.troupe.protocol.codec;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Turns records {@code R} into bytes by way of the protobuf message {@code M}, and back. Equal
 * records give equal bytes: map entries are written in the order of their keys. Reading refuses
 * whatever the record's constructor would refuse, missing sub-messages, unknown enum numbers and
 * arrays that are not whole, by {@link MalformedMessageException} and nothing else; fields that a
 * later schema added are skipped.
 */
public final class RecordCodec<R, M extends MessageLite> {
  private final String name;
  private final Parser<M> parser;
  private final Function<R, M> toMessage;
  private final BiFunction<M, Where, R> fromMessage;

  RecordCodec(
      String name, Parser<M> parser, Function<R, M> toMessage, BiFunction<M, Where, R> from) {
    this.name = name;
    this.parser = parser;
    this.toMessage = toMessage;
    this.fromMessage = from;
  }

  /** For embedding in a message of another schema. */
  public M toMessage(R record) {
    return toMessage.apply(record);
  }

  /** The record that {@code message} stands for. */
  public R fromMessage(M message) {
    return fromMessage.apply(message, Where.root(name));
  }

  public byte[] encode(R record) {
    M message = toMessage.apply(record);
    byte[] bytes = new byte[message.getSerializedSize()];
    write(message, CodedOutputStream.newInstance(bytes));
    return bytes;
  }

  /** Writes {@code message} without a length; the caller knows where it ends. */
  static void write(MessageLite message, CodedOutputStream out) {
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public R decode(byte[] bytes) {
    return read(CodedInputStream.newInstance(bytes), bytes.length);
  }

  /** Decodes all that remains in {@code bytes} and leaves its position alone. */
  public R decode(ByteBuffer bytes) {
    return read(CodedInputStream.newInstance(bytes.duplicate()), bytes.remaining());
  }

  private R read(CodedInputStream in, int size) {
    M message;
    try {
      message = parser.parseFrom(in);
      in.checkLastTagWas(0);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedMessageException(
          name, "a protobuf message", size + " bytes: " + e.getMessage(), e);
    }
    return fromMessage(message);
  }
}

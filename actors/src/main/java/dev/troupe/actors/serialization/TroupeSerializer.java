package dev.troupe.actors.serialization;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.ByteBufferSerializer;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** The one serializer of all messages: protobuf, told apart by short manifests. */
public final class TroupeSerializer extends SerializerWithStringManifest
    implements ByteBufferSerializer {
  private static final int IDENTIFIER = 7_355;

  private final ExtendedActorSystem system;
  private final Formats formats = new Formats();

  /** Called by Pekko. */
  public TroupeSerializer(ExtendedActorSystem system) {
    this.system = system;
  }

  @Override
  public int identifier() {
    return IDENTIFIER;
  }

  @Override
  public String manifest(Object message) {
    return formats.of(message).manifest();
  }

  @Override
  public byte[] toBinary(Object message) {
    return write(formats.of(message), message).toByteArray();
  }

  @Override
  public void toBinary(Object message, ByteBuffer buffer) {
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(buffer);
      write(formats.of(message), message).writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return read(formats.of(manifest), CodedInputStream.newInstance(bytes), manifest);
  }

  @Override
  public Object fromBinary(ByteBuffer buffer, String manifest) throws NotSerializableException {
    return read(formats.of(manifest), CodedInputStream.newInstance(buffer), manifest);
  }

  private <T extends Wire, M extends MessageLite> M write(Format<T, M> format, Object message) {
    return format.write().apply(format.type().cast(message), refs());
  }

  private <T extends Wire, M extends MessageLite> T read(
      Format<T, M> format, CodedInputStream in, String manifest) throws NotSerializableException {
    try {
      return format.read().apply(format.parser().parseFrom(in), refs());
    } catch (IOException | RuntimeException e) {
      NotSerializableException refused =
          new NotSerializableException("message [" + manifest + "]: " + e.getMessage());
      refused.initCause(e);
      throw refused;
    }
  }

  private Refs refs() {
    ActorRefResolver resolver = ActorRefResolver.get(Adapter.toTyped(system));
    return new Refs() {
      @Override
      public String text(ActorRef<?> ref) {
        return resolver.toSerializationFormat(ref);
      }

      @Override
      public <T> ActorRef<T> ref(String text) {
        return resolver.resolveActorRef(text);
      }
    };
  }
}

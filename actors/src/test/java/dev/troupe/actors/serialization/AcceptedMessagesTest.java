package dev.troupe.actors.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.troupe.protocol.proto.RewardPing;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import scala.jdk.javaapi.CollectionConverters;

/** What a cluster's node reads from others: our messages, Pekko's own, and nothing else. */
final class AcceptedMessagesTest {
  private static final Config SETTINGS =
      ConfigFactory.parseResourcesAnySyntax("troupe-cluster")
          .withFallback(ConfigFactory.defaultReference())
          .resolve();
  private static final ActorTestKit KIT = ActorTestKit.create("accepted", SETTINGS);
  private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  /** Another one after an upgrade of Pekko is looked at before it is added here. */
  @Test
  void theseSerializersAndNoOthersRead() {
    Set<String> names = new TreeSet<>();
    for (Object serializer :
        CollectionConverters.asJava(SERIALIZATION.serializerByIdentity()).values()) {
      names.add(serializer.getClass().getName().replace("org.apache.pekko.", ""));
    }

    // The test kit adds this one.
    names.remove("testkit.TestJavaSerializer");
    assertThat(names)
        .containsExactlyInAnyOrder(
            "dev.troupe.actors.serialization.TroupeSerializer",
            // Refuses everything, in the place of Java's serialization.
            "serialization.DisabledJavaSerializer",
            // Values of one kind, without classes.
            "serialization.BooleanSerializer",
            "serialization.ByteArraySerializer",
            "serialization.ByteStringSerializer",
            "serialization.IntSerializer",
            "serialization.LongSerializer",
            "serialization.StringSerializer",
            "serialization.NullSerializer$",
            // Remoting and cluster.
            "remote.serialization.ArteryMessageSerializer",
            "remote.serialization.MessageContainerSerializer",
            "remote.serialization.MiscMessageSerializer",
            "remote.serialization.SystemMessageSerializer",
            "cluster.protobuf.ClusterMessageSerializer",
            "cluster.singleton.protobuf.ClusterSingletonMessageSerializer",
            "cluster.ddata.protobuf.ReplicatedDataSerializer",
            "cluster.ddata.protobuf.ReplicatorMessageSerializer",
            "actor.typed.internal.MiscMessageSerializer",
            "actor.typed.internal.receptionist.ServiceKeySerializer",
            "cluster.typed.internal.PekkoClusterTypedSerializer",
            // Of no use here, and harmless: plain protobuf of their own.
            "cluster.client.protobuf.ClusterClientMessageSerializer",
            "cluster.pubsub.protobuf.DistributedPubSubMessageSerializer",
            "cluster.typed.internal.delivery.ReliableDeliverySerializer",
            "stream.serialization.StreamRefSerializer",
            // Name classes, and are allowed none.
            "remote.serialization.DaemonMsgCreateSerializer",
            "remote.serialization.ProtobufSerializer");
  }

  @Test
  void javaSerializationIsRefusedBothWays() throws NotSerializableException {
    ArrayList<String> some = new ArrayList<>();
    Serializer java = SERIALIZATION.serializerFor(ArrayList.class);

    assertThat(java.getClass().getSimpleName()).isEqualTo("DisabledJavaSerializer");
    assertThatThrownBy(() -> java.toBinary(some)).hasMessageContaining("Java serialization");
    assertThatThrownBy(() -> java.fromBinary(new byte[] {-84, -19, 0, 5}))
        .hasMessageContaining("Java serialization");
  }

  @Test
  void noClassIsMadeBecauseItsNameCame() {
    byte[] bytes = RewardPing.getDefaultInstance().toByteArray();

    for (Class<?> named : new Class<?>[] {RewardPing.class, ConfigFactory.class}) {
      assertThatThrownBy(() -> SERIALIZATION.deserialize(bytes, 2, named.getName()).get())
          .isInstanceOfAny(NotSerializableException.class, IllegalArgumentException.class)
          .hasMessageContaining(named.getName());
    }
  }

  @Test
  void anUnknownSerializerIsRefused() {
    assertThatThrownBy(
            () ->
                SERIALIZATION
                    .deserialize("x".getBytes(StandardCharsets.US_ASCII), 4_711, "x")
                    .get())
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("4711");
  }

  @Test
  void nobodyStartsActorsHereByTheirClass() {
    assertThat(SETTINGS.getBoolean("pekko.remote.deployment.enable-allow-list")).isTrue();
    assertThat(SETTINGS.getStringList("pekko.remote.deployment.allowed-actor-classes")).isEmpty();
  }
}

package dev.troupe.actors.serialization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import dev.troupe.actors.learner.LearnerActor;
import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.replay.ReplayActor;
import dev.troupe.actors.reward.RewardActor;
import dev.troupe.actors.rollout.RolloutActor;
import dev.troupe.actors.run.RunActor;
import dev.troupe.actors.runs.RunsActor;
import java.io.NotSerializableException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TroupeSerializerTest {
  private static final List<Class<?>> COMMANDS =
      List.of(
          RolloutActor.Command.class,
          RewardActor.Command.class,
          ReplayActor.Command.class,
          LearnerActor.Command.class,
          PolicyRegistry.Command.class,
          PolicyCache.Command.class,
          NodeActor.Command.class,
          MonitorActor.Command.class,
          RunActor.Command.class,
          RunsActor.Command.class,
          RunsActor.ApiIsHere.class);

  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "serialization",
          ConfigFactory.parseString("pekko.actor.provider = local, pekko.cluster.enabled = off")
              .withFallback(ConfigFactory.parseResourcesAnySyntax("troupe-cluster"))
              .withFallback(ConfigFactory.defaultReference())
              .resolve());
  private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());
  private static final ActorRef<Object> ANYONE = KIT.createTestProbe().getRef();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @Test
  void everyMessageIsEitherForTheWireOrLocal() {
    assertThat(messages())
        .allSatisfy(
            type ->
                assertThat(Wire.class.isAssignableFrom(type))
                    .as("%s is of the wire, or else local", type)
                    .isNotEqualTo(Local.class.isAssignableFrom(type)));
  }

  @Test
  void everyMessageOfTheWireHasAnExample() {
    Set<Class<?>> shown =
        MessageExamples.all(ANYONE).stream().map(Object::getClass).collect(Collectors.toSet());
    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(
            messages().filter(Wire.class::isAssignableFrom).toList());
  }

  @Test
  void everyExampleComesBackEqual() throws Exception {
    for (Wire example : MessageExamples.all(ANYONE)) {
      TroupeSerializer serializer =
          (TroupeSerializer) SERIALIZATION.serializerFor(example.getClass());
      String manifest = serializer.manifest(example);
      assertThat(manifest).hasSize(2);
      byte[] bytes = serializer.toBinary(example);
      assertThat(serializer.fromBinary(bytes, manifest)).isEqualTo(example);
      ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length + 100);
      serializer.toBinary(example, buffer);
      buffer.flip();
      assertThat(serializer.fromBinary(buffer, manifest)).isEqualTo(example);
    }
  }

  @Test
  void refusesWhatIsNoMessage() throws Exception {
    var serializer = (TroupeSerializer) SERIALIZATION.serializerFor(RunActor.Fail.class);
    assertThatThrownBy(() -> serializer.fromBinary(new byte[] {-1, -1}, "ow"))
        .isInstanceOf(NotSerializableException.class)
        .hasMessageContaining("[ow]");
    assertThatThrownBy(() -> serializer.fromBinary(new byte[0], "zz"))
        .hasMessageContaining("manifest [zz] is unknown");
  }

  private static Stream<Class<?>> messages() {
    return COMMANDS.stream().flatMap(TroupeSerializerTest::leaves);
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(TroupeSerializerTest::leaves)
        : Stream.of(type);
  }
}

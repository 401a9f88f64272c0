package dev.troupe.actors.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.troupe.actors.cluster.ProtocolVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What nodes say to each other is recorded with the version of the protocol that it belongs to. A
 * message or field that changed or went away needs another version; one that was added does, too,
 * unless a node that doesn't know it may ignore it. After that, record:
 *
 * <pre>
 * mvn -pl actors -am test -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtest=ProtocolVersionTest -Dtroupe.schema.record=true
 * </pre>
 */
class ProtocolVersionTest {
  private static final Path RECORDED = Path.of("src/test/resources/dev/troupe/actors/said.txt");

  @Test
  void whatNodesSayBelongsToTheirVersion() throws IOException {
    List<String> present = said(ProtocolVersion.CURRENT);
    List<String> recorded = Files.exists(RECORDED) ? Files.readAllLines(RECORDED) : List.of("");
    assertThat(withoutAnotherVersion(recorded, present))
        .as("nodes of the same version would misunderstand each other: raise ProtocolVersion")
        .isEmpty();
    if (Boolean.getBoolean("troupe.schema.record")) {
      Files.createDirectories(RECORDED.getParent());
      Files.write(RECORDED, present);
      recorded = present;
    }
    assertThat(present)
        .as("%s; this test's comment says what to do about what changed", RECORDED)
        .isEqualTo(recorded);
  }

  @Test
  void aMessageThatChangedNeedsAnotherVersion() {
    List<String> before = List.of("protocol 2", "manifest pd M", "M 1 a int64", "M 2 b string");
    assertThat(withoutAnotherVersion(before, before)).isEmpty();
    assertThat(
            withoutAnotherVersion(
                before,
                List.of(
                    "protocol 2", "manifest pd M", "M 1 a int32", "M 2 b string", "M 3 c bool")))
        .containsExactly("M 1 a int64");
    assertThat(withoutAnotherVersion(before, List.of("protocol 3", "manifest pd M"))).isEmpty();
  }

  /** What was said before and is not any more, although the version is the same. */
  private static List<String> withoutAnotherVersion(List<String> before, List<String> now) {
    return before.getFirst().equals(now.getFirst())
        ? before.stream().filter(line -> !now.contains(line)).toList()
        : List.of();
  }

  private static List<String> said(int version) {
    TreeSet<String> said = new TreeSet<>();
    for (Format<?, ?> format : Formats.ALL) {
      Descriptor message = descriptor(format);
      said.add("manifest " + format.manifest() + " " + message.getFullName());
      add(said, message, new TreeSet<>());
    }
    List<String> lines = new ArrayList<>();
    lines.add("protocol " + version);
    lines.addAll(said);
    return lines;
  }

  private static Descriptor descriptor(Format<?, ?> format) {
    try {
      return ((Message) format.parser().parseFrom(new byte[0])).getDescriptorForType();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError("of no bytes at all", e);
    }
  }

  private static void add(Set<String> said, Descriptor message, Set<String> known) {
    if (!known.add(message.getFullName())) {
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      String type =
          switch (field.getJavaType()) {
            case MESSAGE -> {
              add(said, field.getMessageType(), known);
              yield field.getMessageType().getFullName();
            }
            case ENUM -> {
              add(said, field.getEnumType());
              yield field.getEnumType().getFullName();
            }
            case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
                field.getType().name().toLowerCase(Locale.ROOT);
          };
      said.add(
          "%s %d %s %s%s"
              .formatted(
                  message.getFullName(),
                  field.getNumber(),
                  field.getName(),
                  field.isRepeated() ? "repeated " : "",
                  type));
    }
  }

  private static void add(Set<String> said, EnumDescriptor constants) {
    for (EnumValueDescriptor constant : constants.getValues()) {
      said.add(
          "%s %d %s".formatted(constants.getFullName(), constant.getNumber(), constant.getName()));
    }
  }
}

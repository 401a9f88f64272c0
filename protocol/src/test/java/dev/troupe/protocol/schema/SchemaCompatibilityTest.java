package dev.troupe.protocol.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FileDescriptor;
import dev.troupe.protocol.proto.GymnasiumRequest;
import dev.troupe.protocol.proto.LedgerEventMessage;
import dev.troupe.protocol.proto.RunFail;
import dev.troupe.protocol.proto.RunSpecificationMessage;
import dev.troupe.protocol.proto.VerifierWorkerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Journals and checkpoints outlive releases, so a number once given keeps its meaning, or is
 * reserved for good. After adding fields, record them:
 *
 * <pre>
 * mvn -pl protocol -am test -Dsurefire.failIfNoSpecifiedTests=false \
 *     -Dtest=SchemaCompatibilityTest -Dtroupe.schema.record=true
 * </pre>
 */
final class SchemaCompatibilityTest {
  private static final Path BASELINE = Path.of("src/test/resources/dev/troupe/protocol/schema.txt");
  private static final Path SOURCES = Path.of("src/main/protobuf");

  private static final Map<String, FileDescriptor> FILES = files();
  private static final Schema PRESENT = Schema.of(FILES.values());

  @Test
  void numbersKeepTheirMeaningOrAreReserved() throws IOException {
    assertThat(baseline().brokenBy(PRESENT)).isEmpty();
  }

  @Test
  void theBaselineKnowsEveryNumber() throws IOException {
    if (Boolean.getBoolean("troupe.schema.record") && baseline().brokenBy(PRESENT).isEmpty()) {
      Files.createDirectories(BASELINE.getParent());
      Files.write(BASELINE, PRESENT.lines());
    }
    assertThat(PRESENT.lines())
        .as("%s; this test's comment says how to record what was added", BASELINE)
        .isEqualTo(baseline().lines());
  }

  @Test
  void everySchemaFileIsCompared() throws IOException {
    try (Stream<Path> sources = Files.list(SOURCES)) {
      assertThat(sources.map(source -> source.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(FILES.keySet());
    }
  }

  @Test
  void findsNumbersThatChangedTheirMeaningOrWentAway() {
    Schema before =
        Schema.parse(
            List.of(
                "enum troupe.E",
                "  1 A",
                "message troupe.Gone",
                "message troupe.M",
                "  1 a int64 single",
                "  2 b string repeated",
                "  3 c bytes single",
                "  4 reserved"));
    assertThat(before.brokenBy(before)).isEmpty();
    Schema after =
        Schema.parse(
            List.of(
                "enum troupe.E",
                "  1 B",
                "message troupe.M",
                "  1 a int32 single",
                "  3 reserved",
                "  4 d bool single",
                "  5 e bool single"));
    assertThat(before.brokenBy(after))
        .containsExactly(
            "enum troupe.E: number 1 meant [A], got [B]",
            "message troupe.Gone is gone",
            "message troupe.M: number 1 meant [a int64 single], got [a int32 single]",
            "message troupe.M: number 2 meant [b string repeated], got [nothing]",
            "message troupe.M: number 4 meant [reserved], got [d bool single]");
  }

  private static Schema baseline() throws IOException {
    return Schema.parse(Files.exists(BASELINE) ? Files.readAllLines(BASELINE) : List.of());
  }

  private static Map<String, FileDescriptor> files() {
    var files = new LinkedHashMap<String, FileDescriptor>();
    collect(files, LedgerEventMessage.getDescriptor().getFile());
    collect(files, RunSpecificationMessage.getDescriptor().getFile());
    collect(files, GymnasiumRequest.getDescriptor().getFile());
    collect(files, VerifierWorkerRequest.getDescriptor().getFile());
    collect(files, RunFail.getDescriptor().getFile());
    return files;
  }

  private static void collect(Map<String, FileDescriptor> files, FileDescriptor file) {
    if (files.put(Path.of(file.getName()).getFileName().toString(), file) == null) {
      file.getDependencies().forEach(dependency -> collect(files, dependency));
    }
  }
}

package dev.troupe.tests.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.actors.journal.Audit;
import dev.troupe.actors.journal.JournalReader;
import dev.troupe.actors.ledger.LedgerCounts;
import dev.troupe.actors.ledger.LedgerRules;
import dev.troupe.actors.run.RunDirectory;
import dev.troupe.deploy.recipe.Processor;
import dev.troupe.deploy.recipe.RecipeReader;
import dev.troupe.learner.checkpoint.CheckpointHooks;
import dev.troupe.learner.checkpoint.CheckpointStore;
import dev.troupe.protocol.ledger.LedgerEvent;
import dev.troupe.protocol.run.RunSpecification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What a run left on disk, read without the process that wrote it. */
public record RunFiles(RunDirectory directory) {
  public RunFiles(Path root) {
    this(new RunDirectory(root));
  }

  /** Makes this a copy of another run's directory. */
  void copyFrom(Path other) throws IOException {
    try (Stream<Path> paths = Files.walk(other)) {
      for (Path path : paths.toList()) {
        Path target = directory.root().resolve(other.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  RunSpecification specification() {
    return new RecipeReader(Processor.here()).readRun(directory.root(), List.of()).specification();
  }

  CheckpointStore checkpoints() {
    return new CheckpointStore(directory.checkpoints(), CheckpointHooks.NONE);
  }

  public Audit.Report audit() throws IOException {
    RunSpecification run = specification();
    return Audit.of(
        directory.journal(), directory.epochs(), LedgerRules.of(run), checkpoints().list());
  }

  /** The audit of a run whose books must be in order. */
  public LedgerCounts orderlyCounts() throws IOException {
    Audit.Report report = audit();
    assertThat(report.holds()).as(String.join("\n", report.lines())).isTrue();
    return report.counts().orElseThrow();
  }

  /** Everything that counts of the journal, in order. */
  List<LedgerEvent> events() throws IOException {
    List<LedgerEvent> events = new ArrayList<>();
    JournalReader.open(directory.journal(), directory.epochs())
        .forEach((event, _) -> events.add(event));
    return events;
  }

  public <E extends LedgerEvent> List<E> events(Class<E> kind) throws IOException {
    return events().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  public JsonObject summary() throws IOException {
    return JsonParser.parseString(Files.readString(directory.summary())).getAsJsonObject();
  }

  /** Lines of figures so far: one for each supervised step, update and evaluation. */
  public long figures() {
    Path file = directory.metrics().resolve("metrics.jsonl");
    if (!Files.exists(file)) {
      return 0;
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> line.contains("\"step\"")).count();
    } catch (IOException e) {
      return 0;
    }
  }
}

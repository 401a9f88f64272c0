package dev.troupe.deploy.metrics;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.SortedMap;

/**
 * One JSON object a line: {@code time}, {@code step}, and figures by name. Appended to; a line with
 * {@code time} and {@code process} says where a process begins.
 */
final class JsonLinesFile implements MetricsSink {
  static final String NAME = "metrics.jsonl";

  private final Writer out;

  JsonLinesFile(Path folder, long unixMillis, long process) throws IOException {
    Files.createDirectories(folder);
    this.out =
        Files.newBufferedWriter(
            folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    JsonObject line = new JsonObject();
    line.addProperty("time", Instant.ofEpochMilli(unixMillis).toString());
    line.addProperty("process", process);
    write(line);
  }

  @Override
  public void write(long unixMillis, long step, SortedMap<String, Double> scalars) {
    JsonObject line = new JsonObject();
    line.addProperty("time", Instant.ofEpochMilli(unixMillis).toString());
    line.addProperty("step", step);
    // JSON has no NaN: what isn't finite is left out, and the learner counts skipped updates.
    scalars.forEach(
        (name, number) -> {
          if (Double.isFinite(number)) {
            line.addProperty(name, number);
          }
        });
    write(line);
  }

  private void write(JsonObject line) {
    try {
      out.write(line + "\n");
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

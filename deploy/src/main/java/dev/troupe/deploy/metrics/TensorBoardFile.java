package dev.troupe.deploy.metrics;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SortedMap;

/** One TensorBoard event file; a process of a run writes one of its own. */
final class TensorBoardFile implements MetricsSink {
  private final OutputStream out;

  TensorBoardFile(Path folder, long unixMillis, long process) throws IOException {
    Files.createDirectories(folder);
    String name =
        String.format(
            Locale.ROOT, "events.out.tfevents.%010d.troupe.%d", unixMillis / 1000, process);
    this.out = new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)));
    append(TensorBoardEvent.fileVersion(unixMillis / 1000.0));
  }

  @Override
  public void write(long unixMillis, long step, SortedMap<String, Double> scalars) {
    append(TensorBoardEvent.scalars(unixMillis / 1000.0, step, scalars));
  }

  private void append(byte[] event) {
    try {
      out.write(RecordFraming.frame(event));
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

package dev.troupe.deploy.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Python's transformers on the same shapes, where a Python that has it is at hand. */
final class Peer {
  private final Path python;

  Peer(Path python) {
    this.python = python;
  }

  /**
   * Tokens, or for loops completions, a second; empty where that Python can't.
   *
   * @param what {@code decode}, {@code train}, {@code loop} or {@code trl}
   * @param options of the script, after that
   */
  OptionalDouble measure(String what, List<String> options) throws IOException {
    Path script = Files.createTempFile("transformers_peer", ".py");
    try (InputStream source = Peer.class.getResourceAsStream("transformers_peer.py")) {
      if (source == null) {
        throw new IllegalStateException("transformers_peer.py is missing from the class path");
      }
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
      List<String> command = new ArrayList<>(List.of(python.toString(), script.toString(), what));
      command.addAll(options);
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      String last = said.substring(said.lastIndexOf('\n') + 1);
      return process.waitFor() == 0
          ? rate(JsonParser.parseString(last).getAsJsonObject())
          : OptionalDouble.empty();
    } catch (JsonParseException | IllegalStateException _) {
      return OptionalDouble.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return OptionalDouble.empty();
    } finally {
      Files.deleteIfExists(script);
    }
  }

  private static OptionalDouble rate(JsonObject said) {
    return Stream.of("tokensPerSecond", "completionsPerSecond")
        .filter(said::has)
        .mapToDouble(name -> said.get(name).getAsDouble())
        .findFirst();
  }
}

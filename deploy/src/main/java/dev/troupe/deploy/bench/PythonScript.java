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

/**
 * A script of ours for a Python that may or may not have what it needs; the last line that it
 * prints is a JSON object.
 *
 * @param python the interpreter
 * @param name of the script beside this class
 */
record PythonScript(Path python, String name) {

  /**
   * What it printed last.
   *
   * @throws PeerException if it failed, or lacks a package: then it prints {@code {"missing":
   *     NAME}}
   */
  JsonObject run(List<String> options) throws IOException, PeerException {
    Path script = Files.createTempFile("peer", ".py");
    Path complaints = Files.createTempFile("peer", ".err");
    try (InputStream source = PythonScript.class.getResourceAsStream(name)) {
      if (source == null) {
        throw new IllegalStateException(name + " is missing from the class path");
      }
      Files.copy(source, script, StandardCopyOption.REPLACE_EXISTING);
      List<String> command = new ArrayList<>(List.of(python.toString(), script.toString()));
      command.addAll(options);
      Process process = new ProcessBuilder(command).redirectError(complaints.toFile()).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new PeerException("it failed: " + lastLine(Files.readString(complaints).strip()));
      }
      return answer(lastLine(said));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new PeerException("it was interrupted");
    } finally {
      Files.deleteIfExists(script);
      Files.deleteIfExists(complaints);
    }
  }

  private JsonObject answer(String line) throws PeerException {
    JsonObject answer;
    try {
      answer = JsonParser.parseString(line).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException _) {
      throw new PeerException("it printed [" + line + "], expected a JSON object");
    }
    if (answer.has("missing")) {
      throw new PeerException(
          "[" + python + "] has no package [" + answer.get("missing").getAsString() + "]");
    }
    return answer;
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }
}

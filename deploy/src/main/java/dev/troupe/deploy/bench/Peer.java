package dev.troupe.deploy.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** Python's transformers on the same shapes, where a Python that has it is at hand. */
final class Peer {
  private final PythonScript script;

  Peer(Path python) {
    this.script = new PythonScript(python, "transformers_peer.py");
  }

  /**
   * Tokens, or for loops completions, a second; empty where that Python can't.
   *
   * @param what {@code decode}, {@code train}, {@code loop} or {@code trl}
   * @param options of the script, after that
   */
  OptionalDouble measure(String what, List<String> options) throws IOException {
    List<String> words = Stream.concat(Stream.of(what), options.stream()).toList();
    try {
      return rate(script.run(words));
    } catch (PeerException _) {
      return OptionalDouble.empty();
    }
  }

  private static OptionalDouble rate(JsonObject said) {
    return Stream.of("tokensPerSecond", "completionsPerSecond")
        .filter(said::has)
        .mapToDouble(name -> said.get(name).getAsDouble())
        .findFirst();
  }
}

package dev.troupe.deploy.bench;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What other people's programs do in environments, in a Python that has them. */
public final class ControlPeer {

  /** Vectors of environments. */
  public enum Vector {
    GYMNASIUM("Gymnasium's vector"),
    ENVPOOL("EnvPool");

    private final String title;

    Vector(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /** Programs that learn CartPole by PPO. */
  public enum Trainer {
    SB3("Stable-Baselines3, rl-zoo"),
    CLEANRL("PyTorch, CleanRL's settings"),
    ENVPOOL("PyTorch on EnvPool, our settings");

    private final String title;

    Trainer(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  /** Steps a second, by the clock and of the process's processor time. */
  public record Rates(double clock, double processor) {}

  /**
   * A training.
   *
   * @param seconds by the clock, from when everything was loaded
   * @param processSeconds from the start of the process to its end
   * @param processorSeconds of {@code seconds}
   * @param steps in environments
   * @param solved whether the goal was reached
   */
  public record Trained(
      double seconds, double processSeconds, double processorSeconds, long steps, boolean solved) {
    public double stepsPerSecond() {
      return steps / seconds;
    }
  }

  private final PythonScript script;

  public ControlPeer(Path python) {
    this.script = new PythonScript(python, "control_peer.py");
  }

  /** Random choices. */
  public Rates steps(Vector vector, String id, int environments) throws IOException, PeerException {
    return rates("steps", vector, id, environments);
  }

  /** Choices of a 64-64 tanh network in PyTorch. */
  public Rates sampling(Vector vector, String id, int environments)
      throws IOException, PeerException {
    return rates("sampling", vector, id, environments);
  }

  private Rates rates(String what, Vector vector, String id, int environments)
      throws IOException, PeerException {
    JsonObject said = script.run(List.of(what, word(vector), id, Integer.toString(environments)));
    return new Rates(said.get("clock").getAsDouble(), said.get("processor").getAsDouble());
  }

  /** CartPole-v1 until the last 100 episodes returned 475. */
  public Trained train(Trainer trainer, int seed) throws IOException, PeerException {
    long begun = System.nanoTime();
    JsonObject said = script.run(List.of("ppo", word(trainer), Integer.toString(seed)));
    return new Trained(
        said.get("seconds").getAsDouble(),
        (System.nanoTime() - begun) / 1e9,
        said.get("processorSeconds").getAsDouble(),
        said.get("steps").getAsLong(),
        said.get("solved").getAsBoolean());
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}

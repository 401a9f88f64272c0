package dev.troupe.rollout.verify.plugin;

import com.google.protobuf.ByteString;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.worker.RefusedException;
import dev.troupe.rollout.verify.worker.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A verifier of somebody's jar, in JVMs of its own. */
public final class PluginVerifier implements Rule {
  public static final VerifierKind<PluginSettings> KIND =
      new VerifierKind<>(
          "java",
          "1",
          "what a verifier of yours in a jar says",
          "what the verifier wants",
          PluginSettings.class,
          settings ->
              switch (settings.isolation()) {
                case WORKER -> new PluginVerifier(settings);
                case IN_PROCESS -> new TrustedPlugin(settings);
              });

  private final PluginSettings settings;
  private final WorkerPool pool;

  private PluginVerifier(PluginSettings settings) {
    this.settings = settings;
    this.pool =
        new WorkerPool(
            new PluginProgram(
                settings.bytes(),
                settings.jar(),
                settings.verifier(),
                Optional.of(settings.settings().text()),
                settings.memory()),
            settings.workers(),
            settings.batch());
  }

  /**
   * The verifiers of a jar, asked in a process of its own.
   *
   * @throws BadSettingsException if it has none that load
   */
  public static List<PluginDescription> describe(Path jar) {
    String name = String.valueOf(jar.getFileName());
    try {
      return PluginProgram.describe(ByteString.copyFrom(Files.readAllBytes(jar)), name);
    } catch (IOException | RefusedException e) {
      throw new BadSettingsException(
          new SettingProblem("", name, "a jar with a verifier", String.valueOf(e.getMessage())));
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    return pool.judge(attempt);
  }

  @Override
  public int together() {
    return pool.together();
  }

  @Override
  public List<Outcome> judgeAll(List<Attempt> attempts, Duration limit) {
    return pool.judgeAll(attempts, limit);
  }

  @Override
  public void check() {
    pool.trial()
        .ifPresent(
            why -> {
              throw new BadSettingsException(
                  new SettingProblem("jar", settings.jar(), "a jar that can judge", why));
            });
  }

  @Override
  public void close() {
    pool.close();
  }
}

package dev.troupe.rollout.verify.plugin;

import dev.troupe.plugin.Verifier;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.Thrown;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.worker.RefusedException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A verifier of somebody's jar in this very process, which it can hold up, fill or end. */
final class TrustedPlugin implements Rule {
  private final PluginSettings settings;
  private final ReentrantLock opening = new ReentrantLock();
  private volatile @Nullable OpenPlugin plugin;

  TrustedPlugin(PluginSettings settings) {
    this.settings = settings;
  }

  @Override
  public Outcome judge(Attempt attempt) {
    try {
      return opened()
          .judge(
              new Verifier.Task(
                  attempt.prompt(),
                  attempt.expected(),
                  attempt.isFinished(),
                  attempt.tokens().size()),
              attempt.answer());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Crashed("interrupted");
    } catch (Exception e) {
      return new Outcome.Crashed(
          e instanceof RefusedException ? String.valueOf(e.getMessage()) : Thrown.words(e));
    }
  }

  private OpenPlugin opened() throws RefusedException {
    OpenPlugin known = plugin;
    if (known != null) {
      return known;
    }
    opening.lock();
    try {
      OpenPlugin here = plugin;
      if (here == null) {
        PluginJar read = PluginJar.open(settings.bytes().toByteArray(), settings.jar());
        here = OpenPlugin.of(read.verifier(settings.verifier()), settings.settings().object());
        plugin = here;
      }
      return here;
    } finally {
      opening.unlock();
    }
  }

  @Override
  public void check() {
    try {
      opened();
    } catch (RefusedException e) {
      throw new BadSettingsException(
          new SettingProblem(
              "jar", settings.jar(), "a jar that can judge", String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void close() {
    opening.lock();
    try {
      OpenPlugin ended = plugin;
      plugin = null;
      if (ended != null) {
        ended.close();
      }
    } finally {
      opening.unlock();
    }
  }
}

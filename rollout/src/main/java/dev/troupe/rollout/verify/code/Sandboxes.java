package dev.troupe.rollout.verify.code;

import dev.troupe.rollout.sandbox.Sandbox;
import dev.troupe.rollout.sandbox.SandboxUnavailableException;
import java.util.HashMap;
import java.util.Map;

/**
 * The sandboxes of this process, one for all verifiers with the same settings, so that the bound on
 * how many run at a time holds for a node. They live as long as it.
 */
final class Sandboxes {
  private static final Map<Sandbox.Settings, Sandbox> OPEN = new HashMap<>();

  private Sandboxes() {}

  /** The one with these settings; what is not available is looked for again the next time. */
  static Sandbox with(Sandbox.Settings settings) throws SandboxUnavailableException {
    synchronized (OPEN) {
      Sandbox known = OPEN.get(settings);
      if (known != null) {
        return known;
      }
      Sandbox opened = Sandbox.open(settings, System.getenv());
      OPEN.put(settings, opened);
      return opened;
    }
  }
}

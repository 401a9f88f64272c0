package dev.troupe.model.network;

import dev.troupe.protocol.policy.PolicyVersion;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Weights of one policy version that never change, counted by their users.
 *
 * <p>Whoever makes a snapshot holds it; every further holder calls {@link #retain} and later {@link
 * #close}. The tensors are freed when the last one lets go. Handing a snapshot over copies nothing.
 */
public final class PolicySnapshot implements AutoCloseable {
  private final PolicyVersion version;
  private final Parameters parameters;
  private final AtomicInteger holders = new AtomicInteger(1);

  /**
   * Takes over parameters that nobody changes from now on.
   *
   * @param version named by {@link Parameters#hash}
   */
  public PolicySnapshot(PolicyVersion version, Parameters parameters) {
    this.version = version;
    this.parameters = parameters;
  }

  /** Takes over parameters and names them by their content. */
  public static PolicySnapshot of(int incarnation, long update, Parameters parameters) {
    return new PolicySnapshot(
        new PolicyVersion(incarnation, update, 0, parameters.hash()), parameters);
  }

  public PolicyVersion version() {
    return version;
  }

  /** Valid as long as the caller holds the snapshot; never to be written to. */
  public Parameters parameters() {
    if (holders.get() == 0) {
      throw freed();
    }
    return parameters;
  }

  /** Counts one more holder and returns this. */
  public PolicySnapshot retain() {
    int before = holders.getAndUpdate(count -> count == 0 ? 0 : count + 1);
    if (before == 0) {
      throw freed();
    }
    return this;
  }

  /** Lets go. The last one frees the tensors. */
  @Override
  public void close() {
    int before = holders.getAndUpdate(count -> count == 0 ? 0 : count - 1);
    if (before == 0) {
      throw freed();
    }
    if (before == 1) {
      parameters.close();
    }
  }

  /** How many hold it now. */
  public int holders() {
    return holders.get();
  }

  private IllegalStateException freed() {
    return new IllegalStateException(
        "snapshot of update [" + version.update() + "] was let go of by every holder and is freed");
  }
}

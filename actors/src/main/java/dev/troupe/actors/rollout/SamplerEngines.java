package dev.troupe.actors.rollout;

import java.util.concurrent.ThreadFactory;

/** Makes the samplers of a rollout actor. */
public interface SamplerEngines {
  /** A new engine; called on the thread that will own it. May take seconds. */
  SamplerEngine create();

  /** Threads that may own an engine. */
  ThreadFactory threads();

  /** Samples that one engine makes together. */
  int lanes();
}

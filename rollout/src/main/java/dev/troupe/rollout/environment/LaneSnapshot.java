package dev.troupe.rollout.environment;

import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.rollout.random.Pcg64;

/** Where one environment of a vector stands. */
record LaneSnapshot(
    Object state,
    Pcg64.State random,
    FloatArray observation,
    long seed,
    long episode,
    int elapsed,
    double episodeReturn,
    boolean over,
    double reward,
    boolean terminated,
    boolean truncated) {}

package dev.troupe.rollout.environment.gymnasium;

import dev.troupe.protocol.proto.GymnasiumSpace;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.Space;
import java.util.List;

/** Spaces from messages. */
final class GymnasiumSpaces {
  private GymnasiumSpaces() {}

  /**
   * @param what observation or action
   * @throws BadEnvironmentException for a space that Troupe doesn't have
   */
  static Space of(String what, String id, GymnasiumSpace space) {
    return switch (space.getKind()) {
      case BOX -> box(space);
      case DISCRETE -> Space.discrete(space.getCounts(0));
      case MULTI_DISCRETE -> new Space.MultiDiscrete(space.getCountsList(), List.of());
      case OTHER, UNRECOGNIZED ->
          throw new BadEnvironmentException(
              what
                  + " space ["
                  + space.getName()
                  + "] of [gym:"
                  + id
                  + "] isn't supported, expected Box, Discrete, MultiDiscrete or MultiBinary"
                  + (what.equals("observation")
                      ? "; the option flatten=true makes one box of Dict and Tuple"
                      : "; wrap the environment so that it takes one of those"));
    };
  }

  private static Space box(GymnasiumSpace space) {
    float[] low = new float[space.getLowCount()];
    float[] high = new float[low.length];
    for (int i = 0; i < low.length; i++) {
      low[i] = space.getLow(i);
      high[i] = space.getHigh(i);
    }
    return new Space.Box(FloatArray.of(low), FloatArray.of(high), space.getShapeList(), List.of());
  }
}

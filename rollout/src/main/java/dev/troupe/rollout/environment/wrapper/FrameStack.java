package dev.troupe.rollout.environment.wrapper;

import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.rollout.environment.Environment;
import dev.troupe.rollout.environment.Space;
import dev.troupe.rollout.environment.Transition;
import java.util.ArrayList;
import java.util.List;

/**
 * The last k observations, oldest first, [k, ...]; an episode begins with k times its first one.
 */
final class FrameStack extends ObservationWrapper {
  private final int frames;
  private final float[] stack;

  FrameStack(Environment inner, int frames) {
    super(inner, space(inner.observationSpace(), frames));
    this.frames = frames;
    this.stack = new float[frames * inner.observationSpace().size()];
  }

  private static Space space(Space inner, int frames) {
    int size = inner.size();
    float[] low = new float[frames * size];
    float[] high = new float[frames * size];
    for (int i = 0; i < low.length; i++) {
      low[i] = bound(inner, i % size, false);
      high[i] = bound(inner, i % size, true);
    }
    var shape = new ArrayList<Integer>();
    shape.add(frames);
    shape.addAll(inner.shape());
    return new Space.Box(FloatArray.of(low), FloatArray.of(high), shape, List.of());
  }

  private static float bound(Space space, int index, boolean upper) {
    return switch (space) {
      case Space.Box box -> (upper ? box.high() : box.low()).at(index);
      case Space.Discrete discrete -> upper ? discrete.count() - 1f : 0;
      case Space.MultiDiscrete many -> upper ? many.counts().get(index) - 1f : 0;
    };
  }

  @Override
  void show(Transition seen, boolean first, Transition shown) {
    int size = seen.size();
    if (!first) {
      System.arraycopy(stack, size, stack, 0, stack.length - size);
    }
    for (int frame = first ? 0 : frames - 1; frame < frames; frame++) {
      for (int i = 0; i < size; i++) {
        stack[frame * size + i] = seen.observed(i);
      }
    }
    shown.observe(stack);
  }

  @Override
  Object own() {
    return stack.clone();
  }

  @Override
  void restoreOwn(Object own) {
    System.arraycopy((float[]) own, 0, stack, 0, stack.length);
  }
}

package dev.troupe.rollout.environment;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Where an environment writes what follows from a step: the observation, and whether the episode is
 * over. A view of the caller's memory, not to be kept.
 */
public final class Transition {
  private final FloatBuffer memory;
  private final int offset;
  private final int size;
  private boolean terminated;
  private boolean truncated;

  Transition(FloatBuffer memory, int offset, int size) {
    this.memory = memory;
    this.offset = offset;
    this.size = size;
  }

  /** One with memory of its own, for whoever calls an environment without a vector of them. */
  public static Transition of(Space observationSpace) {
    int size = observationSpace.size();
    return new Transition(floats(size), 0, size);
  }

  /** Direct memory in the machine's byte order, which a tensor can be made on. */
  static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** Numbers in the observation. */
  public int size() {
    return size;
  }

  /** Writes one number of the observation, rounded to single precision. */
  public void observe(int index, double value) {
    observe(index, (float) value);
  }

  /** Writes one number of the observation. */
  public void observe(int index, float value) {
    if (index < 0 || index >= size) {
      throw new WrongShapeException(
          "observation of [" + size + "] numbers has no number [" + index + "]");
    }
    memory.put(offset + index, value);
  }

  /** Writes the whole observation. */
  public void observe(float[] values) {
    if (values.length != size) {
      throw new WrongShapeException(
          "observation must have [" + size + "] numbers, got [" + values.length + "]");
    }
    memory.put(offset, values);
  }

  /** The episode has come to its end: nothing follows this state. */
  public void terminate() {
    terminated = true;
  }

  /** The episode is cut off here, though something would follow. */
  public void truncate() {
    truncated = true;
  }

  /** A number that was written. */
  public float observed(int index) {
    return memory.get(offset + index);
  }

  public boolean terminated() {
    return terminated;
  }

  public boolean truncated() {
    return truncated;
  }

  /** Before a call: no flag, and NaN where nothing is written. */
  public void clear() {
    terminated = false;
    truncated = false;
    for (int i = 0; i < size; i++) {
      memory.put(offset + i, Float.NaN);
    }
  }

  /** The first number that isn't finite, or -1. */
  public int firstNotFinite() {
    for (int i = 0; i < size; i++) {
      if (!Float.isFinite(memory.get(offset + i))) {
        return i;
      }
    }
    return -1;
  }

  /** A copy of the observation. */
  public float[] observation() {
    float[] copy = new float[size];
    memory.get(offset, copy);
    return copy;
  }

  void copyTo(FloatBuffer target) {
    target.put(offset, memory, offset, size);
  }
}

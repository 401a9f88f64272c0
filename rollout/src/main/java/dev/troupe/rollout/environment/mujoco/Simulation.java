package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.troupe.rollout.environment.BadEnvironmentException;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InData;
import dev.troupe.rollout.environment.mujoco.MujocoVersion.InModel;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A model of MuJoCo and one world of it. Its memory is MuJoCo's; it is freed by {@link #close}, or
 * when nothing refers to this any more. One thread at a time.
 */
@SuppressWarnings("restricted")
final class Simulation implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();

  private final MujocoLibrary library;
  private final MemorySegment model;
  private final MemorySegment data;
  private final Cleaner.Cleanable memory;
  private final ReentrantLock using = new ReentrantLock();
  private boolean closed;

  private record Freeing(MujocoLibrary library, MemorySegment model, MemorySegment data)
      implements Runnable {
    @Override
    public void run() {
      library.deleteData(data);
      library.deleteModel(model);
    }
  }

  /**
   * @throws BadEnvironmentException if MuJoCo can't read the model
   */
  Simulation(MujocoLibrary library, Path xml) {
    this.library = library;
    model = library.loadXml(xml);
    data = library.makeData(model);
    if (data.equals(MemorySegment.NULL)) {
      library.deleteModel(model);
      throw new BadEnvironmentException("MuJoCo has no memory for the model [" + xml + "]");
    }
    memory = CLEANER.register(this, new Freeing(library, model, data));
  }

  int count(InModel field) {
    long offset = library.version().offset(field);
    MemorySegment all = model.reinterpret(Long.MAX_VALUE);
    return library.version().countBytes() == Integer.BYTES
        ? all.get(JAVA_INT, offset)
        : Math.toIntExact(all.get(JAVA_LONG, offset));
  }

  double timestep() {
    return model
        .reinterpret(Long.MAX_VALUE)
        .get(JAVA_DOUBLE, library.version().offset(InModel.TIMESTEP));
  }

  /** A copy of an array of the model. */
  double[] constants(InModel field, int count) {
    MemorySegment all = model.reinterpret(Long.MAX_VALUE);
    return all.get(ADDRESS, library.version().offset(field))
        .reinterpret(count * JAVA_DOUBLE.byteSize())
        .toArray(JAVA_DOUBLE);
  }

  /** A copy of an array of 32-bit integers of the model. */
  int[] integers(InModel field, int count) {
    MemorySegment all = model.reinterpret(Long.MAX_VALUE);
    return all.get(ADDRESS, library.version().offset(field))
        .reinterpret(count * JAVA_INT.byteSize())
        .toArray(JAVA_INT);
  }

  /** A copy of an array of 32-bit floats of the model. */
  float[] floats(InModel field, int count) {
    MemorySegment all = model.reinterpret(Long.MAX_VALUE);
    return all.get(ADDRESS, library.version().offset(field))
        .reinterpret(count * JAVA_FLOAT.byteSize())
        .toArray(JAVA_FLOAT);
  }

  /** An array of the world, where it lies; valid until this is closed. */
  MemorySegment array(InData field, int count) {
    MemorySegment all = data.reinterpret(Long.MAX_VALUE);
    return all.get(ADDRESS, library.version().offset(field))
        .reinterpret(count * JAVA_DOUBLE.byteSize());
  }

  /**
   * The number of a body.
   *
   * @throws BadEnvironmentException if the model has none of that name
   */
  int body(String name) {
    int body = library.body(model, name);
    if (body < 0) {
      throw new BadEnvironmentException("the model has no body [" + name + "]");
    }
    return body;
  }

  /** Back to the model's own beginning. */
  void reset() {
    begin();
    try {
      library.resetData(model, data);
    } finally {
      end();
    }
  }

  /** Computes what follows from positions and velocities. */
  void forward() {
    begin();
    try {
      library.forward(model, data);
    } finally {
      end();
    }
  }

  void step(int times) {
    begin();
    try {
      library.step(model, data, times);
    } finally {
      end();
    }
  }

  /** All that the next step depends on. */
  double[] state() {
    begin();
    try {
      return library.state(model, data);
    } finally {
      end();
    }
  }

  void restore(double[] state) {
    begin();
    try {
      library.resetData(model, data);
      library.state(model, data, state);
    } finally {
      end();
    }
  }

  private void begin() {
    using.lock();
    if (closed) {
      using.unlock();
      throw new IllegalStateException("this environment was closed");
    }
  }

  private void end() {
    using.unlock();
  }

  /** Frees the memory, unless a step that doesn't come back is still using it. */
  @Override
  public void close() {
    if (using.tryLock()) {
      try {
        closed = true;
        memory.clean();
      } finally {
        using.unlock();
      }
    }
  }
}

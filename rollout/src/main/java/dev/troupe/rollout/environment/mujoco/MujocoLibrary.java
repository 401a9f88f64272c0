package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.troupe.rollout.environment.BadEnvironmentException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The functions of one libmujoco; loaded once and for the life of the process. */
@SuppressWarnings("restricted")
final class MujocoLibrary {
  private static final Map<Path, MujocoLibrary> LOADED = new ConcurrentHashMap<>();
  private static final int ERROR_BYTES = 1024;

  private final MujocoVersion version;
  private final MethodHandle loadXml;
  private final MethodHandle deleteModel;
  private final MethodHandle makeData;
  private final MethodHandle deleteData;
  private final MethodHandle resetData;
  private final MethodHandle forward;
  private final MethodHandle step;
  private final MethodHandle postConstraint;
  private final MethodHandle stateSize;
  private final MethodHandle getState;
  private final MethodHandle setState;
  private final MethodHandle nameToId;

  private MujocoLibrary(Path file) {
    SymbolLookup symbols = open(file);
    int number = version(symbols, file);
    version =
        MujocoVersion.of(number)
            .orElseThrow(
                () ->
                    new BadEnvironmentException(
                        "MuJoCo at ["
                            + file
                            + "] has version ["
                            + number
                            + "], expected one of "
                            + Arrays.toString(MujocoVersion.values())
                            + ": pip install mujoco==3.3.7"));
    loadXml = pointer(symbols, "mj_loadXML", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    deleteModel = nothing(symbols, "mj_deleteModel", ADDRESS);
    makeData = pointer(symbols, "mj_makeData", ADDRESS);
    deleteData = nothing(symbols, "mj_deleteData", ADDRESS);
    resetData = nothing(symbols, "mj_resetData", ADDRESS, ADDRESS);
    forward = nothing(symbols, "mj_forward", ADDRESS, ADDRESS);
    step = nothing(symbols, "mj_step", ADDRESS, ADDRESS);
    postConstraint = nothing(symbols, "mj_rnePostConstraint", ADDRESS, ADDRESS);
    stateSize = number(symbols, "mj_stateSize", ADDRESS, JAVA_INT);
    getState = nothing(symbols, "mj_getState", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    setState = nothing(symbols, "mj_setState", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    nameToId = number(symbols, "mj_name2id", ADDRESS, JAVA_INT, ADDRESS);
    MujocoMessages.install(symbols);
  }

  /**
   * The library in {@code file}.
   *
   * @throws BadEnvironmentException if it can't be loaded or is of another version
   */
  static MujocoLibrary load(Path file) {
    return LOADED.computeIfAbsent(file.toAbsolutePath().normalize(), MujocoLibrary::new);
  }

  private static SymbolLookup open(Path file) {
    try {
      return SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new BadEnvironmentException(
          "MuJoCo at [" + file + "] can't be loaded: " + e.getMessage(), e);
    }
  }

  private static int version(SymbolLookup symbols, Path file) {
    if (symbols.find("mj_version").isEmpty()) {
      throw new BadEnvironmentException("[" + file + "] is no library of MuJoCo");
    }
    try {
      return (int) number(symbols, "mj_version").invokeExact();
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static MethodHandle nothing(
      SymbolLookup symbols, String name, MemoryLayout... arguments) {
    return handle(symbols, name, FunctionDescriptor.ofVoid(arguments));
  }

  private static MethodHandle pointer(
      SymbolLookup symbols, String name, MemoryLayout... arguments) {
    return handle(symbols, name, FunctionDescriptor.of(ADDRESS, arguments));
  }

  private static MethodHandle number(SymbolLookup symbols, String name, MemoryLayout... arguments) {
    return handle(symbols, name, FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static MethodHandle handle(
      SymbolLookup symbols, String name, FunctionDescriptor descriptor) {
    MemorySegment symbol =
        symbols
            .find(name)
            .orElseThrow(() -> new BadEnvironmentException("MuJoCo has no [" + name + "]"));
    return Linker.nativeLinker().downcallHandle(symbol, descriptor);
  }

  MujocoVersion version() {
    return version;
  }

  /**
   * A model from its XML; to be deleted.
   *
   * @throws BadEnvironmentException with what MuJoCo says about it
   */
  MemorySegment loadXml(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(ERROR_BYTES);
      var model =
          (MemorySegment)
              loadXml.invokeExact(
                  arena.allocateFrom(file.toString()), MemorySegment.NULL, error, ERROR_BYTES);
      if (model.equals(MemorySegment.NULL)) {
        throw new BadEnvironmentException(
            "MuJoCo can't read the model [" + file + "]: " + error.getString(0).strip());
      }
      return model;
    } catch (BadEnvironmentException e) {
      throw e;
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  void deleteModel(MemorySegment model) {
    try {
      deleteModel.invokeExact(model);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  MemorySegment makeData(MemorySegment model) {
    try {
      return (MemorySegment) makeData.invokeExact(model);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  void deleteData(MemorySegment data) {
    try {
      deleteData.invokeExact(data);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  void resetData(MemorySegment model, MemorySegment data) {
    try {
      resetData.invokeExact(model, data);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  void forward(MemorySegment model, MemorySegment data) {
    try {
      forward.invokeExact(model, data);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** Several steps, then the forces between bodies, which a step alone leaves out. */
  void step(MemorySegment model, MemorySegment data, int times) {
    try {
      for (int i = 0; i < times; i++) {
        step.invokeExact(model, data);
      }
      postConstraint.invokeExact(model, data);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** All that the next step depends on. */
  double[] state(MemorySegment model, MemorySegment data) {
    try (Arena arena = Arena.ofConfined()) {
      int size = (int) stateSize.invokeExact(model, version.wholeState());
      MemorySegment memory = arena.allocate(JAVA_DOUBLE, size);
      getState.invokeExact(model, data, memory, version.wholeState());
      return memory.toArray(JAVA_DOUBLE);
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  void state(MemorySegment model, MemorySegment data, double[] state) {
    try (Arena arena = Arena.ofConfined()) {
      int size = (int) stateSize.invokeExact(model, version.wholeState());
      if (size != state.length) {
        throw new IllegalArgumentException(
            "state of this model has [" + size + "] numbers, got [" + state.length + "]");
      }
      setState.invokeExact(
          model, data, arena.allocateFrom(JAVA_DOUBLE, state), version.wholeState());
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  /** The number of a body, or -1. */
  int body(MemorySegment model, String name) {
    int bodies = 1;
    try (Arena arena = Arena.ofConfined()) {
      return (int) nameToId.invokeExact(model, bodies, arena.allocateFrom(name));
    } catch (Throwable e) {
      throw broken(e);
    }
  }

  private static IllegalStateException broken(Throwable cause) {
    return new IllegalStateException("a call of MuJoCo failed: " + cause, cause);
  }
}

package dev.troupe.model.torch;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * A compiled program: PyTorch text whose methods are called from Java, each call one native call.
 *
 * <p>A source has free functions and may have a {@code class Program(Module):} with methods; the
 * methods of all sources form one class and can be called by name, free functions are seen by all
 * sources. Attributes that the class declares ({@code layers: int}) are read as {@code
 * self.layers}; attributes with an upper-case name stand in the text as constants. {@code
 * torch.float32} and its like may be written, {@code Prepacked} is the type of what {@code
 * ops.prepacked.linear_clamp_prepack} makes. Gradients are off until a method calls {@code
 * torch.set_grad_enabled(True)}; leaves are made with {@code p.detach().requires_grad_(True)}.
 *
 * <p>What differs from PyTorch: locals keep their type, lists begin as {@code
 * annotate(List[Tensor], [])}, a number divided by a tensor is {@code torch.reciprocal(x) * n},
 * numbers among keyword arguments that want a float need their point.
 *
 * <p>A program holds no tensors and may be called by several threads at the same time. Where it
 * computes is decided by where its arguments are.
 */
public final class TorchProgram implements AutoCloseable {
  private final String name;
  private final ProgramText text;
  private final AtomicLong module;

  private TorchProgram(String name, ProgramText text, long module) {
    this.name = name;
    this.text = text;
    this.module = new AtomicLong(module);
  }

  /**
   * Compiles sources into one program.
   *
   * @param name shown in error messages
   * @param attributes Boolean, Integer, Long, Double, String, lists of them (all of one type) and
   *     {@code Object[]} for tuples; those that no source declares are ignored
   * @throws ProgramCompileException with the source file, its line and the compiler's words
   */
  public static TorchProgram compile(
      String name, List<ProgramSource> sources, Map<String, Object> attributes) {
    TorchRuntime.prepareThread();
    ProgramText text = new ProgramText(name, sources, constants(attributes));
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("training", false);
    for (String declared : text.attributeNames()) {
      Object value = attributes.get(declared);
      if (value == null) {
        throw new ProgramCompileException(
            name,
            name,
            0,
            "attribute ["
                + declared
                + "] is declared but was not given, got "
                + attributes.keySet(),
            null);
      }
      state.put(declared, value);
    }
    try {
      return new TorchProgram(name, text, LibTorch.load(ProgramArchive.write(text.code(), state)));
    } catch (ai.djl.engine.EngineException e) {
      throw text.refusal(e);
    }
  }

  /**
   * Runs a method.
   *
   * @param arguments {@link Tensor}, {@code List<Tensor>}, {@link Opaque}, Long, Integer, Double,
   *     Boolean, String, {@code long[]} or {@code double[]}; tensors stay the caller's
   * @return what it returned; the caller closes it
   * @throws ProgramRunException when the program fails, with the lines it came through
   */
  public Result run(String method, Object... arguments) {
    TorchRuntime.prepareThread();
    long address = module.get();
    if (address == 0) {
      throw new IllegalStateException("program [" + name + "] is closed");
    }
    long[] values = new long[arguments.length];
    boolean[] ours = new boolean[arguments.length];
    try {
      for (int i = 0; i < arguments.length; i++) {
        ours[i] = !(arguments[i] instanceof Tensor || arguments[i] instanceof Opaque);
        values[i] = value(method, i, arguments[i]);
      }
      return new Result(name + "." + method, LibTorch.run(address, method, values));
    } catch (ai.djl.engine.EngineException e) {
      String words = text.translate(String.valueOf(e.getMessage()));
      throw new ProgramRunException(name, method, Complaint.of(words, false), e);
    } finally {
      for (int i = 0; i < values.length; i++) {
        if (ours[i] && values[i] != 0) {
          TorchValues.delete(values[i]);
        }
      }
      java.lang.ref.Reference.reachabilityFence(arguments);
    }
  }

  /** Name given at compilation. */
  public String name() {
    return name;
  }

  /** Frees the compiled code; no call may be under way. */
  @Override
  public void close() {
    long address = module.getAndSet(0);
    if (address != 0) {
      LibTorch.deleteModule(address);
    }
  }

  private long value(String method, int index, Object argument) {
    return switch (argument) {
      case Tensor tensor -> tensor.value();
      case Opaque opaque -> opaque.value();
      case List<?> list -> TorchValues.fromValues(tensors(method, index, list));
      case Long number -> TorchValues.fromLong(number);
      case Integer number -> TorchValues.fromLong(number);
      case Double number -> TorchValues.fromDouble(number);
      case Boolean truth -> TorchValues.fromBoolean(truth);
      case String string -> TorchValues.fromString(string);
      case long[] numbers -> TorchValues.fromLongs(numbers);
      case double[] numbers -> TorchValues.fromDoubles(numbers);
      default -> throw badArgument(method, index, argument);
    };
  }

  private long[] tensors(String method, int index, List<?> list) {
    long[] values = new long[list.size()];
    int at = 0;
    for (Object element : list) {
      if (!(element instanceof Tensor tensor)) {
        throw badArgument(method, index, element);
      }
      values[at++] = tensor.value();
    }
    return values;
  }

  private IllegalArgumentException badArgument(String method, int index, Object got) {
    return new IllegalArgumentException(
        "argument ["
            + index
            + "] of program ["
            + name
            + "], method ["
            + method
            + "] must be a tensor, list of tensors, opaque value, number, boolean, string, long[]"
            + " or double[], got "
            + got.getClass().getName());
  }

  /** Attributes with upper-case names, as the text has them. */
  static Map<String, String> constants(Map<String, Object> attributes) {
    Map<String, String> constants = new HashMap<>();
    attributes.forEach(
        (key, value) -> {
          if (key.equals(key.toUpperCase(java.util.Locale.ROOT))) {
            constants.put(key, literal(key, value));
          }
        });
    return constants;
  }

  private static String literal(String key, Object value) {
    return switch (value) {
      case Boolean truth -> truth ? "True" : "False";
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case Double number -> {
        if (!Double.isFinite(number)) {
          throw new IllegalArgumentException(
              "constant [" + key + "] must be finite, got " + number);
        }
        yield number.toString().replace("E", "e");
      }
      case String string -> "\"" + string.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
      case List<?> list ->
          list.stream().map(each -> literal(key, each)).collect(Collectors.joining(", ", "[", "]"));
      default ->
          throw new IllegalArgumentException(
              "constant [" + key + "] must be a boolean, number, string or list, got " + value);
    };
  }
}

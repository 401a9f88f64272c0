package dev.troupe.model.network;

import dev.troupe.model.safetensors.SafetensorsFile;
import dev.troupe.model.safetensors.SafetensorsWriter;
import dev.troupe.model.safetensors.TensorFile;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.tensor.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Parameters in safetensors files. */
public final class ParameterFiles {
  private ParameterFiles() {}

  /** Writes parameters with the element types that they have; see {@link SafetensorsWriter}. */
  public static void write(
      Path file, Parameters parameters, Map<String, String> metadata, boolean sync)
      throws IOException {
    List<SafetensorsWriter.Item> items = new ArrayList<>();
    for (int i = 0; i < parameters.names().size(); i++) {
      Tensor tensor = parameters.tensors().get(i);
      items.add(
          new SafetensorsWriter.Item(
              parameters.names().get(i),
              tensor.dtype(),
              Arrays.stream(tensor.shape()).boxed().toList(),
              writer ->
                  tensor.withBytes(
                      bytes -> {
                        writer.accept(bytes);
                        return true;
                      })));
    }
    SafetensorsWriter.write(file, items, metadata, sync);
  }

  /**
   * Reads parameters as they are stored, straight from the mapped file into native tensors.
   *
   * @param names which, in the order wanted
   */
  public static Parameters read(SafetensorsFile file, List<String> names) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    try {
      for (String name : names) {
        long[] shape = file.shape(name).stream().mapToLong(Long::longValue).toArray();
        tensors.add(Tensor.of(dtype(file, name), file.bytes(name), shape));
      }
    } catch (IOException | RuntimeException e) {
      tensors.forEach(Tensor::close);
      throw e;
    }
    return new Parameters(names, tensors);
  }

  private static DType dtype(SafetensorsFile file, String name) throws IOException {
    String type = file.storedType(name);
    for (DType dtype : DType.values()) {
      if (dtype.name().equals(type)) {
        return dtype;
      }
    }
    throw new IllegalArgumentException(
        "parameter ["
            + name
            + "] has dtype ["
            + type
            + "], expected one of "
            + List.of(DType.values()));
  }

  /**
   * Reads a network's parameters, widened to float32 where they are stored as bfloat16 or float16.
   *
   * @param layout what must be there, with these shapes
   * @param ignored names that may be there besides
   * @throws IllegalArgumentException naming the first parameter that is missing, too much or of
   *     another shape
   */
  public static Parameters read(TensorFile file, List<ParameterShape> layout, Set<String> ignored)
      throws IOException {
    Set<String> unused = new HashSet<>(file.names());
    unused.removeAll(ignored);
    List<Tensor> tensors = new ArrayList<>();
    try {
      for (ParameterShape wanted : layout) {
        if (!file.names().contains(wanted.name())) {
          throw new IllegalArgumentException(
              "parameter [" + wanted.name() + "] is missing, the file has " + file.names());
        }
        unused.remove(wanted.name());
        if (!file.shape(wanted.name()).equals(wanted.shape())) {
          throw new IllegalArgumentException(
              "parameter ["
                  + wanted.name()
                  + "] must have the shape "
                  + wanted.shape()
                  + ", the file has "
                  + file.shape(wanted.name()));
        }
        tensors.add(floats(file, wanted));
      }
      if (!unused.isEmpty()) {
        throw new IllegalArgumentException(
            "the file has parameters that the network does not: "
                + unused.stream().sorted().toList());
      }
    } catch (IOException | RuntimeException e) {
      tensors.forEach(Tensor::close);
      throw e;
    }
    return new Parameters(layout.stream().map(ParameterShape::name).toList(), tensors);
  }

  private static Tensor floats(TensorFile file, ParameterShape wanted) throws IOException {
    String type = file.storedType(wanted.name());
    switch (type) {
      case "F32", "BF16", "F16", "F64" -> {
        DType dtype = DType.valueOf(type);
        Tensor stored = Tensor.of(dtype, file.bytes(wanted.name()), wanted.extents());
        if (dtype == DType.F32) {
          return stored;
        }
        try (stored) {
          return stored.to(DType.F32);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "parameter ["
                  + wanted.name()
                  + "] has dtype ["
                  + type
                  + "], expected F32, BF16, F16 or F64");
    }
  }
}

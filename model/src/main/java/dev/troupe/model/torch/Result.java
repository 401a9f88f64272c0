package dev.troupe.model.torch;

import java.util.ArrayList;
import java.util.List;

/**
 * What a method returned: one value, or the elements of a tuple. Tensors taken out belong to the
 * caller and live on after the result is closed.
 */
public final class Result implements AutoCloseable {
  private static final long TAKEN = 0;

  private final String where;
  private final long root;
  private final long[] elements;
  private boolean closed;

  Result(String where, long root) {
    this.where = where;
    this.root = root;
    this.elements = TorchValues.isTuple(root) ? TorchValues.toTuple(root) : new long[] {root};
  }

  /** Number of elements; 1 unless a tuple was returned. */
  public int size() {
    return elements.length;
  }

  /** The first element as a tensor. */
  public Tensor tensor() {
    return tensor(0);
  }

  public Tensor tensor(int index) {
    long value = element(index);
    try {
      return Tensor.ofTensor(TorchValues.toTensor(value));
    } catch (ai.djl.engine.EngineException e) {
      throw wrongType(index, "tensor", e);
    }
  }

  /** An element that is a list of tensors. */
  public List<Tensor> tensors(int index) {
    long value = element(index);
    try {
      long[] values = TorchValues.toList(value);
      List<Tensor> tensors = new ArrayList<>(values.length);
      for (long each : values) {
        tensors.add(Tensor.ofTensor(TorchValues.toTensor(each)));
        TorchValues.delete(each);
      }
      return tensors;
    } catch (ai.djl.engine.EngineException e) {
      throw wrongType(index, "list of tensors", e);
    }
  }

  /** An element of whatever type, to be handed back to a program. It can be taken out once. */
  public Opaque opaque(int index) {
    long value = element(index);
    if (value == root) {
      closed = true;
    } else {
      elements[index] = TAKEN;
    }
    return new Opaque(value);
  }

  public double number(int index) {
    return get(index, "float", TorchValues::toDouble);
  }

  public long integer(int index) {
    return get(index, "int", TorchValues::toLong);
  }

  public boolean truth(int index) {
    return get(index, "bool", TorchValues::toBoolean);
  }

  public String text(int index) {
    return get(index, "str", TorchValues::toText);
  }

  public long[] integers(int index) {
    return get(index, "list of ints", TorchValues::toLongs);
  }

  public double[] numbers(int index) {
    return get(index, "list of floats", TorchValues::toDoubles);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (long element : elements) {
      if (element != root && element != TAKEN) {
        TorchValues.delete(element);
      }
    }
    TorchValues.delete(root);
  }

  /** Reads one element. */
  private interface Reader<T> {
    T read(long value);
  }

  private <T> T get(int index, String wanted, Reader<T> reader) {
    long value = element(index);
    try {
      return reader.read(value);
    } catch (ai.djl.engine.EngineException e) {
      throw wrongType(index, wanted, e);
    }
  }

  private long element(int index) {
    if (closed) {
      throw new IllegalStateException("result of [" + where + "] is closed");
    }
    if (index < 0 || index >= elements.length) {
      throw new IllegalArgumentException(
          "result of ["
              + where
              + "] has ["
              + elements.length
              + "] elements, asked for ["
              + index
              + "]");
    }
    if (elements[index] == TAKEN) {
      throw new IllegalStateException(
          "element [" + index + "] of the result of [" + where + "] was taken out");
    }
    return elements[index];
  }

  private IllegalStateException wrongType(int index, String wanted, Exception cause) {
    return new IllegalStateException(
        "element ["
            + index
            + "] of the result of ["
            + where
            + "] is not a "
            + wanted
            + " but a "
            + TorchValues.type(elements[index]),
        cause);
  }
}

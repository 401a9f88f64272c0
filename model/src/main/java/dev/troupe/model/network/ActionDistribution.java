package dev.troupe.model.network;

import dev.troupe.model.torch.ProgramSource;
import dev.troupe.protocol.check.Check;
import java.util.List;

/** What a policy draws its actions from. */
public sealed interface ActionDistribution {
  /** Numbers of an action: K. */
  int numbers();

  /** What the network puts out for it. */
  int outputs();

  /**
   * Numbers that say which distribution it is: P. The text's {@code distribution_parameters} makes
   * them of the outputs.
   */
  int parameters();

  /** The text of it; {@code categorical.py} says which functions it offers. */
  ProgramSource source();

  /** A choice among {@code count}. */
  record Categorical(int count) implements ActionDistribution {
    public Categorical {
      Check.atLeast("count", 1, count);
    }

    @Override
    public int numbers() {
      return 1;
    }

    @Override
    public int outputs() {
      return count;
    }

    @Override
    public int parameters() {
      return count;
    }

    @Override
    public ProgramSource source() {
      return text("categorical.py");
    }
  }

  /** Several independent choices; logits lie one choice after the other. */
  record MultiCategorical(List<Integer> counts) implements ActionDistribution {
    public MultiCategorical {
      counts = List.copyOf(counts);
      Check.that(!counts.isEmpty(), "counts", "at least one", counts);
      counts.forEach(count -> Check.atLeast("counts", 1, count));
    }

    @Override
    public int numbers() {
      return counts.size();
    }

    @Override
    public int outputs() {
      return counts.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public int parameters() {
      return outputs();
    }

    @Override
    public ProgramSource source() {
      return text("multi_categorical.py");
    }
  }

  /** Independent normals whose standard deviations are parameters of their own. */
  record Normal(int size) implements ActionDistribution {
    public Normal {
      Check.atLeast("size", 1, size);
    }

    @Override
    public int numbers() {
      return size;
    }

    @Override
    public int outputs() {
      return size;
    }

    @Override
    public int parameters() {
      return 2 * size;
    }

    @Override
    public ProgramSource source() {
      return text("normal.py");
    }
  }

  private static ProgramSource text(String name) {
    return ProgramSource.resource(ActionDistribution.class, "/dev/troupe/model/programs/" + name);
  }
}

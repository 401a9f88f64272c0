package dev.troupe.learner.control;

import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Tabular policies that collect pairs and are adjusted to them. */
final class PropsLab implements AutoCloseable {
  private final int states;
  private final int actions;
  private final TorchProgram program;

  /** Pairs of state and action, oldest first. */
  final List<int[]> pairs = new ArrayList<>();

  double learningRate = 0.5;
  int epochs = 16;
  double clip = 0.3;
  double targetKl = 0.05;
  boolean adam = true;
  double clipNorm = 0.5;

  PropsLab(int states, int actions) {
    this.states = states;
    this.actions = actions;
    this.program =
        ControlProgram.compile(new Controls().build(), new TabularNetwork(states, actions));
  }

  /** What an adjustment came to. */
  static final class Adjusted {
    final float[] logits;
    final int steps;
    final double statistic;

    Adjusted(float[] logits, int steps, double statistic) {
      this.logits = logits;
      this.steps = steps;
      this.statistic = statistic;
    }
  }

  /** φ for all pairs but the {@code left} oldest. */
  Adjusted adjust(float[] theta, int left) {
    float[] flat = Arrays.copyOf(theta, theta.length + states);
    List<int[]> rows = pairs.subList(left, pairs.size());
    int count = rows.size();
    if (count == 0) {
      return new Adjusted(theta, 0, 0);
    }
    Shuffle shuffle = Shuffle.of(count, 1, epochs, 1, 1);
    try (Tensor t = Tensor.of(flat);
        Tensor phi = Tensor.of(flat);
        Tensor mean = Tensor.of(new float[flat.length]);
        Tensor square = Tensor.of(new float[flat.length]);
        Tensor steps = Tensor.of(new float[] {0}, 1);
        Tensor x = observations(rows);
        Tensor a = chosen(rows);
        Tensor order = Tensor.of(shuffle.order());
        Result result =
            program.run(
                "adjust",
                t,
                List.of(phi),
                List.of(mean),
                List.of(square),
                List.of(steps),
                List.of(),
                x,
                a,
                order,
                shuffle.bounds(),
                learningRate,
                adam,
                clip,
                0.0,
                targetKl,
                clipNorm);
        Tensor figures = result.tensor()) {
      double[] values = figures.toDoubles();
      return new Adjusted(Arrays.copyOf(phi.toFloats(), theta.length), (int) values[0], values[3]);
    }
  }

  /** The program's estimate over all pairs. */
  double fittedError(float[] theta) {
    try (Tensor flat = Tensor.of(Arrays.copyOf(theta, theta.length + states));
        Tensor x = observations(pairs);
        Tensor a = chosen(pairs);
        Result result = program.run("sampling_error", flat, List.of(), x, a, 50, 0.2)) {
      return result.number(0);
    }
  }

  /** mean[log π_D − log π_θ] over all pairs, with π_D by counting. */
  double countedError(float[] theta) {
    double[][] counts = new double[states][actions];
    double[] visits = new double[states];
    for (int[] pair : pairs) {
      counts[pair[0]][pair[1]]++;
      visits[pair[0]]++;
    }
    double sum = 0;
    for (int s = 0; s < states; s++) {
      double[] p = probabilities(theta, s);
      for (int a = 0; a < actions; a++) {
        if (counts[s][a] > 0) {
          sum += counts[s][a] * Math.log(counts[s][a] / visits[s] / p[a]);
        }
      }
    }
    return sum / pairs.size();
  }

  double[] probabilities(float[] logits, int state) {
    double[] p = new double[actions];
    double sum = 0;
    for (int a = 0; a < actions; a++) {
      p[a] = Math.exp(logits[state * actions + a]);
      sum += p[a];
    }
    for (int a = 0; a < actions; a++) {
      p[a] /= sum;
    }
    return p;
  }

  int draw(float[] logits, int state, SplittableRandom random) {
    double[] p = probabilities(logits, state);
    double u = random.nextDouble();
    int a = 0;
    while (a < actions - 1 && u >= p[a]) {
      u -= p[a++];
    }
    return a;
  }

  private Tensor observations(List<int[]> rows) {
    float[] x = new float[rows.size() * states];
    for (int i = 0; i < rows.size(); i++) {
      x[i * states + rows.get(i)[0]] = 1;
    }
    return Tensor.of(x, 1, rows.size(), states);
  }

  private static Tensor chosen(List<int[]> rows) {
    return Tensor.of(rows.stream().mapToLong(pair -> pair[1]).toArray(), 1, rows.size(), 1);
  }

  @Override
  public void close() {
    program.close();
  }
}

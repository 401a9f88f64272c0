package dev.troupe.rollout.environment.toytext;

import dev.troupe.rollout.random.Pcg64;
import java.util.ArrayList;
import java.util.List;

/**
 * What may follow from each state and action, with its probability, and where episodes begin.
 *
 * <p>A draw takes one uniform number and the first entry whose cumulative probability is above it.
 */
final class TransitionTable {
  /** Something that may follow. */
  record Outcome(double probability, int state, double reward, boolean terminated) {}

  private final int actions;
  private final Outcome[][] outcomes;
  private final double[][] cumulative;
  private final double[] starts;

  TransitionTable(List<List<Outcome>> outcomes, int actions, double[] starts) {
    this.actions = actions;
    this.outcomes =
        outcomes.stream().map(each -> each.toArray(Outcome[]::new)).toArray(Outcome[][]::new);
    this.cumulative = new double[this.outcomes.length][];
    for (int i = 0; i < cumulative.length; i++) {
      double[] probabilities = new double[this.outcomes[i].length];
      for (int j = 0; j < probabilities.length; j++) {
        probabilities[j] = this.outcomes[i][j].probability();
      }
      cumulative[i] = summed(probabilities);
    }
    this.starts = summed(starts);
  }

  /** Makes the table state by state, action by action. */
  interface Rule {
    void add(int state, int action, List<Outcome> to);
  }

  static TransitionTable of(int states, int actions, double[] starts, Rule rule) {
    var all = new ArrayList<List<Outcome>>();
    for (int state = 0; state < states; state++) {
      for (int action = 0; action < actions; action++) {
        var outcomes = new ArrayList<Outcome>();
        rule.add(state, action, outcomes);
        all.add(outcomes);
      }
    }
    return new TransitionTable(all, actions, starts);
  }

  int start(Pcg64 random) {
    return draw(starts, random);
  }

  Outcome follow(int state, int action, Pcg64 random) {
    int row = state * actions + action;
    return outcomes[row][draw(cumulative[row], random)];
  }

  private static int draw(double[] cumulative, Pcg64 random) {
    double uniform = random.random();
    for (int i = 0; i < cumulative.length; i++) {
      if (cumulative[i] > uniform) {
        return i;
      }
    }
    return 0;
  }

  private static double[] summed(double[] probabilities) {
    double[] sums = probabilities.clone();
    for (int i = 1; i < sums.length; i++) {
      sums[i] += sums[i - 1];
    }
    return sums;
  }
}

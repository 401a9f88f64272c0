package dev.troupe.learner.control;

import dev.troupe.model.network.ControlNetwork;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.batch.Batch;
import dev.troupe.protocol.batch.BatchGroup;
import dev.troupe.protocol.batch.JudgedTrajectory;
import dev.troupe.protocol.tensor.DType;
import dev.troupe.protocol.tensor.TensorData;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.EnvironmentFragment;
import java.util.ArrayList;
import java.util.List;

/** Makes {@link Experience}s of fragments, and longer and wider ones of several. */
final class Experiences {
  private final ControlNetwork network;
  private final TorchProgram program;

  /**
   * @param program that has {@code experience.py}
   */
  Experiences(ControlNetwork network, TorchProgram program) {
    this.network = network;
    this.program = program;
  }

  /** The fragments of a batch in its order, each as it is. */
  List<Experience> of(Batch batch) {
    List<Experience> fragments = new ArrayList<>();
    for (BatchGroup group : batch.groups()) {
      for (JudgedTrajectory judged : group.trajectories()) {
        fragments.add(of(fragment(judged.trajectory().body())));
      }
    }
    if (fragments.isEmpty()) {
      throw new IllegalArgumentException(
          "batch [" + batch.number() + "] has no fragments; expected at least one");
    }
    return fragments;
  }

  private static EnvironmentFragment fragment(TrajectoryBody body) {
    return switch (body) {
      case EnvironmentFragment fragment -> fragment;
      case Completion _ ->
          throw new IllegalArgumentException(
              "expected an environment's fragment, got a completion: this run learns on"
                  + " environments");
    };
  }

  /** One fragment. */
  Experience of(EnvironmentFragment fragment) {
    refuseWhatDoesNotFit(fragment);
    List<Tensor> given = new ArrayList<>();
    try {
      given.add(Tensor.of(fragment.observations()));
      given.add(Tensor.of(fragment.actions()));
      given.add(Tensor.of(fragment.logProbs()));
      given.add(Tensor.of(fragment.rewards()));
      given.add(Tensor.of(fragment.terminated()));
      given.add(Tensor.of(fragment.truncated()));
      given.add(Tensor.of(fragment.inserted()));
      given.add(Tensor.of(fragment.lastObservation()));
      given.add(Tensor.of(fragment.finalObservations()));
      given.add(places(fragment, given.get(4), given.get(5)));
      given.add(Tensor.of(fragment.startState()));
      given.add(Tensor.of(fragment.startReturns()));
      try (Result prepared = program.run("prepare", given)) {
        return new Experience(prepared.tensors(0));
      }
    } finally {
      given.forEach(Tensor::close);
    }
  }

  /** Rows whose final observation is given: none where the next row has it. */
  private Tensor places(EnvironmentFragment fragment, Tensor terminated, Tensor truncated) {
    long given = fragment.finalObservations().shape().getFirst();
    if (given == 0) {
      return Tensor.zeros(DType.I64, 0, 2);
    }
    try (Result result = program.run("cut_short", terminated, truncated)) {
      Tensor places = result.tensor();
      if (places.shape()[0] != given) {
        long rows = places.shape()[0];
        places.close();
        throw new IllegalArgumentException(
            "a fragment has ["
                + rows
                + "] rows that are truncated and not terminated, but ["
                + given
                + "] final observations; expected one for each, or none where the next row has it");
      }
      return places;
    }
  }

  private void refuseWhatDoesNotFit(EnvironmentFragment fragment) {
    expect("numbers of an observation", network.shape().observation(), fragment.observations(), 2);
    expect("numbers of an action", network.shape().actions().numbers(), fragment.actions(), 2);
    expect("numbers of memory", network.state(), fragment.startState(), 1);
  }

  private static void expect(String what, long wanted, TensorData got, int dimension) {
    if (got.shape().get(dimension) != wanted) {
      throw new IllegalArgumentException(
          "the policy wants ["
              + wanted
              + "] "
              + what
              + ", the fragment has ["
              + got.shape().get(dimension)
              + "]");
    }
  }

  /**
   * All collections of a buffer in one, oldest first. Where every fragment of a collection goes on
   * where the one at the same place of the collection before stopped, they become longer lanes,
   * otherwise more lanes.
   */
  Experience joined(List<List<Experience>> collections) {
    List<Experience> lanes = new ArrayList<>();
    if (chained(collections)) {
      for (int i = 0; i < collections.getFirst().size(); i++) {
        int place = i;
        lanes.add(
            folded("after", collections.stream().map(fragments -> fragments.get(place)).toList()));
      }
    } else {
      collections.forEach(fragments -> fragments.forEach(each -> lanes.add(copy(each))));
    }
    try {
      refuseOtherLengths(lanes);
      return folded("beside", lanes);
    } finally {
      lanes.forEach(Experience::close);
    }
  }

  private boolean chained(List<List<Experience>> collections) {
    for (int k = 1; k < collections.size(); k++) {
      List<Experience> before = collections.get(k - 1);
      List<Experience> next = collections.get(k);
      if (before.size() != next.size()) {
        return false;
      }
      for (int i = 0; i < next.size(); i++) {
        try (Result same = program.run("goes_on", before.get(i).tensors(), next.get(i).tensors())) {
          if (!same.truth(0)) {
            return false;
          }
        }
      }
    }
    return true;
  }

  private static void refuseOtherLengths(List<Experience> lanes) {
    int steps = lanes.getFirst().steps();
    for (Experience each : lanes) {
      if (each.steps() != steps) {
        throw new IllegalArgumentException(
            "fragments of an update must have as many steps each, got ["
                + steps
                + "] and ["
                + each.steps()
                + "]");
      }
    }
  }

  private Experience folded(String method, List<Experience> parts) {
    Experience all = copy(parts.getFirst());
    for (Experience part : parts.subList(1, parts.size())) {
      try (Experience before = all;
          Result result = program.run(method, before.tensors(), part.tensors())) {
        all = new Experience(result.tensors(0));
      }
    }
    return all;
  }

  /** Handles of its own to the same memory. */
  private Experience copy(Experience experience) {
    try (Result same = program.run("prepare", experience.tensors())) {
      return new Experience(same.tensors(0));
    }
  }
}

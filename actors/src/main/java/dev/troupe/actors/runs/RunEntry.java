package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.actors.run.StopConditions;
import dev.troupe.protocol.run.RunSpecification;
import dev.troupe.protocol.run.StopSpecification;
import java.util.Optional;

/** A run, as the active head knows it. */
final class RunEntry {

  /** Whether there is an actor of it. */
  private enum Life {
    NONE,
    BEGINNING,
    MADE
  }

  final String name;
  final RunSpecification specification;
  private Control control;
  private Life life = Life.NONE;

  /** Whether the disk says something else yet. */
  private boolean unwritten;

  private Placement.Plan plan = Placement.Plan.NOTHING;

  RunEntry(String name, RunSpecification specification, Control control) {
    this.name = name;
    this.specification = specification;
    this.control = control;
  }

  Control control() {
    return control;
  }

  void control(Control next) {
    control = next;
    unwritten = false;
  }

  void failedToWrite() {
    unwritten = true;
  }

  boolean isUnwritten() {
    return unwritten;
  }

  Placement.Plan plan() {
    return plan;
  }

  void plan(Placement.Plan next) {
    plan = next;
  }

  void begins() {
    life = Life.BEGINNING;
  }

  void begun() {
    life = Life.MADE;
  }

  void ends() {
    life = Life.NONE;
    plan = Placement.Plan.NOTHING;
  }

  boolean isActive() {
    return life != Life.NONE;
  }

  /** Whether it is to be made, now or when there is room. */
  boolean isWanted() {
    return !control.isOver();
  }

  /** Why going on until {@code stop} would do nothing, where it is known that it would. */
  Optional<String> nothingLeft(StopSpecification stop) {
    StopSpecification before = specification.stop();
    Optional<String> updates = StopConditions.updates(before, before.updates());
    boolean fewer =
        updates.equals(Optional.of(control.words()))
            && StopConditions.updates(stop, before.updates()).isPresent();
    boolean done = control.outcome() == Control.Outcome.DONE;
    return done && (fewer || stop.equals(before))
        ? Optional.of(
            "run ["
                + name
                + "] is finished: "
                + control.words()
                + ". Nothing is left to do; for longer: --resume "
                + StopConditions.longer(stop, before.updates()))
        : Optional.empty();
  }

  Placement.Wish wish() {
    return Placement.Wish.of(name, specification, isActive());
  }

  ClusterView.RunState state() {
    return switch (control.outcome()) {
      case DONE -> ClusterView.RunState.DONE;
      case STOPPED -> ClusterView.RunState.STOPPED;
      case FAILED -> ClusterView.RunState.FAILED;
      case NONE -> isActive() ? ClusterView.RunState.ACTIVE : ClusterView.RunState.QUEUED;
    };
  }
}

package dev.troupe.actors.ledger;

import dev.troupe.protocol.lease.Group;
import dev.troupe.protocol.ledger.DropReason;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The account of one group that is not closed yet: the state of each member, and its uses. */
final class GroupAccount {
  private final Group group;
  private final @Nullable TrajectoryState[] states;
  private final int[] attempts;
  private final double[] scores;
  private final int[] lengths;
  private final @Nullable PolicyVersion[] behaviours;
  private final @Nullable DropReason[] dropReasons;
  private long[] batches = new long[0];
  private boolean over;

  /** Newest batch that was trained on when the group was first granted. */
  private final long trainedAtGrant;

  GroupAccount(Group group, long trainedAtGrant) {
    this.group = group;
    this.trainedAtGrant = trainedAtGrant;
    this.states = new TrajectoryState[group.size()];
    this.attempts = new int[group.size()];
    this.scores = new double[group.size()];
    this.lengths = new int[group.size()];
    this.behaviours = new PolicyVersion[group.size()];
    this.dropReasons = new DropReason[group.size()];
  }

  Group group() {
    return group;
  }

  long trainedAtGrant() {
    return trainedAtGrant;
  }

  @Nullable TrajectoryState state(int member) {
    return states[member];
  }

  void state(int member, TrajectoryState state) {
    states[member] = state;
  }

  int attempt(int member) {
    return attempts[member];
  }

  void attempt(int member, int attempt) {
    attempts[member] = attempt;
  }

  void recorded(int member, double score, int length, PolicyVersion behaviour) {
    states[member] = TrajectoryState.RECORDED;
    scores[member] = score;
    lengths[member] = length;
    behaviours[member] = behaviour;
  }

  int length(int member) {
    return lengths[member];
  }

  void dropped(int member, DropReason reason, int length) {
    states[member] = TrajectoryState.DROPPED;
    dropReasons[member] = reason;
    lengths[member] = Math.max(lengths[member], length);
  }

  /** Why a member was dropped; null if it wasn't. */
  @Nullable DropReason dropReason(int member) {
    return dropReasons[member];
  }

  /** No member will be granted any more, whether or not all were. */
  void over() {
    over = true;
  }

  boolean isOver() {
    return over;
  }

  /** Whether nothing is to come: every member is granted (or never will be), none is leased. */
  boolean isComplete() {
    for (TrajectoryState state : states) {
      if (state == TrajectoryState.LEASED || (state == null && !over)) {
        return false;
      }
    }
    return true;
  }

  boolean hasAny(TrajectoryState wanted) {
    for (TrajectoryState state : states) {
      if (state == wanted) {
        return true;
      }
    }
    return false;
  }

  /** Members in {@code wanted}, ascending. */
  List<TrajectoryId> ids(TrajectoryState wanted) {
    List<TrajectoryId> ids = new ArrayList<>();
    for (int member = 0; member < states.length; member++) {
      if (states[member] == wanted) {
        ids.add(new TrajectoryId(group.number(), member));
      }
    }
    return ids;
  }

  /** Members that were scored and not dropped, ascending. */
  List<TrajectoryId> scored() {
    List<TrajectoryId> ids = new ArrayList<>();
    for (int member = 0; member < states.length; member++) {
      if (isScored(member)) {
        ids.add(new TrajectoryId(group.number(), member));
      }
    }
    return ids;
  }

  /** Whether {@link #ungranted} names any. */
  boolean hasUngranted() {
    boolean any = false;
    for (int member = 0; member < states.length && !over && !any; member++) {
      any = states[member] == null;
    }
    return any;
  }

  /** Members that were never granted, ascending; none once the group is over. */
  List<Integer> ungranted() {
    List<Integer> members = new ArrayList<>();
    for (int member = 0; member < states.length && !over; member++) {
      if (states[member] == null) {
        members.add(member);
      }
    }
    return members;
  }

  boolean isUniform() {
    double first = Double.NaN;
    for (int member = 0; member < states.length; member++) {
      if (isScored(member)) {
        if (!Double.isNaN(first) && scores[member] != first) {
          return false;
        }
        first = scores[member];
      }
    }
    return true;
  }

  double firstScore() {
    return scores[scored().getFirst().member()];
  }

  /** Oldest behaviour version among the scored members. */
  PolicyVersion oldestBehaviour() {
    PolicyVersion oldest = null;
    for (int member = 0; member < states.length; member++) {
      PolicyVersion behaviour = behaviours[member];
      if (behaviour != null
          && isScored(member)
          && (oldest == null || behaviour.update() < oldest.update())) {
        oldest = behaviour;
      }
    }
    if (oldest == null) {
      throw new LedgerException("group [" + group.number() + "] has no scored member");
    }
    return oldest;
  }

  List<PolicyVersion> behavioursOfScored() {
    List<PolicyVersion> versions = new ArrayList<>();
    for (int member = 0; member < states.length; member++) {
      PolicyVersion behaviour = behaviours[member];
      if (behaviour != null && isScored(member)) {
        versions.add(behaviour);
      }
    }
    return versions;
  }

  int uses() {
    return batches.length;
  }

  /** Numbers of the batches that this group is part of, ascending. */
  long[] batches() {
    return batches.clone();
  }

  long firstBatch() {
    return batches[0];
  }

  long lastBatch() {
    return batches[batches.length - 1];
  }

  void used(long batch) {
    batches = Arrays.copyOf(batches, batches.length + 1);
    batches[batches.length - 1] = batch;
  }

  private boolean isScored(int member) {
    TrajectoryState state = states[member];
    return state == TrajectoryState.RECORDED
        || state == TrajectoryState.BATCHED
        || state == TrajectoryState.CONSUMED;
  }
}

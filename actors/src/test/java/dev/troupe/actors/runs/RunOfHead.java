package dev.troupe.actors.runs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run's actor on a head, as far as nodes and its end go: it enlists nodes, works when it has a
 * learner, samplers and a verifier, and ends when its work is done or it is stopped.
 */
final class RunOfHead {
  private static final int TICKS_WITHOUT_LEARNER = 10;

  private record Report(int rollouts, boolean learner) {}

  private final HeadMachine head;
  private final String run;
  private final long term;
  private final Map<NodeMachine.Ref, Allotment<NodeMachine.Ref>> places = new LinkedHashMap<>();
  private final Map<NodeMachine.Ref, Report> reports = new HashMap<>();
  private Control.Wanted wanted = Control.Wanted.RUN;
  private boolean over;
  private int withoutLearner;

  RunOfHead(HeadMachine head, String run, long term, List<Allotment<NodeMachine.Ref>> allotments) {
    this.head = head;
    this.run = run;
    this.term = term;
    set(allotments);
    head.after(1_000, this::tick);
  }

  String run() {
    return run;
  }

  long term() {
    return term;
  }

  Control.Wanted wanted() {
    return wanted;
  }

  void want(Control.Wanted next) {
    wanted = next;
  }

  void set(List<Allotment<NodeMachine.Ref>> next) {
    Map<NodeMachine.Ref, Allotment<NodeMachine.Ref>> all = new LinkedHashMap<>();
    next.forEach(it -> all.put(it.ref(), it));
    for (Allotment<NodeMachine.Ref> it : places.values()) {
      all.computeIfAbsent(it.ref(), ref -> new Allotment<>(it.node(), ref, 0, false, false));
    }
    all.forEach(
        (ref, it) -> {
          if (!it.equals(places.put(ref, it))) {
            enlist(it);
          }
        });
  }

  private void enlist(Allotment<NodeMachine.Ref> it) {
    head.enlist(
        it.ref(),
        new NodeMachine.Enlist(run, term, it.rollouts(), it.learner(), head, head.life()));
  }

  void reported(NodeMachine.Ref node, int rollouts, boolean learner) {
    Allotment<NodeMachine.Ref> place = places.get(node);
    if (place == null) {
      return;
    }
    reports.put(node, new Report(rollouts, learner));
    boolean nothing = place.rollouts() == 0 && !place.rewards() && !place.learner();
    if (nothing && rollouts == 0 && !learner) {
      head.dismissAs(node, run, term);
      places.remove(node);
      reports.remove(node);
    }
  }

  void lost(NodeMachine.Ref node) {
    places.remove(node);
    reports.remove(node);
  }

  private void tick() {
    if (over || !head.isMade(this)) {
      return;
    }
    new ArrayList<>(places.values())
        .forEach(
            it -> {
              Report report = reports.get(it.ref());
              boolean settled =
                  report != null
                      && report.rollouts() == it.rollouts()
                      && report.learner() == it.learner();
              if (!settled) {
                enlist(it);
              }
            });
    boolean learner = reports.values().stream().anyMatch(Report::learner);
    boolean samples = reports.values().stream().anyMatch(it -> it.rollouts() > 0);
    boolean verifies = places.values().stream().anyMatch(Allotment::rewards);
    withoutLearner = learner ? 0 : withoutLearner + 1;
    if (wanted == Control.Wanted.STOP && (learner || withoutLearner > TICKS_WITHOUT_LEARNER)) {
      end(Control.Outcome.STOPPED);
    } else if (wanted == Control.Wanted.RUN && learner && samples && verifies) {
      if (head.world.works(run)) {
        end(Control.Outcome.DONE);
      }
    }
    head.after(1_000, this::tick);
  }

  private void end(Control.Outcome outcome) {
    over = true;
    head.endOf(run, outcome);
  }
}

package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.Submission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Those who submit runs and change their minds. Who gets no answer to a submission says it again.
 */
final class People extends Machine {
  private static final int RUNS_MAX = 5;

  private final List<String> submitted = new ArrayList<>();
  private final Map<Long, Runnable> unanswered = new HashMap<>();
  private long requests;
  private boolean calm;

  People(RunsWorld world) {
    super(world, "people");
  }

  @Override
  void onStart() {
    after(1_000, this::wish);
  }

  @Override
  void onCrash() {}

  /** Nobody wants anything any more, but that paused runs go on. */
  void settle() {
    calm = true;
    after(1_000, this::goOn);
  }

  private void goOn() {
    submitted.forEach(run -> want(run, Control.Wanted.RUN));
    after(20_000, this::goOn);
  }

  private void wish() {
    if (calm) {
      return;
    }
    if ((submitted.size() < RUNS_MAX && world.some(3) == 0) || submitted.isEmpty()) {
      String run = "run-" + submitted.size();
      submitted.add(run);
      submit(run, false);
    } else {
      String run = submitted.get((int) world.some(submitted.size()));
      switch ((int) world.some(10)) {
        case 0, 1 -> want(run, Control.Wanted.PAUSE);
        case 2, 3, 4 -> want(run, Control.Wanted.RUN);
        case 5 -> want(run, Control.Wanted.STOP);
        case 6 -> submit(run, true);
        default -> drain();
      }
    }
    after(500 + world.some(6_000), this::wish);
  }

  private void submit(String run, boolean resume) {
    long request =
        ask(
            run,
            to ->
                decisions ->
                    decisions.submit(
                        new Submission(
                            run,
                            world.specification(
                                world.flaw() == RunsFlaw.SHARE_IGNORED ? 1 : world.share(run)),
                            "",
                            resume),
                        to));
    if (!resume) {
      unanswered.put(request, () -> submit(run, false));
      after(10_000, () -> again(request));
    }
  }

  private void again(long request) {
    Runnable again = unanswered.remove(request);
    if (again != null) {
      again.run();
    }
  }

  private void want(String run, Control.Wanted wanted) {
    ask(run, to -> decisions -> decisions.want(run, wanted, to));
  }

  private void drain() {
    String node = world.nodeToDrain();
    HeadMachine head = world.active();
    if (world.flaw() == RunsFlaw.DRAINED_NODE_PLACED) {
      send(head, head.life(), "drain", () -> head.drainSecretly(node));
    } else {
      ask(node, to -> decisions -> decisions.drain(node, false, to));
    }
  }

  private interface Request {
    Consumer<RunsDecisions<NodeMachine.Ref, Long>> to(Long asking);
  }

  private long ask(String about, Request what) {
    long request = ++requests;
    world.promises().asks(request, about);
    HeadMachine head = world.active();
    send(head, head.life(), request, () -> head.asked(what.to(request)));
    return request;
  }

  void hear(long request, Answer answer) {
    Runnable again = unanswered.remove(request);
    if (again != null && answer instanceof Answer.Refused refused) {
      world.note(RunsHappening.SUBMISSION_REFUSED);
      boolean there =
          refused.words().startsWith("there is a run") || refused.words().contains("being");
      if (!there) {
        again.run();
      }
    } else if (again != null) {
      world.note(RunsHappening.SUBMISSION_ANSWERED);
    }
    if (answer instanceof Answer.Done done) {
      String words = done.words();
      if (words.contains("begins nothing new")) {
        world.note(RunsHappening.PAUSED);
      } else if (words.contains("goes on")) {
        world.note(RunsHappening.CONTINUED);
      } else if (words.contains("makes a checkpoint")) {
        world.note(RunsHappening.STOPPED);
      } else if (words.contains("is submitted") && again == null) {
        world.note(RunsHappening.RESUMED);
      }
    }
  }
}

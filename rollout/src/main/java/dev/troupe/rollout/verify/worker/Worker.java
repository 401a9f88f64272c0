package dev.troupe.rollout.verify.worker;

import dev.troupe.protocol.codec.OutcomeCodec;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.protocol.proto.VerifierWorkerReply;
import dev.troupe.protocol.proto.VerifierWorkerRequest;
import dev.troupe.protocol.proto.WorkerAnswer;
import dev.troupe.protocol.proto.WorkerVerdict;
import dev.troupe.rollout.environment.EnvironmentFailure.Kind;
import dev.troupe.rollout.process.WorkerLostException;
import dev.troupe.rollout.process.WorkerProcess;
import dev.troupe.rollout.verify.Attempt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A place for one process: started when there is something to judge and none is there. One thread
 * at a time.
 */
final class Worker implements AutoCloseable {
  private final Program program;
  private final Patience patience;
  private @Nullable WorkerProcess process;
  private boolean together;

  /** Processes that died in a row without a verdict, and how the last one did. */
  private int deaths;

  private String lastDeath = "";

  Worker(Program program, Patience patience) {
    this.program = program;
    this.patience = patience;
  }

  /** Why it can't be started, if it can't. */
  Optional<String> tryToStart() {
    try {
      started();
      return Optional.empty();
    } catch (WorkerLostException | RefusedException | InterruptedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The verdict on each.
   *
   * @param limit for one verdict; for all of them where the function judges them together
   */
  List<Outcome> judge(List<Attempt> attempts, Duration limit) {
    @Nullable Outcome[] verdicts = new Outcome[attempts.size()];
    Deque<List<Integer>> open = new ArrayDeque<>();
    open.add(IntStream.range(0, verdicts.length).boxed().toList());
    while (!open.isEmpty()) {
      List<Integer> asked = open.remove();
      try {
        ask(asked, attempts, verdicts, limit);
        open.addAll(rest(asked, verdicts, false));
      } catch (WorkerLostException lost) {
        boolean whoIsUnknown = together && asked.size() > 1;
        if (!whoIsUnknown) {
          blame(asked, verdicts, lost, limit);
        }
        open.addAll(rest(asked, verdicts, whoIsUnknown));
      } catch (RefusedException e) {
        fill(asked, verdicts, new Outcome.Crashed(String.valueOf(e.getMessage())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        fill(asked, verdicts, new Outcome.Crashed("interrupted"));
      }
    }
    List<Outcome> all = new ArrayList<>();
    for (Outcome verdict : verdicts) {
      all.add(verdict == null ? new Outcome.Crashed("it has no verdict") : verdict);
    }
    return all;
  }

  /** Those that have no verdict yet: as one message, or each alone. */
  private static List<List<Integer>> rest(
      List<Integer> asked, @Nullable Outcome[] verdicts, boolean alone) {
    List<Integer> left = asked.stream().filter(place -> verdicts[place] == null).toList();
    return left.isEmpty()
        ? List.of()
        : alone ? left.stream().map(List::of).toList() : List.of(left);
  }

  private static void fill(List<Integer> asked, @Nullable Outcome[] verdicts, Outcome outcome) {
    for (int place : asked) {
      if (verdicts[place] == null) {
        verdicts[place] = outcome;
      }
    }
  }

  /** One after the other, the first without a verdict is the one that it was at. */
  private static void blame(
      List<Integer> asked, @Nullable Outcome[] verdicts, WorkerLostException lost, Duration limit) {
    for (int place : asked) {
      if (verdicts[place] == null) {
        verdicts[place] =
            lost.kind() == Kind.HUNG
                ? new Outcome.TimedOut(limit, lost.said())
                : new Outcome.Crashed(String.valueOf(lost.getMessage()));
        return;
      }
    }
  }

  private void ask(
      List<Integer> asked, List<Attempt> attempts, @Nullable Outcome[] verdicts, Duration limit)
      throws WorkerLostException, RefusedException, InterruptedException {
    WorkerProcess here = started();
    var request = VerifierWorkerRequest.newBuilder();
    asked.forEach(place -> request.addAnswers(answer(attempts.get(place))));
    int judged = 0;
    try {
      here.send(request.build(), limit);
      while (judged < asked.size()) {
        VerifierWorkerReply reply = here.receive(VerifierWorkerReply.parser(), limit);
        for (WorkerVerdict verdict : reply.getVerdictsList()) {
          verdicts[asked.get(verdict.getAnswer())] = outcome(verdict, here);
          judged++;
        }
        deaths = 0;
        if (reply.getSpent()) {
          close();
          return;
        }
      }
    } catch (WorkerLostException lost) {
      process = null;
      if (lost.kind() != Kind.HUNG) {
        died(lost.getMessage());
      }
      throw lost;
    }
  }

  private static WorkerAnswer answer(Attempt attempt) {
    return WorkerAnswer.newBuilder()
        .setPrompt(attempt.prompt())
        .setExpected(attempt.expected())
        .setFinished(attempt.isFinished())
        .setTokens(attempt.tokens().size())
        .setCompletion(attempt.answer())
        .build();
  }

  private static Outcome outcome(WorkerVerdict verdict, WorkerProcess from) {
    if (!verdict.getCrashed().isEmpty()) {
      return new Outcome.Crashed(verdict.getCrashed() + from.said());
    } else if (!verdict.getInvalid().isEmpty()) {
      return new Outcome.Invalid(verdict.getInvalid());
    }
    List<Outcome.Part> parts = new ArrayList<>();
    for (int i = 0; i < verdict.getPartsCount(); i++) {
      parts.add(new Outcome.Part(verdict.getParts(i), verdict.getContributions(i)));
    }
    Optional<PluginPayload> detail =
        verdict.hasDetail()
            ? Optional.of(OutcomeCodec.PAYLOAD.fromMessage(verdict.getDetail()))
            : Optional.empty();
    return new Outcome.Scored(verdict.getScore(), parts, detail);
  }

  private WorkerProcess started()
      throws WorkerLostException, RefusedException, InterruptedException {
    WorkerProcess known = process;
    if (known != null) {
      return known;
    }
    if (deaths >= patience.deathsMax()) {
      throw new RefusedException(
          "it is broken: [%d] processes died in a row without a verdict, no other is started; the last one: %s"
              .formatted(deaths, lastDeath));
    }
    pause(patience.pauseAfter(deaths));
    WorkerProcess made;
    VerifierWorkerReply reply;
    try {
      made = program.start();
      reply = made.ask(program.open(), VerifierWorkerReply.parser(), WorkerProcess.START_MAX);
    } catch (WorkerLostException lost) {
      died(lost.getMessage());
      throw new RefusedException(String.valueOf(lost.getMessage()));
    }
    if (!reply.getRefusal().isEmpty()) {
      String said = made.said();
      made.close();
      died(reply.getRefusal() + said);
      throw new RefusedException(reply.getRefusal() + said);
    }
    together = reply.getTogether();
    process = made;
    return made;
  }

  private void died(@Nullable String how) {
    deaths++;
    lastDeath = String.valueOf(how);
  }

  private void pause(Duration time) throws InterruptedException {
    LockSupport.parkNanos(this, time.toNanos());
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("interrupted before it was started again");
    }
  }

  @Override
  public void close() {
    WorkerProcess ended = process;
    process = null;
    if (ended != null) {
      ended.close();
    }
  }
}

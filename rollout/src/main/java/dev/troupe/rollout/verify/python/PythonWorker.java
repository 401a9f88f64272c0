package dev.troupe.rollout.verify.python;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.proto.PythonAnswer;
import dev.troupe.protocol.proto.PythonVerdict;
import dev.troupe.protocol.proto.PythonVerifierOpen;
import dev.troupe.protocol.proto.PythonVerifierReply;
import dev.troupe.protocol.proto.PythonVerifierRequest;
import dev.troupe.rollout.environment.EnvironmentFailure.Kind;
import dev.troupe.rollout.environment.python.Python;
import dev.troupe.rollout.environment.python.PythonLostException;
import dev.troupe.rollout.environment.python.PythonProcess;
import dev.troupe.rollout.verify.Attempt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A place for one process: started when there is something to judge and none is there. One thread
 * at a time.
 */
final class PythonWorker implements AutoCloseable {
  private static final String PROGRAM = "verifier_worker.py";
  private static final long PAUSE_MILLIS = 50;
  private static final long PAUSE_MILLIS_MAX = 5_000;

  private final PythonSettings settings;
  private final Map<String, String> variables;
  private @Nullable PythonProcess process;
  private boolean together;

  /** Processes that died in a row without a verdict. */
  private int deaths;

  PythonWorker(PythonSettings settings, Map<String, String> variables) {
    this.settings = settings;
    this.variables = Map.copyOf(variables);
  }

  /** The file can't be used. */
  private static final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    RefusedException(String why) {
      super(why);
    }
  }

  /** Why it can't be started, if it can't. */
  Optional<String> tryToStart() {
    try {
      started();
      return Optional.empty();
    } catch (PythonLostException | RefusedException | InterruptedException e) {
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
      } catch (PythonLostException lost) {
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
      List<Integer> asked, @Nullable Outcome[] verdicts, PythonLostException lost, Duration limit) {
    for (int place : asked) {
      if (verdicts[place] == null) {
        verdicts[place] =
            lost.kind() == Kind.HUNG
                ? new Outcome.TimedOut(limit)
                : new Outcome.Crashed(String.valueOf(lost.getMessage()));
        return;
      }
    }
  }

  private void ask(
      List<Integer> asked, List<Attempt> attempts, @Nullable Outcome[] verdicts, Duration limit)
      throws PythonLostException, RefusedException, InterruptedException {
    PythonProcess here = started();
    var request = PythonVerifierRequest.newBuilder();
    asked.forEach(place -> request.addAnswers(answer(attempts.get(place))));
    int judged = 0;
    try {
      here.send(request.build(), limit);
      while (judged < asked.size()) {
        PythonVerifierReply reply = here.receive(PythonVerifierReply.parser(), limit);
        for (PythonVerdict verdict : reply.getVerdictsList()) {
          verdicts[asked.get(verdict.getAnswer())] = outcome(verdict, here);
          judged++;
        }
        deaths = 0;
        if (reply.getSpent()) {
          close();
          return;
        }
      }
    } catch (PythonLostException lost) {
      process = null;
      deaths += lost.kind() == Kind.HUNG ? 0 : 1;
      throw lost;
    }
  }

  private static PythonAnswer answer(Attempt attempt) {
    return PythonAnswer.newBuilder()
        .setPrompt(attempt.prompt())
        .setExpected(attempt.expected())
        .setFinished(attempt.isFinished())
        .setTokens(attempt.tokens().size())
        .setCompletion(attempt.answer())
        .build();
  }

  private static Outcome outcome(PythonVerdict verdict, PythonProcess from) {
    if (!verdict.getCrashed().isEmpty()) {
      return new Outcome.Crashed(verdict.getCrashed() + from.said());
    } else if (!verdict.getInvalid().isEmpty()) {
      return new Outcome.Invalid(verdict.getInvalid());
    }
    List<Outcome.Part> parts = new ArrayList<>();
    for (int i = 0; i < verdict.getPartsCount(); i++) {
      parts.add(new Outcome.Part(verdict.getParts(i), verdict.getContributions(i)));
    }
    return new Outcome.Scored(verdict.getScore(), parts, Optional.empty());
  }

  private PythonProcess started()
      throws PythonLostException, RefusedException, InterruptedException {
    PythonProcess known = process;
    if (known != null) {
      return known;
    }
    if (deaths > 1) {
      pause(Math.min(PAUSE_MILLIS_MAX, PAUSE_MILLIS << Math.min(deaths, 10)));
    }
    PythonProcess made;
    PythonVerifierReply reply;
    try {
      made = PythonProcess.start(python(), PythonWorker.class, PROGRAM, variables);
      reply = made.ask(open(), PythonVerifierReply.parser(), PythonProcess.START_MAX);
    } catch (PythonLostException lost) {
      deaths++;
      throw new RefusedException(String.valueOf(lost.getMessage()));
    }
    if (!reply.getRefusal().isEmpty()) {
      String said = made.said();
      made.close();
      deaths++;
      throw new RefusedException(reply.getRefusal() + said);
    }
    together = reply.getTogether();
    process = made;
    return made;
  }

  private void pause(long millis) throws InterruptedException {
    LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(millis));
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedException("interrupted before Python was started again");
    }
  }

  private Python python() throws RefusedException {
    return settings.python().isBlank()
        ? Python.find(variables)
            .orElseThrow(
                () ->
                    new RefusedException(
                        "there is no python3 on the path: name one in "
                            + Python.VARIABLE
                            + " or in the setting [python]"))
        : Python.named(settings.python(), "setting python");
  }

  private PythonVerifierRequest open() {
    return PythonVerifierRequest.newBuilder()
        .setOpen(
            PythonVerifierOpen.newBuilder()
                .setFile(settings.name())
                .setSource(settings.source())
                .setFunction(settings.function())
                .setMemoryBytes((long) settings.memory() << 20))
        .build();
  }

  @Override
  public void close() {
    PythonProcess ended = process;
    process = null;
    if (ended != null) {
      ended.close();
    }
  }
}

package dev.troupe.rollout.verify.code;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.rollout.sandbox.Ending;
import dev.troupe.rollout.sandbox.FunctionTests;
import dev.troupe.rollout.sandbox.ProgramRun;
import dev.troupe.rollout.sandbox.Sandbox;
import dev.troupe.rollout.sandbox.SandboxFailedException;
import dev.troupe.rollout.sandbox.SandboxUnavailableException;
import dev.troupe.rollout.sandbox.TestsRun;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Rule;
import dev.troupe.rollout.verify.VerifierKind;
import dev.troupe.rollout.verify.code.CodeSettings.OverTime;
import dev.troupe.rollout.verify.code.CodeSettings.Score;
import dev.troupe.rollout.verify.code.CodeSettings.Tests;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs an answer's Python in the {@link Sandbox} and scores it by the tests that it passes.
 *
 * <pre>
 * every test passed                     → Scored 1
 * wrong answer, exception, crash,
 *   over a limit, no code at all        → Scored 0 (or the share of tests), with a part that says which
 * over a limit of time, timed-out set   → TimedOut
 * the task's tests can't be run         → Invalid
 * the sandbox failed or isn't there     → Crashed
 * </pre>
 *
 * <p>An answer that doesn't come to an end is a wrong answer, and a policy has to learn so:
 * dropping it would leave loops unpunished. HumanEval counts it so, too (Chen et al., 2021,
 * arXiv:2107.03374).
 */
public final class CodeTests implements Rule {
  public static final VerifierKind<CodeSettings> KIND =
      new VerifierKind<>(
          "code",
          "1",
          "1 where the answer's Python passes the task's tests in a sandbox, else 0",
          CodeTask.EXPECTS,
          CodeSettings.class,
          CodeTests::new);

  private final CodeSettings settings;
  private final OutputComparison comparison;

  CodeTests(CodeSettings settings) {
    this.settings = settings;
    this.comparison = new OutputComparison(settings.compare(), settings.tolerance());
  }

  @Override
  public void prepare() {
    try {
      Sandboxes.with(settings.sandbox());
    } catch (SandboxUnavailableException _) {
      // Every verdict says so.
    }
  }

  @Override
  public Outcome judge(Attempt attempt) {
    CodeTask task;
    try {
      task = CodeTask.of(attempt.expected());
    } catch (IllegalArgumentException e) {
      return new Outcome.Invalid(String.valueOf(e.getMessage()));
    }
    String code = CodeBlocks.code(settings.extract(), attempt.answer());
    if (code.isBlank()) {
      return scored(0, Flaw.NO_CODE);
    }
    try {
      Sandbox sandbox = Sandboxes.with(settings.sandbox());
      return switch (task) {
        case CodeTask.Functions functions -> judge(sandbox, functions, code);
        case CodeTask.Programs programs -> judge(sandbox, programs, code);
      };
    } catch (SandboxUnavailableException | SandboxFailedException e) {
      return new Outcome.Crashed(String.valueOf(e.getMessage()));
    }
  }

  private Outcome judge(Sandbox sandbox, CodeTask.Functions task, String code)
      throws SandboxFailedException {
    TestsRun run =
        sandbox.run(
            new FunctionTests(
                task.prompt() + code,
                task.context(),
                task.entry(),
                task.tests(),
                settings.score() == Score.SHARE,
                settings.tests() == Tests.APART),
            settings.limits());
    if (!run.isJudged()) {
      return new Outcome.Invalid("the task's tests can't be run: " + run.why());
    }
    boolean isUnfinished = !run.run().isClean();
    double share = isUnfinished ? 0 : (double) run.passed() / run.total();
    Flaw wrong = run.why().startsWith("AssertionError") ? Flaw.WRONG : Flaw.EXCEPTION;
    return outcome(share, isUnfinished ? Flaw.of(run.run().ending()) : wrong);
  }

  private Outcome judge(Sandbox sandbox, CodeTask.Programs task, String code)
      throws SandboxFailedException {
    List<String> inputs = task.cases().stream().map(CodeTask.Case::input).toList();
    List<ProgramRun> runs = sandbox.run(code, inputs, settings.limits());
    int right = 0;
    Flaw flaw = Flaw.WRONG;
    for (int i = 0; i < runs.size(); i++) {
      ProgramRun run = runs.get(i);
      if (!run.isClean()) {
        flaw = Flaw.of(run.ending());
      } else if (comparison.isSame(task.cases().get(i).output(), run.output())) {
        right++;
      }
    }
    return outcome((double) right / inputs.size(), flaw);
  }

  private Outcome outcome(double share, Flaw flaw) {
    if (flaw == Flaw.OVER_TIME && settings.overTime() == OverTime.TIMED_OUT) {
      return new Outcome.TimedOut(settings.wallLimit());
    }
    return scored(share, flaw);
  }

  /** Why an answer isn't right. */
  private enum Flaw {
    NO_CODE("no-code"),
    WRONG("wrong-answer"),
    EXCEPTION("exception"),
    CRASH("crash"),
    OVER_TIME("over-time"),
    OVER_MEMORY("over-memory"),
    OVER_FILES("over-files"),
    OVER_OUTPUT("over-output");

    private final String part;

    Flaw(String part) {
      this.part = part;
    }

    static Flaw of(Ending ending) {
      return switch (ending) {
        case Ending.Exited _ -> EXCEPTION;
        case Ending.Signalled _ -> CRASH;
        case Ending.OverLimit(Ending.Limit limit) ->
            switch (limit) {
              case WALL, CPU -> OVER_TIME;
              case MEMORY -> OVER_MEMORY;
              case FILES -> OVER_FILES;
              case OUTPUT -> OVER_OUTPUT;
            };
      };
    }
  }

  /** Parts: the share of tests passed, and 1 under the name of what is wrong. */
  private Outcome scored(double share, Flaw flaw) {
    List<Outcome.Part> parts = new ArrayList<>();
    parts.add(new Outcome.Part("tests-passed", share));
    if (share < 1) {
      parts.add(new Outcome.Part(flaw.part, 1));
    }
    double value = settings.score() == Score.SHARE ? share : share < 1 ? 0 : 1;
    return new Outcome.Scored(value, parts, Optional.empty());
  }
}

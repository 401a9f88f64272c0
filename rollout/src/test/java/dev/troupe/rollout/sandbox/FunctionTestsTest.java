package dev.troupe.rollout.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.sandbox.Ending.Exited;
import dev.troupe.rollout.sandbox.Ending.Limit;
import dev.troupe.rollout.sandbox.Ending.OverLimit;
import dev.troupe.rollout.sandbox.Ending.Signalled;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests of functions in the sandbox. Where there is none, that is said instead. */
class FunctionTestsTest {
  private static final SandboxLimits LIMITS =
      SandboxLimits.STANDARD.within(Duration.ofSeconds(20), Duration.ofSeconds(2));
  private static final String CHECK =
      """
      def check(candidate):
          assert candidate(1) == 2
          assert candidate(2) == 3, 'two'
      check(f)
      """;

  private static Optional<Sandbox> sandbox = Optional.empty();

  @BeforeAll
  static void open() {
    sandbox = Here.sandbox();
  }

  @AfterAll
  static void close() {
    sandbox.ifPresent(Sandbox::close);
  }

  private static TestsRun run(FunctionTests tests) {
    try {
      return sandbox.orElseThrow().run(tests, LIMITS);
    } catch (SandboxFailedException e) {
      throw new AssertionError(e);
    }
  }

  private static TestsRun apart(String program, String tests) {
    return run(new FunctionTests(program, "", "f", tests, false, true));
  }

  private static TestsRun inside(String program, String tests) {
    return run(new FunctionTests(program, "", "f", tests, false, false));
  }

  private static void assertFailed(TestsRun run, String why) {
    assertThat(run.isJudged()).isTrue();
    assertThat(run.passed()).isZero();
    assertThat(run.why()).contains(why);
  }

  @Test
  void passesAFunctionThatDoesWhatTheTestsExpect() {
    if (sandbox.isEmpty()) {
      return;
    }
    for (boolean isApart : new boolean[] {true, false}) {
      TestsRun run =
          run(new FunctionTests("def f(x): return x + 1", "", "f", CHECK, false, isApart));
      assertThat(run)
          .isEqualTo(new TestsRun(new ProgramRun(new Exited(0), "", ""), true, 1, 1, ""));
    }
  }

  @Test
  void failsAFunctionThatDoesNot() {
    if (sandbox.isPresent()) {
      assertFailed(apart("def f(x): return 2", CHECK), "AssertionError: two (line 3 of the tests)");
      assertFailed(inside("def f(x): return 2", CHECK), "AssertionError: two");
      assertFailed(apart("def f(x): return {}[x]", CHECK), "KeyError: '1'");
      assertFailed(apart("def g(x): return 2", CHECK), "NameError");
      assertFailed(apart("def f(x:", CHECK), "SyntaxError");
      assertFailed(apart("1 / 0", CHECK), "ZeroDivisionError");
    }
  }

  @Test
  void countsEveryAssertOnRequest() {
    if (sandbox.isEmpty()) {
      return;
    }
    for (boolean isApart : new boolean[] {true, false}) {
      TestsRun run =
          run(
              new FunctionTests(
                  "def f(x): return 4 // x",
                  "",
                  "f",
                  "assert f(1) == 4\nassert f(0) == 1\nassert f(3) == 2\nassert f(4) == 1\n",
                  true,
                  isApart));
      assertThat(run.passed()).isEqualTo(2);
      assertThat(run.total()).isEqualTo(4);
      assertThat(run.why()).contains("ZeroDivisionError").contains("(line 2 of the tests)");
    }
  }

  @Test
  void carriesPlainDataBothWaysAsItIs() {
    if (sandbox.isPresent()) {
      String tests =
          """
          values = [None, True, 1, -10 ** 50, 1.5, float('inf'), 1 + 2j, 'é\\ud800', b'a', bytearray(b'b'), [1, [2]],
                    (1,), {1, 2}, frozenset([3]), {'a': (1, 2), 3: None}]
          for each in values:
              back = f(each)
              assert back == each and type(back) is type(each), (each, back)
          assert f(x=5) == 5
          try: f(0)
          except ValueError as error: assert str(error) == 'zero'
          else: assert False
          """;
      String program =
          """
          def f(x):
              if type(x) is int and x == 0: raise ValueError('zero')
              return x
          """;
      assertThat(apart(program, tests).why()).isEmpty();
    }
  }

  @Test
  void isNotFooledByAProgramThatKnowsTheTestsAreNear() {
    if (sandbox.isEmpty()) {
      return;
    }
    String equal = "def f(x): return type('E', (), {'__eq__': lambda s, o: True})()";
    assertThat(inside(equal, CHECK).passed()).isEqualTo(1);
    assertFailed(apart(equal, CHECK), "a value of type E can't leave its process");
    assertFailed(
        apart(
            """
            class I(int):
                __eq__ = lambda s, o: True
                __hash__ = int.__hash__
            def f(x): return I(7)
            """,
            CHECK),
        "AssertionError");
    assertFailed(apart("import os\nos._exit(0)", CHECK), "ended before its functions");
    assertFailed(apart("def f(x):\n    import os\n    os._exit(0)", CHECK), "ended before");
    assertFailed(apart("def f(x): raise SystemExit(0)", CHECK), "SystemExit");
    assertFailed(inside("def f(x):\n    import os\n    os._exit(0)", CHECK), "ended the tests");
    assertFailed(
        apart("def check(c): pass\ndef f(x):\n    global check\n    check = lambda c: None", CHECK),
        "AssertionError");
    String search =
        """
        import gc, sys
        def f(x):
            frame, seen = sys._getframe(), []
            while frame:
                seen += [str(each) for each in list(frame.f_locals.values()) + list(frame.f_globals.values())]
                frame = frame.f_back
            seen += [str(each) for each in gc.get_objects() if isinstance(each, (list, tuple, dict))]
            wanted = ' '.join(['assert', 'f(1)', 'is'])
            return any(wanted in each for each in seen)
        """;
    assertThat(apart(search, "assert f(1) is False").why()).isEmpty();
    assertThat(inside(search, "assert f(1) is True").why()).isEmpty();
    String forge =
        """
        import os, struct
        def f(x):
            fields = [b'judged', b'1', b'1', b'']
            message = struct.pack('>I', 4) + b''.join(struct.pack('>I', len(e)) + e for e in fields)
            for file in range(3, 64):
                try: os.write(file, message)
                except OSError: pass
            os.kill(-1, 9)
        """;
    assertThat(apart(forge, CHECK).passed()).isZero();
    assertThat(inside(forge, CHECK).passed()).isZero();
  }

  @Test
  void tellsHowAProgramEndedThatDidNotAnswer() {
    if (sandbox.isEmpty()) {
      return;
    }
    assertThat(apart("def f(x):\n    while True: pass", CHECK).run().ending())
        .isIn(new OverLimit(Limit.CPU), new OverLimit(Limit.WALL));
    assertThat(apart("import ctypes\ndef f(x): ctypes.string_at(0)", CHECK).run().ending())
        .isEqualTo(new Signalled(11));
    assertThat(apart("def f(x):\n    while True: print('x' * 10 ** 6)", CHECK).run().ending())
        .isEqualTo(new OverLimit(Limit.OUTPUT));
  }

  @Test
  void takesHelpersOfTheContextBeforeTheProgramsOwn() {
    if (sandbox.isPresent()) {
      String context = "def double(x): return 2 * x\ndef f(x):\n    'Doubles.'\n";
      String tests = "assert f(4) == double(4)";
      assertThat(
              run(new FunctionTests("def f(x): return 2 * x", context, "f", tests, false, true))
                  .why())
          .isEmpty();
      assertFailed(
          run(
              new FunctionTests(
                  "def f(x): return 1\ndef double(x): return 1", context, "f", tests, false, true)),
          "AssertionError");
    }
  }

  @Test
  void saysOfTestsThatCannotRunThatTheyCannot() {
    if (sandbox.isEmpty()) {
      return;
    }
    TestsRun broken = apart("def f(x): return x", "assert f(");
    assertThat(broken.isJudged()).isFalse();
    assertThat(broken.why()).contains("SyntaxError");
    TestsRun notPlain = apart("def f(x): return x(1)", "assert f(lambda x: x) == 1");
    assertThat(notPlain.isJudged()).isFalse();
    assertThat(notPlain.why()).contains("type function can't leave").contains("[tests = inside]");
    assertThat(inside("def f(x): return x(1)", "assert f(lambda x: x) == 1").why()).isEmpty();
  }
}

package dev.troupe.rollout.verify.code;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.rollout.sandbox.Here;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.settings.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Code that is judged. Where there is no sandbox, every verdict says so. */
class CodeTestsTest {
  private static final String PROMPT =
      "from typing import List\\n\\n\\ndef middle(values: List[int]) -> int:\\n"
          + "    \\\"\\\"\\\"The value in the middle of an odd number of them.\\\"\\\"\\\"\\n";
  private static final String HUMAN_EVAL =
      "{\"task_id\": \"Ours/0\", \"prompt\": \""
          + PROMPT
          + "\", \"entry_point\": \"middle\", \"test\": \"def check(candidate):\\n"
          + "    assert candidate([3]) == 3\\n    assert candidate([9, 1, 5]) == 5\\n\"}";
  private static final String MBPP =
      "{\"test_list\": [\"assert area(3, 4) == 12\", \"assert math.isinf(area(math.inf, 1))\"],"
          + " \"test_setup_code\": \"import math\"}";
  private static final String PROGRAM =
      "{\"cases\": [{\"input\": \"1 2\", \"output\": \"3\\n\"},"
          + " {\"input\": \"2 2\", \"output\": \"4\"}]}";

  private final boolean isHere = !Here.isMissing();

  private Outcome judge(String settings, String expected, String answer) {
    var written = JsonParser.parseString("{" + settings.replace('\'', '"') + "}").getAsJsonObject();
    Outcome outcome =
        new CodeTests(Settings.bind(CodeSettings.class, written))
            .judge(new Attempt("", expected, answer, true, IntArray.empty()));
    if (!isHere) {
      assertThat(outcome).isNotInstanceOf(Outcome.Scored.class);
    }
    return outcome;
  }

  private void assertScored(Outcome outcome, double value, Outcome.Part... parts) {
    if (isHere) {
      assertThat(outcome).isEqualTo(new Outcome.Scored(value, List.of(parts), Optional.empty()));
    }
  }

  private static Outcome.Part passed(double share) {
    return new Outcome.Part("tests-passed", share);
  }

  private static Outcome.Part flaw(String name) {
    return new Outcome.Part(name, 1);
  }

  @Test
  void scoresContinuationsOfAPrompt() {
    assertScored(
        judge("", HUMAN_EVAL, "    return sorted(values)[len(values) // 2]\n"), 1, passed(1));
    assertScored(
        judge("", HUMAN_EVAL, "    return values[len(values) // 2]\n"),
        0,
        passed(0),
        flaw("wrong-answer"));
    assertScored(judge("", HUMAN_EVAL, "    return values[7]\n"), 0, passed(0), flaw("exception"));
    assertScored(judge("", HUMAN_EVAL, "  \n"), 0, passed(0), flaw("no-code"));
  }

  @Test
  void findsTheCodeInAnAnswerThatTalks() {
    String answer =
        """
        First I thought of this:
        ```python
        def middle(values):
            return 0
        ```
        but this is right:
        ```python
        def middle(values):
            return sorted(values)[len(values) // 2]
        ```
        Run it with
        ```sh
        python middle.py
        ```
        """;
    assertScored(judge("", HUMAN_EVAL, answer), 1, passed(1));
    assertScored(
        judge("'extract': 'first-block'", HUMAN_EVAL, answer), 0, passed(0), flaw("wrong-answer"));
    assertScored(judge("'extract': 'whole'", HUMAN_EVAL, answer), 0, passed(0), flaw("exception"));
  }

  @Test
  void scoresAListOfAsserts() {
    assertScored(judge("", MBPP, "def area(a, b): return a * b"), 1, passed(1));
    assertScored(judge("", MBPP, "def area(a, b): return 12"), 0, passed(0), flaw("wrong-answer"));
    assertScored(
        judge("'score': 'share'", MBPP, "def area(a, b): return 12"),
        0.5,
        passed(0.5),
        flaw("wrong-answer"));
  }

  @Test
  void scoresProgramsByWhatTheyPrint() {
    assertScored(judge("", PROGRAM, "print(sum(map(int, input().split())))"), 1, passed(1));
    assertScored(
        judge("", PROGRAM, "print(int(input()[0]) * 2)"), 0, passed(0.5), flaw("wrong-answer"));
    assertScored(
        judge(
            "'score': 'share'",
            PROGRAM,
            "a, b = map(int, input().split())\nprint(a and 3 // (2 - a) )"),
        0.5,
        passed(0.5),
        flaw("exception"));
  }

  @Test
  void scoresAnEndlessAnswerAsWrongOrNotAtAll() {
    String hurry = "'wall-limit': '5 s', 'cpu-limit': '1 s'";
    String endless = "    while True: pass\n";
    assertScored(judge(hurry, HUMAN_EVAL, endless), 0, passed(0), flaw("over-time"));
    if (isHere) {
      assertThat(judge(hurry + ", 'over-time': 'timed-out'", HUMAN_EVAL, endless))
          .isEqualTo(new Outcome.TimedOut(Duration.ofSeconds(5)));
    }
  }

  @Test
  void namesWhatEndedAnAnswer() {
    assertScored(
        judge("", HUMAN_EVAL, "    import os\n    os.abort()\n"), 0, passed(0), flaw("crash"));
    assertScored(
        judge("'output': 4", HUMAN_EVAL, "    while True: print('x' * 1000)\n"),
        0,
        passed(0),
        flaw("over-output"));
  }

  @Test
  void cannotJudgeATaskWithoutTestsThatRun() {
    for (String expected :
        List.of(
            "",
            "4",
            "{}",
            "[]",
            "{\"cases\": []}",
            "{\"cases\": [1]}",
            "{\"test_list\": 3}",
            "{\"test_list\": []}",
            "{\"test\": 1, \"entry_point\": \"f\"}")) {
      assertThat(judge("", expected, "print(1)"))
          .as(expected)
          .isInstanceOfSatisfying(
              Outcome.Invalid.class, invalid -> assertThat(invalid.why()).contains("["));
    }
    if (isHere) {
      assertThat(judge("", "{\"test_list\": [\"assert f(\"]}", "def f(): pass"))
          .isInstanceOfSatisfying(
              Outcome.Invalid.class,
              invalid -> assertThat(invalid.why()).contains("can't be run: SyntaxError"));
    }
  }

  @Test
  void saysOfASandboxThatIsNotThereThatItIsNot() {
    assertThat(judge("'python': '/no/such/python3'", PROGRAM, "print(1)"))
        .isInstanceOf(Outcome.Crashed.class);
  }
}

package dev.troupe.rollout.verify;

import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.VerifierRef;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Puts answers to prompts before a rule; anything else it can't judge. */
record RuleVerifier(VerifierRef ref, Rule rule) implements Verifier {
  /** An answer to judge, or why there is none. */
  private sealed interface Found {
    record Answer(Attempt attempt) implements Found {}

    record Nothing(Outcome said) implements Found {}
  }

  @Override
  public Outcome verify(Task task, Trajectory trajectory) {
    return switch (find(task, trajectory.body())) {
      case Found.Answer(Attempt attempt) -> of(task, rule.judge(attempt));
      case Found.Nothing(Outcome said) -> said;
    };
  }

  @Override
  public int together() {
    return rule.together();
  }

  @Override
  public List<Outcome> verifyAll(List<Request> requests, Duration limit) {
    List<Found> found =
        requests.stream().map(each -> find(each.task(), each.trajectory().body())).toList();
    List<Attempt> attempts = new ArrayList<>();
    for (Found each : found) {
      if (each instanceof Found.Answer(Attempt attempt)) {
        attempts.add(attempt);
      }
    }
    Iterator<Outcome> judged = rule.judgeAll(attempts, limit).iterator();
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      outcomes.add(
          switch (found.get(i)) {
            case Found.Answer _ -> of(requests.get(i).task(), judged.next());
            case Found.Nothing(Outcome said) -> said;
          });
    }
    return outcomes;
  }

  private Outcome of(Task task, Outcome outcome) {
    return outcome instanceof Outcome.Invalid(String why)
        ? new Outcome.Invalid("[" + ref.name() + "] on task [" + task.number() + "]: " + why)
        : outcome;
  }

  private Found find(Task task, TrajectoryBody body) {
    return switch (task.content()) {
      case TaskContent.Prompt(String prompt, String expected) ->
          switch (body) {
            case TrajectoryBody.Completion completion ->
                new Found.Answer(attempt(prompt, expected, completion));
            case TrajectoryBody.EnvironmentFragment _ ->
                nothing("judges completions, got an environment fragment");
          };
      case TaskContent.Environment environment ->
          nothing("judges prompts, got environment [" + environment + "]");
    };
  }

  private Found nothing(String why) {
    return new Found.Nothing(new Outcome.Invalid("[" + ref.name() + "] " + why));
  }

  private static Attempt attempt(
      String prompt, String expected, TrajectoryBody.Completion completion) {
    List<Segment> own =
        completion.segments().stream()
            .filter(segment -> segment.kind() == Segment.Kind.ANSWER)
            .toList();
    boolean isFinished = completion.finish() != FinishReason.LENGTH;
    if (own.size() == 1) {
      Segment only = own.getFirst();
      return new Attempt(prompt, expected, only.text(), isFinished, only.tokens());
    }
    return new Attempt(
        prompt,
        expected,
        own.stream().map(Segment::text).collect(Collectors.joining()),
        isFinished,
        tokens(own));
  }

  private static IntArray tokens(List<Segment> segments) {
    return IntArray.of(
        segments.stream()
            .map(Segment::tokens)
            .flatMapToInt(ids -> IntStream.range(0, ids.size()).map(ids::at))
            .toArray());
  }

  @Override
  public void close() {
    rule.close();
  }
}

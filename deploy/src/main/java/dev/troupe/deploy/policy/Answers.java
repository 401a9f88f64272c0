package dev.troupe.deploy.policy;

import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.rollout.sampling.CompletionSampler;
import dev.troupe.rollout.sampling.SampleRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Answers a policy's prompts, one after the other: the likeliest answer first, then samples. */
public final class Answers implements AutoCloseable {
  private static final LeaseId NO_LEASE = new LeaseId(0, 0);

  private final CompletionSampler sampler;
  private final Tokenizer tokenizer;
  private final int samples;
  private long prompts;

  /**
   * Of {@code policy}, which stays the caller's.
   *
   * @param samples drawn for each prompt, beside the greedy answer
   */
  public Answers(TrainedPolicy policy, int samples) {
    this.samples = samples;
    this.tokenizer = policy.tokenizer();
    SamplingSpecification recipe = policy.recipe().specification().sampling();
    SamplingSpecification few =
        new SamplingSpecification(
            recipe.temperature(),
            recipe.topK(),
            recipe.topP(),
            recipe.newTokensMax(),
            recipe.stop(),
            samples + 1,
            recipe.tokensPerCall(),
            recipe.switching());
    this.sampler =
        new CompletionSampler(
            policy.network(), tokenizer, few, policy.recipe().specification().seed());
    sampler.use(policy.snapshot());
  }

  /**
   * An answer.
   *
   * @param greedy whether it is the likeliest token by token, else drawn
   * @param logProb of the whole, by the raw policy
   */
  public record Answer(boolean greedy, String text, double logProb, List<Token> tokens) {
    public Answer {
      tokens = List.copyOf(tokens);
    }
  }

  /** A token as text and its log-probability by the raw policy. */
  public record Token(String text, double logProb) {}

  /**
   * Answers {@code prompt}.
   *
   * @throws IllegalArgumentException where it is too long, or has characters that the tokenizer
   *     doesn't know
   */
  public List<Answer> to(String prompt) {
    long group = prompts++;
    Task task = new Task(group, "prompt", "", new TaskContent.Prompt(prompt, ""));
    for (int member = 0; member <= samples; member++) {
      TrajectoryId id = new TrajectoryId(group, member);
      sampler.submit(new SampleRequest(id, NO_LEASE, 1, task, member == 0));
    }
    List<Trajectory> finished = new ArrayList<>();
    while (!sampler.idle()) {
      finished.addAll(sampler.advance());
    }
    return finished.stream()
        .sorted(Comparator.comparing(Trajectory::id))
        .map(trajectory -> answer(trajectory))
        .toList();
  }

  private Answer answer(Trajectory trajectory) {
    boolean greedy = trajectory.id().member() == 0;
    return switch (trajectory.body()) {
      case TrajectoryBody.Completion completion ->
          completion.segments().stream()
              .filter(segment -> segment.kind() == Segment.Kind.ANSWER)
              .findFirst()
              .map(segment -> answer(greedy, segment))
              .orElseThrow();
      case TrajectoryBody.EnvironmentFragment _ ->
          throw new IllegalStateException("a prompt was answered with an environment");
    };
  }

  private Answer answer(boolean greedy, Segment segment) {
    List<Token> tokens = new ArrayList<>();
    double sum = 0;
    for (int i = 0; i < segment.tokens().size(); i++) {
      int id = segment.tokens().at(i);
      tokens.add(new Token(text(id), segment.policyLogProbs().at(i)));
      sum += segment.policyLogProbs().at(i);
    }
    return new Answer(greedy, segment.text(), sum, tokens);
  }

  /** Special tokens have no text of their own. */
  private String text(int id) {
    if (id == tokenizer.end()) {
      return "<end>";
    }
    if (id == tokenizer.begin()) {
      return "<begin>";
    }
    return id == tokenizer.pad() ? "<pad>" : tokenizer.decode(IntArray.of(id));
  }

  @Override
  public void close() {
    sampler.close();
  }
}

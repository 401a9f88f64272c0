package dev.troupe.rollout.sampling;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.tokenizer.CharacterTokenizer;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SamplingSpecification.Switching;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** A small decoder with lively weights, and requests to sample from it. */
final class SamplerFixture {
  static final Tokenizer TOKENIZER = new CharacterTokenizer("0123456789+-=");
  static final DecoderNetwork NETWORK =
      new DecoderNetwork(
          new DecoderShape(TOKENIZER.size(), 32, 2, 6, 2, 8, 48, 48, 10_000, 1e-5, true, 0.3));
  static final long SEED = 5;

  private SamplerFixture() {}

  static PolicySnapshot policy(long seed, long update) {
    return PolicySnapshot.of(1, update, NETWORK.initial(seed));
  }

  static SamplingSpecification specification(int newTokensMax, int lanes, int tokensPerCall) {
    return new SamplingSpecification(
        1, 0, 1, newTokensMax, List.of(), lanes, tokensPerCall, Switching.BETWEEN_EPISODES);
  }

  static SamplingSpecification switching(SamplingSpecification base, Switching switching) {
    return new SamplingSpecification(
        base.temperature(),
        base.topK(),
        base.topP(),
        base.newTokensMax(),
        base.stop(),
        base.lanes(),
        base.tokensPerCall(),
        switching);
  }

  static CompletionSampler sampler(SamplingSpecification specification) {
    return new CompletionSampler(NETWORK, TOKENIZER, specification, SEED);
  }

  static SampleRequest request(long group, int member, String prompt, boolean greedy) {
    Task task = new Task(group, "test", "", new TaskContent.Prompt(prompt, ""));
    return new SampleRequest(
        new TrajectoryId(group, member), new LeaseId(1, group + 1), 1, task, greedy);
  }

  static SampleRequest request(long group, int member, String prompt) {
    return request(group, member, prompt, false);
  }

  /** Everything that is submitted and advanced until the sampler is idle, by id. */
  static Map<TrajectoryId, Trajectory> run(
      CompletionSampler sampler, List<SampleRequest> requests) {
    Map<TrajectoryId, Trajectory> finished = new TreeMap<>();
    int submitted = 0;
    while (submitted < requests.size() || !sampler.idle()) {
      while (submitted < requests.size() && sampler.freeLanes() > 0) {
        sampler.submit(requests.get(submitted++));
      }
      sampler.advance().forEach(trajectory -> finished.put(trajectory.id(), trajectory));
    }
    return finished;
  }

  /** One request alone. */
  static Trajectory runOne(CompletionSampler sampler, SampleRequest request) {
    return sample(run(sampler, List.of(request)), request.id());
  }

  static Trajectory sample(Map<TrajectoryId, Trajectory> samples, TrajectoryId id) {
    return Objects.requireNonNull(samples.get(id));
  }

  static Segment answer(Trajectory trajectory) {
    return ((Completion) trajectory.body()).segments().get(1);
  }

  static Segment prompt(Trajectory trajectory) {
    return ((Completion) trajectory.body()).segments().getFirst();
  }
}

package dev.troupe.rollout.sampling;

import static dev.troupe.rollout.sampling.SamplerFixture.NETWORK;
import static dev.troupe.rollout.sampling.SamplerFixture.TOKENIZER;
import static dev.troupe.rollout.sampling.SamplerFixture.answer;
import static dev.troupe.rollout.sampling.SamplerFixture.policy;
import static dev.troupe.rollout.sampling.SamplerFixture.prompt;
import static dev.troupe.rollout.sampling.SamplerFixture.request;
import static dev.troupe.rollout.sampling.SamplerFixture.run;
import static dev.troupe.rollout.sampling.SamplerFixture.runOne;
import static dev.troupe.rollout.sampling.SamplerFixture.sample;
import static dev.troupe.rollout.sampling.SamplerFixture.sampler;
import static dev.troupe.rollout.sampling.SamplerFixture.specification;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.network.Parameters;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Tensor;
import dev.troupe.protocol.lease.LeaseId;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SamplingSpecification.Switching;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import dev.troupe.protocol.trajectory.TrajectoryId;
import dev.troupe.protocol.trajectory.VersionSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompletionSamplerTest {
  private final PolicySnapshot policy = policy(1, 0);

  @AfterEach
  void everyHoldIsGivenBack() {
    assertThat(policy.holders()).isEqualTo(1);
    policy.close();
  }

  private static List<SampleRequest> crowd(int count) {
    List<SampleRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String prompt = (i * 37) % 1000 + (i % 3 == 0 ? "+" : "-") + i * 11 + "=";
      requests.add(request(100 + i / 4, i % 4, prompt));
    }
    return requests;
  }

  @Test
  void makesATrajectoryOfPromptAndAnswer() {
    try (CompletionSampler sampler = sampler(specification(8, 4, 3))) {
      sampler.use(policy);
      Trajectory trajectory = runOne(sampler, request(7, 2, "1+2="));
      assertThat(trajectory.lease()).isEqualTo(new LeaseId(1, 8));
      assertThat(trajectory.attempt()).isEqualTo(1);
      assertThat(trajectory.versions()).containsExactly(new VersionSpan(0, policy.version()));
      Segment prompt = prompt(trajectory);
      assertThat(prompt.kind()).isEqualTo(Segment.Kind.PROMPT);
      assertThat(prompt.text()).isEqualTo("1+2=");
      assertThat(prompt.tokens()).isEqualTo(IntArray.of(1, 4, 13, 5, 15));
      Segment answer = answer(trajectory);
      assertThat(answer.kind()).isEqualTo(Segment.Kind.ANSWER);
      assertThat(answer.trained()).isTrue();
      assertThat(answer.text()).isEqualTo(TOKENIZER.decode(answer.tokens()));
      assertThat(sampler.tokens()).isEqualTo(answer.tokens().size());
    }
  }

  @Test
  void endsWithTheEndTokenOrAtTheLongestLength() {
    try (CompletionSampler sampler = sampler(specification(8, 16, 5))) {
      sampler.use(policy);
      int ended = 0;
      for (Trajectory trajectory : run(sampler, crowd(60)).values()) {
        int[] tokens = answer(trajectory).tokens().toArray();
        boolean end = tokens[tokens.length - 1] == TOKENIZER.end();
        ended += end ? 1 : 0;
        assertThat(((Completion) trajectory.body()).finish())
            .isEqualTo(end ? FinishReason.END_TOKEN : FinishReason.LENGTH);
        assertThat(Arrays.stream(tokens, 0, tokens.length - 1)).doesNotContain(TOKENIZER.end());
        assertThat(tokens).hasSizeBetween(1, 8);
        assertThat(end || tokens.length == 8).isTrue();
      }
      assertThat(ended).isBetween(5, 55);
    }
  }

  @Test
  void aSampleIsBitEqualWhoeverSharesItsBucket() {
    SampleRequest request = request(3, 1, "12+34=");
    SamplingSpecification specification = specification(20, 8, 4);
    Trajectory alone;
    try (CompletionSampler sampler = sampler(specification)) {
      sampler.use(policy);
      alone = runOne(sampler, request);
    }
    for (int lane = 0; lane < 8; lane++) {
      try (CompletionSampler sampler = sampler(specification)) {
        sampler.use(policy);
        List<SampleRequest> requests = crowd(20);
        requests.add(lane, request);
        assertThat(run(sampler, requests).get(request.id())).as("lane %s", lane).isEqualTo(alone);
      }
    }
    try (CompletionSampler sampler = sampler(specification)) {
      sampler.use(policy);
      List<SampleRequest> requests = crowd(50);
      requests.add(41, request);
      assertThat(run(sampler, requests).get(request.id())).as("admitted later").isEqualTo(alone);
      assertThat(runOne(sampler, request)).as("again").isEqualTo(alone);
    }
  }

  @Test
  void aSampleIsBitEqualInABucketWithLongPromptsAndCopies() {
    SampleRequest request = request(3, 5, "12+34=");
    SamplingSpecification specification = specification(8, 4, 8);
    List<SampleRequest> group = new ArrayList<>();
    for (int member = 0; member < 6; member++) {
      group.add(request(3, member, "12+34="));
      group.add(request(9, member, "1234567890+1234567890+1234567890="));
    }
    try (CompletionSampler one = sampler(specification);
        CompletionSampler other = sampler(specification)) {
      one.use(policy);
      other.use(policy);
      Trajectory alone = runOne(one, request);
      assertThat(run(other, group).get(request.id())).isEqualTo(alone);
      assertThat(other.promptTokens()).isLessThan(12 * 6 + 12 * 33);
    }
  }

  @Test
  void tokensACallDoNotChangeASample() {
    Map<TrajectoryId, Trajectory> expected;
    try (CompletionSampler sampler = sampler(specification(12, 8, 1))) {
      sampler.use(policy);
      expected = run(sampler, crowd(30));
    }
    try (CompletionSampler sampler = sampler(specification(12, 8, 7))) {
      sampler.use(policy);
      assertThat(run(sampler, crowd(30))).isEqualTo(expected);
    }
  }

  @Test
  void logProbabilitiesAreThoseOfThePolicyAndOfTheCutDistribution() {
    SamplingSpecification cut =
        new SamplingSpecification(0.7, 5, 0.9, 10, List.of(), 8, 4, Switching.BETWEEN_EPISODES);
    try (CompletionSampler sampler = sampler(cut)) {
      sampler.use(policy);
      for (Trajectory trajectory : run(sampler, crowd(12)).values()) {
        float[][] reference = ReferenceLogProbs.of(trajectory, policy);
        Segment answer = answer(trajectory);
        for (int t = 0; t < reference.length; t++) {
          int token = answer.tokens().at(t);
          assertThat(answer.policyLogProbs().at(t)).isCloseTo(reference[t][token], within(1e-4f));
          assertThat((double) answer.logProbs().at(t))
              .isCloseTo(logProbAfterCut(reference[t], token, 0.7, 5, 0.9), within(1e-4));
        }
      }
    }
  }

  /** Temperature, then the k best, then the smallest head of at least p. No ties here. */
  private static double logProbAfterCut(float[] raw, int token, double t, int k, double p) {
    double[] weights = new double[raw.length];
    Integer[] order = new Integer[raw.length];
    for (int v = 0; v < raw.length; v++) {
      weights[v] = Math.exp(raw[v] / t);
      order[v] = v;
    }
    Arrays.sort(order, (a, b) -> Double.compare(weights[b], weights[a]));
    double best = 0;
    for (int i = 0; i < k; i++) {
      best += weights[order[i]];
    }
    double head = 0;
    boolean kept = false;
    for (int i = 0; i < k && head < p * best; i++) {
      head += weights[order[i]];
      kept |= order[i] == token;
    }
    assertThat(kept).isTrue();
    return Math.log(weights[token] / head);
  }

  @Test
  void tokensComeAsOftenAsTheirProbabilitiesSay() {
    int samples = 4000;
    List<SampleRequest> requests = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      requests.add(request(i / 8, i % 8, "5+5="));
    }
    try (CompletionSampler sampler = sampler(specification(1, 64, 1))) {
      sampler.use(policy);
      Map<TrajectoryId, Trajectory> drawn = run(sampler, requests);
      float[] law = ReferenceLogProbs.of(sample(drawn, new TrajectoryId(0, 0)), policy)[0];
      int[] counts = new int[law.length];
      drawn.values().forEach(trajectory -> counts[answer(trajectory).tokens().at(0)]++);
      double chiSquare = 0;
      for (int v = 0; v < law.length; v++) {
        double expected = samples * Math.exp(law[v]);
        chiSquare += Math.pow(counts[v] - expected, 2) / expected;
      }
      // 15 degrees of freedom: 37.7 is the 0.1 % point.
      assertThat(chiSquare).as("seed %s", SamplerFixture.SEED).isLessThan(37.7);
    }
  }

  @Test
  void membersOfAGroupDifferAndReadTheirPromptOnce() {
    List<SampleRequest> group = new ArrayList<>();
    for (int member = 0; member < 8; member++) {
      group.add(request(1, member, "98+76="));
    }
    try (CompletionSampler sampler = sampler(specification(10, 8, 10))) {
      sampler.use(policy);
      var answers = run(sampler, group).values().stream().map(t -> answer(t).tokens()).toList();
      assertThat(answers).doesNotHaveDuplicates();
      // Begin token and prompt.
      assertThat(sampler.promptTokens()).isEqualTo(7);
    }
  }

  @Test
  void aPromptIsCopiedFromASequenceThatEndedWhileOthersWentOn() {
    SampleRequest late = request(100, 9, "0+0=");
    Trajectory alone;
    try (CompletionSampler sampler = sampler(specification(20, 4, 2))) {
      sampler.use(policy);
      alone = runOne(sampler, late);
    }
    try (CompletionSampler sampler = sampler(specification(20, 4, 2))) {
      sampler.use(policy);
      List<SampleRequest> requests = crowd(3);
      requests.addFirst(request(7, 0, "5+5="));
      Map<TrajectoryId, Trajectory> first = run(sampler, requests);
      int length = answer(sample(first, new TrajectoryId(100, 0))).tokens().size();
      assertThat(first.values()).anyMatch(other -> answer(other).tokens().size() > length + 2);
      long read = sampler.promptTokens();
      assertThat(runOne(sampler, late)).isEqualTo(alone);
      assertThat(sampler.promptTokens()).isEqualTo(read);
    }
  }

  @Test
  void aCallDrawsFirstTokensBesideItsSteps() {
    try (CompletionSampler one = sampler(specification(1, 4, 1));
        CompletionSampler three = sampler(specification(3, 4, 2))) {
      one.use(policy);
      three.use(policy);
      Map<TrajectoryId, IntArray> firsts = new TreeMap<>();
      for (SampleRequest request : crowd(4)) {
        one.submit(request);
        three.submit(request);
      }
      one.advance().forEach(sampled -> firsts.put(sampled.id(), answer(sampled).tokens()));
      assertThat(firsts).hasSize(4);
      for (Trajectory whole : three.advance()) {
        IntArray tokens = answer(whole).tokens();
        assertThat(IntArray.copyOf(tokens.toArray(), 0, 1)).isEqualTo(firsts.remove(whole.id()));
      }
      assertThat(firsts).isEmpty();
    }
  }

  @Test
  void greedyTakesTheLikeliestTokenWithCertainty() {
    try (CompletionSampler sampler = sampler(specification(10, 4, 3))) {
      sampler.use(policy);
      List<SampleRequest> requests =
          List.of(
              request(1, 0, "98+76=", true),
              request(2, 0, "98+76="),
              request(3, 0, "98+76=", true));
      Map<TrajectoryId, Trajectory> samples = run(sampler, requests);
      Trajectory greedy = sample(samples, new TrajectoryId(1, 0));
      float[][] reference = ReferenceLogProbs.of(greedy, policy);
      for (int t = 0; t < reference.length; t++) {
        int token = answer(greedy).tokens().at(t);
        for (float other : reference[t]) {
          assertThat(reference[t][token]).isGreaterThanOrEqualTo(other);
        }
        assertThat(answer(greedy).logProbs().at(t)).isZero();
        assertThat(answer(greedy).policyLogProbs().at(t))
            .isCloseTo(reference[t][token], within(1e-4f));
      }
      assertThat(answer(sample(samples, new TrajectoryId(3, 0)))).isEqualTo(answer(greedy));
      assertThat(answer(sample(samples, new TrajectoryId(2, 0))).logProbs().at(0)).isNegative();
    }
  }

  @Test
  void aStopStringEndsAnAnswerAfterTheTokenThatCompletesIt() {
    SampleRequest request = request(4, 0, "7+7=");
    Trajectory whole;
    try (CompletionSampler sampler = sampler(specification(20, 4, 20))) {
      sampler.use(policy);
      whole = runOne(sampler, request);
    }
    String text = answer(whole).text();
    assertThat(text).hasSizeGreaterThan(6);
    String stop = text.substring(2, 4);
    int end = text.indexOf(stop) + 2;
    SamplingSpecification stopping =
        new SamplingSpecification(
            1, 0, 1, 20, List.of("never", stop), 4, 20, Switching.BETWEEN_EPISODES);
    try (CompletionSampler sampler = sampler(stopping)) {
      sampler.use(policy);
      Trajectory stopped = runOne(sampler, request);
      assertThat(((Completion) stopped.body()).finish()).isEqualTo(FinishReason.STOP_STRING);
      assertThat(answer(stopped).text()).isEqualTo(text.substring(0, end));
      assertThat(answer(stopped).tokens())
          .isEqualTo(IntArray.copyOf(answer(whole).tokens().toArray(), 0, end));
      assertThat(sampler.tokens()).isEqualTo(end);
    }
  }

  @Test
  void betweenEpisodesSequencesFinishWithTheVersionTheyBeganWith() {
    try (PolicySnapshot newer = policy(2, 1);
        CompletionSampler sampler = sampler(specification(12, 2, 1))) {
      sampler.use(policy);
      sampler.submit(request(0, 0, "1+1="));
      sampler.submit(request(1, 0, "2+2="));
      sampler.submit(request(2, 0, "3+3="));
      assertThat(sampler.advance()).isEmpty();
      sampler.use(newer);
      assertThat(policy.holders()).isEqualTo(2);
      assertThat(sampler.version()).contains(policy.version());
      Map<TrajectoryId, Trajectory> finished = run(sampler, List.of());
      assertThat(policy.holders()).isEqualTo(1);
      assertThat(newer.holders()).isEqualTo(2);
      sampler.use(policy);
      assertThat(sampler.version()).contains(policy.version());
      finished.forEach(
          (id, trajectory) -> {
            PolicySnapshot behaviour = id.group() < 2 ? policy : newer;
            assertThat(trajectory.versions())
                .containsExactly(new VersionSpan(0, behaviour.version()));
            assertLogProbs(trajectory, 0, answer(trajectory).tokens().size(), behaviour);
          });
    }
  }

  @Test
  void betweenTokensEachTokenIsDrawnByTheVersionItsSpanNames() {
    SamplingSpecification atOnce =
        SamplerFixture.switching(specification(20, 4, 3), Switching.BETWEEN_TOKENS);
    try (PolicySnapshot newer = policy(2, 1);
        CompletionSampler sampler = sampler(atOnce)) {
      sampler.use(policy);
      List<SampleRequest> requests = crowd(4);
      requests.forEach(sampler::submit);
      List<Trajectory> early = sampler.advance();
      sampler.use(newer);
      sampler.advance().forEach(early::add);
      assertThat(policy.holders()).isEqualTo(1);
      Map<TrajectoryId, Trajectory> late = run(sampler, List.of());
      assertThat(late).hasSizeGreaterThan(1);
      for (Trajectory trajectory : late.values()) {
        assertThat(trajectory.versions())
            .containsExactly(
                new VersionSpan(0, policy.version()), new VersionSpan(4, newer.version()));
        assertLogProbs(trajectory, 0, 4, policy);
        assertLogProbs(trajectory, 4, answer(trajectory).tokens().size(), newer);
      }
    }
  }

  private static void assertLogProbs(
      Trajectory trajectory, int from, int to, PolicySnapshot behaviour) {
    float[][] reference = ReferenceLogProbs.of(trajectory, behaviour);
    Segment answer = answer(trajectory);
    for (int t = from; t < to; t++) {
      assertThat(answer.logProbs().at(t))
          .as("%s, token %s", trajectory.id(), t)
          .isCloseTo(reference[t][answer.tokens().at(t)], within(1e-4f));
    }
  }

  @Test
  void aBrokenPolicyIsNamedAndTheNextOneSamplesAsIfNothingHadBeen() {
    Parameters weights = NETWORK.initial(1);
    List<Tensor> broken = new ArrayList<>(weights.tensors());
    float[] embedding = broken.getFirst().toFloats();
    Arrays.fill(embedding, Float.NaN);
    broken.set(0, Tensor.of(embedding, broken.getFirst().shape()));
    weights.tensors().getFirst().close();
    SampleRequest request = request(4, 0, "7+7=");
    try (PolicySnapshot bad = PolicySnapshot.of(1, 9, new Parameters(weights.names(), broken));
        CompletionSampler sampler = sampler(specification(8, 4, 4));
        CompletionSampler fresh = sampler(specification(8, 4, 4))) {
      sampler.use(bad);
      sampler.submit(request);
      assertThatThrownBy(sampler::advance)
          .isInstanceOf(NonFinitePolicyException.class)
          .hasMessageContaining("policy of update [9], incarnation [1]");
      assertThat(sampler.idle()).isTrue();
      sampler.use(policy);
      fresh.use(policy);
      assertThat(run(sampler, List.of(request))).isEqualTo(run(fresh, List.of(request)));
    }
  }

  @Test
  void refusesWhatItCannotSample() {
    try (CompletionSampler sampler = sampler(specification(20, 1, 4))) {
      assertThatThrownBy(() -> sampler.submit(request(0, 0, "1".repeat(30))))
          .hasMessageContaining(
              "a prompt of [31] tokens and up to [20] new ones don't fit into the model's [48]"
                  + " positions");
      sampler.submit(request(0, 0, "1+1="));
      sampler.submit(request(0, 1, "1+1="));
      assertThatThrownBy(() -> sampler.submit(request(0, 2, "1+1=")))
          .hasMessage(
              "[0] sequences run and [2] requests wait for one of [1] lanes, no more may; advance"
                  + " first");
      assertThatThrownBy(sampler::advance).hasMessage("no policy to sample from; use() one");
    }
  }

  @Test
  void belongsToTheThreadThatUsesItFirst() {
    try (CompletionSampler sampler = sampler(specification(4, 1, 4))) {
      sampler.use(policy);
      CompletableFuture<List<Trajectory>> elsewhere =
          CompletableFuture.supplyAsync(sampler::advance);
      assertThatThrownBy(elsewhere::join).hasMessageContaining("this sampler belongs to thread");
    }
  }
}

package dev.troupe.learner.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.DecoderShape;
import dev.troupe.model.network.Parameters;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Segment.Kind;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Groups whose prompts are read once against the same sequences one by one, through autograd. */
class SharedReadingTest {
  private static final int VOCABULARY = 11;
  private static final String PROGRAM =
      """
      class Program(Module):
          def shared(
              self, read: List[Tensor], rows: Tensor, targets: Tensor, d_logp: Tensor, d_entropy: Tensor, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, List[Tensor]]:
              logp, entropy, tape = shared_forward(read, rows, targets, 1.3, w)
              return (logp, entropy, policy_backward(d_logp, d_entropy, tape, w))

          def plain(
              self, read: List[Tensor], rows: Tensor, targets: Tensor, d_logp: Tensor, d_entropy: Tensor, w: List[Tensor]
          ) -> Tuple[Tensor, Tensor, List[Tensor]]:
              torch.set_grad_enabled(True)
              p = annotate(List[Tensor], [])
              for t in w:
                  p.append(t.detach().requires_grad_(True))
              hidden = hidden_states(read[0], p).flatten(0, 1).index_select(0, rows)
              logits = torch.linear(hidden, head_weight(p)) / 1.3
              every = torch.log_softmax(logits, -1)
              logp = every.gather(1, targets.unsqueeze(1)).squeeze(1)
              entropy = torch.neg(torch.sum(torch.exp(every) * every, [-1]))
              g = torch.grad([torch.dot(logp, d_logp) + torch.dot(entropy, d_entropy)], p)
              out = annotate(List[Tensor], [])
              for i in range(len(w)):
                  d = g[i]
                  if d is not None:
                      out.append(d)
              return (logp.detach(), entropy.detach(), out)
      """;

  private final SplittableRandom random = new SplittableRandom(5);

  @Test
  void probabilitiesAndEveryGradientAreThoseOfTheSequencesOneByOne() {
    List<TrainingSequence> groups = new ArrayList<>();
    // Answers of several lengths, one of them empty but for its end; the last group has one member.
    groups.addAll(group(3, 4, 1, 7, 2));
    groups.addAll(group(9, 1, 1, 5));
    groups.addAll(group(1, 6, 6));
    groups.add(turns(prompt(5)));
    groups.addAll(group(12, 3));
    // The same answer twice.
    groups.add(groups.getFirst());
    for (boolean tied : new boolean[] {true, false}) {
      compare(new DecoderShape(VOCABULARY, 16, 2, 6, 2, 4, 24, 32, 500, 1e-5, tied, 0.3), groups);
    }
  }

  @Test
  void lengthsOfSeveralBlocksChangeNothing() {
    List<TrainingSequence> groups = new ArrayList<>();
    groups.addAll(group(40, 60, 3, 2, 55, 4));
    groups.addAll(group(2, 1, 80, 5, 6));
    assertThat(AttentionBlock.of(new PrefixTree(groups))).hasSizeGreaterThan(2);
    compare(new DecoderShape(VOCABULARY, 16, 2, 4, 2, 4, 24, 128, 500, 1e-5, true, 0.3), groups);
  }

  private void compare(DecoderShape shape, List<TrainingSequence> sequences) {
    DecoderNetwork network = new DecoderNetwork(shape);
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(new ProgramSource("both.py", PROGRAM));
    SharedPrefixes shared = new SharedPrefixes(sequences, shape.positions());
    assertThat(shared.tokens())
        .isLessThan(sequences.stream().mapToInt(TrainingSequence::inputs).sum());
    int trained = sequences.stream().mapToInt(TrainingSequence::trainedTokens).sum();
    try (TorchProgram program = TorchProgram.compile("both", sources, network.constants(Map.of()));
        Parameters weights = network.initial(7);
        Tensor dLogProbs = Tensor.of(random(trained));
        Tensor dEntropies = Tensor.of(random(trained));
        Result expected =
            run(
                program,
                "plain",
                sequences,
                new PlainRows(sequences, shape.positions()),
                dLogProbs,
                dEntropies,
                weights);
        Result actual = run(program, "shared", sequences, shared, dLogProbs, dEntropies, weights)) {
      for (int i = 0; i < 2; i++) {
        try (Tensor e = expected.tensor(i);
            Tensor a = actual.tensor(i)) {
          assertThat(a.toFloats()).containsExactly(e.toFloats(), within(1e-5f));
        }
      }
      List<Tensor> e = expected.tensors(2);
      List<Tensor> a = actual.tensors(2);
      for (int i = 0; i < e.size(); i++) {
        float largest = 0;
        for (float each : e.get(i).toFloats()) {
          largest = Math.max(largest, Math.abs(each));
        }
        assertThat(largest).isGreaterThan(1e-4f);
        assertThat(a.get(i).toFloats())
            .as(weights.names().get(i))
            .containsExactly(e.get(i).toFloats(), within(1e-5f * Math.max(1, largest)));
      }
      e.forEach(Tensor::close);
      a.forEach(Tensor::close);
    }
  }

  private static Result run(
      TorchProgram program,
      String method,
      List<TrainingSequence> sequences,
      Reading reading,
      Tensor dLogProbs,
      Tensor dEntropies,
      Parameters weights) {
    MicroBatch batch = new MicroBatch(sequences, reading);
    List<Tensor> read =
        batch.read().stream().map(each -> Tensor.of(each.values(), each.shape())).toList();
    try (Tensor rows = Tensor.of(batch.predictors());
        Tensor targets = Tensor.of(batch.targets())) {
      return program.run(method, read, rows, targets, dLogProbs, dEntropies, weights.tensors());
    } finally {
      read.forEach(Tensor::close);
    }
  }

  private List<TrainingSequence> group(int prompt, int... answers) {
    IntArray shared = prompt(prompt);
    List<TrainingSequence> group = new ArrayList<>();
    for (int answer : answers) {
      group.add(TrainingSequence.supervised(shared, prompt(answer)));
    }
    return group;
  }

  /** An answer, what a tool put out, another answer. */
  private TrainingSequence turns(IntArray prompt) {
    return TrainingSequence.of(
        new Completion(
            List.of(
                segment(Kind.PROMPT, prompt),
                segment(Kind.ANSWER, prompt(3)),
                segment(Kind.TOOL_OUTPUT, prompt(2)),
                segment(Kind.ANSWER, prompt(2))),
            FinishReason.LENGTH));
  }

  private static Segment segment(Kind kind, IntArray tokens) {
    boolean answer = kind == Kind.ANSWER;
    FloatArray logProbs = FloatArray.of(new float[answer ? tokens.size() : 0]);
    return new Segment(kind, "", tokens, answer, logProbs, logProbs);
  }

  private IntArray prompt(int length) {
    return IntArray.of(random.ints(length, 0, VOCABULARY).toArray());
  }

  private float[] random(int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}

package dev.troupe.learner.batching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.model.tokenizer.Tokenizers;
import dev.troupe.protocol.run.ModelSpecification;
import dev.troupe.protocol.tensor.FloatArray;
import dev.troupe.protocol.tensor.IntArray;
import dev.troupe.protocol.trajectory.Segment;
import dev.troupe.protocol.trajectory.Segment.Kind;
import dev.troupe.protocol.trajectory.TrajectoryBody.Completion;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import java.util.List;
import org.junit.jupiter.api.Test;

class MicroBatchTest {
  @Test
  void sortsByLengthAndThenByPlace() {
    List<TrainingSequence> sequences =
        List.of(example(2, 1), example(3, 4), example(2, 1), example(1, 0), example(5, 2));
    assertThat(MicroBatchPlan.byLength(sequences, _ -> true, 2))
        .isEqualTo(List.of(List.of(1, 4), List.of(0, 2)));
  }

  @Test
  void sequencesOfAPromptStandSideBySide() {
    List<TrainingSequence> sequences =
        List.of(said(1, 2), said(2, 4), said(1, 1), said(1, 5), said(2, 3), said(1, 3));
    assertThat(MicroBatchPlan.byPrompt(sequences, index -> index != 3, 3))
        .isEqualTo(List.of(List.of(1, 4, 5), List.of(0, 2)));
  }

  private static TrainingSequence said(int prompt, int answer) {
    return TrainingSequence.supervised(IntArray.of(7, prompt), IntArray.of(new int[answer]));
  }

  @Test
  void padsOnTheRightAndScoresOnlyTrainedTokens() {
    TrainingSequence turns =
        TrainingSequence.of(
            new Completion(
                List.of(
                    segment(Kind.PROMPT, 10, 11),
                    segment(Kind.ANSWER, 12, 13),
                    segment(Kind.TOOL_OUTPUT, 14),
                    segment(Kind.ANSWER, 15)),
                FinishReason.LENGTH));
    TrainingSequence brief = TrainingSequence.supervised(IntArray.of(20, 21, 22), IntArray.of(23));
    List<TrainingSequence> both = List.of(turns, brief);
    MicroBatch batch = new MicroBatch(both, new PlainRows(both, 5));

    assertThat(batch.read()).hasSize(1);
    assertThat(batch.read().getFirst().shape()).containsExactly(2, 5);
    assertThat(batch.read().getFirst().values())
        .containsExactly(10, 11, 12, 13, 14, 20, 21, 22, 0, 0);
    assertThat(batch.answers()).isEqualTo(3);
    assertThat(batch.trainedTokens()).isEqualTo(4);
    assertThat(batch.predictors()).containsExactly(1, 2, 4, 7);
    assertThat(batch.targets()).containsExactly(12, 13, 15, 23);
    assertThat(batch.slots()).containsExactly(0, 1, 2, 3);
    float[] values = new float[12];
    batch.mask(values, 0);
    batch.behaviourLogProbs(values, 6);
    assertThat(values).containsExactly(1, 1, 1, 1, 0, 0, -1.2f, -1.3f, -1.5f, 0, 0, 0);
  }

  @Test
  void textBecomesAnExampleLaidOutAsSamplesAre() {
    Tokenizer tokenizer =
        Tokenizers.of(new ModelSpecification.Tokenizer.Characters("0123456789+="));
    TrainingSequence example = TrainingSequence.supervised(tokenizer, "1+1=", "2");
    assertThat(example.length()).isEqualTo(7);
    assertThat(example.token(0)).isEqualTo(tokenizer.begin());
    assertThat(example.token(6)).isEqualTo(tokenizer.end());
    assertThat(example.mask()).containsExactly(false, false, false, false, false, true, true);
    assertThat(example.inputs()).isEqualTo(6);
  }

  @Test
  void roundsLengthsToFewBuckets() {
    assertThat(
            java.util.stream.IntStream.of(1, 4, 5, 12, 13, 16, 17, 33, 100, 1000)
                .map(Bucket::roundUp)
                .toArray())
        .containsExactly(2, 4, 6, 12, 14, 16, 18, 36, 104, 1024);
  }

  @Test
  void refusesASequenceLongerThanTheModel() {
    assertThatThrownBy(() -> new PlainRows(List.of(example(6, 3)), 7))
        .hasMessageContaining("[8] tokens to read, the model has [7] positions");
    assertThatThrownBy(() -> new SharedPrefixes(List.of(example(6, 3)), 7))
        .hasMessageContaining("[8] tokens to read, the model has [7] positions");
  }

  @Test
  void refusesToTrainAFirstToken() {
    assertThatThrownBy(() -> TrainingSequence.supervised(IntArray.empty(), IntArray.of(1)))
        .hasMessageContaining("first token");
  }

  private static TrainingSequence example(int prompt, int completion) {
    return TrainingSequence.supervised(
        IntArray.of(new int[prompt]), IntArray.of(new int[completion]));
  }

  private static Segment segment(Kind kind, int... tokens) {
    float[] logProbs = new float[kind == Kind.ANSWER ? tokens.length : 0];
    for (int i = 0; i < logProbs.length; i++) {
      logProbs[i] = -tokens[i] / 10f;
    }
    return new Segment(
        kind,
        "",
        IntArray.of(tokens),
        kind == Kind.ANSWER,
        FloatArray.of(logProbs),
        FloatArray.of(logProbs));
  }
}

package dev.troupe.rollout.sampling;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.torch.Opaque;
import dev.troupe.model.torch.ProgramSource;
import dev.troupe.model.torch.Result;
import dev.troupe.model.torch.Tensor;
import dev.troupe.model.torch.TorchProgram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The native side of a sampler: a cache of fixed shape [lanes, capacity] and the program that works
 * on it. Calls have few different shapes, and a lane's results depend on its own tokens and those
 * shapes only.
 */
final class Bucket implements AutoCloseable {
  private static final int CAPACITY_STEP = 16;
  private static final int READ_TOKENS_A_LANE = 4;
  private static final int READ_TOKENS_MIN = 64;
  private static final int READ_TOKENS_MAX = 256;
  private static final int PROMPT_CLASS_MIN = 4;

  private final String device;
  private final int lanes;
  private final int capacity;
  private final TorchProgram program;
  private List<Tensor> weights = List.of();
  private Optional<Opaque> packed = Optional.empty();
  private List<Tensor> cache = List.of();

  /** Logits that the first token of each lane's sequence is drawn from. */
  private Optional<Tensor> first = Optional.empty();

  Bucket(DecoderNetwork network, int lanes, String device) {
    this.device = device;
    this.lanes = lanes;
    int steps = (network.shape().positions() + CAPACITY_STEP - 1) / CAPACITY_STEP;
    capacity = steps * CAPACITY_STEP;
    List<ProgramSource> sources = new ArrayList<>(network.sources());
    sources.add(ProgramSource.resource(Bucket.class, "drawing.py"));
    sources.add(ProgramSource.resource(Bucket.class, "sampling.py"));
    program = TorchProgram.compile("sampling", sources, network.constants(Map.of()));
  }

  /** Takes over a policy's weights, rearranged; {@code snapshot} isn't needed afterwards. */
  void load(PolicySnapshot snapshot) {
    try (var parameters = snapshot.parameters().to(device);
        Result result = program.run("open", parameters.tensors())) {
      letGoOfWeights();
      weights = result.tensors(0);
      packed = Optional.of(result.opaque(1));
    }
    if (cache.isEmpty()) {
      try (Result result = program.run("cache", (long) lanes, (long) capacity, weights, packed())) {
        cache = result.tensors(0);
        first = Optional.of(result.tensor(1));
      }
    }
  }

  private Opaque packed() {
    return packed.orElseThrow(Bucket::nothingLoaded);
  }

  private Tensor first() {
    return first.orElseThrow(Bucket::nothingLoaded);
  }

  private static IllegalStateException nothingLoaded() {
    return new IllegalStateException("no weights were loaded");
  }

  private void letGoOfWeights() {
    weights.forEach(Tensor::close);
    weights = List.of();
    packed.ifPresent(Opaque::close);
    packed = Optional.empty();
  }

  /** Tokens that a row of a reading call has room for, when the prompt has {@code length}. */
  int promptClass(int length) {
    int room = PROMPT_CLASS_MIN;
    while (room < length) {
      room *= 2;
    }
    return Math.min(room, capacity);
  }

  /** Prompts that one reading call takes, when each has room for {@code room} tokens. */
  int promptsPerCall(int room) {
    long wanted = (long) READ_TOKENS_A_LANE * Integer.highestOneBit(lanes);
    int tokens = Math.clamp(wanted, READ_TOKENS_MIN, READ_TOKENS_MAX);
    return Math.max(1, tokens / room);
  }

  /** Reads prompts [P, T], right-padded, of {@code lengths} [P], into lanes [P]. */
  void read(long[] tokens, long[] lengths, long[] intoLanes) {
    long prompts = intoLanes.length;
    try (Tensor text = Tensor.of(tokens, prompts, tokens.length / prompts);
        Tensor length = Tensor.of(lengths, prompts);
        Tensor into = Tensor.of(intoLanes, prompts)) {
      program.run("read_prompts", text, length, into, first(), cache, weights, packed()).close();
    }
  }

  /** Copies what was read of the first {@code length} positions of some lanes to others. */
  void copy(long[] sources, long[] targets, int length) {
    try (Tensor from = Tensor.of(sources, sources.length);
        Tensor to = Tensor.of(targets, targets.length)) {
      program.run("copy_prompts", from, to, (long) length, first(), cache).close();
    }
  }

  /** Forgets everything that was read. Needed only where numbers that aren't finite were. */
  void clear() {
    program.run("clear", first(), cache).close();
  }

  /** What a call of {@link #sample} drew; row 0 is of the lanes that began with it only. */
  static final class Drawn {
    private final int lanes;
    private final int rows;
    private final long[] tokens;
    private final float[] logProbs;

    private Drawn(int lanes, long[] tokens, float[] logProbs) {
      this.lanes = lanes;
      this.rows = tokens.length / lanes;
      this.tokens = tokens;
      this.logProbs = logProbs;
    }

    int rows() {
      return rows;
    }

    int token(int row, int lane) {
      return (int) tokens[row * lanes + lane];
    }

    float logProb(int row, int lane) {
      return logProbs[row * lanes + lane];
    }

    float policyLogProb(int row, int lane) {
      return logProbs[(rows + row) * lanes + lane];
    }
  }

  /**
   * Draws up to S tokens in every running lane, one more where a sequence begins; see {@code
   * sampling.py}.
   *
   * @param state [5, lanes]
   * @param uniforms [lanes, 1 + S]
   */
  Drawn sample(long[] state, double[] uniforms, int leave, int end, Law law) {
    try (Tensor now = Tensor.of(state, 5, lanes);
        Tensor thresholds = Tensor.of(uniforms, lanes, uniforms.length / lanes);
        Result result =
            program.run(
                "sample",
                now,
                thresholds,
                (long) leave,
                (long) end,
                law.temperature(),
                (long) law.topK(),
                law.topP(),
                first(),
                cache,
                weights,
                packed());
        Tensor tokens = result.tensor(0);
        Tensor logProbs = result.tensor(1)) {
      return new Drawn(lanes, tokens.toLongs(), logProbs.toFloats());
    }
  }

  /** The distribution that tokens are drawn from, as {@code drawing.py} defines it. */
  record Law(double temperature, int topK, double topP) {}

  @Override
  public void close() {
    letGoOfWeights();
    cache.forEach(Tensor::close);
    first.ifPresent(Tensor::close);
    program.close();
  }
}

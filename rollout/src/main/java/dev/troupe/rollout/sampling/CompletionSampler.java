package dev.troupe.rollout.sampling;

import dev.troupe.model.network.DecoderNetwork;
import dev.troupe.model.network.PolicySnapshot;
import dev.troupe.model.tokenizer.Tokenizer;
import dev.troupe.protocol.policy.PolicyVersion;
import dev.troupe.protocol.run.SamplingSpecification;
import dev.troupe.protocol.run.SamplingSpecification.Switching;
import dev.troupe.protocol.trajectory.Trajectory;
import dev.troupe.protocol.trajectory.TrajectoryBody.FinishReason;
import dev.troupe.rollout.random.Philox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Samples completions in a fixed number of lanes; a sequence that ends makes room for a waiting one
 * at once.
 *
 * <pre>
 * use(policy)   which weights, from when on: see {@link Switching}
 * submit        a request waits for a lane
 * advance       waiting requests enter free lanes, their prompts are read together (a prompt that
 *               some lane has read already is copied, and so is what its first token is drawn
 *               from), then one native call draws several tokens in every lane; returns what
 *               finished
 * </pre>
 *
 * <p>What is sampled is a function of the weights and of (run seed, group, member, position): it is
 * the same, bit by bit, in whichever lane, beside whatever other sequences, admitted whenever. It
 * may differ in the last bits with another number of lanes, another capacity, on another processor.
 *
 * <p>A sequence is the begin token, the prompt and the answer, which ends with the end token, after
 * the token that completes a stop string, or at the longest length. Tokens that were drawn in the
 * same call after the end are dropped. The answer's text leaves the end token out. In a greedy
 * sequence a token's log-probability under the sampling distribution is 0: the choice was certain.
 *
 * <p>Owned by one thread: the first that uses it.
 */
public final class CompletionSampler implements AutoCloseable {
  /** Share of the lanes that must be free before running sequences wait for new ones to be read. */
  private static final int ADMISSION_PARTS = 8;

  private final Tokenizer tokenizer;
  private final SamplingSpecification specification;
  private final Bucket.Law law;
  private final StopStrings stops;
  private final long key;
  private final Bucket bucket;
  private final Prompts prompts;
  private final PromptReader reader;
  private final Lane[] lanes;
  private final Deque<Lane.Prompted> waiting = new ArrayDeque<>();
  private final long[] state;
  private final double[] uniforms;
  private int running;
  private Optional<PolicySnapshot> policy = Optional.empty();
  private Optional<PolicySnapshot> next = Optional.empty();
  private @Nullable Thread owner;
  private long tokens;

  /** A sampler on the processor. */
  public CompletionSampler(
      DecoderNetwork network,
      Tokenizer tokenizer,
      SamplingSpecification specification,
      long runSeed) {
    this(network, tokenizer, specification, runSeed, "cpu");
  }

  /**
   * @param runSeed of every draw
   * @param device for example {@code cpu} or {@code cuda:0}
   */
  public CompletionSampler(
      DecoderNetwork network,
      Tokenizer tokenizer,
      SamplingSpecification specification,
      long runSeed,
      String device) {
    this.tokenizer = tokenizer;
    this.specification = specification;
    law = new Bucket.Law(specification.temperature(), specification.topK(), specification.topP());
    stops = new StopStrings(specification.stop(), tokenizer);
    key = Philox.key(runSeed, "sampling");
    int count = specification.lanes();
    bucket = new Bucket(network, count, device);
    prompts = new Prompts(tokenizer, specification.newTokensMax(), network.shape().positions());
    reader = new PromptReader(bucket);
    lanes = new Lane[count];
    for (int lane = 0; lane < count; lane++) {
      lanes[lane] = new Lane(specification.newTokensMax());
    }
    state = new long[5 * count];
    uniforms = new double[count * (1 + specification.tokensPerCall())];
  }

  /**
   * Takes up a policy version. Holds the snapshot as long as it is needed; the caller keeps its own
   * hold. With {@link Switching#BETWEEN_EPISODES} sequences under way finish with the version they
   * began with, and new ones wait until those have: two versions side by side would cost two calls
   * for every token. With {@link Switching#BETWEEN_TOKENS} the next token is drawn by the new
   * version, which first reads prompts and answers so far.
   */
  public void use(PolicySnapshot snapshot) {
    own();
    next.ifPresent(PolicySnapshot::close);
    next = Optional.of(snapshot.retain());
  }

  /** Requests that would enter a lane at once. */
  public int freeLanes() {
    return Math.max(0, lanes.length - running - waiting.size());
  }

  /** Whether nothing runs and nothing waits. */
  public boolean idle() {
    return running == 0 && waiting.isEmpty();
  }

  /**
   * Hands in a request. Beside those that find a free lane, as many may wait as there are lanes.
   *
   * @throws IllegalArgumentException for a task without prompt, or a prompt that leaves no room for
   *     the longest answer
   * @throws IllegalStateException if too many wait
   */
  public void submit(SampleRequest request) {
    own();
    if (running + waiting.size() >= 2 * lanes.length) {
      throw new IllegalStateException(
          "["
              + running
              + "] sequences run and ["
              + waiting.size()
              + "] requests wait for one of ["
              + lanes.length
              + "] lanes, no more may; advance first");
    }
    waiting.add(prompts.of(request));
  }

  /**
   * One native call of up to tokens-per-call steps, after reading the prompts of new sequences and
   * drawing their first tokens.
   *
   * @return what finished, possibly nothing
   * @throws NonFinitePolicyException where the policy is broken; its sequences are lost
   */
  public List<Trajectory> advance() {
    own();
    switchPolicy();
    admit();
    return running == 0 ? List.of() : sample();
  }

  /** The version that draws the next token, if one was ever given. */
  public Optional<PolicyVersion> version() {
    return (switchDue() ? next : policy).map(PolicySnapshot::version);
  }

  /** Tokens drawn and kept, end tokens included. */
  public long tokens() {
    return tokens;
  }

  /** Prompt tokens that were read rather than copied. */
  public long promptTokens() {
    return reader.tokens();
  }

  /** Lets go of policies and native memory; what runs or waits is lost. */
  @Override
  public void close() {
    policy.ifPresent(PolicySnapshot::close);
    next.ifPresent(PolicySnapshot::close);
    policy = Optional.empty();
    next = Optional.empty();
    bucket.close();
  }

  private boolean switchDue() {
    boolean atOnce = specification.switching() == Switching.BETWEEN_TOKENS;
    return next.isPresent() && (running == 0 || atOnce);
  }

  private void switchPolicy() {
    if (!switchDue()) {
      return;
    }
    PolicySnapshot taken = next.orElseThrow();
    next = Optional.empty();
    policy.ifPresent(PolicySnapshot::close);
    policy = Optional.of(taken);
    bucket.load(taken);
    reader.forget();
    for (int lane = 0; lane < lanes.length; lane++) {
      if (lanes[lane].running()) {
        lanes[lane].switchTo(taken.version());
        reader.readInto(lane, lanes[lane].readTokens());
      }
    }
    reader.read();
  }

  /** Moves waiting requests into free lanes, unless too few could move to be worth a stop. */
  private void admit() {
    int free = lanes.length - running;
    int moving = Math.min(free, waiting.size());
    boolean saturated = waiting.size() > free;
    boolean tooFew = saturated && running > 0 && free < admissionMin();
    if (moving == 0 || tooFew || next.isPresent()) {
      return;
    }
    PolicyVersion version =
        policy
            .orElseThrow(() -> new IllegalStateException("no policy to sample from; use() one"))
            .version();
    int[] into =
        IntStream.range(0, lanes.length)
            .filter(lane -> !lanes[lane].running())
            .limit(moving)
            .toArray();
    reader.release(into);
    for (int lane : into) {
      Lane.Prompted sequence = waiting.remove();
      lanes[lane].begin(sequence, version);
      reader.enter(lane, sequence.tokens());
      running++;
    }
    reader.read();
  }

  private int admissionMin() {
    return Math.max(1, lanes.length / ADMISSION_PARTS);
  }

  private List<Trajectory> sample() {
    int count = lanes.length;
    int columns = 1 + specification.tokensPerCall();
    for (int lane = 0; lane < count; lane++) {
      Lane each = lanes[lane];
      state[2 * count + lane] = 0;
      state[3 * count + lane] = 0;
      state[4 * count + lane] = 0;
      // An idle lane keeps its last position: what it reads again falls behind its prompt.
      if (each.running()) {
        state[lane] = each.nextToken();
        state[count + lane] = each.position();
        state[2 * count + lane] = (long) specification.newTokensMax() - each.count();
        state[3 * count + lane] = each.greedy() ? 1 : 0;
        state[4 * count + lane] = each.begins() ? 1 : 0;
        int column = firstRow(each);
        each.fill(uniforms, lane * columns + column, columns - column, key);
      }
    }
    int leave = waiting.isEmpty() ? running : Math.min(running, admissionMin());
    Bucket.Drawn drawn = bucket.sample(state, uniforms, leave, tokenizer.end(), law);
    List<Trajectory> finished = new ArrayList<>();
    for (int lane = 0; lane < count; lane++) {
      if (lanes[lane].running()) {
        harvest(lane, drawn).ifPresent(finished::add);
      }
    }
    return finished;
  }

  /** Where a lane's tokens begin among what a call draws: first tokens come before all steps. */
  private static int firstRow(Lane lane) {
    return lane.begins() ? 0 : 1;
  }

  /** Takes over what was drawn in a lane. */
  private Optional<Trajectory> harvest(int lane, Bucket.Drawn drawn) {
    Lane sequence = lanes[lane];
    int before = sequence.count();
    Optional<FinishReason> reason = Optional.empty();
    for (int row = firstRow(sequence); row < drawn.rows() && reason.isEmpty(); row++) {
      int token = drawn.token(row, lane);
      if (!sequence.add(token, drawn.logProb(row, lane), drawn.policyLogProb(row, lane))) {
        throw broken(sequence.version());
      }
      if (token == tokenizer.end()) {
        reason = Optional.of(FinishReason.END_TOKEN);
      } else if (sequence.count() == specification.newTokensMax()) {
        reason = Optional.of(FinishReason.LENGTH);
      }
    }
    int length = sequence.count();
    int stop = sequence.stop(stops, before);
    if (stop > 0) {
      length = stop;
      reason = Optional.of(FinishReason.STOP_STRING);
    }
    tokens += length - before;
    if (reason.isEmpty()) {
      return Optional.empty();
    }
    running--;
    return Optional.of(sequence.finish(length, reason.orElseThrow(), tokenizer));
  }

  /** The caches may hold NaN now, which no mask hides: nothing of them may be seen again. */
  private NonFinitePolicyException broken(PolicyVersion version) {
    bucket.clear();
    reader.forget();
    running = 0;
    for (int lane = 0; lane < lanes.length; lane++) {
      lanes[lane].abandon();
    }
    return new NonFinitePolicyException(version);
  }

  private void own() {
    Thread current = Thread.currentThread();
    if (owner == null) {
      owner = current;
    } else if (owner != current) {
      throw new IllegalStateException(
          "this sampler belongs to thread ["
              + owner.getName()
              + "], called from ["
              + current.getName()
              + "]");
    }
  }
}

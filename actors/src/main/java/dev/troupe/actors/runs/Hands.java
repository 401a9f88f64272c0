package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.Submission;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What carries out what {@link RunsDecisions} decides.
 *
 * @param <N> reaches a node
 * @param <A> hears an answer
 */
interface Hands<N, A> {

  /** Words for somebody, to be said once what they are about is on the disk. */
  record Reply<A>(A asking, String words) {}

  /**
   * The disk shall have a run; comes back as {@link RunsDecisions#created}, {@link
   * RunsDecisions#notCreated} or {@link RunsDecisions#overtaken}.
   */
  void create(Submission submission, Control control, A asking);

  /**
   * The disk shall say this of a run; comes back as {@link RunsDecisions#written}, {@link
   * RunsDecisions#notWritten} or {@link RunsDecisions#overtaken}. What was asked for first is
   * written first.
   */
  void write(String run, Control control, Optional<Reply<A>> reply);

  /**
   * The disk shall say which nodes are to leave, by their lives; comes back as {@link
   * RunsDecisions#drainsWritten}, {@link RunsDecisions#drainsNotWritten} or {@link
   * RunsDecisions#overtaken}.
   */
  void writeDrains(Map<String, DrainOrder> orders, Optional<Reply<A>> reply);

  /** Names a node in this life of it, for every head. */
  String life(N node);

  /** Make a run's actor; comes back as {@link RunsDecisions#begun} or {@link RunsDecisions#end}. */
  void begin(String run);

  /** A run's actor shall do that. */
  void want(String run, Control.Wanted wanted);

  /** These nodes take part in a run. */
  void place(String run, List<Allotment<N>> allotments);

  /** A run is over: nothing of it is left, here and on nodes. */
  void end(String run);

  /** A node has something of a run that this head wants nothing of it for. */
  void dismiss(N node, String run);

  /** Ask a node what it has. */
  void ask(N node);

  void drain(N node, boolean now);

  void answer(A asking, Answer answer);

  /**
   * Whether this head is a member that stays. One that leaves no longer hears of the others, and
   * must not take that for their loss.
   */
  boolean stays();

  /** This head leaves its cluster: another one's word counts. */
  void leave();
}

package dev.troupe.protocol.ledger;

import dev.troupe.protocol.check.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * What a learner computed with, as far as it decides the last bits of its results: libraries choose
 * their kernels by the processor's model and instructions and divide sums by the threads of an
 * operation. Journaled at the beginning of each of the learner's lives.
 *
 * @param architecture as Java names it
 * @param model as the processor, and for {@code cuda} devices the graphics processors, call
 *     themselves
 * @param instructions those of the processor's extensions that kernels are chosen by, sorted
 * @param restrictions settings of the environment that take some of them away, {@code NAME=value}
 * @param device of the learner
 * @param torch version of libtorch
 * @param intraOpThreads threads that share one operation
 * @param learnerThreads micro-batches computed at the same time; decides nothing, for gradients are
 *     summed in the order of micro-batches
 */
public record ProcessorKind(
    String architecture,
    String model,
    List<String> instructions,
    List<String> restrictions,
    String device,
    String torch,
    int intraOpThreads,
    int learnerThreads) {
  /** Of runs that were made before it was journaled. */
  public static final ProcessorKind UNKNOWN =
      new ProcessorKind("", "", List.of(), List.of(), "", "", 0, 0);

  public ProcessorKind {
    instructions = List.copyOf(instructions);
    restrictions = List.copyOf(restrictions);
    Check.atLeast("intraOpThreads", 0, intraOpThreads);
    Check.atLeast("learnerThreads", 0, learnerThreads);
  }

  public boolean isKnown() {
    return !equals(UNKNOWN);
  }

  /**
   * Why results may differ in their last bits from those of {@code other}; empty if they can't.
   *
   * @param other what this is compared with, called {@code here} in the words
   */
  public List<String> differences(ProcessorKind other) {
    if (!isKnown() || !other.isKnown()) {
      return List.of("unknown processor");
    }
    List<String> differences = new ArrayList<>();
    compare(differences, "architecture", architecture, other.architecture);
    compare(differences, "model", model, other.model);
    compare(differences, "instructions", missing(other), other.missing(this));
    compare(differences, "settings", text(restrictions), text(other.restrictions));
    compare(differences, "device", device, other.device);
    compare(differences, "libtorch", torch, other.torch);
    compare(
        differences,
        "threads of an operation",
        Integer.toString(intraOpThreads),
        Integer.toString(other.intraOpThreads));
    return differences;
  }

  /** Instructions of this that {@code other} hasn't. */
  private String missing(ProcessorKind other) {
    return text(instructions.stream().filter(each -> !other.instructions.contains(each)).toList());
  }

  private static void compare(List<String> differences, String what, String was, String here) {
    if (!was.equals(here)) {
      differences.add("%s [%s], here [%s]".formatted(what, was, here));
    }
  }

  private static String text(List<String> words) {
    return String.join(" ", words);
  }

  /** For people. */
  public String text() {
    return isKnown()
        ? "%s, %s%s, device %s, libtorch %s, %d thread%s an operation, %d of the learner"
            .formatted(
                architecture,
                model,
                restrictions.isEmpty() ? "" : " restricted by " + text(restrictions),
                device,
                torch,
                intraOpThreads,
                intraOpThreads == 1 ? "" : "s",
                learnerThreads)
        : "unknown processor";
  }
}

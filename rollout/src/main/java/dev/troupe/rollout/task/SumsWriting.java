package dev.troupe.rollout.task;

/**
 * How problems and answers are written.
 *
 * @param lowestDigitFirst order of an answer's digits; operands keep the usual one
 * @param width digits that operands are filled up to with leading zeros, 0 = none. A padded sum has
 *     one digit more than its operands, a padded difference as many.
 */
record SumsWriting(boolean lowestDigitFirst, int width) {

  /** For example {@code 47+85=}, or {@code 07+05=} two digits wide. */
  String prompt(SumsProblem problem) {
    return padded(problem.left(), width)
        + problem.operation()
        + padded(problem.right(), width)
        + "=";
  }

  /**
   * For example {@code 132}, or {@code 231} with the lowest digit first; a minus sign always leads.
   */
  String answer(SumsProblem problem, long value) {
    int answerWidth = width == 0 || problem.operation() == '-' ? width : width + 1;
    String digits = padded(Math.abs(value), answerWidth);
    String ordered = lowestDigitFirst ? new StringBuilder(digits).reverse().toString() : digits;
    return value < 0 ? "-" + ordered : ordered;
  }

  private static String padded(long value, int width) {
    String digits = Long.toString(value);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }
}

package dev.troupe.learner;

/** More updates than the recipe allows had a loss or gradient that was not finite. */
public final class NonFiniteBudgetExceeded extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NonFiniteBudgetExceeded(long skipped, int budget, String when, double loss, double norm) {
    super(
        "["
            + skipped
            + "] updates were skipped for a loss or gradient that is not finite, the budget"
            + " (learner.non-finite-budget) is ["
            + budget
            + "]; at "
            + when
            + " the loss was ["
            + loss
            + "] and the gradient norm ["
            + norm
            + "]; the weights still hold the last finite update: lower learner.learning-rate and go"
            + " on from the last checkpoint");
  }
}

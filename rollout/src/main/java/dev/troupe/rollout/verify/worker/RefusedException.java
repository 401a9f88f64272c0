package dev.troupe.rollout.verify.worker;

/** What is to judge can't be used: a file that isn't there, a program that doesn't start. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedException(String why) {
    super(why);
  }
}

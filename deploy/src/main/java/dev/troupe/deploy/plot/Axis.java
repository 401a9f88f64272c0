package dev.troupe.deploy.plot;

/** What a curve is drawn over. */
public enum Axis {
  /** Steps of environments that were trained on. */
  STEPS("environment steps"),
  /** Optimizer updates, or collections' updates of a run in environments. */
  UPDATES("updates"),
  /** Seconds in which a process worked on the run. */
  TIME("seconds");

  private final String title;

  Axis(String title) {
    this.title = title;
  }

  /** What stands below the axis. */
  String title() {
    return title;
  }
}

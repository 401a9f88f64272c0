package dev.troupe.deploy.command;

import java.util.function.Consumer;

/** Passes messages on to whoever shows them at the moment. */
final class Switchboard implements Consumer<String> {
  private volatile Consumer<String> target;

  Switchboard(Consumer<String> target) {
    this.target = target;
  }

  /** From now on. */
  void to(Consumer<String> target) {
    this.target = target;
  }

  @Override
  public void accept(String message) {
    target.accept(message);
  }
}

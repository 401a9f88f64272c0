package dev.troupe.actors;

import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ExtensibleBehavior;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * An actor that dispatches its sealed commands with one pattern switch. It never blocks: what takes
 * time runs on a thread of its own and comes back as a command.
 *
 * @param <C> its commands
 */
public abstract class ThinActor<C> extends ExtensibleBehavior<C> {
  private final ActorContext<C> context;

  protected ThinActor(ActorContext<C> context) {
    this.context = context;
  }

  protected final ActorContext<C> context() {
    return context;
  }

  /** What {@code command} leads to; {@code this} to go on. */
  protected abstract Behavior<C> onMessage(C command);

  /** Signals of children and of this actor's own end; by default nothing happens. */
  protected Behavior<C> onSignal(Signal signal) {
    return Behaviors.unhandled();
  }

  @Override
  public final Behavior<C> receive(TypedActorContext<C> ctx, C command) {
    return onMessage(command);
  }

  @Override
  public final Behavior<C> receiveSignal(TypedActorContext<C> ctx, Signal signal) {
    return onSignal(signal);
  }
}

package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.RunListeners;
import dev.troupe.actors.run.CrashPoint;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the runs' actor works with.
 *
 * @param name of this head's node
 * @param address of this head's node
 * @param api address of this head's HTTP server
 * @param home the cluster's directory
 * @param owner who claims epochs, for people
 * @param active hears when the actor begins to answer here, and when it ends
 */
public record RunsSurroundings(
    String name,
    HostPort address,
    HostPort api,
    Path home,
    String owner,
    RunListeners listeners,
    Clock clock,
    LongSupplier nanos,
    ThreadFactory threads,
    Consumer<CrashPoint> crashHook,
    Consumer<Optional<ActorRef<RunsActor.Command>>> active) {}

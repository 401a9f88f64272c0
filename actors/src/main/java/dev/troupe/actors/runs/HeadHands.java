package dev.troupe.actors.runs;

import dev.troupe.actors.cluster.Answer;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.run.CrashPoint;
import dev.troupe.actors.run.Place;
import dev.troupe.actors.run.RunActor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** The hands of the active head: messages to nodes and runs, the directory, the cluster. */
final class HeadHands implements Hands<ActorRef<NodeActor.Command>, ActorRef<Answer>> {
  private final ActorContext<RunsActor.Command> context;
  private final RunsSurroundings with;
  private final DirectoryWork directory;
  private final MadeRuns made;
  private final KnownNodes nodes;
  private final Consumer<String> produce;
  private final Runnable leave;

  /**
   * @param produce has a run's actor made
   * @param leave ends this node
   */
  HeadHands(
      ActorContext<RunsActor.Command> context,
      RunsSurroundings with,
      DirectoryWork directory,
      MadeRuns made,
      KnownNodes nodes,
      Consumer<String> produce,
      Runnable leave) {
    this.context = context;
    this.with = with;
    this.directory = directory;
    this.made = made;
    this.nodes = nodes;
    this.produce = produce;
    this.leave = leave;
  }

  @Override
  public void create(Submission submission, Control control, ActorRef<Answer> asking) {
    hear(directory.create(submission, control, asking));
  }

  @Override
  public void write(String run, Control control, Optional<Reply<ActorRef<Answer>>> reply) {
    hear(directory.write(run, control, reply));
  }

  @Override
  public void writeDrains(Map<String, DrainOrder> orders, Optional<Reply<ActorRef<Answer>>> reply) {
    hear(directory.writeDrains(orders, reply));
  }

  private void hear(CompletionStage<RunsActor.Command> work) {
    context.pipeToSelf(work, RunsActor::orTrouble);
  }

  @Override
  public String life(ActorRef<NodeActor.Command> node) {
    return ActorRefResolver.get(context.getSystem()).toSerializationFormat(node);
  }

  @Override
  public void begin(String run) {
    with.crashHook().accept(CrashPoint.RUN_GRANTED);
    produce.accept(run);
  }

  @Override
  public void want(String run, Control.Wanted wanted) {
    RunActor.Command command =
        switch (wanted) {
          case RUN -> new RunActor.GoOn();
          case PAUSE -> new RunActor.Pause();
          case STOP -> new RunActor.Drain();
        };
    made.of(run).actor.ifPresent(actor -> actor.tell(command));
  }

  @Override
  public void place(String name, List<Allotment<ActorRef<NodeActor.Command>>> allotments) {
    List<Place> places =
        allotments.stream()
            .map(it -> new Place(it.node(), it.ref(), it.rollouts(), it.rewards(), it.learner()))
            .toList();
    MadeRun run = made.of(name);
    run.places.set(places);
    run.actor.ifPresent(actor -> actor.tell(new RunActor.Nodes(places)));
  }

  @Override
  public void end(String name) {
    MadeRun run = made.of(name);
    run.actor.ifPresent(
        actor -> {
          context.unwatch(actor);
          context.stop(actor);
        });
    run.actor = Optional.empty();
    for (KnownNode node : nodes.all()) {
      node.ref().tell(new NodeActor.Dismiss(name, run.terms.get()));
    }
    run.places.set(List.of());
    run.actors = List.of();
  }

  @Override
  public void dismiss(ActorRef<NodeActor.Command> node, String run) {
    node.tell(new NodeActor.Dismiss(run, made.term(run)));
  }

  @Override
  public void ask(ActorRef<NodeActor.Command> node) {
    node.tell(new NodeActor.WhatDoYouOffer(context.getSelf()));
  }

  @Override
  public void drain(ActorRef<NodeActor.Command> node, boolean now) {
    node.tell(new NodeActor.Drain(now));
  }

  @Override
  public void answer(ActorRef<Answer> asking, Answer answer) {
    asking.tell(answer);
  }

  @Override
  public boolean stays() {
    MemberStatus status = Cluster.get(context.getSystem()).selfMember().status();
    return status.equals(MemberStatus.up()) || status.equals(MemberStatus.weaklyUp());
  }

  @Override
  public void leave() {
    leave.run();
  }
}

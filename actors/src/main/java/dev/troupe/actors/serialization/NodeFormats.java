package dev.troupe.actors.serialization;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.Role;
import dev.troupe.actors.node.NodeActor;
import dev.troupe.actors.node.NodeOffer;
import dev.troupe.actors.runs.RunsActor;
import dev.troupe.protocol.codec.OutcomeCodec;
import dev.troupe.protocol.codec.RunSpecificationCodec;
import dev.troupe.protocol.proto.HeldRunMessage;
import dev.troupe.protocol.proto.HostPortMessage;
import dev.troupe.protocol.proto.NodeDismiss;
import dev.troupe.protocol.proto.NodeDrain;
import dev.troupe.protocol.proto.NodeEnlist;
import dev.troupe.protocol.proto.NodeGetLog;
import dev.troupe.protocol.proto.NodeRewardsOfRun;
import dev.troupe.protocol.proto.NodeUnresponsive;
import dev.troupe.protocol.proto.NodeWhatDoYouOffer;
import dev.troupe.protocol.proto.RunsApiIsHere;
import dev.troupe.protocol.proto.RunsLogLines;
import dev.troupe.protocol.proto.RunsNodePresent;
import dev.troupe.protocol.proto.RunsWhereIsTheApi;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.pekko.actor.typed.ActorRef;

/** Messages to nodes and to the actor of the cluster's runs. */
final class NodeFormats {
  static final List<Format<?, ?>> ALL =
      List.of(
          enlist(),
          dismiss(),
          rewardsOfRun(),
          unresponsive(),
          whatDoYouOffer(),
          drain(),
          getLog(),
          nodePresent(),
          logLines(),
          whereIsTheApi(),
          apiIsHere());

  private NodeFormats() {}

  private static Format<NodeActor.Enlist, NodeEnlist> enlist() {
    return new Format<>(
        "ne",
        NodeActor.Enlist.class,
        NodeEnlist.parser(),
        (enlist, refs) -> {
          NodeEnlist.Builder message =
              NodeEnlist.newBuilder()
                  .setSpecification(
                      RunSpecificationCodec.RUN_SPECIFICATION.toMessage(enlist.specification()))
                  .setRun(refs.text(enlist.singletons().run()))
                  .setReplay(refs.text(enlist.singletons().replay()))
                  .setRegistry(refs.text(enlist.singletons().registry()))
                  .setMonitor(refs.text(enlist.singletons().monitor()))
                  .setName(enlist.run())
                  .setTerm(enlist.term())
                  .setRollouts(enlist.rollouts())
                  .setRewards(enlist.rewards())
                  .setLearner(enlist.learner())
                  .setToken(enlist.token())
                  .addAllVerifiers(
                      enlist.verifiers().stream().map(OutcomeCodec.VERSION::toMessage).toList());
          enlist
              .shadow()
              .ifPresent(shadow -> message.setShadow(OutcomeCodec.VERSION.toMessage(shadow)));
          return message.build();
        },
        (m, refs) ->
            new NodeActor.Enlist(
                m.getName(),
                m.getTerm(),
                RunSpecificationCodec.RUN_SPECIFICATION.fromMessage(m.getSpecification()),
                new NodeActor.Singletons(
                    refs.ref(m.getRun()),
                    refs.ref(m.getReplay()),
                    refs.ref(m.getRegistry()),
                    refs.ref(m.getMonitor())),
                m.getRollouts(),
                m.getRewards(),
                m.getLearner(),
                m.getToken(),
                m.getVerifiersList().stream().map(OutcomeCodec.VERSION::fromMessage).toList(),
                m.hasShadow()
                    ? Optional.of(OutcomeCodec.VERSION.fromMessage(m.getShadow()))
                    : Optional.empty()));
  }

  private static Format<NodeActor.Dismiss, NodeDismiss> dismiss() {
    return new Format<>(
        "nd",
        NodeActor.Dismiss.class,
        NodeDismiss.parser(),
        (dismiss, _) ->
            NodeDismiss.newBuilder().setRun(dismiss.run()).setTerm(dismiss.term()).build(),
        (m, _) -> new NodeActor.Dismiss(m.getRun(), m.getTerm()));
  }

  private static Format<NodeActor.RewardsOfRun, NodeRewardsOfRun> rewardsOfRun() {
    return new Format<>(
        "nr",
        NodeActor.RewardsOfRun.class,
        NodeRewardsOfRun.parser(),
        (rewards, refs) ->
            NodeRewardsOfRun.newBuilder()
                .setRun(rewards.run())
                .setTerm(rewards.term())
                .addAllRewards(RolloutFormats.rewardMessages(rewards.rewards(), refs))
                .build(),
        (m, refs) ->
            new NodeActor.RewardsOfRun(
                m.getRun(), m.getTerm(), RolloutFormats.rewards(m.getRewardsList(), refs)));
  }

  private static Format<NodeActor.Unresponsive, NodeUnresponsive> unresponsive() {
    return new Format<>(
        "nu",
        NodeActor.Unresponsive.class,
        NodeUnresponsive.parser(),
        (unresponsive, refs) ->
            NodeUnresponsive.newBuilder()
                .setRun(unresponsive.run())
                .setReward(refs.text(unresponsive.reward()))
                .build(),
        (m, refs) -> new NodeActor.Unresponsive(m.getRun(), refs.ref(m.getReward())));
  }

  private static Format<NodeActor.WhatDoYouOffer, NodeWhatDoYouOffer> whatDoYouOffer() {
    return new Format<>(
        "no",
        NodeActor.WhatDoYouOffer.class,
        NodeWhatDoYouOffer.parser(),
        (asked, refs) -> NodeWhatDoYouOffer.newBuilder().setRuns(refs.text(asked.runs())).build(),
        (m, refs) -> new NodeActor.WhatDoYouOffer(refs.ref(m.getRuns())));
  }

  private static Format<NodeActor.Drain, NodeDrain> drain() {
    return new Format<>(
        "nx",
        NodeActor.Drain.class,
        NodeDrain.parser(),
        (drain, _) -> NodeDrain.newBuilder().setNow(drain.now()).build(),
        (m, _) -> new NodeActor.Drain(m.getNow()));
  }

  private static Format<NodeActor.GetLog, NodeGetLog> getLog() {
    return new Format<>(
        "nl",
        NodeActor.GetLog.class,
        NodeGetLog.parser(),
        (get, refs) ->
            NodeGetLog.newBuilder()
                .setRequest(get.request())
                .setLines(get.lines())
                .setRuns(refs.text(get.runs()))
                .build(),
        (m, refs) -> new NodeActor.GetLog(m.getRequest(), m.getLines(), refs.ref(m.getRuns())));
  }

  private static Format<RunsActor.NodePresent, RunsNodePresent> nodePresent() {
    return new Format<>(
        "ap",
        RunsActor.NodePresent.class,
        RunsNodePresent.parser(),
        (present, refs) -> {
          NodeOffer offer = present.offer();
          return RunsNodePresent.newBuilder()
              .setName(offer.name())
              .setAddress(message(offer.address()))
              .setApi(message(offer.api()))
              .setData(message(offer.data()))
              .addAllRoles(offer.roles().stream().map(Role::text).sorted().toList())
              .addAllDevices(offer.devices())
              .setProcessors(offer.processors())
              .setMemoryBytes(offer.memoryBytes())
              .setVersion(offer.version())
              .setSlots(offer.slots())
              .setNode(refs.text(present.node()))
              .addAllLearners(present.learners())
              .addAllHeld(
                  present.held().entrySet().stream()
                      .map(
                          held ->
                              HeldRunMessage.newBuilder()
                                  .setRun(held.getKey())
                                  .setRollouts(held.getValue())
                                  .build())
                      .toList())
              .setDraining(present.draining())
              .setCannotLearn(present.cannotLearn())
              .build();
        },
        (m, refs) ->
            new RunsActor.NodePresent(
                new NodeOffer(
                    m.getName(),
                    address(m.getAddress()),
                    address(m.getApi()),
                    address(m.getData()),
                    m.getRolesList().stream()
                        .flatMap(role -> Role.parse(role).stream())
                        .collect(Collectors.toSet()),
                    m.getDevicesList(),
                    m.getProcessors(),
                    m.getMemoryBytes(),
                    m.getVersion(),
                    m.getSlots()),
                refs.ref(m.getNode()),
                m.getLearnersList(),
                m.getHeldList().stream()
                    .collect(
                        Collectors.toMap(
                            HeldRunMessage::getRun,
                            HeldRunMessage::getRollouts,
                            (_, last) -> last)),
                m.getDraining(),
                m.getCannotLearn()));
  }

  private static Format<RunsActor.LogLines, RunsLogLines> logLines() {
    return new Format<>(
        "al",
        RunsActor.LogLines.class,
        RunsLogLines.parser(),
        (lines, _) ->
            RunsLogLines.newBuilder().setRequest(lines.request()).setText(lines.text()).build(),
        (m, _) -> new RunsActor.LogLines(m.getRequest(), m.getText()));
  }

  private static Format<RunsActor.WhereIsTheApi, RunsWhereIsTheApi> whereIsTheApi() {
    return new Format<>(
        "aw",
        RunsActor.WhereIsTheApi.class,
        RunsWhereIsTheApi.parser(),
        (where, refs) -> RunsWhereIsTheApi.newBuilder().setTo(refs.text(where.to())).build(),
        (m, refs) -> {
          ActorRef<RunsActor.ApiIsHere> to = refs.ref(m.getTo());
          return new RunsActor.WhereIsTheApi(to);
        });
  }

  private static Format<RunsActor.ApiIsHere, RunsApiIsHere> apiIsHere() {
    return new Format<>(
        "ah",
        RunsActor.ApiIsHere.class,
        RunsApiIsHere.parser(),
        (here, _) -> RunsApiIsHere.newBuilder().setApi(message(here.api())).build(),
        (m, _) -> new RunsActor.ApiIsHere(address(m.getApi())));
  }

  private static HostPortMessage message(HostPort address) {
    return HostPortMessage.newBuilder().setHost(address.host()).setPort(address.port()).build();
  }

  private static HostPort address(HostPortMessage message) {
    return new HostPort(message.getHost(), message.getPort());
  }
}

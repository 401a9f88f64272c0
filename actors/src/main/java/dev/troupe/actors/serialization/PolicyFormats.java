package dev.troupe.actors.serialization;

import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.proto.CacheAnnounce;
import dev.troupe.protocol.proto.CacheRelease;
import dev.troupe.protocol.proto.CacheSubscribe;
import dev.troupe.protocol.proto.MonitorLearnerSeen;
import dev.troupe.protocol.proto.MonitorReinforcedBegan;
import dev.troupe.protocol.proto.MonitorRestarted;
import dev.troupe.protocol.proto.MonitorSamplerSeen;
import dev.troupe.protocol.proto.MonitorSeen;
import dev.troupe.protocol.proto.MonitorSupervisedMade;
import dev.troupe.protocol.proto.MonitorUpdateMade;
import dev.troupe.protocol.proto.RegistryJoin;
import dev.troupe.protocol.proto.RegistryPublish;
import dev.troupe.protocol.proto.RegistryRelease;
import java.util.List;

/** Messages to what distributes policies, and to the monitor. */
final class PolicyFormats {
  static final List<Format<?, ?>> ALL =
      List.of(
          publish(),
          registryRelease(),
          join(),
          announce(),
          cacheRelease(),
          subscribe(),
          seen(),
          samplerSeen(),
          learnerSeen(),
          supervisedMade(),
          updateMade(),
          reinforcedBegan(),
          restarted());

  private PolicyFormats() {}

  private static Format<PolicyRegistry.Publish, RegistryPublish> publish() {
    return new Format<>(
        "gp",
        PolicyRegistry.Publish.class,
        RegistryPublish.parser(),
        (publish, _) ->
            RegistryPublish.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(publish.version()))
                .setKeep(publish.keep())
                .build(),
        (m, _) ->
            new PolicyRegistry.Publish(
                PolicyCodec.VERSION.fromMessage(m.getVersion()), m.getKeep()));
  }

  private static Format<PolicyRegistry.Release, RegistryRelease> registryRelease() {
    return new Format<>(
        "gr",
        PolicyRegistry.Release.class,
        RegistryRelease.parser(),
        (release, _) ->
            RegistryRelease.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(release.version()))
                .build(),
        (m, _) -> new PolicyRegistry.Release(PolicyCodec.VERSION.fromMessage(m.getVersion())));
  }

  private static Format<PolicyRegistry.Join, RegistryJoin> join() {
    return new Format<>(
        "gj",
        PolicyRegistry.Join.class,
        RegistryJoin.parser(),
        (join, refs) -> RegistryJoin.newBuilder().setCache(refs.text(join.cache())).build(),
        (m, refs) -> new PolicyRegistry.Join(refs.ref(m.getCache())));
  }

  private static Format<PolicyCache.Announce, CacheAnnounce> announce() {
    return new Format<>(
        "ca",
        PolicyCache.Announce.class,
        CacheAnnounce.parser(),
        (announce, _) ->
            CacheAnnounce.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(announce.version()))
                .setKeep(announce.keep())
                .build(),
        (m, _) ->
            new PolicyCache.Announce(PolicyCodec.VERSION.fromMessage(m.getVersion()), m.getKeep()));
  }

  private static Format<PolicyCache.Release, CacheRelease> cacheRelease() {
    return new Format<>(
        "cr",
        PolicyCache.Release.class,
        CacheRelease.parser(),
        (release, _) ->
            CacheRelease.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(release.version()))
                .build(),
        (m, _) -> new PolicyCache.Release(PolicyCodec.VERSION.fromMessage(m.getVersion())));
  }

  private static Format<PolicyCache.Subscribe, CacheSubscribe> subscribe() {
    return new Format<>(
        "cs",
        PolicyCache.Subscribe.class,
        CacheSubscribe.parser(),
        (subscribe, refs) ->
            CacheSubscribe.newBuilder().setRollout(refs.text(subscribe.rollout())).build(),
        (m, refs) -> new PolicyCache.Subscribe(refs.ref(m.getRollout())));
  }

  private static Format<MonitorActor.Seen, MonitorSeen> seen() {
    return new Format<>(
        "ms",
        MonitorActor.Seen.class,
        MonitorSeen.parser(),
        (seen, _) ->
            MonitorSeen.newBuilder()
                .setActor(seen.actor())
                .setProgress(seen.progress())
                .setWaitsFor(seen.waitsFor())
                .build(),
        (m, _) -> new MonitorActor.Seen(m.getActor(), m.getProgress(), m.getWaitsFor()));
  }

  private static Format<MonitorActor.SamplerSeen, MonitorSamplerSeen> samplerSeen() {
    return new Format<>(
        "mr",
        MonitorActor.SamplerSeen.class,
        MonitorSamplerSeen.parser(),
        (seen, _) ->
            MonitorSamplerSeen.newBuilder()
                .setSampler(seen.sampler())
                .setAtNanos(seen.atNanos())
                .setIdleNanos(seen.idleNanos())
                .setTokens(seen.tokens())
                .build(),
        (m, _) ->
            new MonitorActor.SamplerSeen(
                m.getSampler(), m.getAtNanos(), m.getIdleNanos(), m.getTokens()));
  }

  private static Format<MonitorActor.LearnerSeen, MonitorLearnerSeen> learnerSeen() {
    return new Format<>(
        "ml",
        MonitorActor.LearnerSeen.class,
        MonitorLearnerSeen.parser(),
        (seen, _) ->
            MonitorLearnerSeen.newBuilder()
                .setAtNanos(seen.atNanos())
                .setIdleNanos(seen.idleNanos())
                .setTokens(seen.tokens())
                .build(),
        (m, _) -> new MonitorActor.LearnerSeen(m.getAtNanos(), m.getIdleNanos(), m.getTokens()));
  }

  private static Format<MonitorActor.SupervisedMade, MonitorSupervisedMade> supervisedMade() {
    return new Format<>(
        "mf",
        MonitorActor.SupervisedMade.class,
        MonitorSupervisedMade.parser(),
        (made, _) ->
            MonitorSupervisedMade.newBuilder()
                .setStep(made.step())
                .setSteps(made.steps())
                .setTokens(made.tokens())
                .setSeconds(made.seconds())
                .putAllMetrics(made.metrics())
                .build(),
        (m, _) ->
            new MonitorActor.SupervisedMade(
                m.getStep(), m.getSteps(), m.getTokens(), m.getSeconds(), m.getMetricsMap()));
  }

  private static Format<MonitorActor.UpdateMade, MonitorUpdateMade> updateMade() {
    return new Format<>(
        "mu",
        MonitorActor.UpdateMade.class,
        MonitorUpdateMade.parser(),
        (made, _) ->
            MonitorUpdateMade.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(made.version()))
                .setBatch(made.batch())
                .setSkipped(made.skipped())
                .setTokens(made.tokens())
                .setTrajectories(made.trajectories())
                .setLagSum(made.lagSum())
                .setSeconds(made.seconds())
                .putAllMetrics(made.metrics())
                .build(),
        (m, _) ->
            new MonitorActor.UpdateMade(
                PolicyCodec.VERSION.fromMessage(m.getVersion()),
                m.getBatch(),
                m.getSkipped(),
                m.getTokens(),
                m.getTrajectories(),
                m.getLagSum(),
                m.getSeconds(),
                m.getMetricsMap()));
  }

  private static Format<MonitorActor.ReinforcedBegan, MonitorReinforcedBegan> reinforcedBegan() {
    return new Format<>(
        "mb",
        MonitorActor.ReinforcedBegan.class,
        MonitorReinforcedBegan.parser(),
        (_, _) -> MonitorReinforcedBegan.getDefaultInstance(),
        (_, _) -> new MonitorActor.ReinforcedBegan());
  }

  private static Format<MonitorActor.Restarted, MonitorRestarted> restarted() {
    return new Format<>(
        "mx",
        MonitorActor.Restarted.class,
        MonitorRestarted.parser(),
        (restarted, _) ->
            MonitorRestarted.newBuilder()
                .setActor(restarted.actor())
                .setCause(restarted.cause())
                .build(),
        (m, _) -> new MonitorActor.Restarted(m.getActor(), m.getCause()));
  }
}

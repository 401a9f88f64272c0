package dev.troupe.actors.serialization;

import dev.troupe.actors.monitor.MonitorActor;
import dev.troupe.actors.policy.PolicyCache;
import dev.troupe.actors.policy.PolicyRegistry;
import dev.troupe.actors.weights.PullPlan;
import dev.troupe.actors.weights.Swarm;
import dev.troupe.actors.weights.WeightSource;
import dev.troupe.protocol.codec.PolicyCodec;
import dev.troupe.protocol.proto.CacheAnnounce;
import dev.troupe.protocol.proto.CacheFetch;
import dev.troupe.protocol.proto.CacheRelease;
import dev.troupe.protocol.proto.CacheServe;
import dev.troupe.protocol.proto.CacheSubscribe;
import dev.troupe.protocol.proto.MonitorLearnerSeen;
import dev.troupe.protocol.proto.MonitorReinforcedBegan;
import dev.troupe.protocol.proto.MonitorRestarted;
import dev.troupe.protocol.proto.MonitorSamplerSeen;
import dev.troupe.protocol.proto.MonitorSeen;
import dev.troupe.protocol.proto.MonitorSupervisedMade;
import dev.troupe.protocol.proto.MonitorUpdateMade;
import dev.troupe.protocol.proto.RegistryHas;
import dev.troupe.protocol.proto.RegistryJoin;
import dev.troupe.protocol.proto.RegistryPublish;
import dev.troupe.protocol.proto.RegistryRelease;
import dev.troupe.protocol.proto.RegistryWants;
import dev.troupe.protocol.proto.WeightMemberMessage;
import dev.troupe.protocol.proto.WeightSourceMessage;
import java.util.List;
import java.util.Optional;

/** Messages to what distributes policies, and to the monitor. */
final class PolicyFormats {
  static final List<Format<?, ?>> ALL =
      List.of(
          publish(),
          registryRelease(),
          join(),
          wants(),
          has(),
          serve(),
          fetch(),
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

  private static Format<PolicyRegistry.Wants, RegistryWants> wants() {
    return new Format<>(
        "gw",
        PolicyRegistry.Wants.class,
        RegistryWants.parser(),
        (wants, refs) ->
            RegistryWants.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(wants.version()))
                .setCache(refs.text(wants.cache()))
                .setMember(member(wants.member()))
                .build(),
        (m, refs) ->
            new PolicyRegistry.Wants(
                PolicyCodec.VERSION.fromMessage(m.getVersion()),
                refs.ref(m.getCache()),
                member(m.getMember())));
  }

  private static Format<PolicyRegistry.Has, RegistryHas> has() {
    return new Format<>(
        "gh",
        PolicyRegistry.Has.class,
        RegistryHas.parser(),
        (has, refs) -> {
          RegistryHas.Builder builder =
              RegistryHas.newBuilder()
                  .setVersion(PolicyCodec.VERSION.toMessage(has.version()))
                  .setCache(refs.text(has.cache()))
                  .setMember(member(has.member()));
          has.manifest().map(PolicyCodec.MANIFEST::toMessage).ifPresent(builder::setManifest);
          return builder.build();
        },
        (m, refs) ->
            new PolicyRegistry.Has(
                PolicyCodec.VERSION.fromMessage(m.getVersion()),
                refs.ref(m.getCache()),
                member(m.getMember()),
                m.hasManifest()
                    ? Optional.of(PolicyCodec.MANIFEST.fromMessage(m.getManifest()))
                    : Optional.empty()));
  }

  private static WeightMemberMessage member(Swarm.Member member) {
    return WeightMemberMessage.newBuilder()
        .setHost(member.source().host())
        .setPort(member.source().port())
        .setPlace(member.place())
        .build();
  }

  private static Swarm.Member member(WeightMemberMessage m) {
    return new Swarm.Member(new WeightSource(m.getHost(), m.getPort(), false), m.getPlace());
  }

  private static Format<PolicyCache.Serve, CacheServe> serve() {
    return new Format<>(
        "cw",
        PolicyCache.Serve.class,
        CacheServe.parser(),
        (serve, _) ->
            CacheServe.newBuilder()
                .setVersion(PolicyCodec.VERSION.toMessage(serve.version()))
                .build(),
        (m, _) -> new PolicyCache.Serve(PolicyCodec.VERSION.fromMessage(m.getVersion())));
  }

  private static Format<PolicyCache.Fetch, CacheFetch> fetch() {
    return new Format<>(
        "cf",
        PolicyCache.Fetch.class,
        CacheFetch.parser(),
        (fetch, _) ->
            CacheFetch.newBuilder()
                .setManifest(PolicyCodec.MANIFEST.toMessage(fetch.manifest()))
                .addAllSources(
                    fetch.plan().sources().stream()
                        .map(
                            source ->
                                WeightSourceMessage.newBuilder()
                                    .setHost(source.host())
                                    .setPort(source.port())
                                    .setOrigin(source.origin())
                                    .build())
                        .toList())
                .setStripe(fetch.plan().stripe())
                .setStripes(fetch.plan().stripes())
                .build(),
        (m, _) ->
            new PolicyCache.Fetch(
                PolicyCodec.MANIFEST.fromMessage(m.getManifest()),
                new PullPlan(
                    m.getSourcesList().stream()
                        .map(
                            source ->
                                new WeightSource(
                                    source.getHost(), source.getPort(), source.getOrigin()))
                        .toList(),
                    m.getStripe(),
                    m.getStripes())));
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

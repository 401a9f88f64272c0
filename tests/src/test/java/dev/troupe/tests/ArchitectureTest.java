package dev.troupe.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.Timer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/** The arrows between modules, and what each of them must not know. */
@AnalyzeClasses(packages = "dev.troupe", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
  private static final String DEPLOY = "dev.troupe.deploy..";

  @ArchTest
  static final ArchRule modulesDependOnlyDownwards =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("protocol")
          .definedBy("dev.troupe.protocol..")
          .layer("model")
          .definedBy("dev.troupe.model..")
          .layer("rollout")
          .definedBy("dev.troupe.rollout..")
          .layer("learner")
          .definedBy("dev.troupe.learner..")
          .layer("actors")
          .definedBy("dev.troupe.actors..")
          .layer("deploy")
          .definedBy(DEPLOY)
          .whereLayer("deploy")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("actors")
          .mayOnlyBeAccessedByLayers("deploy")
          .whereLayer("rollout")
          .mayOnlyBeAccessedByLayers("actors", "deploy")
          .whereLayer("learner")
          .mayOnlyBeAccessedByLayers("actors", "deploy")
          .whereLayer("model")
          .mayOnlyBeAccessedByLayers("rollout", "learner", "actors", "deploy");

  @ArchTest
  static final ArchRule onlyTheModelModuleKnowsTheTensorLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.troupe.model..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule onlyActorsAndDeployKnowTheCluster =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.troupe.actors..", DEPLOY)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.pekko..");

  @ArchTest
  static final ArchRule theBookkeepingKnowsNoActors =
      noClasses()
          .that()
          .resideInAnyPackage("dev.troupe.actors.ledger..", "dev.troupe.actors.journal..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.pekko..");

  @ArchTest
  static final ArchRule theLedgerKnowsNoDiskAndNoThread =
      noClasses()
          .that()
          .resideInAPackage("dev.troupe.actors.ledger..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("java.nio.file..")
                  .or(resideInAPackage("java.io.."))
                  .or(resideInAPackage("java.util.concurrent..")))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule clocksEnterAtDeploy =
      noClasses()
          .that()
          .resideOutsideOfPackage(DEPLOY)
          .should()
          .callCodeUnitWhere(
              calls(System.class, "currentTimeMillis", "nanoTime")
                  .or(calls(Instant.class, "now"))
                  .or(calls(LocalDate.class, "now"))
                  .or(calls(LocalDateTime.class, "now"))
                  .or(calls(OffsetDateTime.class, "now"))
                  .or(calls(ZonedDateTime.class, "now"))
                  .or(calls(Clock.class, "system", "systemUTC", "systemDefaultZone"))
                  .or(calls(InstantSource.class, "system"))
                  .or(calls(Date.class, "<init>").and(without(long.class)))
                  .or(calls(Thread.class, "sleep")));

  /**
   * Whoever needs a thread is given a factory of them; these two are where such factories begin.
   */
  @ArchTest
  static final ArchRule threadsEnterAtDeploy =
      noClasses()
          .that()
          .resideOutsideOfPackage(DEPLOY)
          // Threads that libtorch computes on must be told so when they begin.
          .and()
          .doNotHaveFullyQualifiedName("dev.troupe.model.torch.TorchRuntime")
          // A node serves weights on a thread for each connection.
          .and()
          .doNotHaveFullyQualifiedName("dev.troupe.actors.cluster.StartedNode")
          .should()
          .callCodeUnitWhere(
              calls(Thread.class, "<init>", "ofPlatform", "ofVirtual", "startVirtualThread")
                  .or(in(Executors.class).and(without(ThreadFactory.class)))
                  .or(in(ForkJoinPool.class))
                  .or(in(Timer.class))
                  .or(ofTheJdk().and(named("(parallel|parallelStream)")))
                  .or(
                      in(CompletableFuture.class)
                          .and(named(".*Async"))
                          .and(without(Executor.class))));

  @ArchTest
  static final ArchRule unseededRandomnessEntersAtDeploy =
      noClasses()
          .that()
          .resideOutsideOfPackage(DEPLOY)
          // Keys must not be guessed: nothing may seed the handshakes that they are used in.
          .and()
          .doNotHaveFullyQualifiedName("dev.troupe.actors.security.CurrentKeys")
          // The name of a file by which two processes find out whether they share a folder.
          .and()
          .doNotHaveFullyQualifiedName("dev.troupe.actors.runs.ClusterDirectory")
          .should()
          .callCodeUnitWhere(
              calls(SecureRandom.class, "<init>", "getInstance", "getInstanceStrong")
                  .or(calls(UUID.class, "randomUUID"))
                  .or(calls(SplittableRandom.class, "<init>").and(without(long.class)))
                  .or(calls(RandomGenerator.class, "of", "getDefault"))
                  .or(calls(Collections.class, "shuffle").and(withoutRandom())));

  @ArchTest
  static final ArchRule randomnessThatNobodySeedsEntersNowhere =
      noClasses()
          .should()
          .callConstructor(Random.class)
          .orShould()
          .callMethod(Math.class, "random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom");

  @ArchTest
  static final ArchRule javaSerializationIsOff =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectOutputStream");

  private static DescribedPredicate<JavaCall<?>> in(Class<?> owner) {
    return DescribedPredicate.describe(
        "in " + owner.getSimpleName(), call -> call.getTargetOwner().isEquivalentTo(owner));
  }

  private static DescribedPredicate<JavaCall<?>> ofTheJdk() {
    return DescribedPredicate.describe(
        "of the JDK", call -> call.getTargetOwner().getPackageName().startsWith("java."));
  }

  private static DescribedPredicate<JavaCall<?>> named(String pattern) {
    return DescribedPredicate.describe(
        "named " + pattern, call -> call.getTarget().getName().matches(pattern));
  }

  private static DescribedPredicate<JavaCall<?>> calls(Class<?> owner, String... names) {
    return DescribedPredicate.describe(
        "calls " + owner.getSimpleName() + "." + String.join("|", names),
        call ->
            call.getTargetOwner().isEquivalentTo(owner)
                && List.of(names).contains(call.getTarget().getName()));
  }

  private static DescribedPredicate<JavaCall<?>> without(Class<?> parameter) {
    return DescribedPredicate.describe(
        "without a " + parameter.getSimpleName(),
        call ->
            call.getTarget().getRawParameterTypes().stream()
                .noneMatch(type -> type.isEquivalentTo(parameter)));
  }

  private static DescribedPredicate<JavaCall<?>> withoutRandom() {
    return DescribedPredicate.describe(
        "without a generator", call -> call.getTarget().getRawParameterTypes().size() == 1);
  }
}

package dev.troupe.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;

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
  static final ArchRule theWallClockEntersAtDeploy =
      noClasses()
          .that()
          .resideOutsideOfPackage(DEPLOY)
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone");

  @ArchTest
  static final ArchRule unseededRandomnessEntersNowhere =
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
}

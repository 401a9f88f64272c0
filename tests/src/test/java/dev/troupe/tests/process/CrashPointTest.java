package dev.troupe.tests.process;

import dev.troupe.actors.run.CrashPoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process that dies at the worst moments: the run goes on, and its books hold. */
final class CrashPointTest {
  private static final int KILLED = 137;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_ANY, names = "(AFTER|BEFORE|DURING)_.*")
  void aRunThatDiedGoesOnToItsEndWithItsBooksInOrder(CrashPoint point) throws IOException {
    String recipe = TinyRecipe.in(directory).toString();
    Product product = Product.in(directory);

    product.crashingAt(point.label() + ":2").run("train", recipe, "--no-page").with(KILLED);
    RunFiles run = new RunFiles(directory.resolve("runs/tiny"));
    run.orderlyCounts();
    product.run("train", recipe, "--no-page", "--resume").with(0);

    Finished.check(run);
  }
}

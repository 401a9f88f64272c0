package dev.troupe.rollout.environment.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.rollout.environment.BadEnvironmentException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("restricted")
class MujocoInstallationTest {
  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  @TempDir private Path folder;

  private static MujocoInstallation installation(Map<String, String> variables) {
    return new MujocoInstallation(variables, List.of());
  }

  @Test
  void saysWhereItLookedAndWhatHelpsWithoutTheLibrary() {
    assertThatThrownBy(() -> installation(Map.of("PATH", "/nowhere")).open("Hopper-v5"))
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("[Hopper-v5] needs MuJoCo")
        .hasMessageContaining("TROUPE_PYTHON and python3 of the path (none)")
        .hasMessageContaining("pip install mujoco==3.3.7 gymnasium");
  }

  @Test
  void takesWhatIsNamedOrNothing() throws IOException {
    Path system = Files.createDirectories(folder.resolve("system"));
    Files.createFile(system.resolve("libmujoco.so.3.3.7"));
    Map<String, String> variables =
        Map.of("PATH", "", "TROUPE_MUJOCO", folder.resolve("away").toString());
    assertThat(new MujocoInstallation(variables, List.of(system)).library()).isEmpty();
    assertThat(new MujocoInstallation(Map.of("PATH", ""), List.of(system)).library())
        .contains(system.resolve("libmujoco.so.3.3.7"));
  }

  @Test
  void findsTheLibraryInTheLibFolderOfWhatIsNamed() throws IOException {
    Path library = Files.createDirectories(folder.resolve("lib")).resolve("libmujoco.so");
    Files.createFile(library);
    assertThat(installation(Map.of("PATH", "", "TROUPE_MUJOCO", folder.toString())).library())
        .contains(library);
  }

  @Test
  void refusesAFileThatIsNoLibrary() throws IOException {
    Path library = Files.writeString(folder.resolve("libmujoco.so"), "no library");
    Map<String, String> variables = Map.of("PATH", "", "TROUPE_MUJOCO", library.toString());
    assertThatThrownBy(() -> installation(variables).open("Hopper-v5"))
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining(library + "] can't be loaded");
  }

  @Test
  void refusesAModelThatIsNotGymnasiums() throws IOException {
    Files.writeString(folder.resolve("hopper.xml"), "<mujoco/>");
    Map<String, String> variables = Map.of("PATH", "", "TROUPE_MUJOCO_MODELS", folder.toString());
    assertThatThrownBy(
            () ->
                installation(variables)
                    .model("Hopper-v5", "hopper.xml", MujocoTasks.HOPPER.sha256()))
        .isInstanceOf(BadEnvironmentException.class)
        .hasMessageContaining("SHA-256")
        .hasMessageContaining("xml-file=");
    assertThatThrownBy(() -> installation(variables).model("Ant-v5", "ant.xml", ""))
        .hasMessageContaining("needs Gymnasium's model [ant.xml]");
  }

  @Test
  void anErrorOfMujocosHoldsItsThreadAndNotTheProcess() throws Throwable {
    var here = new MujocoInstallation(System.getenv());
    if (here.library().isEmpty()) {
      assertThatThrownBy(() -> here.open("Ant-v5")).hasMessageContaining("What helps");
      return;
    }
    here.open("Ant-v5");
    SymbolLookup symbols = SymbolLookup.libraryLookup(here.library().get(), Arena.global());
    MethodHandle fail =
        Linker.nativeLinker()
            .downcallHandle(
                symbols.find("mju_error").orElseThrow(),
                FunctionDescriptor.ofVoid(ADDRESS),
                Linker.Option.firstVariadicArg(1));
    Thread lost =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    fail.invokeExact(Arena.global().allocateFrom("an error of the test"));
                  } catch (Throwable e) {
                    throw new AssertionError(e);
                  }
                });
    long begun = System.nanoTime();
    while (lost.getState() != Thread.State.WAITING
        && System.nanoTime() - begun < LONG_ENOUGH.toNanos()) {
      lost.join(Duration.ofMillis(10));
    }
    assertThat(lost.getState()).isEqualTo(Thread.State.WAITING);
    assertThat(lost.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(MujocoMessages.class.getName()));
  }
}

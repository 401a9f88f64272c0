package dev.troupe.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DoctorTest {
  @TempDir Path folder = Path.of("");

  @Test
  void namesTheFolderOfGymnasiumAndThePythonThatHasIt() throws IOException {
    Finding finding = gymnasium("echo gymnasium=/packages/gymnasium");

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.GOOD);
    assertThat(finding.found())
        .isEqualTo("/packages/gymnasium of " + folder.resolve("python") + " (TROUPE_PYTHON)");
  }

  @Test
  void saysHowToInstallGymnasiumWhereItIsMissing() throws IOException {
    Finding finding = gymnasium("echo gymnasium=");

    assertThat(finding.verdict()).isEqualTo(Finding.Verdict.GOOD);
    assertThat(finding.found())
        .contains("only for environments like gym:")
        .endsWith(folder.resolve("python") + " -m pip install gymnasium");
  }

  @Test
  void aPythonThatDoesNotRunIsWorthALook() throws IOException {
    assertThat(gymnasium("exit 1").verdict()).isEqualTo(Finding.Verdict.MEDIOCRE);
  }

  private Finding gymnasium(String python) throws IOException {
    Path program = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + python + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> environment =
        Map.of("TROUPE_PYTHON", program.toString(), "PATH", System.getenv("PATH"));
    return new Doctor(environment, folder, folder)
        .examine().stream()
            .filter(finding -> finding.subject().equals("Gymnasium"))
            .findFirst()
            .orElseThrow();
  }
}

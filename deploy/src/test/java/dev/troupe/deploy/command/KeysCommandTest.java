package dev.troupe.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.security.TransportSecurity;
import dev.troupe.deploy.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeysCommandTest {
  @TempDir Path folder = Path.of("");

  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @Test
  void makesWhatANodeStartsWith() {
    assertThat(keys("init")).isZero();
    assertThat(said()).contains("ca.key   by which nodes' keys are made: keep it here");
    assertThat(keys("node", "head-0", "--host", "127.0.0.1")).isZero();
    assertThat(said())
        .contains("Made keys of node head-0 for head-0, 127.0.0.1, good until")
        .contains("scp -pr " + dir().resolve("nodes/head-0") + " HOST:keys")
        .contains("./troupe node --keys keys --bind 127.0.0.1:7355");

    assertThat(
            TransportSecurity.of(
                "127.0.0.1", Optional.of(dir().resolve("nodes/head-0")), Clock.systemUTC()))
        .isInstanceOf(TransportSecurity.MutualTls.class);
  }

  @Test
  void showsWhatThereIsAndUntilWhen() {
    keys("init");
    keys("node", "head-0", "--host", "10.0.0.5", "--days", "400");
    keys("node", "brief", "--days", "3");
    said.reset();

    assertThat(keys("show")).isZero();
    assertThat(said())
        .containsPattern("authority +until 20\\d\\d-\\d\\d-\\d\\d  CN=Troupe authority")
        .containsPattern("head-0 +until [0-9-]+  head-0, 10.0.0.5\n")
        .containsPattern("brief +until [0-9-]+, soon  brief\n");

    assertThat(troupe("keys", "show", "--dir", dir().resolve("nodes/head-0").toString())).isZero();
    assertThat(said()).contains("this node");
  }

  @Test
  void showsWhichKeysAReplacedAuthorityMade() {
    keys("init");
    keys("node", "head-0");
    keys("init", "--force");

    assertThat(keys("show")).isEqualTo(ExitCode.FAILED);
    assertThat(said()).contains("of an earlier authority: make it again");
  }

  @Test
  void refusesWithWhatToDo() {
    assertThat(keys("node", "head-0")).isEqualTo(ExitCode.REFUSED);
    assertThat(said()).contains("got no authority", "./troupe keys init --dir " + dir());
    keys("init");
    assertThat(keys("init")).isEqualTo(ExitCode.REFUSED);
    assertThat(said()).contains("--force replaces it");
    assertThat(keys("node", "head-0", "--days", "0")).isEqualTo(ExitCode.REFUSED);
    assertThat(said()).contains("--days: got [0], expected at least 1");
  }

  @Test
  void renewingSaysWhereToCopyTheFiles() {
    keys("init");
    keys("node", "head-0", "--host", "10.0.0.5");
    said.reset();

    assertThat(keys("node", "head-0", "--force")).isZero();
    assertThat(said())
        .contains("for head-0, 10.0.0.5, good until", "it reads them within seconds", "scp -p");
  }

  private Path dir() {
    return folder.resolve("keys");
  }

  private int keys(String subcommand, String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "keys";
    all[1] = subcommand;
    all[2] = "--dir";
    all[3] = dir().toString();
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return troupe(all);
  }

  private int troupe(String... arguments) {
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    return TroupeCommand.commandLine(new Console(out, out, false, false)).execute(arguments);
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }
}

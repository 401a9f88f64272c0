package dev.troupe.deploy.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.run.Phase;
import dev.troupe.actors.run.RunEvent;
import dev.troupe.actors.run.Stage;
import dev.troupe.deploy.watch.PretendRun;
import dev.troupe.deploy.watch.RunPicture;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class ProgressTextTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(written, true, StandardCharsets.UTF_8);
  private final ProgressText text = new ProgressText(new Console(out, out, true, false));
  private final AtomicLong nanos = new AtomicLong();
  private final RunPicture picture = new RunPicture("sums", 10, 100, nanos::get);
  private final PretendRun run = new PretendRun(picture);

  @Test
  void showsARunOnAFewLines() {
    run.evaluation(RunEvent.Occasion.BEFORE, 0, 0.584);
    run.phase(Phase.RUNNING, Stage.REINFORCED);
    run.update(49, 1.25, 0.4);
    nanos.set(Duration.ofSeconds(90).toNanos());
    run.sample("47+85=", "231", "231", "");
    run.sample("12+9=", "11", "12", "");
    run.update(50, 1.25, 0.4);
    run.evaluation(RunEvent.Occasion.DURING, 50, 0.862);
    run.ledger(20_480);

    List<String> lines =
        text.block(picture.view(), "live page http://127.0.0.1:1/   Ctrl-C detaches", 79);

    assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
    assertThat(lines)
        .containsExactly(
            "sums  update 50/100  ━━━━━━━━━━━━┄┄┄┄┄┄┄┄┄┄┄  1 min 30 s, about 1 h 15 min left",
            "loss -0.013   reward 0.500   accuracy 58.4% → 86.2%   policy lag 1.3 (max 2)",
            "sampling 12 k tokens/s, idle 3.1%   learning 8000 tokens/s, idle 40.0%",
            "ledger 21480 granted = 512 leased + 64 recorded + 400 batched + 20480 consumed",
            "  + 24 dropped",
            "latest 12+9=11 ✗, not 12   47+85=231 ✓",
            "live page http://127.0.0.1:1/   Ctrl-C detaches");
    assertThat(text.plain(picture.view()))
        .containsExactly(
            "update 50/100   reward 0.500   accuracy 58.4% → 86.2%   policy lag 1.3 (max 2)",
            "  sampling 12 k tokens/s, idle 3.1%   learning 8000 tokens/s, idle 40.0%",
            "  1 min 30 s");
  }

  @Test
  void breaksLongLinesBetweenTheirPartsAndCountsNoColours() {
    String green = "\u001b[32mone two\u001b[0m";

    assertThat(Wrap.lines("abc def   ghi jkl", 12, 2)).containsExactly("abc def", "  ghi jkl");
    assertThat(Wrap.lines("abc def ghi", 8, 1)).containsExactly("abc def", " ghi");
    assertThat(Wrap.lines(green, 7, 0)).containsExactly(green);
    assertThat(Wrap.lines("unbreakable", 4, 0)).containsExactly("unbreakable");
  }

  @Test
  void aTableDoesWithoutColumnsWhereTheTerminalIsNarrow() {
    Table table = new Table();
    table.row("RUN", "SHARE", "WHAT");
    table.row("sums", "1", "update 42 of 120");

    assertThat(table.lines(80, List.of("SHARE"))).first().isEqualTo("RUN   SHARE  WHAT");
    assertThat(table.lines(24, List.of("SHARE")))
        .containsExactly("RUN   WHAT", "sums  update 42 of 120");
    assertThat(table.lines(14, List.of("SHARE"))).containsExactly("RUN   WHAT", "sums  update …");
  }

  @Test
  void saysWhoWaitsForWhomInAStall() {
    run.phase(Phase.RUNNING, Stage.SUPERVISED);
    run.stalled("learner", "batch 4", Duration.ofSeconds(31));

    assertThat(text.block(picture.view(), "", 79))
        .contains("stalled: learner has waited 31 s for batch 4");
  }

  @Test
  void aBlockIsDrawnOverTheOneBeforeAndMessagesStayAboveIt() {
    LiveBlock block = new LiveBlock(out, () -> 80);

    block.draw(List.of("one", "two"));
    block.message("hello");
    block.draw(List.of("three"));

    assertThat(written.toString(StandardCharsets.UTF_8).replace("\u001b", "ESC"))
        .isEqualTo(
            """
            one
            two
            ESC[2A\rESC[Jhello
            one
            two
            ESC[2A\rESC[Jthree
            """);
  }

  @Test
  void cutsLinesByWhatIsVisible() {
    assertThat(LiveBlock.cut("\u001b[1mabcdef\u001b[0mgh", 4)).isEqualTo("\u001b[1mabcd\u001b[0m");
    assertThat(LiveBlock.cut("abc", 4)).isEqualTo("abc");
  }
}

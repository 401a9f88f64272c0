package dev.troupe.deploy.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Point;
import dev.troupe.rollout.picture.Shape.Align;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SvgTest {
  private static final Picture PICTURE =
      new Sketch(40, 20)
          .box(0, 10, 20, 10, Tint.RED)
          .line(List.of(new Point(1.005, 2), new Point(3, 4.126)), 1.5, Tint.BLUE, 0.25)
          .disc(30, 5, 2, Tint.INK)
          .label(20, 18, 6, "a < b & \"c\"\u0000", Align.CENTRE, Tint.FAINT)
          .picture();

  @TempDir Path folder = Path.of("");

  @Test
  void everyShapeIsAnElement() {
    assertThat(Svg.file(PICTURE))
        .contains("viewBox=\"0 0 40 20\"")
        .contains("<polygon class=\"f-red\" points=\"0,10 20,10 20,20 0,20\"/>")
        .contains(
            "<polyline class=\"s-blue\" stroke-width=\"1.5\" stroke-linejoin=\"round\""
                + " stroke-linecap=\"round\" opacity=\"0.25\" points=\"1,2 3,4.13\"/>")
        .contains("<circle class=\"f-ink\" cx=\"30\" cy=\"5\" r=\"2\"/>")
        .contains("text-anchor=\"middle\">a &lt; b &amp; &quot;c&quot;?</text>");
  }

  @Test
  void isXmlWithColoursForLightAndDark() throws Exception {
    String svg = Svg.file(PICTURE);

    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getDocumentElement()
                .getChildNodes()
                .getLength())
        .isGreaterThan(5);
    assertThat(svg)
        .contains(".f-paper{fill:#ffffff}")
        .contains("@media(prefers-color-scheme:dark)")
        .contains(".f-paper{fill:#0d1117}");
  }

  @Test
  void pngHasTheSamePixels() throws IOException {
    Path file = folder.resolve("picture.png");
    Raster.png(PICTURE, 2, file);

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(80);
    assertThat(image.getHeight()).isEqualTo(40);
    assertThat(image.getRGB(4, 22) & 0xffffff).isEqualTo(Tint.RED.light());
    assertThat(image.getRGB(60, 10) & 0xffffff).isEqualTo(Tint.INK.light());
    assertThat(image.getRGB(78, 2) & 0xffffff).isEqualTo(Tint.PAPER.light());
  }
}

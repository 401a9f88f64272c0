package dev.troupe.deploy.picture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.rollout.picture.Picture;
import dev.troupe.rollout.picture.Shape.Align;
import dev.troupe.rollout.picture.Sketch;
import dev.troupe.rollout.picture.Tint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;

/** A box that moves to the right along a line, as GIF, HTML and SVG, and in a terminal. */
final class MovingPicturesTest {
  private static final List<Picture> PICTURES = List.of(at(0), at(10), at(20));

  @TempDir Path folder = Path.of("");

  private static Picture at(double x) {
    return new Sketch(40, 16)
        .line(0, 14, 40, 14, 2, Tint.INK)
        .box(x, 0, 10, 10, Tint.RED)
        .picture();
  }

  @Test
  void aGifHasAllPicturesAndWritesWhatChanged() throws IOException {
    Path file = folder.resolve("box.gif");
    Gif.write(PICTURES, 2, 20, file);

    ImageReader reader = ImageIO.getImageReadersBySuffix("gif").next();
    try (var in = ImageIO.createImageInputStream(file.toFile())) {
      reader.setInput(in);
      assertThat(reader.getNumImages(true)).isEqualTo(3);
      assertThat(reader.read(0).getRGB(4, 4) & 0xffffff).isEqualTo(Tint.RED.light());
      assertThat(reader.read(0).getRGB(30, 4) & 0xffffff).isEqualTo(Tint.PAPER.light());
      // The box left 0..20 and came to 20..40 of 80 pixels.
      assertThat(reader.read(1).getWidth()).isEqualTo(40);
      assertThat(reader.read(1).getHeight()).isEqualTo(20);
      assertThat(reader.read(1).getRGB(4, 4) & 0xffffff).isEqualTo(Tint.PAPER.light());
      assertThat(reader.read(1).getRGB(30, 4) & 0xffffff).isEqualTo(Tint.RED.light());
      assertThat(attribute(reader, 2, "ImageDescriptor", "imageLeftPosition")).isEqualTo("20");
      assertThat(attribute(reader, 2, "GraphicControlExtension", "delayTime")).isEqualTo("5");
      assertThat(attribute(reader, 2, "GraphicControlExtension", "disposalMethod"))
          .isEqualTo("doNotDispose");
      assertThat(attribute(reader, 0, "ApplicationExtension", "applicationID"))
          .isEqualTo("NETSCAPE");
    } finally {
      reader.dispose();
    }
  }

  private static String attribute(ImageReader reader, int image, String node, String name)
      throws IOException {
    var root =
        (IIOMetadataNode) reader.getImageMetadata(image).getAsTree("javax_imageio_gif_image_1.0");
    return ((Element) root.getElementsByTagName(node).item(0)).getAttribute(name);
  }

  @Test
  void anHtmlPlayerHasEachShapeOnceAndEscapesWhatItIsGiven() {
    String html =
        HtmlPlayer.file(
            "a < b", PICTURES.stream().map(picture -> new Slide(picture, "</script>")).toList(), 5);

    assertThat(html).contains("<title>a &lt; b</title>", "perSecond = 5.0;", "id=\"picture\"");
    assertThat(html.indexOf("</script>")).isEqualTo(html.lastIndexOf("</script>"));
    JsonArray shapes = array(html, "shapes = ");
    JsonArray slides = array(html, "slides = ");
    assertThat(shapes).hasSize(4);
    assertThat(shapes.get(0).getAsString()).startsWith("<polyline");
    assertThat(slides).hasSize(3);
    JsonObject last = slides.get(2).getAsJsonObject();
    assertThat(last.get("p").toString()).isEqualTo("[0,3]");
    assertThat(last.get("c").getAsString()).isEqualTo("</script>");
  }

  private static JsonArray array(String html, String before) {
    int begin = html.indexOf(before) + before.length();
    int depth = 0;
    for (int end = begin; ; end++) {
      depth += html.charAt(end) == '[' ? 1 : html.charAt(end) == ']' ? -1 : 0;
      if (depth == 0) {
        return JsonParser.parseString(html.substring(begin, end + 1)).getAsJsonArray();
      }
    }
  }

  @Test
  void movingSvgDrawsWhatStaysOnceAndShowsTheRestInTurn() throws Exception {
    String svg = MovingSvg.file(PICTURES, 2);

    assertThat(svg.split("<polyline", -1)).hasSize(2);
    assertThat(svg.split("<polygon", -1)).hasSize(4);
    assertThat(svg)
        .contains("animation:turn 1.500s step-end infinite", "33.333333%{visibility:hidden}");
    assertThat(svg).contains("animation-delay:0.500s", "animation-delay:1.000s");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
                .getElementsByTagName("g")
                .getLength())
        .isEqualTo(3);
  }

  @Test
  void aTerminalShowsDotsAndLetters() {
    Picture picture =
        new Sketch(16, 16)
            .line(0, 0.5, 16, 0.5, 1, Tint.INK)
            .label(8, 10, 4, "ab", Align.CENTRE, Tint.RED)
            .disc(15, 15, 1, Tint.GREEN)
            .picture();

    assertThat(DotCanvas.lines(picture, 8, false))
        .containsExactly("⠉⠉⠉⠉⠉⠉⠉⠉", "", "   ab", "       ⣤");
    assertThat(DotCanvas.lines(picture, 8, true).get(2)).isEqualTo("   \u001b[31mab\u001b[0m");
    assertThat(DotCanvas.columns(picture, 80, 10)).isEqualTo(20);
    assertThat(DotCanvas.columns(picture, 12, 10)).isEqualTo(12);
  }

  @Test
  void whatLiesOverAnAreaIsSeenWithoutColours() {
    Picture picture = new Sketch(8, 8).box(0, 0, 8, 8, Tint.BLUE).disc(4, 4, 2, Tint.RED).picture();
    List<String> lines = DotCanvas.lines(picture, 4, false);

    assertThat(lines.getFirst().charAt(0)).isEqualTo('⢕');
    assertThat(lines.getFirst().charAt(1)).isNotEqualTo('⢕');
  }

  @Test
  void aFileIsWrittenAnew() throws IOException {
    Path file = Files.writeString(folder.resolve("old.gif"), "x".repeat(100_000));
    Gif.write(PICTURES, 1, 1, file);
    assertThat(Files.size(file)).isLessThan(20_000);
  }
}

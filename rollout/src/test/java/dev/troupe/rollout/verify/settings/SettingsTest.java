package dev.troupe.rollout.verify.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import dev.troupe.plugin.Verifier.Setting;
import dev.troupe.protocol.check.Check;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private enum Colour {
    RED,
    DARK_BLUE
  }

  private record Inner(@Setting(means = "Width.", standard = "2") double width) {}

  private record Everything(
      @Setting(means = "Text.", standard = "a b") String someText,
      @Setting(means = "Flag.", standard = "true") boolean flag,
      @Setting(means = "Count.", standard = "3") int count,
      @Setting(means = "Large.", standard = "5000000000") long large,
      @Setting(means = "Share.", standard = "0.25") double share,
      @Setting(means = "Colour.", standard = "dark-blue") Colour colour,
      @Setting(means = "Limit.", standard = "5 s") Duration limit,
      @Setting(means = "Names.", standard = "[]") List<String> names,
      @Setting(means = "Inner ones.", standard = "{}") Map<String, Inner> inners,
      @Setting(means = "Maybe.") Optional<Integer> maybe,
      @Setting(means = "Anything.", standard = "{\"b\":1,\"a\":[2.0]}") JsonText any) {
    private Everything {
      Check.atLeast("count", 1, count);
    }
  }

  private record Needed(@Setting(means = "Needed.") String text) {}

  private static JsonObject json(String text) {
    return JsonText.parse(text).getAsJsonObject();
  }

  @Test
  void everySettingHasItsDefault() {
    assertThat(Settings.bind(Everything.class, new JsonObject()))
        .isEqualTo(
            new Everything(
                "a b",
                true,
                3,
                5_000_000_000L,
                0.25,
                Colour.DARK_BLUE,
                Duration.ofSeconds(5),
                List.of(),
                Map.of(),
                Optional.empty(),
                new JsonText("{\"a\":[2],\"b\":1}")));
  }

  @Test
  void whatIsWrittenTakesTheDefaultsPlaceAndIsWrittenTheSameAgain() {
    JsonObject written =
        json(
            """
            {"some-text":"x","flag":false,"count":7,"large":8,"share":1,"colour":"red",
             "limit":"20 ms","names":["n","m"],"inners":{"i":{"width":3}},"maybe":4,"any":"t"}
            """);
    Everything bound = Settings.bind(Everything.class, written);
    assertThat(bound)
        .isEqualTo(
            new Everything(
                "x",
                false,
                7,
                8,
                1,
                Colour.RED,
                Duration.ofMillis(20),
                List.of("n", "m"),
                Map.of("i", new Inner(3)),
                Optional.of(4),
                new JsonText("\"t\"")));
    assertThat(JsonText.of(Settings.written(bound))).isEqualTo(JsonText.of(written));
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                Settings.bind(
                    Everything.class,
                    json(
                        """
                        {"some-txt":"x","flag":"yes","count":1.5,"colour":"dark-blu","limit":"5",
                         "names":["n",2],"inners":{"i":{"width":"3"}},"share":true}
                        """)))
        .isInstanceOf(BadSettingsException.class)
        .hasMessage(
            """
            some-txt: got [an unknown setting], expected a known one; nearest: some-text
            flag: got [yes], expected true or false
            count: got [1.5], expected a whole number
            share: got [true], expected a number
            colour: got [dark-blu], expected one of red, dark-blue; nearest: dark-blue
            limit: got [5], expected a duration with its unit (ms, s, minutes, h)
            names.1: got [2], expected a text
            inners.i.width: got [3], expected a number\
            """
                .stripIndent());
  }

  @Test
  void whatTheRecordRefusesIsNamedByItsSetting() {
    assertThatThrownBy(() -> Settings.bind(Everything.class, json("{\"count\":0}")))
        .hasMessage("count: got [0], expected at least 1");
    assertThatThrownBy(() -> Settings.bind(Needed.class, new JsonObject()))
        .hasMessage("text: got [nothing], expected a text; it has no default");
  }

  @Test
  void describesWhatCanBeSet() {
    assertThat(Settings.describe(Everything.class))
        .contains(
            new Settings.Described("some-text", "a text", Optional.of("a b"), "Text."),
            new Settings.Described(
                "colour", "one of red, dark-blue", Optional.of("dark-blue"), "Colour."),
            new Settings.Described("maybe", "a whole number", Optional.of("none"), "Maybe."));
    assertThat(Settings.describe(Needed.class))
        .containsExactly(new Settings.Described("text", "a text", Optional.empty(), "Needed."));
  }

  @Test
  void equalValuesHaveEqualTexts() {
    assertThat(JsonText.of(json("{\"b\": 1.0, \"a\": {\"d\": 1e2, \"c\": null}}")).text())
        .isEqualTo("{\"a\":{\"c\":null,\"d\":100},\"b\":1}");
    assertThat(JsonText.of(json("{\"a\":0.1,\"b\":-0.5e-7,\"c\":\"ü\\n<\"}")).text())
        .isEqualTo("{\"a\":0.1,\"b\":-5.0E-8,\"c\":\"ü\\n<\"}");
  }
}

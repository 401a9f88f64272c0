package dev.troupe.deploy.episode;

import dev.troupe.rollout.environment.Action;
import dev.troupe.rollout.environment.Space;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Actions for people: by their names, where a space has some. */
final class ActionWords {
  private static final int NUMBERS_MAX = 6;

  private ActionWords() {}

  static String of(Space space, Action action) {
    return switch (space) {
      case Space.Discrete(_, var names) ->
          names.isEmpty() ? "action " + action.choice() : names.get(action.choice());
      case Space.MultiDiscrete many -> {
        var text = new StringJoiner(" ", "action ", "");
        for (int i = 0; i < Math.min(NUMBERS_MAX, many.size()); i++) {
          text.add(name(many.names(), i) + action.choice(i));
        }
        yield text.toString();
      }
      case Space.Box box -> {
        var text = new StringJoiner(" ", box.names().isEmpty() ? "action " : "", "");
        for (int i = 0; i < Math.min(NUMBERS_MAX, box.size()); i++) {
          text.add(name(box.names(), i) + String.format(Locale.ROOT, "%.2f", action.value(i)));
        }
        yield text.toString();
      }
    };
  }

  private static String name(List<String> names, int i) {
    return names.isEmpty() ? "" : names.get(i) + " ";
  }
}

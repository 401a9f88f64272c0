package dev.troupe.rollout.verify.composition;

import dev.troupe.protocol.check.Check;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.outcome.PluginPayload;
import dev.troupe.rollout.verify.Attempt;
import dev.troupe.rollout.verify.Verifiers;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The members of a composition: all of them judge every answer, so that every part is known. A
 * member that has no score to give leaves the whole without one, with its reason.
 */
final class Members {
  private final List<Member> members;
  private final List<Verifiers.Named> made = new ArrayList<>();

  Members(List<Member> members) {
    Check.that(!members.isEmpty(), "members", "at least one", members);
    long names = members.stream().map(Member::part).distinct().count();
    Check.that(
        names == members.size(),
        "members",
        "of different names",
        members.stream().map(Member::part).toList());
    this.members = members;
    for (int i = 0; i < members.size(); i++) {
      made.add(members.get(i).make("members." + i));
    }
  }

  /** The whole's outcome, made of weighted scores in the members' order. */
  Outcome judge(Attempt attempt, ToDoubleFunction<List<Double>> whole) {
    List<Double> scores = new ArrayList<>();
    List<Outcome.Part> parts = new ArrayList<>();
    Optional<PluginPayload> detail = Optional.empty();
    for (int i = 0; i < made.size(); i++) {
      String name = members.get(i).part();
      switch (made.get(i).rule().judge(attempt)) {
        case Outcome.Scored scored -> {
          scores.add(members.get(i).weight() * scored.value());
          parts.add(new Outcome.Part(name, scored.value()));
          scored
              .parts()
              .forEach(part -> parts.add(new Outcome.Part(name + "." + part.name(), part.value())));
          detail = detail.or(scored::detail);
        }
        case Outcome.Invalid(String why) -> {
          return new Outcome.Invalid("[" + name + "]: " + why);
        }
        case Outcome.TimedOut timedOut -> {
          return timedOut;
        }
        case Outcome.Crashed(String error) -> {
          return new Outcome.Crashed("[" + name + "]: " + error);
        }
      }
    }
    return new Outcome.Scored(whole.applyAsDouble(scores), parts, detail);
  }

  String identity() {
    return made.stream().map(each -> each.ref().hash()).collect(Collectors.joining(","));
  }

  void prepare() {
    made.forEach(each -> each.rule().prepare());
  }

  void check() {
    for (int i = 0; i < made.size(); i++) {
      try {
        made.get(i).rule().check();
      } catch (BadSettingsException e) {
        throw e.in("members." + i + ".settings");
      }
    }
  }

  void close() {
    made.forEach(each -> each.rule().close());
  }
}

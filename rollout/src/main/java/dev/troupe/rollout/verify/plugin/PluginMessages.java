package dev.troupe.rollout.verify.plugin;

import dev.troupe.plugin.Verifier;
import dev.troupe.protocol.codec.OutcomeCodec;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.proto.PluginSetting;
import dev.troupe.protocol.proto.PluginSettingProblem;
import dev.troupe.protocol.proto.VerifierWorkerReply;
import dev.troupe.protocol.proto.WorkerVerdict;
import dev.troupe.rollout.verify.settings.SettingProblem;
import dev.troupe.rollout.verify.settings.Settings;
import java.util.List;
import java.util.Optional;

/** What is said of plug-ins and their verdicts, in the messages of verifier_worker.proto. */
final class PluginMessages {
  private PluginMessages() {}

  /**
   * What a verifier says of itself.
   *
   * @param resolved its settings, where it was opened
   */
  static dev.troupe.protocol.proto.PluginDescription description(
      Verifier<?> verifier, String resolved) {
    var message =
        dev.troupe.protocol.proto.PluginDescription.newBuilder()
            .setName(verifier.name())
            .setVersion(verifier.version())
            .setAbout(verifier.about())
            .setExpects(verifier.expects())
            .setClassName(verifier.getClass().getName())
            .setResolved(resolved);
    for (Settings.Described setting : Settings.describe(verifier.settings())) {
      var each =
          PluginSetting.newBuilder()
              .setName(setting.name())
              .setKind(setting.kind())
              .setMeans(setting.means());
      setting.standard().ifPresent(each::setStandard);
      message.addSettings(each);
    }
    return message.build();
  }

  static PluginDescription description(dev.troupe.protocol.proto.PluginDescription message) {
    return new PluginDescription(
        message.getName(),
        message.getVersion(),
        message.getAbout(),
        message.getExpects(),
        message.getClassName(),
        message.getSettingsList().stream()
            .map(
                each ->
                    new Settings.Described(
                        each.getName(),
                        each.getKind(),
                        each.hasStandard() ? Optional.of(each.getStandard()) : Optional.empty(),
                        each.getMeans()))
            .toList());
  }

  static VerifierWorkerReply problems(List<SettingProblem> problems) {
    var reply = VerifierWorkerReply.newBuilder();
    for (SettingProblem problem : problems) {
      reply.addProblems(
          PluginSettingProblem.newBuilder()
              .setPath(problem.path())
              .setGot(problem.got())
              .setExpected(problem.expected())
              .setHint(problem.hint()));
    }
    return reply.build();
  }

  static List<SettingProblem> problems(VerifierWorkerReply reply) {
    return reply.getProblemsList().stream()
        .map(
            each ->
                new SettingProblem(
                    each.getPath(), each.getGot(), each.getExpected(), each.getHint()))
        .toList();
  }

  /** A plug-in's own verdict; it knows no limit of time. */
  static WorkerVerdict verdict(int answer, Outcome outcome) {
    var message = WorkerVerdict.newBuilder().setAnswer(answer);
    switch (outcome) {
      case Outcome.Scored scored -> {
        message.setScore(scored.value());
        for (Outcome.Part part : scored.parts()) {
          message.addParts(part.name()).addContributions(part.value());
        }
        scored.detail().map(OutcomeCodec.PAYLOAD::toMessage).ifPresent(message::setDetail);
      }
      case Outcome.Invalid(String why) -> message.setInvalid(why);
      case Outcome.Crashed(String error) -> message.setCrashed(error);
      case Outcome.TimedOut late -> throw new IllegalStateException("who set a limit? " + late);
    }
    return message.build();
  }
}

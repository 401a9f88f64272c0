package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.JsonlTasksMessage;
import dev.troupe.protocol.proto.SumsTasksMessage;
import dev.troupe.protocol.proto.TaskSpecificationMessage;
import dev.troupe.protocol.run.TaskSpecification;

/** Where tasks come from. */
final class TaskSpecificationCodec {
  private TaskSpecificationCodec() {}

  static TaskSpecificationMessage toMessage(TaskSpecification tasks) {
    var message = TaskSpecificationMessage.newBuilder();
    switch (tasks) {
      case TaskSpecification.Sums sums ->
          message.setSums(
              SumsTasksMessage.newBuilder()
                  .setDigits(sums.digits())
                  .addAllOperations(sums.operations())
                  .setLowestDigitFirst(sums.lowestDigitFirst())
                  .setZeroPadded(sums.zeroPadded())
                  .setHeldOut(sums.heldOut()));
      case TaskSpecification.Jsonl jsonl ->
          message.setJsonl(
              JsonlTasksMessage.newBuilder()
                  .setFile(jsonl.file())
                  .setPromptTemplate(jsonl.promptTemplate())
                  .setAnswerField(jsonl.answerField())
                  .setDifficultyField(jsonl.difficultyField())
                  .setHeldOut(jsonl.heldOut()));
    }
    return message.build();
  }

  static TaskSpecification fromMessage(TaskSpecificationMessage message, Where where) {
    return switch (message.getTasksCase()) {
      case SUMS -> sums(message.getSums(), where.in("sums"));
      case JSONL -> jsonl(message.getJsonl(), where.in("jsonl"));
      case TASKS_NOT_SET -> throw where.in("tasks").refuse("sums or jsonl", "nothing");
    };
  }

  private static TaskSpecification sums(SumsTasksMessage message, Where where) {
    return where.make(
        () ->
            new TaskSpecification.Sums(
                message.getDigits(),
                message.getOperationsList(),
                message.getLowestDigitFirst(),
                message.getZeroPadded(),
                message.getHeldOut()));
  }

  private static TaskSpecification jsonl(JsonlTasksMessage message, Where where) {
    return where.make(
        () ->
            new TaskSpecification.Jsonl(
                message.getFile(),
                message.getPromptTemplate(),
                message.getAnswerField(),
                message.getDifficultyField(),
                message.getHeldOut()));
  }
}

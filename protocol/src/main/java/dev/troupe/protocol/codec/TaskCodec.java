package dev.troupe.protocol.codec;

import dev.troupe.protocol.proto.EnvironmentMessage;
import dev.troupe.protocol.proto.PromptMessage;
import dev.troupe.protocol.proto.TaskMessage;
import dev.troupe.protocol.task.Task;
import dev.troupe.protocol.task.TaskContent;

/** Tasks. */
public final class TaskCodec {
  public static final RecordCodec<Task, TaskMessage> TASK =
      new RecordCodec<>("Task", TaskMessage.parser(), TaskCodec::toMessage, TaskCodec::fromMessage);

  private TaskCodec() {}

  static TaskMessage toMessage(Task task) {
    var message =
        TaskMessage.newBuilder()
            .setNumber(task.number())
            .setSource(task.source())
            .setDifficulty(task.difficulty());
    switch (task.content()) {
      case TaskContent.Prompt(var prompt, var expected) ->
          message.setPrompt(PromptMessage.newBuilder().setPrompt(prompt).setExpected(expected));
      case TaskContent.Environment(var environment, var seed, var lanes, var steps) ->
          message.setEnvironment(
              EnvironmentMessage.newBuilder()
                  .setEnvironment(environment)
                  .setSeed(seed)
                  .setLanes(lanes)
                  .setSteps(steps));
    }
    return message.build();
  }

  static Task fromMessage(TaskMessage message, Where where) {
    TaskContent content =
        switch (message.getContentCase()) {
          case PROMPT -> {
            PromptMessage prompt = message.getPrompt();
            yield where
                .in("prompt")
                .make(() -> new TaskContent.Prompt(prompt.getPrompt(), prompt.getExpected()));
          }
          case ENVIRONMENT -> {
            EnvironmentMessage environment = message.getEnvironment();
            yield where
                .in("environment")
                .make(
                    () ->
                        new TaskContent.Environment(
                            environment.getEnvironment(),
                            environment.getSeed(),
                            environment.getLanes(),
                            environment.getSteps()));
          }
          case CONTENT_NOT_SET ->
              throw where.in("content").refuse("a prompt or an environment", "nothing");
        };
    return where.make(
        () -> new Task(message.getNumber(), message.getSource(), message.getDifficulty(), content));
  }
}

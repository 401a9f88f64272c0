package dev.troupe.rollout.verify.plugin;

import com.google.gson.JsonObject;
import dev.troupe.plugin.Verifier;
import dev.troupe.protocol.outcome.Outcome;
import dev.troupe.protocol.proto.PluginOpen;
import dev.troupe.protocol.proto.VerifierWorkerReply;
import dev.troupe.protocol.proto.VerifierWorkerRequest;
import dev.troupe.protocol.proto.WorkerAnswer;
import dev.troupe.rollout.verify.Thrown;
import dev.troupe.rollout.verify.settings.BadSettingsException;
import dev.troupe.rollout.verify.settings.JsonText;
import dev.troupe.rollout.verify.worker.RefusedException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The program of a JVM that judges by a plug-in. It does what it is told over the line whose
 * address it is given, one answer after the other, and ends with the line or with whoever started
 * it.
 */
final class PluginWorker {
  private static final int REQUEST_BYTES_MAX = 1 << 28;

  private final DataOutputStream out;
  private @Nullable OpenPlugin plugin;

  private PluginWorker(DataOutputStream out) {
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    // Also in the middle of a verdict that has no end.
    var _ =
        ProcessHandle.current()
            .parent()
            .map(parent -> parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    try (SocketChannel line = SocketChannel.open(UnixDomainSocketAddress.of(arguments[0]))) {
      PluginWorker worker = new PluginWorker(new DataOutputStream(Channels.newOutputStream(line)));
      worker.converse(new DataInputStream(Channels.newInputStream(line)));
    }
    // Threads of the plug-in's don't matter.
    Runtime.getRuntime().halt(0);
  }

  private void converse(DataInputStream in) throws IOException {
    while (true) {
      int size;
      try {
        size = in.readInt();
      } catch (EOFException _) {
        return;
      }
      if (size < 0 || size > REQUEST_BYTES_MAX) {
        throw new IOException("a request of [" + size + "] bytes");
      }
      VerifierWorkerRequest request = VerifierWorkerRequest.parseFrom(in.readNBytes(size));
      if (request.hasPlugin()) {
        say(opened(request.getPlugin()));
      }
      for (int i = 0; i < request.getAnswersCount(); i++) {
        Outcome outcome = judge(request.getAnswers(i));
        say(
            VerifierWorkerReply.newBuilder()
                .addVerdicts(PluginMessages.verdict(i, outcome))
                .build());
      }
    }
  }

  private void say(VerifierWorkerReply reply) throws IOException {
    byte[] bytes = reply.toByteArray();
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }

  private VerifierWorkerReply opened(PluginOpen request) {
    try {
      PluginJar jar = PluginJar.open(request.getJar().toByteArray(), request.getName());
      var reply = VerifierWorkerReply.newBuilder();
      if (!request.hasSettings()) {
        for (Verifier<?> each : jar.verifiers()) {
          reply.addPlugins(PluginMessages.description(each, ""));
        }
        return reply.build();
      }
      Verifier<?> verifier = jar.verifier(request.getVerifier());
      JsonObject settings = JsonText.parse(request.getSettings()).getAsJsonObject();
      OpenPlugin opened = OpenPlugin.of(verifier, settings);
      plugin = opened;
      return reply.addPlugins(PluginMessages.description(verifier, opened.settings())).build();
    } catch (BadSettingsException e) {
      return PluginMessages.problems(e.problems());
    } catch (RefusedException e) {
      return refusal(String.valueOf(e.getMessage()));
    } catch (RuntimeException | LinkageError e) {
      return refusal("[" + request.getName() + "]: " + Thrown.words(e));
    }
  }

  private static VerifierWorkerReply refusal(String why) {
    return VerifierWorkerReply.newBuilder().setRefusal(why).build();
  }

  private Outcome judge(WorkerAnswer answer) {
    OpenPlugin here = plugin;
    if (here == null) {
      return new Outcome.Crashed("no plug-in was opened");
    }
    try {
      return here.judge(
          new Verifier.Task(
              answer.getPrompt(), answer.getExpected(), answer.getFinished(), answer.getTokens()),
          answer.getCompletion());
    } catch (Throwable e) {
      return new Outcome.Crashed(Thrown.words(e));
    }
  }
}

package dev.troupe.deploy.client;

import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.run.RewardOrder;
import dev.troupe.deploy.api.Access;
import dev.troupe.deploy.page.PageFile;
import dev.troupe.deploy.page.ViewReader;
import dev.troupe.deploy.reward.RewardOrderJson;
import dev.troupe.deploy.watch.RunView;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.Optional;

/** The run of a {@code train} process on this machine, reached through the server of its page. */
public final class TrainingProcess implements ReachedRun {
  private final Path root;
  private final HostPort api;
  private final Wire wire;

  /**
   * @param root the run's directory, for people
   */
  public TrainingProcess(Path root, PageFile page) {
    this.root = root;
    this.api = new HostPort("127.0.0.1", page.port());
    this.wire = new Wire(Access.plain(Optional.of(page.token())));
  }

  @Override
  public String tell(String verb) {
    return post(verb, BodyPublishers.noBody());
  }

  @Override
  public String reward(RewardOrder order) {
    return post("reward", BodyPublishers.ofString(RewardOrderJson.write(order)));
  }

  @Override
  public Optional<RunView> view() {
    return Optional.of(ViewReader.read(send(wire.request(api, "/api/status").GET()).json()));
  }

  private String post(String verb, BodyPublisher body) {
    return send(wire.request(api, "/api/run/" + verb).POST(body)).json().get("done").getAsString();
  }

  private Reply send(HttpRequest.Builder request) {
    try {
      Reply reply = wire.send(request.build());
      if (!reply.isFine()) {
        throw new ClusterException(ClusterException.Kind.REFUSED, reply.words());
      }
      return reply;
    } catch (IOException e) {
      throw new ClusterException(
          ClusterException.Kind.UNREACHABLE,
          "no process works on ["
              + root
              + "] ("
              + Wire.why(e, false)
              + "); ./troupe train "
              + root
              + " --resume goes on with it");
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}

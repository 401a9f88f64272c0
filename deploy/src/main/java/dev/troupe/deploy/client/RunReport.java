package dev.troupe.deploy.client;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.troupe.actors.cluster.ClusterView;
import dev.troupe.deploy.api.ClusterReader;
import dev.troupe.deploy.page.ViewReader;
import dev.troupe.deploy.terminal.Remark;
import dev.troupe.deploy.watch.RunView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A run as the cluster tells of it.
 *
 * @param view what it looks like; empty while no head follows it
 * @param remarks that weren't seen before
 * @param seen what has been seen with these
 * @param report lines of the end report; empty before the end, or where the head that saw it is
 *     gone
 * @param resumable whether the run ended so that it can go on
 */
public record RunReport(
    ClusterView.Run run,
    Optional<RunView> view,
    List<Remark> remarks,
    Seen seen,
    List<String> report,
    boolean resumable) {
  public RunReport {
    remarks = List.copyOf(remarks);
    report = List.copyOf(report);
  }

  /** Which remarks a client has: those of {@code follower} up to number {@code remark}. */
  public record Seen(String follower, long remark) {
    /** Of a client that begins. */
    public static Seen nothing() {
      return new Seen("", 0);
    }
  }

  static RunReport read(JsonObject json) {
    ClusterView.Run run = ClusterReader.run(json.getAsJsonObject("run"));
    if (!json.has("followed")) {
      return new RunReport(run, Optional.empty(), List.of(), Seen.nothing(), List.of(), false);
    }
    JsonObject followed = json.getAsJsonObject("followed");
    List<Remark> remarks = new ArrayList<>();
    long last = 0;
    for (JsonElement element : followed.getAsJsonArray("remarks")) {
      JsonObject remark = element.getAsJsonObject();
      last = remark.get("number").getAsLong();
      remarks.add(
          new Remark(
              Remark.Kind.valueOf(remark.get("kind").getAsString().toUpperCase(Locale.ROOT)),
              remark.get("text").getAsString()));
    }
    List<String> report = new ArrayList<>();
    boolean resumable = false;
    if (!followed.get("report").isJsonNull()) {
      followed.getAsJsonArray("report").forEach(line -> report.add(line.getAsString()));
      resumable = followed.get("resumable").getAsBoolean();
    }
    return new RunReport(
        run,
        Optional.of(ViewReader.read(followed.getAsJsonObject("view"))),
        remarks,
        new Seen(followed.get("follower").getAsString(), last),
        report,
        resumable);
  }

  /** What has been seen, given what had been before this. */
  public Seen seenAfter(Seen before) {
    return before.follower().equals(seen.follower()) && seen.remark() == 0 ? before : seen;
  }
}

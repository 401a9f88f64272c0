package dev.troupe.deploy.api;

import dev.troupe.actors.cluster.ClusterView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The runs as a page of links. */
final class RunList {
  private RunList() {}

  static byte[] html(List<ClusterView.Run> runs) {
    StringBuilder html =
        new StringBuilder("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">")
            .append("<title>Troupe</title><h1>Runs</h1><ul>");
    for (ClusterView.Run run : runs) {
      String address = URLEncoder.encode(run.name(), StandardCharsets.UTF_8).replace("+", "%20");
      html.append("<li><a href=\"/runs/")
          .append(address)
          .append("/\">")
          .append(escaped(run.name()))
          .append("</a> ")
          .append(ClusterJson.label(run.state()))
          .append(' ')
          .append(escaped(run.waitsFor().isEmpty() ? run.words() : run.waitsFor()));
    }
    html.append("</ul>").append(runs.isEmpty() ? "<p>none yet" : "").append("</html>\n");
    return html.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}

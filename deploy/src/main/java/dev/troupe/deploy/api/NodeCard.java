package dev.troupe.deploy.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.troupe.actors.cluster.HostPort;
import dev.troupe.actors.cluster.LostAfter;
import dev.troupe.actors.cluster.ProtocolVersion;
import dev.troupe.actors.cluster.Role;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a node says of itself to anybody who asks, at {@code /api/version}.
 *
 * @param release of the program
 * @param protocol see {@link ProtocolVersion}
 * @param address of the node in its cluster
 * @param lostAfter how long its cluster waits for a silent node
 * @param up whether a cluster has it
 */
public record NodeCard(
    String name,
    Set<Role> roles,
    String release,
    int protocol,
    HostPort address,
    LostAfter lostAfter,
    boolean up) {
  private static final String PROGRAM = "troupe";

  public NodeCard {
    roles = Set.copyOf(roles);
  }

  /** Of a node of this program that no cluster has yet. */
  public static NodeCard of(String name, Set<Role> roles, HostPort address, LostAfter lostAfter) {
    return new NodeCard(
        name, roles, thisRelease(), ProtocolVersion.CURRENT, address, lostAfter, false);
  }

  NodeCard with(boolean isUp) {
    return new NodeCard(name, roles, release, protocol, address, lostAfter, isUp);
  }

  /** This program's. */
  public static String thisRelease() {
    return Optional.ofNullable(NodeCard.class.getPackage().getImplementationVersion())
        .orElse("(not packaged)");
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("program", PROGRAM);
    json.addProperty("release", release);
    json.addProperty("protocol", protocol);
    json.addProperty("name", name);
    JsonArray names = new JsonArray();
    roles.stream().sorted().map(Role::text).forEach(names::add);
    json.add("roles", names);
    json.addProperty("address", address.toString());
    json.addProperty("lostAfterSeconds", lostAfter.seconds());
    json.addProperty("up", up);
    return json;
  }

  /** Reads what {@code /api/version} answered; empty where that isn't a node of Troupe. */
  public static Optional<NodeCard> read(String text) {
    try {
      JsonObject json = JsonParser.parseString(text).getAsJsonObject();
      if (!json.has("program") || !json.get("program").getAsString().equals(PROGRAM)) {
        return Optional.empty();
      }
      EnumSet<Role> roles = EnumSet.noneOf(Role.class);
      json.getAsJsonArray("roles").forEach(role -> roles.addAll(Role.parse(role.getAsString())));
      return Optional.of(
          new NodeCard(
              json.get("name").getAsString(),
              roles,
              json.get("release").getAsString(),
              json.get("protocol").getAsInt(),
              HostPort.parse(json.get("address").getAsString()),
              json.has("lostAfterSeconds")
                  ? new LostAfter(json.get("lostAfterSeconds").getAsInt())
                  : LostAfter.DEFAULT,
              json.get("up").getAsBoolean()));
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | NullPointerException
        | UnsupportedOperationException e) {
      return Optional.empty();
    }
  }
}

package dev.troupe.deploy.api;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.troupe.actors.cluster.Submission;
import dev.troupe.protocol.codec.MalformedMessageException;
import dev.troupe.protocol.codec.RunSpecificationCodec;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A submission as it travels over HTTP: its specification as protobuf, in Base64. */
public final class SubmissionJson {
  private SubmissionJson() {}

  /** For a body of {@code POST /api/runs}. */
  public static String write(Submission submission) {
    JsonObject json = new JsonObject();
    json.addProperty("name", submission.name());
    json.addProperty("resume", submission.resume());
    json.addProperty("recipe", submission.recipe());
    json.addProperty(
        "specification",
        Base64.getEncoder()
            .encodeToString(RunSpecificationCodec.encode(submission.specification())));
    return json.toString();
  }

  static Submission read(byte[] body) {
    try {
      JsonObject json =
          JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
      return new Submission(
          json.get("name").getAsString(),
          RunSpecificationCodec.decode(
              Base64.getDecoder().decode(json.get("specification").getAsString())),
          json.get("recipe").getAsString(),
          json.get("resume").getAsBoolean());
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException
        | MalformedMessageException
        | NullPointerException e) {
      throw new HttpProblem(
          HttpProblem.BAD_REQUEST,
          "the body is no submission, which is JSON with name, resume, recipe and the"
              + " specification as protobuf in Base64: "
              + e.getMessage());
    }
  }
}

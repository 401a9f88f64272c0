package dev.troupe.deploy.api;

/** A request can't be served: a status and words for people. */
final class HttpProblem extends RuntimeException {
  static final int BAD_REQUEST = 400;
  static final int UNAUTHORIZED = 401;
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int METHOD_NOT_ALLOWED = 405;
  static final int CONFLICT = 409;
  static final int LENGTH_REQUIRED = 411;
  static final int TOO_LARGE = 413;
  static final int DEFECT = 500;

  /** Nobody can answer at this moment; asking again soon is right. */
  static final int UNAVAILABLE = 503;

  static final int NO_SPACE = 507;

  private final int status;

  HttpProblem(int status, String words) {
    super(words, null, false, false);
    this.status = status;
  }

  int status() {
    return status;
  }

  String words() {
    return String.valueOf(getMessage());
  }
}

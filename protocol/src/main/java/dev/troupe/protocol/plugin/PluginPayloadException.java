package dev.troupe.protocol.plugin;

import org.jspecify.annotations.Nullable;

/** A plug-in's value that can't be encoded, or bytes that don't make one. */
public final class PluginPayloadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PluginPayloadException(
      PluginTypes types, String where, String expected, String got, @Nullable Throwable cause) {
    super(
        "payload of plug-in "
            + types
            + ", "
            + where
            + ": expected "
            + expected
            + ", got ["
            + got
            + "]",
        cause);
  }
}

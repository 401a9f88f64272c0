package dev.troupe.protocol.outcome;

import com.google.protobuf.ByteString;

/** A plug-in's own value, encoded by its Kryo codec; opaque to whoever lacks that plug-in. */
public record PluginPayload(String plugin, String version, ByteString bytes) {}

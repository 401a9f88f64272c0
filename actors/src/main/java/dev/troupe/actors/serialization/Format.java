package dev.troupe.actors.serialization;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.function.BiFunction;

/**
 * How one message type crosses nodes.
 *
 * @param manifest short and never changed or given to another type
 */
record Format<T extends Wire, M extends MessageLite>(
    String manifest,
    Class<T> type,
    Parser<M> parser,
    BiFunction<T, Refs, M> write,
    BiFunction<M, Refs, T> read) {}

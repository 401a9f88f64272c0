/** How messages cross nodes: one serializer, short manifests, protobuf. */
@NullMarked
package dev.troupe.actors.serialization;

import org.jspecify.annotations.NullMarked;

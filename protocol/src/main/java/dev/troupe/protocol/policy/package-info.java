/** Which policy: versions and manifests of weights. */
@NullMarked
package dev.troupe.protocol.policy;

import org.jspecify.annotations.NullMarked;

/** Writes pictures to files: SVG and PNG. */
@NullMarked
package dev.troupe.deploy.picture;

import org.jspecify.annotations.NullMarked;

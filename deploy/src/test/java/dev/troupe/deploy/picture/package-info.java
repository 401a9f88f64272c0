/** Tests of how pictures are written. */
@NullMarked
package dev.troupe.deploy.picture;

import org.jspecify.annotations.NullMarked;

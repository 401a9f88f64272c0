/** Tests of the live page. */
@NullMarked
package dev.troupe.deploy.page;

import org.jspecify.annotations.NullMarked;

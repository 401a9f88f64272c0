/** Tests of the API's token. */
@NullMarked
package dev.troupe.deploy.security;

import org.jspecify.annotations.NullMarked;

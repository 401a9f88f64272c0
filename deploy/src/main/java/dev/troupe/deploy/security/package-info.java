/** The keys and the token that the HTTP API asks for. */
@NullMarked
package dev.troupe.deploy.security;

import org.jspecify.annotations.NullMarked;

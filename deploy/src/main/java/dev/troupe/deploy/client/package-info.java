/** A cluster as its clients see it: asked over HTTP, patiently while another head takes over. */
@NullMarked
package dev.troupe.deploy.client;

import org.jspecify.annotations.NullMarked;

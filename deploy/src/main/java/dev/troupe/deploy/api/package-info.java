/** What a node says over HTTP: health, figures, the cluster's runs and nodes, the live pages. */
@NullMarked
package dev.troupe.deploy.api;

import org.jspecify.annotations.NullMarked;

/** What a run came to: the report for people, the summary for programs. */
@NullMarked
package dev.troupe.deploy.report;

import org.jspecify.annotations.NullMarked;

/** Tests of reports and summaries. */
@NullMarked
package dev.troupe.deploy.report;

import org.jspecify.annotations.NullMarked;

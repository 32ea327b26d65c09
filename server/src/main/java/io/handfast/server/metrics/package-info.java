/** What is counted and timed, for Prometheus. */
@NullMarked
package io.handfast.server.metrics;

import org.jspecify.annotations.NullMarked;

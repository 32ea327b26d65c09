/** A server in a process of its own, so that what it costs is not mixed with what its clients cost. */
@NullMarked
package io.handfast.bench.node;

import org.jspecify.annotations.NullMarked;

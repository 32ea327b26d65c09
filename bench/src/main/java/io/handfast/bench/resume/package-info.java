/** What it costs when all connections of a node come back at once, each of them behind. */
@NullMarked
package io.handfast.bench.resume;

import org.jspecify.annotations.NullMarked;

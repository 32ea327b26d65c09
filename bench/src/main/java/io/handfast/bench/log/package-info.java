/** What the log costs: appends beside the bare engine, reads, bytes on the disk. */
@NullMarked
package io.handfast.bench.log;

import org.jspecify.annotations.NullMarked;

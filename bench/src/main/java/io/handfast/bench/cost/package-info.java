/** What a connection costs the server: to open, to hold, and for each event. */
@NullMarked
package io.handfast.bench.cost;

import org.jspecify.annotations.NullMarked;

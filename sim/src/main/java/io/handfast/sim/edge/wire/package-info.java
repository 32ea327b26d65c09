/** What the edge can tell apart in a stream of bytes: HTTP heads and WebSocket frames. Pure. */
@NullMarked
package io.handfast.sim.edge.wire;

import org.jspecify.annotations.NullMarked;

/** One connection through the edge as a pure machine: no thread, clock or socket. */
@NullMarked
package io.handfast.sim.edge.link;

import org.jspecify.annotations.NullMarked;

/** The edge on sockets: a TCP proxy that runs a script on every connection. */
@NullMarked
package io.handfast.sim.edge;

import org.jspecify.annotations.NullMarked;

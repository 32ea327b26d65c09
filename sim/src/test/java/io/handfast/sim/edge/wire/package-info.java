@NullMarked
package io.handfast.sim.edge.wire;

import org.jspecify.annotations.NullMarked;

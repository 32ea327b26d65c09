@NullMarked
package io.handfast.sim.edge;

import org.jspecify.annotations.NullMarked;

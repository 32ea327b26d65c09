@NullMarked
package io.handfast.sim.edge.link;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.handfast.sim.world;

import org.jspecify.annotations.NullMarked;

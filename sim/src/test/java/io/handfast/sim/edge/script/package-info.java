@NullMarked
package io.handfast.sim.edge.script;

import org.jspecify.annotations.NullMarked;

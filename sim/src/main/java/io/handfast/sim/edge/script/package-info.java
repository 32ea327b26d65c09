/** The language of edge scripts, docs/edges/scripts.md: triggers, actions, the parser, and the scripts that come along. Pure. */
@NullMarked
package io.handfast.sim.edge.script;

import org.jspecify.annotations.NullMarked;

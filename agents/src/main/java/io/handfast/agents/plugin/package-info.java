/** Agents and tools that come in jars of their own. */
@NullMarked
package io.handfast.agents.plugin;

import org.jspecify.annotations.NullMarked;

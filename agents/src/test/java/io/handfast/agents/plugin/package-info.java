@NullMarked
package io.handfast.agents.plugin;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.handfast.agents.agui;

import org.jspecify.annotations.NullMarked;

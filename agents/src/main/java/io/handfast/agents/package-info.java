/** What the ready-made agents share. */
@NullMarked
package io.handfast.agents;

import org.jspecify.annotations.NullMarked;

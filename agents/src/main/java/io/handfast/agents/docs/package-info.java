/** The agent that answers questions about Handfast from its own documentation, offline. */
@NullMarked
package io.handfast.agents.docs;

import org.jspecify.annotations.NullMarked;

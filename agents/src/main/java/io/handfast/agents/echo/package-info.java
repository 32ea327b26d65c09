/** The agent that says what it was told: for tests, and to see a conversation work. */
@NullMarked
package io.handfast.agents.echo;

import org.jspecify.annotations.NullMarked;

/** What an agent is: code that is given a message and emits events. It never sees a connection. */
@NullMarked
package io.handfast.agent;

import org.jspecify.annotations.NullMarked;

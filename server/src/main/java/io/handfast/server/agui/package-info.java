/** The server as an agent of AG-UI clients. */
@NullMarked
package io.handfast.server.agui;

import org.jspecify.annotations.NullMarked;

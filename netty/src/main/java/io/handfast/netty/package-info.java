/** The gateway on Netty's event loops: upgrade, WebSocket, SSE and the HTTP calls of spec/protocol.md. */
@NullMarked
package io.handfast.netty;

import org.jspecify.annotations.NullMarked;

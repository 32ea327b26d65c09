/** Clients that measure: many of them on few threads, each of which trusts the server in nothing. */
@NullMarked
package io.handfast.bench.client;

import org.jspecify.annotations.NullMarked;

/** Who may come in. */
@NullMarked
package io.handfast.server.security;

import org.jspecify.annotations.NullMarked;

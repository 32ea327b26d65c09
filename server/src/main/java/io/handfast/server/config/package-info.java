/** Settings: what there is, where values come from, and what is wrong with them. */
@NullMarked
package io.handfast.server.config;

import org.jspecify.annotations.NullMarked;

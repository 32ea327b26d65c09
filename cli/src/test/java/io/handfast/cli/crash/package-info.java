/** Servers that are killed, and what they promised before. */
@NullMarked
package io.handfast.cli.crash;

import org.jspecify.annotations.NullMarked;

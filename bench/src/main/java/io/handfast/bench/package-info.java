/** What Handfast costs and how it behaves under load, measured. */
@NullMarked
package io.handfast.bench;

import org.jspecify.annotations.NullMarked;

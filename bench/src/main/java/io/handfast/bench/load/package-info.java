/** Load: many clients that ask and check what they are answered. */
@NullMarked
package io.handfast.bench.load;

import org.jspecify.annotations.NullMarked;

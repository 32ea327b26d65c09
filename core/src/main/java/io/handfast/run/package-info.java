/** The life of a run: from the message that starts it to its one terminal event. */
@NullMarked
package io.handfast.run;

import org.jspecify.annotations.NullMarked;

/** Calls to services that stream their answer: time-outs at every stage, prompt cancellation, errors as the user sees them. */
@NullMarked
package io.handfast.agents.upstream;

import org.jspecify.annotations.NullMarked;

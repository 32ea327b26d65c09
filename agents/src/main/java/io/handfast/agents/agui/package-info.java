/**
 * AG-UI (https://docs.ag-ui.com), version 1.0, with what 0.x did differently tolerated: its events read and written without
 * loss, and agents behind HTTP that speak it.
 */
@NullMarked
package io.handfast.agents.agui;

import org.jspecify.annotations.NullMarked;

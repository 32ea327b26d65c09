package io.handfast.sim.edge.script;

import java.util.List;

/** A script cannot be used. The message has one line for each thing that is wrong: where, what, and what is allowed. */
public final class ScriptException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ScriptException(List<String> complaints) {
        super(String.join("\n", complaints));
    }
}

package io.handfast.cli;

import java.io.Console;

/** Where the command writes to. */
final class Terminal {
    private Terminal() {}

    /** Whether lines can be written anew in place. */
    static boolean canRewrite() {
        String kind = System.getenv("TERM");
        return isThere() && kind != null && !kind.equals("dumb");
    }

    /** From JDK 22 on there is a console without a terminal too, and a method that tells, which 17 does not have. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
